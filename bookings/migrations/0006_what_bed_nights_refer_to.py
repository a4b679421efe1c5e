"""On SQLite, what a bed-night refers to cannot change under it either; PostgreSQL's keys hold that."""

from importlib import import_module

from django.db import migrations

REFERENCES = import_module("bookings.migrations.0002_rules_of_the_database").REFERENCES


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        return
    for name, columns, target in REFERENCES:
        table, keys = target.rstrip(")").split(" (")
        pairs = list(zip(columns.split(", "), keys.split(", "), strict=True))
        match = " AND ".join(f"{column} = OLD.{key}" for column, key in pairs)
        changed = " OR ".join(f"NEW.{key} IS NOT OLD.{key}" for _, key in pairs)
        schema_editor.execute(
            f"CREATE TRIGGER {name}_kept BEFORE UPDATE ON {table} WHEN ({changed}) "
            f"AND EXISTS (SELECT 1 FROM bookings_bednight WHERE {match}) "
            f"BEGIN SELECT RAISE(ABORT, '{name}'); END",
            params=None,
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        return
    for name, *_ in REFERENCES:
        schema_editor.execute(f"DROP TRIGGER {name}_kept")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0005_desk_clock_reason")]

    operations = [migrations.RunPython(create, remove)]
