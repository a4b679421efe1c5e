"""A paper whose original the desk is to see on arrival; it never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bookings.core.frozen import freeze

NAME, TABLE = "paper_to_see_never_changes", "bookings_papertosee"


def freeze_it(apps, schema_editor):
    freeze(schema_editor, NAME, TABLE, ["application_id", "kind", "by_id", "at"])


def remove(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER {NAME}" + (f" ON {TABLE}" if postgres else ""))
    if postgres:
        schema_editor.execute(f"DROP FUNCTION {NAME}()")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0026_operations"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperToSee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("degree", "Degree certificate or CHSI report"),
                            ("interview_notice", "Interview notice"),
                            ("job_fair", "Job fair registration"),
                            ("contract", "Contract or job offer"),
                            ("business_licence", "Business licence"),
                            ("other", "Other paper"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers_to_see",
                        to="bookings.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "paper to be seen at the desk",
                "verbose_name_plural": "papers to be seen at the desk",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "kind"), name="a_kind_of_paper_is_to_be_seen_once"
                    )
                ],
            },
        ),
        migrations.RunPython(freeze_it, remove, elidable=False),
    ]
