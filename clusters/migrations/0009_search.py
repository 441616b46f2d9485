"""The tables of the search index. They belong to no model: what they hold follows from the records."""

from django.db import migrations

CREATE = {
    "sqlite": (
        "CREATE TABLE clusters_searchentry (id INTEGER PRIMARY KEY, names TEXT NOT NULL, texts TEXT NOT NULL)",
        "CREATE VIRTUAL TABLE clusters_searchbody USING fts5(body, content='', columnsize=0, tokenize='ascii')",
        "CREATE VIRTUAL TABLE clusters_searchnames USING fts5"
        "(names, initials, typed, content='', columnsize=0, tokenize='ascii')",
    ),
    "postgresql": (
        "CREATE TABLE clusters_searchentry (id bigint PRIMARY KEY,"
        " names text NOT NULL, texts text NOT NULL, initials text NOT NULL, letters text NOT NULL,"
        " body_tokens int[] NOT NULL, names_tokens int[] NOT NULL, initials_tokens int[] NOT NULL)",
        # What was written last waits in a list that every question reads through: a short one.
        "CREATE INDEX clusters_searchtokens ON clusters_searchentry"
        " USING gin (body_tokens, names_tokens, initials_tokens)"
        " WITH (gin_pending_list_limit = 512)",
    ),
}
DROP = {
    "sqlite": tuple(f"DROP TABLE clusters_search{name}" for name in ("names", "body", "entry")),
    "postgresql": ("DROP TABLE clusters_searchentry",),
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("clusters", "0008_quality")]

    operations = [migrations.RunPython(create, drop)]
