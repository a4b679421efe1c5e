import django.core.validators
from django.db import migrations, models

from bookings.core.frozen import freeze

COLUMNS = [
    *["district_id", "version", "valid_from", "years_since_graduation", "minimum_degree"],
    *["minimum_age", "maximum_age", "nights", "stays", "period", "days_ahead", "hold_hours"],
    *["arrival_cutoff", "remind_hours", "waitlist", "offer_hours"],
    *["review", "review_days", "evidence", "follow_up_days"],
]
USED = "EXISTS (SELECT 1 FROM bookings_decision WHERE policy_id = OLD.id)"


def freeze_used_policies(apps, schema_editor):
    """On SQLite the table was made anew."""
    freeze(schema_editor, "used_policy_never_changes", "bookings_policy", COLUMNS, when=USED)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0040_numbers_of_a_year")]

    operations = [
        migrations.AlterField(
            model_name="policy",
            name="nights",
            field=models.PositiveSmallIntegerField(
                default=7,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(
                        30, "A policy gives at most %(limit_value)s nights."
                    ),
                ],
                verbose_name="nights in all",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("nights__lte", 30)),
                name="policy_gives_no_more_nights_than_a_stay",
            ),
        ),
        migrations.RunPython(freeze_used_policies, migrations.RunPython.noop),
    ]
