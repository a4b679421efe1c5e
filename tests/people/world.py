"""Two districts with one of everything, and everybody who may knock at a door."""

import datetime as dt
from uuid import uuid4

from bookings.desk.devices import issue_device
from bookings.eligibility.models import Trial
from bookings.people.models import Membership, Role, User
from bookings.places.models import Closure
from bookings.retention.follow_up import link
from bookings.retention.models import FollowUp
from tests import events
from tests.events import reviewer
from tests.factories import (
    NOW,
    TODAY,
    make_channel,
    make_district,
    make_draft,
    make_paper,
    make_person,
    make_station,
)


def member(district, role, *stations, active=True):
    number = User.objects.count()
    user = User.objects.create_user(f"member{number}@example.test")
    one = Membership.objects.create(user=user, district=district, role=role, is_active=active)
    one.stations.set(stations)
    return user


def world():
    """Who there is, and the addresses' arguments: all is of `graduate`, at one station. An argument
    is called as in the address, or by the address's name where that needs another one."""
    here, there = make_district(), make_district("370829")
    station, other = make_station(here, beds=2), make_station(here, slug="other")
    draft = make_draft(make_person(here), station, evidence=())
    evidence = make_paper(draft)
    code = events.promise(draft).short_code
    events.scan(station, code)
    device, _ = issue_device(station=station, name="示例平板", by=reviewer(), now=NOW)
    closed = Closure.objects.create(
        room=station.rooms.get(),
        first_night=TODAY + dt.timedelta(days=9),
        until=TODAY + dt.timedelta(days=10),
        reason="粉刷",
    )
    channel = make_channel(here)
    policy = here.policies.get()
    period = {"since": NOW, "until": NOW, "total": 1, "started_at": NOW, "by": draft.user}
    trial = Trial.objects.create(policy=policy, against=policy, rules={}, **period)
    question = FollowUp.objects.create(stay=draft.stay, horizon=30, due_on=NOW.date())
    who = {
        "anonymous": None,
        "graduate": draft.user,
        "other graduate": make_person(here).user,
        "clerk": member(here, Role.CLERK, station),
        "clerk elsewhere": member(here, Role.CLERK, other),
        "reviewer": member(here, Role.REVIEWER),
        "manager": member(here, Role.MANAGER),
        "manager elsewhere": member(there, Role.MANAGER),
        "observer": member(here, Role.OBSERVER),
        "deactivated": member(here, Role.MANAGER, active=False),
    }
    arguments = {
        "pk": draft.pk,
        "code": here.code,
        "slug": station.slug,
        "token": link(question).rstrip("/").rsplit("/", 1)[1],
        "evidence_file": evidence.pk,
        "remove_evidence": evidence.pk,
        "batch": uuid4(),
        "board_stay": draft.stay.pk,
        "end_closure": closed.pk,
        "desk_number": draft.stay.pk,
        "desk_stay": draft.stay.pk,
        "follow_up": question.pk,
        "policy": policy.pk,
        "policy_trial": trial.pk,
        "revoke_device": device.pk,
        "come_from": channel.code,
        "channel_pdf": channel.pk,
        "channel_png": channel.pk,
        "close_channel": channel.pk,
    }
    return who, arguments
