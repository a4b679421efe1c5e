"""Three houses alike, two of one district and one of another, and the people who knock at them."""

import datetime as dt
import re
from types import SimpleNamespace

from django.test import Client

from bookings.applications.models import Evidence
from bookings.applications.paper_address import address as paper_address
from bookings.desk.devices import issue_device
from bookings.people.models import Role
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, make_district, make_draft, make_paper, make_person, make_station
from tests.people.world import it_is_me, member

HOUR = dt.timedelta(hours=1)


def house(district, slug):
    """A guest in house with questions, one expected, one in review, one whose draft has a paper."""
    station = make_station(district, slug=slug, beds=4)
    inside, expected, waiting, draft = (
        make_draft(make_person(district), station, evidence=()) for _ in range(4)
    )
    papers = {one: make_paper(one) for one in (waiting, draft)}
    inside_code, expected_code = (events.promise(one).short_code for one in (inside, expected))
    events.scan(station, inside_code, nonce=slug, at=NOW - HOUR)
    events.submit(waiting)
    question, declined = (
        FollowUp.objects.create(stay=inside.stay, horizon=days, due_on=NOW.date(), status=status)
        for days, status in ((30, "due"), (90, "declined"))
    )
    return SimpleNamespace(
        station=station,
        inside=inside,
        expected=expected,
        waiting=waiting,
        draft=draft,
        guest=inside.graduate,
        stay=inside.stay,
        coming=expected.stay,
        paper=papers[waiting],
        draft_paper=papers[draft],
        code=expected_code,
        inside_code=inside_code,
        question=question,
        declined=declined,
        device=issue_device(station=station, name="示例平板", by=events.reviewer(), now=NOW)[0],
    )


def three_houses():
    """`mine` and `next` of one district, `far` of another with five nights instead of seven; one
    guest of `next` is suspended. `who` may knock, by name."""
    here, there = make_district(), make_district("370829")
    there.name_zh, there.hotline = "示例县", "0537-9999999"
    there.save()
    there.policies.update(nights=5)
    mine, near, far = house(here, "mine"), house(here, "next"), house(there, "far")
    two = (mine.station, near.station)
    a_year_on = NOW.date().replace(year=NOW.year + 1)
    near.guest.suspensions.create(until=a_year_on, reason="示例", by=events.reviewer())
    who = {
        "guest": mine.inside.user,
        "applicant": mine.waiting.user,
        "drafter": mine.draft.user,
        "guest next door": near.inside.user,
        "drafter next door": near.draft.user,
        "drafter far away": far.draft.user,
        "clerk": member(here, Role.CLERK, mine.station),
        "clerk next door": member(here, Role.CLERK, near.station),
        "clerk of two": member(here, Role.CLERK, *two),
        "clerk sent too far": member(here, Role.CLERK, mine.station, far.station),
        "clerk of none": member(here, Role.CLERK),
        "reviewer": member(here, Role.REVIEWER),
        "manager": member(here, Role.MANAGER),
        "manager far away": member(there, Role.MANAGER),
        "observer": member(here, Role.OBSERVER),
        "deactivated": member(here, Role.MANAGER, active=False),
    }
    return SimpleNamespace(mine=mine, next=near, far=far, who=who)


def client(user):
    one = Client()
    one.force_login(user)
    it_is_me(one)
    return one


def ask(houses, who, method, address, data=None):
    """What somebody gets; an address says `{mine.waiting}` for its number."""
    address = numbered(houses, address)
    paper = re.fullmatch(r"/papers/(\d+)/", address)
    if paper:
        address = paper_address(Evidence(pk=paper[1]), houses.who[who])
    return getattr(client(houses.who[who]), method)(address, data or {})


def numbered(houses, text):
    for house in ("mine", "next", "far"):
        for name, thing in vars(getattr(houses, house)).items():
            text = text.replace(f"{{{house}.{name}}}", str(getattr(thing, "pk", thing)))
    return text


def numbered_all(houses, data):
    return {name: numbered(houses, str(value)) for name, value in data.items()}
