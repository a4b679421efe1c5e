"""Nobody reads or changes another district's, station's or person's data.

test_access.py says who gets through which door; here is what lies behind it: whose rows a page
shows, and what an address of somebody else's thing answers. test_traces.py follows the looks, and
desk/test_scope.py the codes.
"""

from copy import deepcopy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings.applications.draft import set_person, set_wish
from bookings.applications.models import Application, Evidence
from bookings.beds.models import BedNight, Stay
from bookings.desk.models import Redemption, Service
from bookings.eligibility.models import Decision
from bookings.passes.issue import issue
from bookings.people.models import Graduate, Membership, Role, User
from bookings.places.models import Station
from bookings.retention.follow_up import link
from bookings.retention.models import FollowUp, Outcome
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_draft,
    make_person,
    resident_number,
)
from tests.people.houses import ask, client, numbered_all, three_houses
from tests.typed import PERSON

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(once):
    return once(three_houses)


@pytest.fixture
def houses(made):
    return deepcopy(made)


# --- whose rows a page shows ----------------------------------------------------------------------

LISTS = [
    # who, address, the page's list, what of each house it holds, of which houses
    ("reviewer", "/review/", "applications", "waiting", "mine next"),
    ("manager far away", "/review/", "applications", "waiting", "far"),
    ("reviewer", "/follow-ups/?list=guest", "follow_ups", "question", "mine next"),
    ("manager far away", "/follow-ups/?list=guest", "follow_ups", "question", "far"),
    ("clerk", "/desk/mine/", "arrivals", "coming", "mine"),
    ("clerk", "/desk/mine/", "in_house", "stay", "mine"),
    ("clerk of two", "/desk/", "stations", "station", "mine next"),
    ("manager", "/desk/", "stations", "station", "mine next"),
    ("manager", "/desk/mine/devices/", "devices", "device", "mine"),
    ("guest", "/me/", "applications", "inside", "mine"),
]


@pytest.mark.parametrize(("who", "address", "name", "of", "where"), LISTS)
def test_a_list_holds_what_is_the_viewers_and_nothing_else(houses, who, address, name, of, where):
    page = ask(houses, who, "get", address)

    assert set(page.context[name]) == {getattr(getattr(houses, one), of) for one in where.split()}


@pytest.mark.parametrize(
    ("who", "count"), [("manager", 2), ("observer", 0), ("manager far away", 1)]
)
def test_statistics_count_the_viewers_district_alone(houses, who, count):
    """And outside nothing of a year that is not settled."""
    page = ask(houses, who, "get", "/statistics/")

    sums = page.context["sections"][0].table.footer
    applied, mature = sums[2], sums[5]
    assert (applied.value, mature.value) == (3 * count, count)


@pytest.mark.parametrize(
    ("who", "district", "hotline"),
    [
        *[(who, "任城区", "0537-0000000") for who in ("clerk", "reviewer", "observer")],
        ("manager far away", "示例县", "0537-9999999"),
    ],
)
def test_a_staff_page_names_its_district_and_offers_what_opens(houses, who, district, hotline):
    one = client(houses.who[who])

    page = one.get("/staff/", follow=True)

    assert page.context["scope_name"] == district
    assert str(page.context["hotline"]) == hotline
    menu = [item["url"] for item in page.context["staff_nav"]]
    assert [one.get(url, follow=True).status_code for url in menu] == [200] * len(menu)


def test_an_application_shows_its_own_stay(houses):
    for house in (houses.mine, houses.next):
        page = client(house.inside.user).get(f"/applications/{house.inside.pk}/")
        assert page.context["stay"] == house.stay


@pytest.mark.parametrize(
    ("who", "nights", "where"), [("drafter", 7, ["mine", "next"]), ("drafter far away", 5, ["far"])]
)
def test_one_chooses_among_ones_own_nights_and_the_beds_of_ones_district(
    houses, who, nights, where
):
    page = ask(houses, who, "get", "/apply/stay/")

    assert page.context["nights_left"] == nights
    assert [station.slug for station, _nights in page.context["free"]] == where


def test_a_new_person_starts_with_nothing_of_others(houses):
    blank = client(User.objects.sign_up("+8613800000001")).get("/apply/person/")
    person = make_person(houses.mine.station.district)
    make_draft(person, houses.mine.station, evidence=())
    bare = client(person.user).get("/apply/papers/")

    assert not blank.context["form"]["doc_number"].value()
    assert (list(bare.context["papers"]), len(bare.context["needed"])) == ([], 1)


