"""Every number of a page opens as many rows as it counts; who is outside is told no small count."""

import datetime as dt
import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client

from bookings.core.clock import now
from bookings.people.models import Role, User
from bookings.places.models import District
from bookings.statistics.arithmetic import Interval, kaplan_meier
from bookings.statistics.charts import Range, curve, ranges
from bookings.statistics.how_many import how_many
from bookings.statistics.pages import decisions, funnel, nights, retention, services
from bookings.statistics.pages.asked import HORIZONS, asked
from bookings.statistics.pages.retention import BREAKDOWNS
from bookings.statistics.rows import rows_of
from bookings.statistics.scope import Period
from bookings.statistics.suppression import is_small
from bookings.statistics.tables import HIDDEN
from bookings.statistics.tallies.keep import bring_up_to_date
from bookings.statistics.views import behind
from tests.factories import TODAY, make_district
from tests.people.world import member

pytestmark = pytest.mark.django_db
PAGES = {
    "/statistics/": funnel,
    "/statistics/retention/": retention,
    "/statistics/nights/": nights,
    "/statistics/decisions/": decisions,
    "/statistics/services/": services,
}
YEAR, SETTLED = 2025, dt.date(2026, 4, 1)
DAYS = Period(dt.date(2025, 1, 1), dt.date(2027, 2, 1)).months


@pytest.fixture(scope="module")
def season(once):
    once(lambda: call_command("seed_demo", stays=300, verbosity=0))


def sections(role, page, **data):
    staff = User.objects.get(email=f"{role}@example.test")
    return PAGES[page].sections(asked(data, staff.membership, today=TODAY))


def cells(found):
    for section in found:
        for row in [*section.table.rows, section.table.footer]:
            yield from row


@pytest.fixture
def manager(season):
    client = Client()
    client.force_login(User.objects.get(email="manager@example.test"))
    return client


