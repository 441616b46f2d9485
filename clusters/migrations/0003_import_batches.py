"""Imports are kept with what they changed; curators and editors may look at them."""

import clusters.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_groups_view(apps, schema_editor):
    database = schema_editor.connection.alias
    config = apps.get_app_config("clusters")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = None
    viewing = apps.get_model("auth", "Permission").objects.using(database).filter(
        content_type__app_label="clusters", codename__in=["view_importbatch", "view_importedchange"]
    )
    for group in apps.get_model("auth", "Group").objects.using(database).filter(
        name__in=["curator", "editor", "administrator"]
    ):
        group.permissions.add(*viewing)


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0002_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', clusters.models.fields.LineField(max_length=255, verbose_name='file')),
                ('sha256', models.CharField(db_index=True, editable=False, max_length=64, verbose_name='checksum')),
                ('profile', models.CharField(blank=True, max_length=80, verbose_name='profile')),
                ('reason', clusters.models.fields.ProseField(blank=True, max_length=1000, verbose_name='reason')),
                ('created', models.PositiveIntegerField(default=0, verbose_name='records created')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='records changed')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='records unchanged')),
                ('left_out', models.PositiveIntegerField(default=0, verbose_name='records left out')),
                ('applied_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='applied')),
                ('undone_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='undone')),
                ('by', models.ForeignKey(blank=True, help_text='Empty when the operator of the machine imported it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-applied_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=80, verbose_name='kind of record')),
                ('record_pk', models.BigIntegerField(verbose_name='number of the record')),
                ('key', models.CharField(help_text='The record as it is known outside.', max_length=500, verbose_name='key')),
                ('before', models.JSONField(blank=True, help_text='Empty for a new record.', null=True, verbose_name='before')),
                ('after', models.JSONField(help_text='The fields as the import left them.', verbose_name='after')),
                ('version', models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='version')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='clusters.importbatch', verbose_name='import')),
            ],
            options={
                'verbose_name': 'imported change',
                'verbose_name_plural': 'imported changes',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'model', 'record_pk'), name='imported_change_key')],
            },
        ),
        migrations.RunPython(let_groups_view, migrations.RunPython.noop),
    ]
