import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

from bookings.core.frozen import freeze

PLACES = "booking_within_capacity"
BOOKED = "EXISTS (SELECT 1 FROM bookings_booking WHERE slot_id = OLD.id)"
HOURS = ["service_id", "starts_at", "ends_at", "capacity"]
BEYOND = "NEW.number > (SELECT capacity FROM bookings_slot WHERE id = NEW.slot_id)"


def count_as_allowed(apps, schema_editor):
    """What was counted before was counted against the catalogue as it is."""
    service = apps.get_model("bookings", "Service").objects.filter(pk=OuterRef("service"))
    redemptions = apps.get_model("bookings", "Redemption").objects
    redemptions.update(allowed=Subquery(service.values("uses_per_day")))
    redemptions.filter(number__gt=F("allowed")).update(allowed=F("number"))


def hold_places(apps, schema_editor):
    """No place beyond a slot's capacity, and no slot changed under those who booked it."""
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in _postgres() if postgres else _sqlite():
        schema_editor.execute(statement, params=None)
    freeze(schema_editor, "booked_slot_never_changes", "bookings_slot", HOURS, when=BOOKED)


def _postgres():
    yield (
        f"CREATE FUNCTION {PLACES}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {BEYOND} THEN "
        f"RAISE EXCEPTION '{PLACES}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER {PLACES} BEFORE INSERT OR UPDATE ON bookings_booking "
        f"FOR EACH ROW EXECUTE FUNCTION {PLACES}()"
    )


def _sqlite():
    for event in ("insert", "update"):
        yield (
            f"CREATE TRIGGER {PLACES}_{event} BEFORE {event.upper()} ON bookings_booking "
            f"WHEN {BEYOND} BEGIN SELECT RAISE(ABORT, '{PLACES}'); END"
        )


def let_places_go(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    frozen = "booked_slot_never_changes"
    if postgres:
        for name, table in ((PLACES, "bookings_booking"), (frozen, "bookings_slot")):
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
    else:
        for name in (f"{PLACES}_insert", f"{PLACES}_update", frozen):
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0016_offline_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("booked_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
            },
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("capacity", models.PositiveSmallIntegerField()),
                ("title_zh", models.CharField(blank=True, max_length=60)),
                ("title_en", models.CharField(blank=True, max_length=120)),
                ("place", models.CharField(blank=True, max_length=60)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "slot",
                "verbose_name_plural": "slots",
            },
        ),
        migrations.AddField(
            model_name="redemption",
            name="allowed",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="service",
            name="by_appointment",
            field=models.BooleanField(default=False, verbose_name="by appointment only"),
        ),
        migrations.AddField(
            model_name="service",
            name="closes",
            field=models.TimeField(blank=True, null=True, verbose_name="closes"),
        ),
        migrations.AddField(
            model_name="service",
            name="description_en",
            field=models.CharField(
                blank=True, max_length=400, verbose_name="in English, what one gets"
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="description_zh",
            field=models.CharField(
                blank=True, max_length=200, verbose_name="in Chinese, what one gets"
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="given at present"),
        ),
        migrations.AddField(
            model_name="service",
            name="opens",
            field=models.TimeField(blank=True, null=True, verbose_name="opens"),
        ),
        migrations.AddField(
            model_name="service",
            name="order",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="place in the list"),
        ),
        migrations.AddField(
            model_name="service",
            name="uses_per_stay",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="free uses a stay",
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name="scan",
            name="reason",
            field=models.CharField(
                choices=[
                    ("fine", "In order"),
                    ("too_early_today", "Before check-in time"),
                    ("minor", "Under 18"),
                    ("evidence_to_see", "A paper is still to be seen"),
                    ("other_nights", "Comes later than the first night"),
                    ("unknown", "Unknown code"),
                    ("forged", "Forged code"),
                    ("revoked", "Replaced code"),
                    ("not_approved", "Not approved yet"),
                    ("cancelled", "Cancelled"),
                    ("lapsed", "Lapsed"),
                    ("no_show", "Given up as a no-show"),
                    ("already_arrived", "Already arrived"),
                    ("already_left", "Already left"),
                    ("not_arrived", "Not arrived yet"),
                    ("wrong_station", "Another station"),
                    ("wrong_day", "Another day"),
                    ("suspended", "Suspended"),
                    ("no_such_service", "No such service"),
                    ("service_closed", "Closed now"),
                    ("used_up", "Used up"),
                    ("fully_booked", "Fully booked"),
                    ("clock_off", "Clock is wrong"),
                    ("nonce_reused", "Same number for another scan"),
                    ("unreadable", "Cannot be read"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="service",
            name="uses_per_day",
            field=models.PositiveSmallIntegerField(
                default=1,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="free uses a day",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closes__isnull", True), ("opens__isnull", True)),
                    models.Q(
                        ("closes__gt", models.F("opens")),
                        ("closes__isnull", False),
                        ("opens__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="service_closes_after_it_opens",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="stay",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.stay",
            ),
        ),
        migrations.AddField(
            model_name="redemption",
            name="booking",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="redemption",
                to="bookings.booking",
            ),
        ),
        migrations.RunPython(count_as_allowed, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="redemption",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__lte", models.F("allowed"))),
                name="use_within_the_days_uses",
            ),
        ),
        migrations.AddField(
            model_name="slot",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="slots",
                to="bookings.service",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="slot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("service", "starts_at", "title_zh"),
                name="one_slot_of_an_hour",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="slot_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1)), name="slot_has_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("slot", "stay"),
                name="one_booking_of_a_stay",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("slot", "number"),
                name="one_booking_of_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="places_count_from_one"
            ),
        ),
        migrations.RunPython(hold_places, let_places_go),
    ]
