"""A report is built once, kept by version, and says what the rows say."""

import datetime as dt
import io
import zipfile
from copy import deepcopy

import openpyxl
import pytest
from django.core.management import call_command

from bookings import tasks
from bookings.applications.models import Application
from bookings.beds.models import BedNight
from bookings.people.models import User
from bookings.places.models import District
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.reports import build as reports
from bookings.statistics.reports.models import STOPPED, Report
from bookings.statistics.suppression import is_small
from tests.factories import NOW, make_district, make_station
from tests.statistics.test_retention import recounted

pytestmark = pytest.mark.django_db
MONTH, YEAR = dt.date(2026, 6, 1), dt.date(2025, 1, 1)
KEPT = {("month", "internal"), ("year", "outside")}


def make():
    call_command("seed_demo", stays=300, verbosity=0)
    district = District.objects.get()
    asked = [*ask(district, MONTH), *ask(district, YEAR, "year")]
    return district, [built(one) for one in asked if (one.kind, one.audience) in KEPT]


@pytest.fixture(scope="module")
def season(once):
    return once(make)


@pytest.fixture
def district(season):
    return season[0]


@pytest.fixture
def whole(season):
    return next(one for one in deepcopy(season[1]) if one.audience == "internal")


@pytest.fixture
def outside(season):
    return next(one for one in deepcopy(season[1]) if one.audience == "outside")


def ask(district, period, kind="month", now=NOW):
    return reports.request_reports(district=district, kind=kind, period=period, by=None, now=now)


def built(report, now=NOW):
    return reports.build(report=report, clock=lambda: now)


def internal(district):
    return next(one for one in ask(district, MONTH) if one.audience == "internal")


def tables(report, language="en"):
    return {one["title"]: one for one in report.figures[language]["sections"]}


def test_the_applications_of_the_month_are_those_of_a_recount(district, whole):
    sent = Application.objects.exclude(status="draft").filter(
        submitted_at__gte=dt.datetime(2026, 5, 31, 16, tzinfo=dt.UTC),
        submitted_at__lt=dt.datetime(2026, 6, 30, 16, tzinfo=dt.UTC),
    )
    footer = next(iter(whole.figures["en"]["sections"]))["footer"]

    assert footer[2][1] == sent.count() > 5
    assert footer[4][1] == sent.filter(stay__status__in=["arrived", "left"]).count()


def test_the_nights_slept_in_are_those_of_a_recount(whole):
    slept = BedNight.objects.filter(
        night__gte=MONTH, night__lt=dt.date(2026, 7, 1), stay__status__in=["arrived", "left"]
    )
    nights = whole.figures["en"]["sections"][-5]

    assert nights["footer"][5][1] == slept.count() > 20


def test_who_stayed_on_is_whom_a_recount_finds(whole):
    counted = recounted("month")
    rows = {
        (row[0][1], days): [cell[1] for cell in row[6:8]]
        for title, one in tables(whole).items()
        for days in (30, 90, 180)
        if title.startswith(f"Who stayed on for work, {days} days") or f" {days} " in title[:40]
        for row in one["rows"]
        if one["headings"][0] not in ("Station", "Degree", "Purpose")
    }

    found = {key: [counted[key]["numerator"], counted[key]["denominator"]] for key in rows}
    assert rows == found and len(rows) > 10


def test_the_same_data_gives_the_same_digest_and_no_new_version(district, whole):
    again = internal(district)

    assert built(again, now=NOW + dt.timedelta(minutes=1)) == whole
    assert not Report.objects.filter(pk=again.pk).exists()
    assert Report.objects.get(pk=whole.pk).checked_at == NOW + dt.timedelta(minutes=1)


def test_the_same_version_is_the_same_paper(district, whole):
    kept = {(one.kind, one.language): one.file.open().read() for one in whole.files.all()}

    made = reports._files(whole, whole.figures, lambda: NOW + dt.timedelta(days=9))

    assert {(one.kind, one.language): one.content for one in made} == kept
    assert max(map(len, kept.values())) < 1_000_000


def test_the_same_data_in_another_house_is_the_same_paper(district, whole):
    later = NOW + dt.timedelta(hours=1)
    other = internal(district)
    other.data_as_of, other.version, other.digest = later, 1, whole.digest

    assert reports._files(other, whole.figures, lambda: later) == reports._files(
        whole, whole.figures, lambda: NOW
    )


def test_a_sheet_names_no_moment_of_its_making(whole):
    [kept] = whole.files.filter(kind="xlsx", language="zh-hans")

    with zipfile.ZipFile(kept.file.open()) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        told = file.read("docProps/core.xml")
    assert told.count(b">1980-01-01T00:00:00Z<") == 2
    assert whole.digest[:12] in str(
        openpyxl.load_workbook(kept.file.open()).worksheets[0]["A5"].value
    )


