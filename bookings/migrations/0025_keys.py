"""What is sealed in a hand-over note may be sealed anew with another key; what was deleted is found."""

from django.db import migrations, models

from bookings.core.frozen import freeze

NOTE = ("note_never_changes", "bookings_handovernote")
COLUMNS = ["station_id", "by_id", "at"]


def let_seal_anew(apps, schema_editor):
    freeze(schema_editor, *NOTE, COLUMNS, sealed=["text"])


def freeze_as_before(apps, schema_editor):
    freeze(schema_editor, *NOTE, [*COLUMNS, "text"])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0021_bureau")]

    operations = [
        migrations.RunPython(let_seal_anew, freeze_as_before),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("action__in", ("delete", "forget"))),
                fields=["at"],
                name="what_was_deleted",
            ),
        ),
    ]
