"""Duplicates that are suspected or ruled out, and merges with what they changed."""

import clusters.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_groups_decide(apps, schema_editor):
    database = schema_editor.connection.alias
    config = apps.get_app_config("clusters")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = None
    # Who may merge two records follows from who may change them.
    given = apps.get_model("auth", "Permission").objects.using(database).filter(
        content_type__app_label="clusters",
        codename__in=[
            "view_suspectedpair",
            "add_distinctpair",
            "delete_distinctpair",
            "view_distinctpair",
            "view_merge",
        ],
    )
    for group in apps.get_model("auth", "Group").objects.using(database).filter(
        name__in=["curator", "editor", "administrator"]
    ):
        group.permissions.add(*given)


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0006_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('company', 'company'), ('institution', 'institution'), ('program', 'program'), ('source', 'source')], max_length=12, verbose_name='kind')),
                ('kept_pk', models.BigIntegerField(verbose_name='number of the record that stayed')),
                ('kept_name', models.CharField(max_length=250, verbose_name='record that stayed')),
                ('merged_pk', models.BigIntegerField(verbose_name='number of the record merged into it')),
                ('merged_name', models.CharField(max_length=250, verbose_name='record merged into it')),
                ('merged_slug', models.CharField(max_length=80, verbose_name='its address name')),
                ('reason', clusters.models.fields.LineField(blank=True, max_length=200, verbose_name='reason')),
                ('merged_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='merged')),
                ('undone_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='undone')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-merged_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MergedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=80, verbose_name='kind of record')),
                ('record_pk', models.BigIntegerField(verbose_name='number of the record')),
                ('key', models.CharField(help_text='The record as it is known outside.', max_length=500, verbose_name='key')),
                ('before', models.JSONField(blank=True, help_text='Empty for a new record.', null=True, verbose_name='before')),
                ('version', models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='version')),
                ('after', models.JSONField(blank=True, help_text='Empty for a record that was merged away.', null=True, verbose_name='after')),
                ('created_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='created')),
                ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='clusters.merge', verbose_name='merge')),
            ],
            options={
                'verbose_name': 'merged change',
                'verbose_name_plural': 'merged changes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SuspectedPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('company', 'company'), ('institution', 'institution'), ('program', 'program'), ('source', 'source')], max_length=12, verbose_name='kind')),
                ('first', models.BigIntegerField(verbose_name='number of the first record')),
                ('second', models.BigIntegerField(verbose_name='number of the second record')),
                ('score', models.PositiveSmallIntegerField(help_text='From 0 to 100.', verbose_name='likelihood')),
                ('reasons', models.JSONField(help_text='What the two records have in common.', verbose_name='reasons')),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='found')),
            ],
            options={
                'verbose_name': 'possible duplicate',
                'verbose_name_plural': 'possible duplicates',
                'ordering': ['-score', 'kind', 'first', 'second'],
                'indexes': [models.Index(fields=['-score', 'kind', 'first', 'second'], name='suspected_pair_order')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'first', 'second'), name='suspected_pair_key'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='suspected_pair_in_order')],
            },
        ),
        migrations.CreateModel(
            name='DistinctPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('company', 'company'), ('institution', 'institution'), ('program', 'program'), ('source', 'source')], max_length=12, verbose_name='kind')),
                ('first', models.BigIntegerField(verbose_name='number of the first record')),
                ('second', models.BigIntegerField(verbose_name='number of the second record')),
                ('names', models.CharField(help_text='As they were called then.', max_length=500, verbose_name='records')),
                ('reason', clusters.models.fields.LineField(blank=True, max_length=200, verbose_name='reason')),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='decided')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'pair that is no duplicate',
                'verbose_name_plural': 'pairs that are no duplicates',
                'ordering': ['-decided_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'first', 'second'), name='distinct_pair_key'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='distinct_pair_in_order')],
            },
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['kind', 'merged_pk'], name='merge_merged'),
        ),
        migrations.AddConstraint(
            model_name='mergedchange',
            constraint=models.UniqueConstraint(fields=('merge', 'model', 'record_pk'), name='merged_change_key'),
        ),
        migrations.RunPython(let_groups_decide, migrations.RunPython.noop),
    ]
