"""A reviewer wants an original seen: the desk is warned until somebody has seen it."""

import pytest

from bookings import journey
from bookings.applications.seen import PaperSeen, PaperToSee
from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.people.models import Role
from tests import events
from tests.desk.offline import Desk
from tests.events import AFTERNOON
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


@pytest.fixture
def draft(station):
    return make_draft(make_person(station.district), station)


@pytest.fixture
def shown(draft):
    events.submit(draft)
    told = {"by": events.reviewer(), "now": NOW, "to_see": ["degree"]}
    return journey.approve(application=events.own(draft), **told)


def see(draft, *kinds):
    told = {"by": events.reviewer("clerk"), "now": AFTERNOON}
    return journey.see_papers(stay=events.stay_of(draft), kinds=kinds, **told)


def test_an_approval_may_ask_for_an_original(client, station, draft):
    events.submit(draft)
    reviewer = member(station.district, Role.REVIEWER)
    client.force_login(reviewer)
    client.get(f"/review/{draft.pk}/")

    client.post(f"/review/{draft.pk}/", {"act": "approve", "to_see": ["contract", "degree"]})

    assert set(PaperToSee.objects.values_list("kind", "by")) == {
        ("contract", reviewer.pk),
        ("degree", reviewer.pk),
    }
    assert AuditEntry.objects.get(action="approve").details["to_see"] == ["contract", "degree"]


def test_who_arrives_with_a_paper_to_see_is_let_in_with_a_warning(station, shown):
    taken = events.scan(station, shown.short_code)

    assert (taken.result, taken.reason) == ("warn", "evidence_to_see")


def test_once_it_was_seen_nobody_is_warned(station, draft, shown):
    assert see(draft, "degree") == 1

    assert events.scan(station, shown.short_code).reason == "fine"


def test_a_paper_is_seen_once_however_often_it_is_pressed(draft, shown):
    assert [see(draft, "degree"), see(draft, "degree", "contract")] == [1, 1]

    seen = PaperSeen.objects.order_by("kind").values_list("kind", "by__email", "at")
    clerk = "clerk@example.test"
    assert list(seen) == [("contract", clerk, AFTERNOON), ("degree", clerk, AFTERNOON)]
    assert AuditEntry.objects.filter(action="see_papers").count() == 2


def test_of_a_guest_who_does_not_come_nothing_is_seen(draft, shown):
    events.withdraw(draft)

    with pytest.raises(StateChanged):
        see(draft, "degree")


def test_a_desk_without_the_network_knows_which_papers(client, station, shown, noon):
    noon.shift(AFTERNOON - NOW)
    (stay,) = Desk(client, station).get("snapshot").json()["stays"]

    assert (stay["evidence"], len(stay["papers"])) == (True, 1)


def test_the_card_names_the_papers_until_they_are_seen(client, station, draft, shown, noon):
    noon.shift(AFTERNOON - NOW)
    desk = Desk(client, station)
    named = desk.scan(shown.short_code)["stay"]["papers"]
    see(draft, "degree")

    again = desk.scan(shown.short_code, nonce="2")["stay"]["papers"]

    assert (len(named), again) == (1, [])


def test_a_clerk_ticks_a_paper_on_the_page_of_the_stay(client, station, draft, shown):
    client.force_login(member(station.district, Role.CLERK, station))
    page = f"/desk/{station.slug}/stays/{shown.stay_id}/"
    wanted = [row["kind"] for row in client.get(page).context["papers"] if row["wanted"]]

    answer = client.post(page, {"act": "papers", "kinds": wanted})

    assert (wanted, answer.status_code) == (["degree"], 302)
    assert not PaperToSee.objects.pending().exists()


def test_nothing_ticked_is_nothing_seen(client, station, shown):
    client.force_login(member(station.district, Role.CLERK, station))

    answer = client.post(f"/desk/{station.slug}/stays/{shown.stay_id}/", {"act": "papers"})

    assert (answer.status_code, PaperSeen.objects.count()) == (200, 0)


def test_a_paper_that_comes_during_the_review_is_there_for_the_reviewer(draft):
    events.submit(draft)

    assert see(draft, "contract") == 1
    assert events.own(draft).papers_seen.get().kind == "contract"


def test_the_page_with_the_scan_box_offers_to_note_it(client, station, shown, noon):
    noon.shift(AFTERNOON - NOW)
    client.force_login(member(station.district, Role.CLERK, station))

    page = client.post(f"/desk/{station.slug}/scan/", {"code": shown.short_code})

    assert [paper.kind for paper in page.context["papers"]] == ["degree"]
