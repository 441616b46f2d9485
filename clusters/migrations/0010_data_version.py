"""The data version, moved by every write to public data."""

from secrets import randbits

import clusters.models.version
from django.db import migrations, models


def begin(apps, schema_editor):
    """A database that holds data already has a version too."""
    apps.get_model("clusters", "Touch").objects.using(schema_editor.connection.alias).create(token=randbits(48), model="")


class Migration(migrations.Migration):

    dependencies = [
        ('clusters', '0009_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='Touch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.BigIntegerField(default=clusters.models.version._token, editable=False)),
                ('model', models.CharField(editable=False, max_length=40, verbose_name='kind of record')),
                ('record', models.BigIntegerField(editable=False, null=True, verbose_name='number of the record')),
                ('is_old', models.BooleanField(default=False, editable=False, verbose_name='to be forgotten next')),
            ],
            options={
                'verbose_name': 'write',
                'verbose_name_plural': 'writes',
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['publication', 'updated_at'], name='company_edition'),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
