"""What is sealed in a hand-over note may be sealed anew with another key."""

from django.db import migrations

from bookings.core.frozen import freeze

NOTE = ("note_never_changes", "bookings_handovernote")
COLUMNS = ["station_id", "by_id", "at"]


def let_seal_anew(apps, schema_editor):
    freeze(schema_editor, *NOTE, COLUMNS, sealed=["text"])


def freeze_as_before(apps, schema_editor):
    freeze(schema_editor, *NOTE, [*COLUMNS, "text"])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0021_bureau")]

    operations = [migrations.RunPython(let_seal_anew, freeze_as_before)]
