import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

import bookings.core.crypto
from bookings.core.frozen import freeze

ABROAD = {"passport", "foreign_permanent_resident"}
DAY = dt.timedelta(days=1)
CHUNK = 2000
CAME = ["arrived", "left"]


def never_changes(apps, schema_editor):
    columns = ["station_id", "text", "by_id", "at"]
    freeze(schema_editor, "note_never_changes", "bookings_handovernote", columns)


def write_down(apps, schema_editor):
    """Who is in the house is written into the register; who left before it was kept was registered
    without it."""
    stays = apps.get_model("bookings", "Stay").objects.filter(status__in=CAME)
    rows = apps.get_model("bookings", "Registration").objects
    rooms = apps.get_model("bookings", "BedNight").objects.filter(stay=OuterRef("pk"))
    room = rooms.order_by("night").values("room__name")[:1]
    found = stays.select_related("graduate").annotate(room=Subquery(room)).order_by("pk")
    last = 0
    while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        rows.bulk_create(registration(rows.model, stay) for stay in chunk)


def registration(model, stay):
    person, arrived = stay.graduate, timezone.localtime(stay.arrived_at)
    abroad = person.doc_type in ABROAD
    lacking = ["nationality"] if abroad else []
    if person.doc_type == "resident_id" and not person.hukou_code:
        lacking = ["home"]
    end = dt.datetime.combine(arrived.date() + DAY, dt.time.min, tzinfo=arrived.tzinfo)
    state = "incomplete" if lacking else "to_send"
    here = stay.status == "arrived"
    return model(
        stay=stay,
        state=state if here else "earlier",
        missing=lacking if here else [],
        room=stay.room or "",
        due_at=arrived + DAY if abroad else end,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0017_services"),
    ]

    operations = [
        migrations.AddField(
            model_name="district",
            name="register_format",
            field=models.CharField(
                default="generic_xlsx", max_length=20, verbose_name="file for the police register"
            ),
        ),
        migrations.AddField(
            model_name="graduate",
            name="address",
            field=bookings.core.crypto.EncryptedTextField(null=True),
        ),
        migrations.AddField(
            model_name="graduate",
            name="nationality",
            field=models.CharField(blank=True, max_length=3, verbose_name="nationality"),
        ),
        migrations.CreateModel(
            name="HandoverNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", bookings.core.crypto.EncryptedTextField()),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="bookings.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over note",
                "verbose_name_plural": "hand-over notes",
            },
        ),
        migrations.CreateModel(
            name="HandoverRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
                        to="bookings.handovernote",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a note",
                "verbose_name_plural": "readings of notes",
            },
        ),
        migrations.CreateModel(
            name="KeyLoan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=20)),
                ("given_at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_loans",
                        to="bookings.station",
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="key_loans",
                        to="bookings.stay",
                    ),
                ),
            ],
            options={
                "verbose_name": "key given",
                "verbose_name_plural": "keys given",
            },
        ),
        migrations.CreateModel(
            name="RegisterBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("format", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                ("downloaded_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="register_batches",
                        to="bookings.station",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of the register",
                "verbose_name_plural": "batches of the register",
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("incomplete", "Something is missing"),
                            ("to_send", "To send"),
                            ("sent", "Sent"),
                            ("confirmed", "Confirmed"),
                            ("refused", "Not taken"),
                            ("earlier", "Before this register was kept"),
                        ],
                        max_length=10,
                    ),
                ),
                ("missing", models.JSONField(default=list)),
                ("room", models.CharField(blank=True, max_length=20)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("reference", models.CharField(blank=True, max_length=40)),
                ("refusal", bookings.core.crypto.EncryptedTextField(null=True)),
                ("departure_sent_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrivals",
                        to="bookings.registerbatch",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "departure_batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departures",
                        to="bookings.registerbatch",
                    ),
                ),
                (
                    "departure_sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registration",
                        to="bookings.stay",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
            },
        ),
        migrations.AddIndex(
            model_name="handovernote",
            index=models.Index(
                fields=["station", "done_at", "at"], name="bookings_ha_station_aa0a3e_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="handovernote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="done_note_knows_when_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverread",
            constraint=models.UniqueConstraint(fields=("note", "by"), name="one_reading_a_person"),
        ),
        migrations.AddConstraint(
            model_name="keyloan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("returned_at", None)),
                fields=("station", "label"),
                name="one_guest_a_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyloan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("returned_at__isnull", True), ("returned_by__isnull", True)),
                    models.Q(("returned_at__isnull", False), ("returned_by__isnull", False)),
                    _connector="OR",
                ),
                name="returned_key_knows_when_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="registerbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                    models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                    _connector="OR",
                ),
                name="sent_batch_knows_when_and_who",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["state", "due_at"], name="bookings_re_state_d83670_idx"),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("sent_at__isnull", False),
                        ("sent_by__isnull", False),
                        ("state__in", ["sent", "confirmed", "refused"]),
                    ),
                    models.Q(
                        ("sent_at__isnull", True),
                        ("sent_by__isnull", True),
                        ("state__in", ["incomplete", "to_send", "earlier"]),
                    ),
                    _connector="OR",
                ),
                name="sent_registration_knows_when_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("state", "confirmed"),
                    ),
                    models.Q(
                        models.Q(("state", "confirmed"), _negated=True),
                        ("confirmed_at__isnull", True),
                        ("confirmed_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="confirmed_registration_knows_when_and_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("departure_sent_at__isnull", True), ("departure_sent_by__isnull", True)
                    ),
                    models.Q(
                        ("departure_sent_at__isnull", False),
                        ("departure_sent_by__isnull", False),
                        ("sent_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reported_departure_follows_an_arrival",
            ),
        ),
        migrations.RunPython(never_changes, migrations.RunPython.noop),
        migrations.RunPython(write_down, migrations.RunPython.noop),
    ]