def test_a_pass_is_shown_while_its_stay_holds_and_only_the_newest(houses):
    guest, address = client(houses.mine.expected.user), f"/applications/{houses.mine.expected.pk}/"
    newest = issue(stay=houses.mine.coming, now=NOW)

    assert guest.get(f"{address}pass/").context["pass"] == newest
    events.withdraw(houses.mine.expected)
    assert guest.get(f"{address}pass/").status_code == 404


def test_what_is_kept_about_oneself_is_about_nobody_else(houses):
    why = {"reason": "compare"}
    for where in ("mine", "next"):
        ask(houses, "clerk of two", "post", f"/desk/{where}/number/{{{where}.stay}}/", why)
        ask(houses, "reviewer", "get", f"/review/{{{where}.waiting}}/")

    data = ask(houses, "guest", "get", "/me/data.json").json()

    assert data["person"]["doc_number"] == houses.mine.guest.doc_number
    assert [one["reference"] for one in data["applications"]] == [houses.mine.inside.reference]
    assert [one["status"] for one in data["stays"]] == ["arrived"]
    assert [one["status"] for one in data["questions"]] == ["due", "declined"]
    assert [one["what"] for one in data["looks"]] == ["document number"]


def test_a_link_asks_about_its_own_stay(houses):
    assert Client().get(link(houses.far.question)).context["follow_up"] == houses.far.question


# --- somebody else's things -----------------------------------------------------------------------

DOORS = [
    ("reviewer", "get", "/review/{mine.draft}/", 404),
    ("reviewer", "get", "/papers/{mine.paper}/", 200),
    ("reviewer", "get", "/papers/{mine.draft_paper}/", 404),
    ("manager far away", "get", "/papers/{mine.paper}/", 404),
    ("observer", "get", "/papers/{mine.paper}/", 404),
    ("drafter", "get", "/papers/{mine.draft_paper}/", 200),
    ("drafter", "get", "/applications/{mine.draft}/", 404),
    ("drafter", "get", "/papers/{mine.paper}/", 404),
    ("reviewer", "get", "/follow-ups/{mine.declined}/", 404),
    ("guest next door", "get", "/applications/{mine.expected}/pass/", 404),
    ("guest next door", "get", "/applications/{next.expected}/pass.pdf", 404),
    ("applicant", "get", "/applications/{mine.waiting}/pass/", 404),
    ("clerk next door", "post", "/desk/next/number/{mine.stay}/", 404),
    ("clerk of two", "post", "/desk/next/number/{mine.stay}/", 404),
    ("clerk of two", "post", "/desk/mine/number/{mine.stay}/", 200),
    ("clerk sent too far", "get", "/desk/far/", 404),
    ("clerk of none", "get", "/desk/mine/", 404),
    ("clerk", "get", "/desk/mine/devices/", 403),
    ("manager far away", "get", "/desk/mine/devices/", 404),
    ("manager far away", "post", "/desk/far/devices/{mine.device}/revoke/", 404),
]


@pytest.mark.parametrize(("who", "method", "address", "status"), DOORS)
def test_a_thing_of_somebody_else_is_not_there(houses, who, method, address, status):
    assert ask(houses, who, method, address).status_code == status


def test_a_paper_of_somebody_else_answers_as_one_that_never_was(houses):
    address = "/papers/{mine.paper}/"

    there, nowhere = (
        ask(houses, "guest next door", "get", one) for one in (address, "/papers/999999/")
    )

    assert [t.name for t in there.templates] == [t.name for t in nowhere.templates] != []


