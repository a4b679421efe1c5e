import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bookings.applications.models
import bookings.core.crypto
from bookings.core.frozen import freeze

OUTCOME = ["follow_up_id", "kind", "source", "level", "by_id", "at", "bureau_list_id"]
# (name, table, columns that never change, when); what names somebody can still be forgotten
FROZEN = [
    ("outcome_never_changes", "bookings_outcome", [*OUTCOME, "industry"], ""),
    (
        "attempt_never_changes",
        "bookings_attempt",
        ["follow_up_id", "number", "result", "call_back_at", "by_id", "at"],
        "",
    ),
]


def freeze_both(apps, schema_editor):
    for name, table, columns, when in FROZEN:
        freeze(schema_editor, name, table, columns, when=when)


def freeze_outcomes_as_before(apps, schema_editor):
    freeze(schema_editor, "outcome_never_changes", "bookings_outcome", OUTCOME)


def drop_the_rules(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for name, table, _, _ in FROZEN:
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0021_bureau"),
    ]

    operations = [
        # going back, this comes last: the table has its old columns again
        migrations.RunPython(migrations.RunPython.noop, freeze_outcomes_as_before),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("no_answer", "No answer"),
                            ("wrong_number", "Wrong number"),
                            ("call_back", "Call back"),
                            ("refused", "Does not want to be asked"),
                            ("passed_on", "Passed on"),
                        ],
                        max_length=12,
                        verbose_name="what came of it",
                    ),
                ),
                ("call_back_at", models.DateTimeField(null=True)),
                ("note", bookings.core.crypto.EncryptedTextField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "call",
                "verbose_name_plural": "calls",
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=bookings.applications.models.evidence_storage,
                        upload_to="proofs/%Y/%m/",
                    ),
                ),
                ("content_type", models.CharField(max_length=20)),
                ("size", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "proof",
                "verbose_name_plural": "proofs",
            },
        ),
        migrations.AddField(
            model_name="followup",
            name="caller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="caller_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="followup",
            name="reminded",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="outcome",
            name="contract_start",
            field=models.DateField(null=True, verbose_name="start of the contract"),
        ),
        migrations.AddField(
            model_name="outcome",
            name="industry",
            field=models.CharField(
                blank=True,
                choices=[
                    ("manufacturing", "Manufacturing"),
                    ("construction", "Construction"),
                    ("trade", "Trade, catering, tourism"),
                    ("transport", "Transport and post"),
                    ("software", "Software and internet"),
                    ("finance", "Finance"),
                    ("education", "Education and research"),
                    ("health", "Health and care"),
                    ("public", "Public service"),
                    ("other", "Another industry"),
                ],
                max_length=13,
                verbose_name="industry",
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="post",
            field=bookings.core.crypto.EncryptedTextField(null=True),
        ),
        migrations.AlterField(
            model_name="followup",
            name="status",
            field=models.CharField(
                choices=[
                    ("due", "To be asked"),
                    ("asked", "Asked"),
                    ("answered", "Answered"),
                    ("declined", "Declined"),
                    ("unreachable", "Not reached"),
                ],
                default="due",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("caller", None), ("caller_until", None)),
                    models.Q(("caller__isnull", False), ("caller_until__isnull", False)),
                    _connector="OR",
                ),
                name="caller_and_until_when_together",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="follow_up",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="bookings.followup",
            ),
        ),
        migrations.AddField(
            model_name="proof",
            name="outcome",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proof",
                to="bookings.outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["by", "at"], name="bookings_at_by_id_6b1752_idx"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("follow_up", "number"), name="one_attempt_of_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("call_back_at__isnull", False), ("result", "call_back")),
                    models.Q(
                        models.Q(("result", "call_back"), _negated=True), ("call_back_at", None)
                    ),
                    _connector="OR",
                ),
                name="call_back_says_when",
            ),
        ),
        migrations.RunPython(freeze_both, drop_the_rules),
    ]
