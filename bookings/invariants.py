"""The house's invariants over the whole database, each as a function that yields what breaks it.

Most are held by the database too; looking again finds what a restored dump, a hand at the SQL
prompt or a mistake of ours has broken. The numbers are those of docs/invariants.md.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, Model, OuterRef, Q, QuerySet

from bookings.applications.models import Application, Evidence
from bookings.beds.house import closed_nights
from bookings.beds.models import BedMove, BedNight, RoomNight, Stay
from bookings.beds.planner import PlanBed
from bookings.core.clock import local_date, nights_between, now
from bookings.core.crypto import VERSIONS, Undecipherable, keyed_hash
from bookings.desk.keys.models import KeyLoan
from bookings.desk.models import Redemption, Scan
from bookings.desk.register.models import Registration
from bookings.desk.services.models import Booking
from bookings.eligibility.decide import replay
from bookings.eligibility.models import Decision
from bookings.people import second_factor
from bookings.people.models import Graduate, Membership, User
from bookings.places.models import Bed, District, Station
from bookings.retention.models import FollowUp, Outcome, Proof
from bookings.rotation import sealed_columns
from bookings.statistics.funnel import SENDING, Row, all_months, steps
from bookings.statistics.reports.models import ReportFile
from bookings.statistics.scope import Scope
from bookings.statistics.tallies.keep import differences

Breaches = Iterator[str]
CHUNK = 2000


def _twice(model: type[Model], *fields: str) -> Breaches:
    groups = model._default_manager.values(*fields).annotate(rows=Count("pk")).filter(rows__gt=1)
    for group in groups.iterator():
        yield f"{model._meta.model_name} {group}"


def one_stay_a_bed_night() -> Breaches:
    """1 No bed has two stays on a night, no guest two beds; bed, room, guest and stay agree."""
    yield from _twice(BedNight, "bed", "night")
    yield from _twice(BedNight, "graduate", "night")
    for row in BedNight.objects.exclude(room=F("bed__room"), graduate=F("stay__graduate")):
        yield f"bed-night {row.pk}: bed and room, or guest and stay, do not belong together"


def one_sex_a_room_night() -> Breaches:
    """2 No room has two sexes on a night, and none but its own."""
    rooms = BedNight.objects.values("room", "night").annotate(one=Min("sex"), other=Max("sex"))
    for row in rooms.exclude(one=F("other")).iterator():
        yield f"room {row['room']} on {row['night']} has two sexes"
    strangers = BedNight.objects.exclude(sex=F("graduate__sex")) | BedNight.objects.exclude(
        room__sex__in=["flexible", F("sex")]
    )
    for night in strangers.iterator():
        yield f"bed-night {night.pk}: its guest is of another sex than its row or its room"
    unkept = BedNight.objects.exclude(
        Exists(RoomNight.objects.filter(room=OuterRef("room"), night=OuterRef("night")))
    )
    for night in unkept.iterator():
        yield f"bed-night {night.pk}: its room has no sex on that night"
    slept_in = set(BedNight.objects.values_list("room", "night", "sex").distinct())
    for key in RoomNight.objects.values_list("room", "night", "sex").iterator():
        if key not in slept_in:
            yield f"room {key[0]} on {key[1]} is kept for {key[2]} but nobody sleeps there"


def every_promised_night_has_a_bed() -> Breaches:
    """3 The plan is complete: each night of a stay that holds has a bed, one bed, in use."""
    stays = Stay.objects.annotate(
        rows=Count("bed_nights"),
        beds=Count("bed_nights__bed", distinct=True),
        first=Min("bed_nights__night"),
        last=Max("bed_nights__night"),
        moved=Exists(
            BedMove.objects.filter(stay=OuterRef("pk"), first_night__gt=F("stay__arrival"))
        ),
    )
    for stay in stays.iterator(CHUNK):
        nights = _nights_due(stay)
        if stay.rows != len(nights):
            yield f"stay {stay.pk} ({stay.status}): {len(nights)} nights, {stay.rows} with a bed"
        elif nights and (stay.first, stay.last) != (nights[0], nights[-1]):
            yield f"stay {stay.pk}: its beds are on other nights than its own"
        if stay.beds > 1 and not stay.moved:
            yield f"stay {stay.pk} changes its bed, and nobody moved it"
    yield from _nights_on_closed_beds()


def _nights_due(stay: Stay) -> list[Any]:
    """The nights for which a stay must have beds."""
    if stay.status in Stay.HOLDING:
        return nights_between(stay.arrival, stay.departure)
    if stay.status == Stay.Status.LEFT and stay.left_at:
        until = min(stay.departure, local_date(stay.left_at))
        return nights_between(stay.arrival, until)
    return []


def _nights_on_closed_beds() -> Breaches:
    for station in Station.objects.all():
        beds = Bed.objects.filter(room__station=station)
        plan_beds = tuple(PlanBed(bed.pk, bed.room_id) for bed in beds)
        held = BedNight.objects.filter(room__station=station, stay__status__in=Stay.MOVABLE)
        span = held.aggregate(first=Min("night"), last=Max("night"))
        if span["first"]:
            until = span["last"] + dt.timedelta(days=1)
            closed = closed_nights([station], plan_beds, span["first"], until)
            for bed, night in held.values_list("bed", "night"):
                if (bed, night) in closed:
                    yield f"bed {bed} is promised on {night}, when it is closed"


def nights_within_the_allowance() -> Breaches:
    """5 Nights used and promised are counted right and never exceed the allowance."""
    people = Graduate.objects.only("nights_taken", "nights_allowed")
    for person in people.annotate(rows=Count("stays__bed_nights")).iterator(CHUNK):
        rows = person.rows
        if person.nights_taken != rows:
            yield f"graduate {person.pk}: {person.nights_taken} nights counted, {rows} in beds"
        if person.nights_taken > person.nights_allowed:
            yield f"graduate {person.pk}: {person.nights_taken} of {person.nights_allowed} nights"


def decisions_replay() -> Breaches:
    """6 Each decision, judged again over its facts and policy version, finds the same."""
    decisions = Decision.objects.select_related("policy__district").order_by("pk")
    for decision in decisions.iterator(CHUNK):
        if replay(decision) != decision.findings:
            yield f"decision {decision.pk} replays differently"
    counted = Application.objects.annotate(rows=Count("decisions"), last=Max("decisions__number"))
    for application in counted.exclude(rows=F("last")).exclude(rows=0, last=None):
        yield f"application {application.pk}: its decisions are not numbered one by one"
    for application in counted.filter(rows=0).exclude(status="draft"):
        yield f"application {application.pk} was sent but has no decision"


def a_code_opens_a_stay_once() -> Breaches:
    """7 One accepted arrival a stay, one scan a nonce, one valid pass a promised stay."""
    yield from _twice(Scan, "device", "nonce")
    came = Stay.objects.annotate(
        arrivals=Count(
            "scans",
            filter=Q(scans__action="arrive", scans__result__in=["ok", "warn"]),
            distinct=True,
        ),
        valid=Count("passes", filter=Q(passes__revoked_at=None), distinct=True),
    )
    for stay in came.iterator(CHUNK):
        arrived = stay.status in (Stay.Status.ARRIVED, Stay.Status.LEFT)
        if stay.arrivals != int(arrived):
            yield f"stay {stay.pk} ({stay.status}) was opened {stay.arrivals} times"
        if stay.status in (Stay.Status.PROMISED, Stay.Status.ARRIVED) and stay.valid != 1:
            yield f"stay {stay.pk} has {stay.valid} valid passes"
    told = Scan.objects.filter(offline=True, result="refused", told__in=["ok", "warn"])
    looked = Q(action="check") & ~Q(reason="unreadable")  # nothing was done
    for scan in told.exclude(looked).filter(conflict=None):
        yield f"scan {scan.pk} was told otherwise without the network, and nobody has to settle it"
    for used in Redemption.objects.filter(number__gt=F("allowed")):
        yield f"redemption {used.pk} is beyond the day's uses"
    for place in Booking.objects.filter(number__gt=F("slot__capacity")):
        yield f"booking {place.pk} is beyond the places of its slot"


def each_guest_is_in_the_register() -> Breaches:
    """7 Whoever came has one registration, and nobody else; one that cannot be sent says why."""
    came = Q(status__in=[Stay.Status.ARRIVED, Stay.Status.LEFT])
    for stay in Stay.objects.filter(came, registration=None).iterator():
        yield f"stay {stay.pk} ({stay.status}) is not in the guest register"
    for stay in Stay.objects.exclude(came).exclude(registration=None).iterator():
        yield f"stay {stay.pk} ({stay.status}) is in the guest register, but nobody came"
    lacking = Registration.objects.filter(state=Registration.State.INCOMPLETE)
    for row in lacking.filter(missing=[]):
        yield f"registration {row.pk} is incomplete, but nothing is missing"


def within_one_district() -> Breaches:
    """8 What belongs together belongs to one district."""
    apart: list[tuple[str, QuerySet[Any]]] = [
        (
            "application",
            Application.objects.filter(
                Q(station__isnull=False) & ~Q(station__district=F("district"))
                | Q(graduate__isnull=False) & ~Q(graduate__district=F("district"))
                | Q(channel__isnull=False) & ~Q(channel__district=F("district"))
            ),
        ),
        (
            "stay",
            Stay.objects.exclude(
                station=F("application__station"), graduate=F("application__graduate")
            ),
        ),
        ("decision", Decision.objects.exclude(policy__district=F("application__district"))),
        (
            "outcome",
            Outcome.objects.filter(bureau_list__isnull=False).exclude(
                follow_up__stay__station__district=F("bureau_list__district")
            ),
        ),
        ("bed-night", BedNight.objects.exclude(stay__station=F("room__station"))),
        (
            "scan",
            Scan.objects.filter(result__in=["ok", "warn"]).exclude(station=F("stay__station")),
        ),
        ("key", KeyLoan.objects.exclude(station=F("stay__station"))),
        (
            "register batch",
            Registration.objects.exclude(batch=None).exclude(batch__station=F("stay__station"))
            | Registration.objects.exclude(departure_batch=None).exclude(
                departure_batch__station=F("stay__station")
            ),
        ),
        ("booking", Booking.objects.exclude(slot__service__station=F("stay__station"))),
        (
            "redemption",
            Redemption.objects.exclude(service__station=F("stay__station"))
            | Redemption.objects.exclude(Q(booking=None) | Q(booking__stay=F("stay"))),
        ),
        (
            "membership",
            Membership.objects.filter(
                Exists(
                    Membership.stations.through.objects.filter(membership=OuterRef("pk")).exclude(
                        station__district=OuterRef("district")
                    )
                )
            ),
        ),
    ]
    for name, rows in apart:
        for row in rows.iterator():
            yield f"{name} {row.pk} reaches into another district, station or person"


def personal_data_is_sealed() -> Breaches:
    """9 What names a person is ciphertext that opens with our key, and is found by its hash."""
    for model in apps.get_models():
        columns = sealed_columns(model)
        for column in columns:
            yield from _plain(model, column.column)
        if not columns:
            continue
        try:
            for row in model._default_manager.iterator(CHUNK):
                yield from _wrong_hash(row)
        except Undecipherable as error:
            yield f"{error}: does not open with this installation's key"
    for app in second_factor.unsealed():
        yield f"second factor {app}: its secret does not open with our key"
    kept: list[QuerySet[Any]] = [
        Evidence.objects.exclude(file=""),
        Proof.objects.all(),
        ReportFile.objects.all(),
    ]
    for paper in chain.from_iterable(papers.iterator(CHUNK) for papers in kept):
        try:
            paper.file.open().close()
        except (FileNotFoundError, Undecipherable):
            yield f"{paper._meta.model_name} {paper.pk}: its file is missing or not ours"


def _plain(model: type[Model], column: str | None) -> Breaches:
    table = connection.ops.quote_name(model._meta.db_table)
    name = connection.ops.quote_name(column or "")
    start = "substr" if connection.vendor == "sqlite" else "substring"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE {name} IS NOT NULL "  # noqa: S608 our own names
            f"AND {start}({name}, 1, 1) NOT IN (%s, %s)",
            [*VERSIONS],
        )
        (count,) = cursor.fetchone()
    if count:
        yield f"{count} rows of {model._meta.db_table}.{column} are not ciphertext"


def _wrong_hash(row: Model) -> Breaches:
    if isinstance(row, Graduate) and row.forgotten_at:
        return
    if isinstance(row, Graduate) and row.doc_hash != keyed_hash(row.doc_number, "document"):
        yield f"graduate {row.pk} is not found by its document number"
    if isinstance(row, User) and row.phone and row.phone_hash != keyed_hash(row.phone, "phone"):
        yield f"account {row.pk} is not found by its phone number"


def numbers_add_up() -> Breaches:
    """10 The statistics equal a count over the rows they name."""
    today = local_date(now())
    for district in District.objects.all():
        horizon = 30
        sums = _sums(district, horizon, today)
        sent = Application.objects.filter(district=district).exclude(status="draft")
        states = Counter(sent.values_list("stay__status", flat=True))
        asked = FollowUp.objects.filter(
            stay__station__district=district, horizon=horizon, due_on__lte=today
        )
        counted = {
            "applied": sent.count(),
            "arrived": states["arrived"] + states["left"],
            "mature": asked.count(),
            "declined": asked.filter(status="declined").count(),
            "answered": asked.filter(outcomes__in=Outcome.objects.standing()).distinct().count(),
        }
        for name, count in counted.items():
            if getattr(sums, name) != count:
                yield f"{district.code}: {name} is {getattr(sums, name)}, its rows are {count}"
        yield from differences(district)
        if not sums.applied >= sums.approved >= sums.arrived >= sums.mature >= sums.stayed_on:
            yield f"{district.code}: the funnel widens"


def _sums(district: District, horizon: int, today: dt.date) -> Row:
    """The funnel's sums over the rows, whatever the tallies say."""
    sums = Row()
    if months := all_months(district):
        for line in steps.from_rows(Scope(district, months, today)):
            _station, days, name = line.key
            if days in (SENDING, horizon):
                setattr(sums, name, getattr(sums, name) + line.how_many)
    return sums


INVARIANTS: list[Callable[[], Breaches]] = [
    one_stay_a_bed_night,
    one_sex_a_room_night,
    every_promised_night_has_a_bed,
    nights_within_the_allowance,
    decisions_replay,
    a_code_opens_a_stay_once,
    each_guest_is_in_the_register,
    within_one_district,
    personal_data_is_sealed,
    numbers_add_up,
]


def breaches() -> Breaches:
    """Every breach of every invariant, as `name: what is wrong`; none where the house is whole.

    Invariant 4 (no request turned away that could have been placed) speaks of moments, not of rows:
    the planner's own tests and benchmarks hold it.
    """
    for check in INVARIANTS:
        try:
            for breach in check():
                yield f"{check.__name__}: {breach}"
        except Undecipherable as error:
            yield f"{check.__name__}: stopped at {error}, which does not open with our key"