WISH = {"purpose": "interview", "station": "{next.station}", "arrival": TODAY, "nights": 2}
SIGNED = {"committed": "on", "signature": "测试甲"}
ANSWER = {"said": "looking", "number": 1, "source": "phone", "level": "self_report"}
BREAKFAST = {"code": "{mine.inside_code}", "action": "redeem", "service": "breakfast"}
ACTS = [
    # what is sent would be in order if it came from whose it is
    ("guest next door", "/applications/{mine.waiting}/", {"kind": "other", "file": "paper"}, 404),
    ("guest next door", "/applications/{mine.waiting}/resubmit/", {}, 404),
    ("guest next door", "/applications/{mine.waiting}/withdraw/", {}, 404),
    ("guest next door", "/apply/papers/{mine.draft_paper}/remove/", {}, 404),
    ("applicant", "/apply/papers/{mine.paper}/remove/", {}, 404),
    ("guest next door", "/apply/check/", SIGNED, 302),
    ("drafter next door", "/apply/check/", SIGNED, 302),
    ("drafter next door", "/apply/stay/", WISH, 302),
    ("drafter far away", "/apply/stay/", WISH, 200),
    ("drafter next door", "/apply/person/", PERSON, 302),
    ("newcomer", "/apply/person/", PERSON, 302),
    ("guest next door", "/me/data/consent/", {}, 302),
    ("drafter next door", "/me/data/forget/", {"sure": "on"}, 302),
    ("manager far away", "/review/{mine.waiting}/", {"act": "approve"}, 404),
    ("clerk", "/review/{mine.waiting}/", {"act": "approve"}, 403),
    ("manager far away", "/follow-ups/{mine.question}/", ANSWER, 404),
    ("clerk next door", "/desk/mine/act/", {"code": "{mine.code}", "action": "arrive"}, 404),
    ("clerk next door", "/desk/next/act/", {"code": "{mine.code}", "action": "arrive"}, 200),
    ("clerk of two", "/desk/next/act/", {"code": "{mine.inside_code}", "action": "leave"}, 200),
    ("manager far away", "/desk/far/act/", {"code": "{mine.code}", "action": "arrive"}, 200),
    ("clerk next door", "/desk/next/act/", BREAKFAST, 200),
    ("clerk", "/desk/mine/act/", BREAKFAST, 200),
]


@pytest.mark.parametrize(("who", "address", "data", "status"), ACTS)
def test_what_others_send_changes_nothing_of_a_house(houses, who, address, data, status):
    Service.objects.create(station=houses.next.station, code="breakfast")
    houses.who["newcomer"] = User.objects.sign_up("+8613800000001")
    sent = numbered_all(houses, data)
    if "doc_type" in sent:
        sent["doc_number"] = resident_number()
    if "file" in sent:
        sent["file"] = SimpleUploadedFile("other.pdf", b"%PDF-1.5\n%%EOF")
    before = rows_of(houses.mine)

    answer = ask(houses, who, "post", address, sent)

    assert answer.status_code == status
    assert rows_of(houses.mine) == before


def test_what_was_sent_is_no_draft_any_more(houses):
    before = rows_of(houses.mine)

    set_person(draft=houses.mine.waiting, person=houses.mine.guest)
    set_wish(
        draft=houses.mine.waiting,
        station=houses.next.station,
        arrival=TODAY,
        nights=1,
    )

    assert rows_of(houses.mine) == before


def test_a_closed_station_takes_no_wish(houses):
    Station.objects.filter(pk=houses.next.station.pk).update(is_open=False)

    page = ask(houses, "drafter", "post", "/apply/stay/", numbered_all(houses, WISH))

    assert "station" in page.context["form"].errors


def rows_of(house):
    """All that is kept of the people of a house."""
    people = [one.user_id for one in (house.inside, house.expected, house.waiting, house.draft)]
    rows = (
        Application.objects.filter(user__in=people),
        Graduate.objects.filter(user__in=people),
        Evidence.objects.filter(application__user__in=people),
        Decision.objects.filter(application__user__in=people),
        Stay.objects.filter(application__user__in=people),
        BedNight.objects.filter(stay__application__user__in=people),
        Redemption.objects.filter(stay__application__user__in=people),
        FollowUp.objects.filter(stay__application__user__in=people),
        Outcome.objects.filter(follow_up__stay__application__user__in=people),
    )
    return [list(some.order_by("pk").values_list()) for some in rows]


# --- what ends, ends at once ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda one: Membership.objects.filter(pk=one.pk).update(is_active=False), 403),
        (lambda one: Membership.objects.filter(pk=one.pk).update(role=Role.OBSERVER), 403),
        (lambda one: one.stations.clear(), 404),
        (lambda one: one.delete(), 403),
        (lambda one: User.objects.filter(membership=one).update(is_active=False), 302),
    ],
)
def test_an_open_session_ends_with_what_it_stands_on(houses, change, status):
    clerk = client(houses.who["clerk"])
    assert clerk.get("/desk/mine/").status_code == 200

    change(Membership.objects.get(user=houses.who["clerk"]))

    assert clerk.get("/desk/mine/").status_code == status
