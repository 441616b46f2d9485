"""Uploads and saved profiles; who may import and export in the admin."""

import clusters.models.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import re
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

ADDED = {
    "curator": ("import_data", "export_data", "add_savedprofile", "change_savedprofile", "view_savedprofile"),
    "editor": (
        "import_data",
        "export_data",
        "add_savedprofile",
        "change_savedprofile",
        "view_savedprofile",
        "delete_savedprofile",
    ),
}
ADDED["administrator"] = ADDED["editor"]


def let_groups_import(apps, schema_editor):
    database = schema_editor.connection.alias
    config = apps.get_app_config("clusters")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=ADDED):
        chosen = permissions.filter(content_type__app_label="clusters", codename__in=ADDED[group.name])
        group.permissions.add(*chosen)


def take_back(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    permissions.filter(content_type__app_label="clusters", codename__in=ADDED["editor"]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0004_importing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='importbatch',
            options={'ordering': ['-applied_at', '-pk'], 'permissions': [('import_data', 'Can import files'), ('export_data', 'Can export the directory with its drafts')], 'verbose_name': 'import', 'verbose_name_plural': 'imports'},
        ),
        migrations.CreateModel(
            name='SavedProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Begins the codes of new records, and names the profile on the command line.', max_length=40, unique=True, validators=[django.core.validators.RegexValidator(re.compile('\\A[a-z][a-z0-9]*(-[a-z0-9]+)*\\Z'), 'Use small Latin letters, digits and hyphens; begin with a letter.')], verbose_name='name')),
                ('body', models.TextField(help_text='In TOML, as the profiles in fixtures/imports.toml are written, without their name.', validators=[django.core.validators.MaxLengthValidator(60000)], verbose_name='profile')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'import profile',
                'verbose_name_plural': 'import profiles',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', clusters.models.fields.LineField(max_length=255, verbose_name='file')),
                ('folder', models.CharField(help_text='Below DATA_DIR.', max_length=80, unique=True, verbose_name='folder')),
                ('sha256', models.CharField(max_length=64, verbose_name='checksum')),
                ('size', models.BigIntegerField(verbose_name='size in bytes')),
                ('state', models.CharField(choices=[('mapping', 'waiting for its mapping'), ('rehearsing', 'being rehearsed'), ('rehearsed', 'rehearsed'), ('applying', 'being applied'), ('applied', 'applied')], db_index=True, default='mapping', max_length=10, verbose_name='state')),
                ('turn', models.PositiveIntegerField(default=0, help_text='Counts the steps, so that none is taken twice.', verbose_name='turn')),
                ('choices', models.JSONField(blank=True, default=dict, help_text='What the curator chose so far.', verbose_name='choices')),
                ('result', models.JSONField(blank=True, default=dict, help_text='The counts of the rehearsal.', verbose_name='result')),
                ('trouble', models.TextField(blank=True, help_text='Why the last step came to nothing.', verbose_name='trouble')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='uploaded')),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last step')),
                ('batch', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='upload', to='clusters.importbatch', verbose_name='import')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
                'ordering': ['-created_at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.RunPython(let_groups_import, take_back),
    ]