def test_changed_data_makes_the_next_version_and_the_former_stays(district, whole):
    silent = FollowUp.objects.filter(horizon=30, outcomes=None).exclude(status="declined")
    question = silent.filter(
        stay__left_at__range=(NOW - dt.timedelta(days=300), NOW - dt.timedelta(days=180))
    ).first()
    by = User.objects.get(email="manager@example.test")
    Outcome.objects.create(
        follow_up=question, kind="looking", source="phone", level="self_report", by=by, at=NOW
    )

    second = built(internal(district))

    assert (second.version, second.digest == whole.digest) == (2, False)
    assert Report.objects.get(pk=whole.pk).digest == whole.digest


def test_outside_no_next_version_tells_of_one_person(district, outside):
    silent = FollowUp.objects.filter(
        horizon=30,
        outcomes=None,
        stay__left_at__year=2025,
        stay__application__created_at__year=2025,
    )
    question = silent.exclude(status="declined").first()
    by = User.objects.get(email="manager@example.test")
    Outcome.objects.create(
        follow_up=question, kind="looking", source="phone", level="self_report", by=by, at=NOW
    )
    [again] = [one for one in ask(district, YEAR, "year") if one.audience == "outside"]

    assert built(again) == outside
    assert reports.latest(outside) == outside
    assert Report.objects.get(pk=outside.pk).checked_at == NOW


def test_a_report_for_outside_covers_a_year_and_tells_no_small_count(outside):
    counts = [
        cell
        for section in outside.figures["en"]["sections"]
        for row in [*section["rows"], section["footer"]]
        for cell in row
        if cell[0] == "count" and not cell[2]
    ]

    title = next(iter(outside.figures["en"]["sections"]))
    assert {row[0][1][:4] for row in title["rows"]} == {"2025"}
    assert [cell for cell in counts if is_small(cell[1])] == [] != counts


def test_a_file_for_outside_holds_nothing_of_what_is_hidden(outside):
    [kept] = outside.files.filter(kind="xlsx", language="en")

    book = openpyxl.load_workbook(io.BytesIO(kept.file.open().read()))

    values = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "*" in values
    hidden = [c for s in outside.figures["en"]["sections"] for r in s["rows"] for c in r if c[2]]
    assert {cell[1] for cell in hidden} == {None}


def test_what_is_being_built_is_not_asked_for_twice(district):
    assert [one.pk for one in ask(district, MONTH)] == [one.pk for one in ask(district, MONTH)]


@pytest.mark.parametrize(
    ("kind", "period"), [("month", dt.date(2026, 11, 1)), ("year", dt.date(2026, 1, 1))]
)
def test_a_period_that_is_not_over_has_no_report(district, kind, period):
    with pytest.raises(reports.NotOver) as refused:
        ask(district, period, kind)

    assert refused.value.code == "not_over"


def test_of_two_workers_one_builds(district):
    report = internal(district)
    same = Report.objects.get(pk=report.pk)

    assert reports.claim(report, now=NOW)
    assert not reports.claim(same, now=NOW)
    assert built(Report.objects.get(pk=report.pk)) is None


def test_what_a_dead_worker_left_is_taken_up_and_the_dead_one_cannot_finish(district, whole):
    report = internal(district)
    reports.claim(report, now=NOW)
    later = NOW + STOPPED + dt.timedelta(minutes=1)

    assert report in reports.stopped(now=later)
    assert reports.claim(Report.objects.get(pk=report.pk), now=later)
    report.attempts, report.version, report.data_as_of = 1, 2, NOW  # the dead one wakes up
    assert reports._keep(report, whole.figures, [], now=later) is None


def test_a_report_that_kills_its_worker_thrice_is_given_up(district):
    report = internal(district)
    Report.objects.filter(pk=report.pk).update(state="building", attempts=3)

    assert built(Report.objects.get(pk=report.pk)) is None

    assert Report.objects.get(pk=report.pk).state == "failed"


def test_the_schedule_asks_once_for_the_month_that_is_over():
    district = make_district("370829")
    make_station(district, slug="elsewhere")

    assert [tasks.ask_for_reports(), tasks.ask_for_reports()] == [1, 0]
    assert {(one.kind, one.period) for one in district.reports.all()} == {
        ("month", dt.date(2026, 10, 1))
    }


@pytest.mark.parametrize(
    ("month", "audiences"), [(1, {"internal"}), (3, set()), (4, {"internal", "outside"})]
)
def test_a_year_is_asked_for_when_it_is_over_and_for_outside_when_it_is_settled(month, audiences):
    district = make_district("370829")
    make_station(district, slug="elsewhere")

    reports.request_due(now=dt.datetime(2027, month, 1, 4, tzinfo=dt.UTC))

    of_years = district.reports.filter(kind="year")
    assert {(one.period, one.audience) for one in of_years} == {
        (dt.date(2026, 1, 1), audience) for audience in audiences
    }
