import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bookings.applications.models
import bookings.core.crypto
from bookings.core.frozen import freeze, keep

REPORT = [
    *["district_id", "kind", "period", "audience", "version", "state", "requested_by_id"],
    *["requested_at", "figures", "digest", "data_as_of"],
]
FILE = ["report_id", "language", "kind", "file", "size", "sha256"]
READY = "OLD.state = 'ready'"
# (name, table, columns that never change, when)
FROZEN = [
    ("report_never_changes", "bookings_report", REPORT, READY),
    ("report_file_never_changes", "bookings_reportfile", FILE, ""),
]
KEPT = [
    ("ready_report_stays", "bookings_report", READY),
    ("report_file_stays", "bookings_reportfile", ""),
]


def freeze_reports(apps, schema_editor):
    for name, table, columns, when in FROZEN:
        freeze(schema_editor, name, table, columns, when=when)
    for name, table, when in KEPT:
        keep(schema_editor, name, table, when=when)


def drop_the_rules(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for name, table, *_ in [*FROZEN, *KEPT]:
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgres else ""))
        if postgres:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0027_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("month", "Month"), ("year", "Year")], max_length=5),
                ),
                ("period", models.DateField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("internal", "The district's own"),
                            ("outside", "For outside, without small counts"),
                        ],
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waits for the worker"),
                            ("building", "Being built"),
                            ("ready", "Ready"),
                            ("failed", "Could not be built"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("figures", models.JSONField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("data_as_of", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="bookings.district",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["-period", "kind", "audience", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "中文"), ("en", "English")], max_length=10
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("pdf", "PDF"), ("xlsx", "Excel")], max_length=4),
                ),
                (
                    "file",
                    models.FileField(
                        storage=bookings.applications.models.evidence_storage, upload_to="reports/"
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="bookings.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a report",
                "verbose_name_plural": "files of reports",
                "ordering": ["kind", "-language"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", bookings.core.crypto.EncryptedTextField(null=True)),
                ("email_hash", models.CharField(editable=False, max_length=64, null=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("internal", "The district's own"),
                            ("outside", "For outside, without small counts"),
                        ],
                        default="outside",
                        max_length=8,
                        verbose_name="Which report",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "中文"), ("en", "English")],
                        default="zh-hans",
                        max_length=10,
                        verbose_name="Language",
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailings",
                        to="bookings.report",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.subscription",
                    ),
                ),
            ],
            options={
                "verbose_name": "mailing",
                "verbose_name_plural": "mailings",
            },
        ),
        migrations.CreateModel(
            name="PublicNumbers",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("guests", models.BooleanField(default=False, verbose_name="Guests in all")),
                ("nights", models.BooleanField(default=False, verbose_name="Nights given")),
                ("beds", models.BooleanField(default=False, verbose_name="Stations and beds")),
                (
                    "staying",
                    models.BooleanField(
                        default=False, verbose_name="Share who work in the district after 180 days"
                    ),
                ),
                ("figures", models.JSONField(editable=False, null=True)),
                ("as_of", models.DateField(editable=False, null=True)),
                (
                    "district",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="bookings.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "public numbers",
                "verbose_name_plural": "public numbers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("as_of__isnull", True), ("figures__isnull", True)),
                            models.Q(("as_of__isnull", False), ("figures__isnull", False)),
                            _connector="OR",
                        ),
                        name="public_figures_say_as_of_when",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=("district", "kind", "period", "audience", "version"),
                name="one_report_of_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "building"])),
                fields=("district", "kind", "period", "audience"),
                name="one_report_in_the_making",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("data_as_of__isnull", False),
                        ("figures__isnull", False),
                        ("state", "ready"),
                        ("version__isnull", False),
                        models.Q(("digest", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "ready"), _negated=True),
                        ("data_as_of__isnull", True),
                        ("digest", ""),
                        ("figures__isnull", True),
                        ("version__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ready_report_has_its_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("audience__in", ["internal", "outside"]), ("kind__in", ["month", "year"])
                ),
                name="report_kind_and_audience_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.UniqueConstraint(
                fields=("report", "language", "kind"), name="one_file_of_a_language_and_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("district", "email_hash"), name="one_subscription_of_an_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("email__isnull", False),
                        ("email_hash__isnull", False),
                        ("ended_at__isnull", True),
                    ),
                    models.Q(
                        ("email__isnull", True),
                        ("email_hash__isnull", True),
                        ("ended_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="ended_subscription_has_no_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="mailing",
            constraint=models.UniqueConstraint(
                fields=("report", "subscription"), name="a_version_is_sent_once"
            ),
        ),
        migrations.RunPython(freeze_reports, drop_the_rules),
    ]
