"""Upkeep is noted: pulls from portals and checks of links; curators and editors may look at the notes."""

import clusters.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_groups_view(apps, schema_editor):
    database = schema_editor.connection.alias
    config = apps.get_app_config("clusters")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = None
    viewing = apps.get_model("auth", "Permission").objects.using(database).filter(
        content_type__app_label="clusters", codename__in=["view_linkcheck", "view_syncrun"]
    )
    for group in apps.get_model("auth", "Group").objects.using(database).filter(
        name__in=["curator", "editor", "administrator"]
    ):
        group.permissions.add(*viewing)


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0007_merges'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', clusters.models.fields.WebAddressField(max_length=500, unique=True, verbose_name='address')),
                ('state', models.CharField(choices=[('works', 'Works'), ('moved', 'Moved for good'), ('fails', 'Fails')], max_length=5, verbose_name='state')),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='HTTP status')),
                ('final_url', clusters.models.fields.WebAddressField(blank=True, help_text='Where the address leads for good, as the site says.', max_length=500, verbose_name='new address')),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='On how many days it failed since it last worked.', verbose_name='days failed')),
                ('failed_on', models.DateField(blank=True, null=True, verbose_name='last failed on')),
                ('checked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='checked')),
                ('message', clusters.models.fields.LineField(blank=True, max_length=300, verbose_name='message')),
            ],
            options={
                'verbose_name': 'link check',
                'verbose_name_plural': 'link checks',
                'ordering': ['-failures', 'url'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['works', 'moved', 'fails'])), name='link_check_state')],
            },
        ),
        migrations.CreateModel(
            name='SyncRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('portal', models.CharField(choices=[('kstartup', 'K-Startup'), ('bizinfo', 'Bizinfo')], max_length=10, verbose_name='portal')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='started')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended')),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('empty', 'Nothing returned'), ('alarm', 'Nothing returned again'), ('failed', 'Failed')], default='running', max_length=8, verbose_name='state')),
                ('pulled', models.PositiveIntegerField(default=0, verbose_name='entries pulled')),
                ('created', models.PositiveIntegerField(default=0, verbose_name='records created')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='records changed')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='records unchanged')),
                ('left_out', models.PositiveIntegerField(default=0, verbose_name='records left out')),
                ('vanished', models.PositiveIntegerField(default=0, help_text='Calls that should still be open and that the portal no longer lists; none was changed.', verbose_name='vanished from the portal')),
                ('message', clusters.models.fields.ProseField(blank=True, max_length=4000, verbose_name='message')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clusters.importbatch', verbose_name='import')),
            ],
            options={
                'verbose_name': 'pull from a portal',
                'verbose_name_plural': 'pulls from portals',
                'ordering': ['-started_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('portal__in', ['kstartup', 'bizinfo'])), name='sync_run_portal'), models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done', 'empty', 'alarm', 'failed'])), name='sync_run_state')],
            },
        ),
        migrations.RunPython(let_groups_view, migrations.RunPython.noop),
    ]
