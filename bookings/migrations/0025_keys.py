"""What is sealed in a hand-over note may be sealed anew with another key; what was deleted is found;
the reason of a look in words."""

import django.db.models.deletion
from django.db import migrations, models

import bookings.core.crypto
from bookings.core.frozen import freeze

NOTE = ("note_never_changes", "bookings_handovernote")
COLUMNS = ["station_id", "by_id", "at"]


def let_seal_anew(apps, schema_editor):
    freeze(schema_editor, *NOTE, COLUMNS, sealed=["text"])


def freeze_as_before(apps, schema_editor):
    freeze(schema_editor, *NOTE, [*COLUMNS, "text"])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0024_carriers")]

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
        migrations.CreateModel(
            name="LookWords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", bookings.core.crypto.EncryptedTextField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="words",
                        to="bookings.auditentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "reason of a look",
                "verbose_name_plural": "reasons of looks",
            },
        ),
    ]
