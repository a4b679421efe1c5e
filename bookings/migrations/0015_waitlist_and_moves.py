import django.core.validators
import django.db.models.deletion
from django.conf import settings
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
    freeze(schema_editor, "used_policy_never_changes", "bookings_policy", COLUMNS, when=USED)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0014_policies_are_drafted"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="friend",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="bookings.application",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="friend_code",
            field=models.CharField(editable=False, max_length=8, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="application",
            name="needed_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="application",
            name="needs",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="policy",
            name="offer_hours",
            field=models.PositiveSmallIntegerField(
                default=12,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="hours that an offered bed is kept at most",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="remind_hours",
            field=models.PositiveSmallIntegerField(
                default=4, verbose_name="hours before that to remind who has not come"
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="waitlist",
            field=models.CharField(
                choices=[
                    ("first_come", "First come, first served"),
                    ("nearest_date", "Whose interview or first day is nearest"),
                ],
                default="first_come",
                max_length=12,
                verbose_name="order of the waitlist",
            ),
        ),
        migrations.AddField(
            model_name="station",
            name="freed",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="station",
            name="freed_served",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="stay",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Wait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_arrival", models.DateField()),
                ("last_arrival", models.DateField()),
                ("nights", models.PositiveSmallIntegerField()),
                ("take_it", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("offered", "Offered"),
                            ("paused", "Let an offer pass"),
                            ("taken", "Taken"),
                            ("left", "Left the waitlist"),
                            ("over", "The days are over"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("queued_at", models.DateTimeField()),
                ("ahead", models.BooleanField(default=False)),
                ("undecided", models.BooleanField(default=False)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wait",
                        to="bookings.application",
                    ),
                ),
                ("stations", models.ManyToManyField(related_name="waits", to="bookings.station")),
            ],
            options={
                "verbose_name": "place on the waitlist",
                "verbose_name_plural": "waitlist",
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("arrival", models.DateField()),
                ("nights", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("taken", "Taken"),
                            ("declined", "Declined"),
                            ("expired", "Let pass"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.station",
                    ),
                ),
                (
                    "wait",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="bookings.wait",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sex",
                    models.CharField(choices=[("women", "Women"), ("men", "Men")], max_length=8),
                ),
                ("first_arrival", models.DateField()),
                ("last_arrival", models.DateField()),
                ("nights", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.district",
                    ),
                ),
                ("stations", models.ManyToManyField(related_name="+", to="bookings.station")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "indexes": [
                    models.Index(
                        fields=["told_at", "last_arrival"], name="bookings_al_told_at_6073a5_idx"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("told_at", None)),
                        fields=("user",),
                        name="one_open_alert_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_arrival__gte", models.F("first_arrival"))),
                        name="alert_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nights__gte", 1)), name="alert_is_for_a_night"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BedMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.UUIDField()),
                ("first_night", models.DateField()),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_bed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.bed",
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="bookings.stay",
                    ),
                ),
                (
                    "to_bed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="bookings.bed",
                    ),
                ),
            ],
            options={
                "verbose_name": "move",
                "verbose_name_plural": "moves",
                "indexes": [models.Index(fields=["batch"], name="bookings_be_batch_2645a6_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "stay"), name="one_move_of_a_stay_an_act"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_bed", models.F("to_bed")), _negated=True),
                        name="move_is_to_another_bed",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="wait",
            index=models.Index(
                fields=["status", "queued_at"], name="bookings_wa_status_d5bd5d_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_arrival__gte", models.F("first_arrival"))),
                name="wait_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="wait",
            constraint=models.CheckConstraint(
                condition=models.Q(("nights__gte", 1)), name="wait_is_for_a_night"
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                fields=["status", "expires_at"], name="bookings_of_status_3cffea_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")),
                fields=("wait",),
                name="one_open_offer_a_wait",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                name="offer_stands_for_a_while",
            ),
        ),
        migrations.RunPython(freeze_used_policies, migrations.RunPython.noop),
    ]