def number_behind(cell):
    data = QueryDict(urlsplit(cell.href).query)
    staff = User.objects.get(email="manager@example.test")
    return behind(asked(data, staff.membership, today=TODAY), data)


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("/statistics/", {"horizon": "90"}),
        ("/statistics/", {"station": "sample-west"}),
        ("/statistics/retention/", {"by": "month", "station": "sample-east"}),
        ("/statistics/retention/", {"by": "station", "horizon": "90"}),
        ("/statistics/retention/", {"by": "university"}),
        ("/statistics/retention/", {"by": "degree"}),
        ("/statistics/retention/", {"by": "channel"}),
        ("/statistics/decisions/", {"first": "2026-05"}),
    ],
)
def test_a_number_opens_as_many_rows_as_it_counts(season, page, data):
    opened = [cell for cell in cells(sections("manager", page, **data)) if cell.href]

    for cell in opened[:: max(1, len(opened) // 40)]:
        number = number_behind(cell)
        assert rows_of(number).count() == how_many(number) == cell.value, cell.href
    assert len(opened) > 5


def test_a_number_of_nights_opens_the_stays_that_have_them(season):
    found = cells(sections("manager", "/statistics/nights/"))
    opened = [cell for cell in found if "of=nights_" in cell.href]

    for cell in opened:
        number = number_behind(cell)
        assert bool(cell.value) == rows_of(number).exists(), cell.href
        assert how_many(number) is None
    assert len({number_behind(cell).of for cell in opened}) == 7


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("by", ["university", "channel", "month"])
def test_who_is_outside_is_told_no_small_count_and_opens_no_rows(season, page, by):
    found = list(cells(sections("observer", page, by=by)))

    assert [cell for cell in found if cell.href] == []
    counts = [c for c in found if c.kind == "count" and not c.is_hidden]
    assert [c.value for c in counts if is_small(c.value)] == []


def test_who_is_outside_reads_a_star_where_a_count_is_small(season):
    client = Client()
    client.force_login(User.objects.get(email="observer@example.test"))
    page = client.get("/statistics/retention/?by=university&horizon=180").content.decode()

    assert f">{HIDDEN}</td>" in page
    assert not re.search(r'<td class="num">[1-4]</td>', page)


def test_who_is_outside_sees_whole_years_of_the_whole_district(season):
    observer = User.objects.get(email="observer@example.test").membership
    data = {"first": "2026-03", "last": "2026-04", "station": "sample-east", "year": "2025"}

    scope = asked(data, observer, today=TODAY).scope

    assert (len(scope.period.months), scope.period.first.year, scope.station) == (12, 2025, None)


def readings(page, **data):
    """What a line of a page tells on the first of each month as time passes and no row changes, by its
    section, its names and the day."""
    observer = User.objects.get(email="observer@example.test").membership
    for today in DAYS:
        wish = asked({"year": f"{YEAR}", **data}, observer, today=today)
        if wish.scope.period.first.year != YEAR:
            assert today < SETTLED
            continue
        for section in page.sections(wish):
            table = section.table
            for row in [*table.rows, table.footer] if table.rows else []:
                names = tuple(cell.shown for cell in row if cell.kind == "text")
                counts = tuple(cell.shown for cell in row if cell.kind != "text")
                yield (section.title, *names), today, counts


@pytest.mark.parametrize(
    ("page", "data"),
    [
        *[(page, {}) for page in (funnel, nights, decisions)],
        *[(retention, {"horizon": f"{days}", "by": "month"}) for days in HORIZONS],
        *[(retention, {"horizon": "90", "by": by}) for by in BREAKDOWNS if by != "month"],
    ],
)
def test_a_line_that_was_told_once_is_told_the_same_for_ever(season, page, data):
    told = {}
    for name, today, counts in readings(page, **data):
        told.setdefault(name, {})[today] = counts

    for found in told.values():
        assert len(set(found.values())) == 1
        assert [*found] == DAYS[-len(found) :]  # and never taken back
    assert any(HIDDEN in counts for one in told.values() for counts in one.values())


def test_who_observes_two_districts_chooses_one_of_them_and_no_third(season):
    observer = User.objects.get(email="observer@example.test").membership
    second, third = make_district("370829"), make_district("370830")
    observer.observes.add(second)

    chosen = [
        asked({"district": code}, observer, today=TODAY).scope.district
        for code in ("", "370829", "370830", "x\0")
    ]

    assert chosen == [observer.district, second, observer.district, observer.district]
    assert third not in chosen


def test_another_districts_station_cannot_be_asked_for(season):
    elsewhere = member(make_district("370829"), Role.MANAGER).membership

    scope = asked({"station": "sample-east"}, elsewhere, today=TODAY).scope

    assert scope.station is None and scope.district == elsewhere.district


def test_another_district_opens_no_rows(season):
    client = Client()
    client.force_login(member(make_district("370829"), Role.MANAGER))

    assert client.get("/statistics/rows/?of=cohort").context["how_many"] == 0
    assert client.get("/statistics/rows/?of=applied").context["how_many"] == 0


def test_names_are_masked_and_pages_keep_the_question(manager):
    page = manager.get("/statistics/rows/?of=applied&horizon=90").content.decode()

    assert "of=applied&horizon=90&after=" in unescape(page)
    assert not re.search("<td>(测试|样例|示例|演示).</td>", page)


def test_a_long_list_says_how_many_it_has_where_that_was_counted(manager):
    district = District.objects.get()
    address = "/statistics/rows/?of=applied&first=2025-01"
    assert manager.get(address).context["how_many"] is None

    bring_up_to_date(district=district, now=now())

    sent = district.applications.exclude(status="draft")
    assert manager.get(address).context["how_many"] == sent.count()


def test_an_unknown_number_is_not_there(manager):
    assert manager.get("/statistics/rows/?of=everything").status_code == 404


@pytest.mark.parametrize(
    "data", [{"first": "2026-13"}, {"first": "2026-12", "last": "2026-11"}, {"first": "1990-01"}]
)
def test_a_time_that_makes_no_sense_is_told_and_the_usual_one_shown(manager, data):
    page = manager.get("/statistics/nights/", data)

    assert page.context["asked"].form.errors
    assert len(page.context["asked"].scope.period.months) == 12


@pytest.mark.parametrize("address", [f"{page.rstrip('/')}.xlsx" for page in PAGES])
def test_each_page_is_had_as_a_file(manager, address):
    file = manager.get(address)

    assert file.status_code == 200 and file.content.startswith(b"PK")


def test_a_drawing_holds_no_style_and_no_address_of_its_own():
    lines = [Range("<甲> & 乙", Interval(0.2, 0.8), 0.5, "50%")]

    for chart in (
        ranges(lines, title="<题>"),
        curve(kaplan_meier([(30, True), (90, False)]), title="题", unit="天"),
    ):
        drawn = chart.svg
        assert not re.search(r"style|script|href|\bid=|<甲>", drawn)
        assert 'role="img"' in drawn and "<title>" in drawn
