"""Proposals: curators see their own, editors decide them, administrators may delete them."""

import clusters.models.fields
import clusters.models.proposal
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GIVEN = {
    "curator": ["view_proposal"],
    "editor": ["view_proposal", "decide_proposal"],
    "administrator": ["view_proposal", "decide_proposal", "delete_proposal"],
}


def let_groups_decide(apps, schema_editor):
    database = schema_editor.connection.alias
    config = apps.get_app_config("clusters")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0, using=database)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=GIVEN):
        group.permissions.add(
            *permissions.filter(content_type__app_label="clusters", codename__in=GIVEN[group.name])
        )


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0005_uploads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=32, verbose_name='digest')),
                ('sent_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='sent')),
            ],
            options={
                'verbose_name': 'sending',
                'verbose_name_plural': 'sendings',
                'default_permissions': (),
                'indexes': [models.Index(fields=['digest', 'sent_at'], name='sending_digest')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=clusters.models.proposal.new_reference, editable=False, max_length=9, unique=True, verbose_name='reference')),
                ('model', models.CharField(max_length=40, verbose_name='kind of record')),
                ('record_pk', models.BigIntegerField(verbose_name='number of the record')),
                ('called', clusters.models.fields.LineField(help_text='As it was called when this was proposed.', max_length=400, verbose_name='record')),
                ('version', models.PositiveIntegerField(verbose_name='version it was made against')),
                ('changes', models.JSONField(blank=True, default=list, help_text='Each field with what stood there.', verbose_name='changes')),
                ('comment', clusters.models.fields.ProseField(blank=True, max_length=2000, verbose_name='comment')),
                ('link', clusters.models.fields.WebAddressField(blank=True, max_length=500, verbose_name='link to the source')),
                ('grounds', clusters.models.fields.ProseField(blank=True, max_length=1000, verbose_name='how the proposer knows')),
                ('email', models.EmailField(blank=True, help_text='Only for questions about this proposal; erased when it is no longer needed.', max_length=254, verbose_name='e-mail of the sender')),
                ('from_public', models.BooleanField(default=False, verbose_name='from the public')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='proposed')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('partly', 'Partly accepted'), ('sent_back', 'Sent back')], db_index=True, default='waiting', max_length=9, verbose_name='state')),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided')),
                ('reason', clusters.models.fields.LineField(blank=True, max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(blank=True, help_text='Empty when a reader of the site proposed it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='clusters.source', verbose_name='recorded source')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'ordering': ['-made_at', '-pk'],
                'permissions': [('decide_proposal', 'Can decide proposal')],
                'default_permissions': ('view', 'delete'),
                'indexes': [models.Index(fields=['model', 'record_pk'], name='proposal_record')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'accepted', 'partly', 'sent_back'])), name='proposal_state'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='proposal_decided_pair')],
            },
        ),
        migrations.RunPython(let_groups_decide, migrations.RunPython.noop),
    ]
