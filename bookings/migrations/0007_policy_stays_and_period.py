import django.core.validators
from django.db import migrations, models

from bookings.core.frozen import freeze

COLUMNS = [
    *["district_id", "version", "valid_from", "years_since_graduation", "minimum_degree"],
    *["minimum_age", "maximum_age", "nights", "stays", "period", "days_ahead", "hold_hours"],
    *["arrival_cutoff", "review", "review_days", "evidence", "follow_up_days"],
]
USED = "EXISTS (SELECT 1 FROM bookings_decision WHERE policy_id = OLD.id)"


def freeze_used_policies(apps, schema_editor):
    freeze(schema_editor, "used_policy_never_changes", "bookings_policy", COLUMNS, when=USED)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0006_what_bed_nights_refer_to"),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="period",
            field=models.CharField(
                choices=[
                    ("lifetime", "Once in a life"),
                    ("year", "Each calendar year, by the day of arrival"),
                ],
                default="lifetime",
                max_length=8,
                verbose_name="nights and stays are given",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="stays",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="stays in all",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("stays__isnull", True), ("stays__gte", 1), _connector="OR"),
                name="policy_gives_a_stay",
            ),
        ),
        migrations.RunPython(freeze_used_policies, migrations.RunPython.noop),
    ]
