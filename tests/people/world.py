"""Two districts with one of everything, and everybody who may knock at a door."""

import datetime as dt
import time
from uuid import uuid4

from bookings.desk.devices import issue_device
from bookings.desk.handover.notes import write_note
from bookings.desk.walkin.models import WalkIn
from bookings.eligibility.models import Trial
from bookings.messages.contact import link as email_link
from bookings.messages.models import Contact
from bookings.messages.send import queue
from bookings.people.models import Membership, Role, User
from bookings.people.staff.invite import link as invitation_link
from bookings.people.staff.models import Invitation
from bookings.people.staff.password import link as password_link
from bookings.places.models import Closure
from bookings.retention.bureau.models import BureauList
from bookings.retention.follow_up import link
from bookings.retention.models import FollowUp
from bookings.statistics.reports.send import link as report_link
from bookings.statistics.reports.send import stop_link, subscribe
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
    make_proof,
    make_report,
    make_service,
    make_station,
)


def member(district, role, *stations, active=True):
    number = User.objects.count()
    user = User.objects.create_user(f"member{number}@example.test")
    one = Membership.objects.create(user=user, district=district, role=role, is_active=active)
    one.stations.set(stations)
    return user


def token_of(link):
    return link.rstrip("/").rsplit("/", 1)[1]


def it_is_me(client):
    """Whoever is signed in has just shown who they are."""
    session, user = client.session, client.session["_auth_user_id"]
    record = {"method": "code", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = user
    session.save()


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
    told = {"nonce": "n-2", "device": "tablet", "offline": True, "told": "ok"}
    conflict = events.scan(station, code, **told).conflict
    WalkIn.objects.create(application=draft, nonce="n-1", by=reviewer(), at=NOW)
    incident = events.incident(draft, "warning")
    closed = Closure.objects.create(
        room=station.rooms.get(),
        first_night=TODAY + dt.timedelta(days=9),
        until=TODAY + dt.timedelta(days=10),
        reason="粉刷",
    )
    channel = make_channel(here)
    report = make_report(here)
    told = {"audience": report.audience, "language": "en", "by": reviewer(), "now": NOW}
    subscription = subscribe(district=here, email="city@example.test", **told)
    leaving = subscribe(district=here, email="leaving@example.test", **told)
    policy = here.policies.get()
    period = {"since": NOW, "until": NOW, "total": 1, "started_at": NOW, "by": draft.user}
    trial = Trial.objects.create(policy=policy, against=policy, rules={}, **period)
    service = make_service(station)
    listed = BureauList.objects.create(
        district=here, as_of=TODAY, size=1, by=draft.user, at=NOW, moved_at=NOW
    )
    question = FollowUp.objects.create(
        stay=draft.stay, horizon=30, due_on=NOW.date(), status="answered"
    )
    proof = make_proof(question)
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
    asked = Invitation.objects.create(
        district=here,
        email="new@example.test",
        name="新同事",
        role="observer",
        by=reviewer(),
        sent_at=NOW,
    )
    stuck = queue(
        kind="refused",
        key="stuck",
        params={"link": "x"},
        user=draft.user,
        district_id=here.pk,
        now=NOW - dt.timedelta(hours=1),
    )
    told = Contact.objects.create(user=draft.user, email="guest@example.test")
    events.deleted(here)
    arguments = {
        "message_act": stuck.pk,
        "confirm_email": email_link(draft.user, told.email).rstrip("/").rsplit("/", 1)[1],
        "pk": draft.pk,
        "day": TODAY.isoformat(),
        "code": here.code,
        "slug": station.slug,
        "token": link(question).rstrip("/").rsplit("/", 1)[1],
        "member": who["clerk"].membership.pk,
        "invitation_act": asked.pk,
        "new_password": password_link(reviewer()).rstrip("/").rsplit("/", 1)[1],
        "invitation": invitation_link(asked).rstrip("/").rsplit("/", 1)[1],
        "evidence_file": evidence.pk,
        "remove_evidence": evidence.pk,
        "batch": uuid4(),
        "board_stay": draft.stay.pk,
        "end_closure": closed.pk,
        "settle_conflict": conflict.pk,
        "bureau_list": listed.pk,
        "desk_number": draft.stay.pk,
        "desk_stay": draft.stay.pk,
        "registration": draft.stay.registration.pk,
        "register_batch": events.make_batch(draft).pk,
        "handover_note": write_note(station=station, text="示例", by=reviewer(), now=NOW).pk,
        **dict.fromkeys(["desk_correct", "desk_pass", "walk_in_done", "report"], draft.stay.pk),
        **dict.fromkeys(["incident", "complain"], incident.pk),
        "follow_up": question.pk,
        "follow_up_proof": proof.pk,
        "judge_proof": proof.pk,
        "policy": policy.pk,
        "policy_trial": trial.pk,
        "revoke_device": device.pk,
        **dict.fromkeys(["service", "slots", "end_slot"], service.pk),
        "come_from": channel.code,
        "channel_pdf": channel.pk,
        "channel_png": channel.pk,
        "close_channel": channel.pk,
        **dict.fromkeys(["reports_one", "reports_send"], report.pk),
        **dict.fromkeys(["reports_file", "report_link_file"], report.files.get().pk),
        "reports_end_subscription": leaving.pk,
        "report_link": token_of(report_link(report, subscription)),
        "report_link_file token": token_of(report_link(report, subscription)),
        "report_stop": token_of(stop_link(leaving)),
    }
    return who, arguments
