"""The groups of people: curators draft, editors publish, administrators keep the accounts as well."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

# Records under curation: curators write them, editors publish and delete them.
RECORDS = (
    "anchorsite",
    "call",
    "claim",
    "company",
    "criterion",
    "designation",
    "district",
    "event",
    "fundinground",
    "indicator",
    "institution",
    "observation",
    "office",
    "program",
    "series",
    "source",
    "station",
    "trait",
)
# Public as soon as they are saved, so editors keep them and curators see them.
PUBLIC_AT_ONCE = ("industry", "province", "redirect", "supportkind", "technology")
ACCOUNTS = ("admin", "auth", "axes", "otp_static", "otp_totp")


def make_groups(apps, schema_editor):
    database = schema_editor.connection.alias
    # Permissions are otherwise made after all migrations, too late for the groups.
    for label in ("clusters", *ACCOUNTS):
        config = apps.get_app_config(label)
        kept = getattr(config, "models_module", None)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0, using=database)
        config.models_module = kept
    permissions = apps.get_model("auth", "Permission").objects.using(database)
    groups = apps.get_model("auth", "Group").objects.using(database)

    def give(name, chosen):
        groups.get_or_create(name=name)[0].permissions.add(*chosen)

    def named(verbs, models):
        codenames = [f"{verb}_{model}" for verb in verbs for model in models]
        return permissions.filter(content_type__app_label="clusters", codename__in=codenames)

    give("curator", named(["add", "change", "view"], RECORDS) | named(["view"], PUBLIC_AT_ONCE))
    give(
        "editor",
        named(["add", "change", "view", "delete", "publish"], RECORDS)
        | named(["add", "change", "view", "delete"], PUBLIC_AT_ONCE),
    )
    give("administrator", permissions.filter(content_type__app_label__in=["clusters", *ACCOUNTS]))


def remove_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=["curator", "editor", "administrator"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("axes", "0010_accessattemptexpiration"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("otp_static", "0003_add_timestamps"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
