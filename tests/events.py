"""What happens on a way, each with one call: the journey's own functions with everyday arguments."""

import datetime as dt

from bookings import journey
from bookings.applications.models import Application
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Offer, Wait
from bookings.core import audit
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.keys.loans import give_key as give_a_key
from bookings.desk.register import send as register
from bookings.desk.register.models import Registration
from bookings.desk.scan import Sent
from bookings.eligibility import claim
from bookings.eligibility.models import Override
from bookings.people.models import User
from bookings.places.models import Closure
from tests.factories import NOW

AFTERNOON = NOW + dt.timedelta(hours=4)


def own(draft):
    """The application as each request loads it for itself."""
    return Application.objects.get(pk=draft.pk)


def reviewer(name="reviewer"):
    known = User.objects.filter(email=f"{name}@example.test").first()
    return known or User.objects.create_user(f"{name}@example.test", name=name)


def submit(draft, *, now=NOW, consent=True):
    return journey.submit(
        application=own(draft),
        signature="测试甲",
        follow_up_consent=consent,
        by=draft.user,
        now=now,
    )


def take(draft, *, by="reviewer", now=NOW):
    claim.take(application=own(draft), by=reviewer(by), now=now)


def approve(draft, *, by="reviewer", now=NOW):
    return journey.approve(application=own(draft), by=reviewer(by), now=now)


def promise(draft, *, now=NOW):
    """Submit and approve. The pass."""
    submit(draft, now=now)
    return approve(draft, now=now)


def refuse(draft, *, by="reviewer", now=NOW):
    return journey.refuse(
        application=own(draft), clause="for_work", note="", by=reviewer(by), now=now
    )


def ask_for_more(draft, *, by="reviewer", now=NOW, kinds=()):
    journey.ask_for_more(
        application=own(draft), text="请补充材料", kinds=kinds, by=reviewer(by), now=now
    )


def appeal(draft, *, now=NOW):
    return journey.appeal(application=own(draft), reason="户口已迁出", by=draft.user, now=now)


def propose(draft, *, clause="non_local", by="reviewer", now=NOW):
    return journey.propose_override(
        application=own(draft), clause=clause, reason="户口已迁出", by=reviewer(by), now=now
    )


def confirm(draft, *, by="colleague", now=NOW):
    waiting = Override.objects.filter(application=draft.pk).latest("pk")
    return journey.confirm_override(override=waiting, by=reviewer(by), now=now)


def decline(draft, *, by="colleague", now=NOW):
    waiting = Override.objects.filter(application=draft.pk).latest("pk")
    journey.decline_override(override=waiting, by=reviewer(by), now=now)


def check_papers(draft, *, by="reviewer", now=NOW):
    return journey.check_papers(application=own(draft), by=reviewer(by), now=now)


def revoke(draft, *, by="reviewer", now=NOW):
    return journey.revoke(
        application=own(draft), clause="degree", note="", by=reviewer(by), now=now
    )


def resubmit(draft, *, now=NOW):
    return journey.resubmit(application=own(draft), by=draft.user, now=now)


def withdraw(draft, *, now=NOW):
    journey.withdraw(application=own(draft), by=draft.user, now=now)


def scan(
    station,
    code,
    action="arrive",
    *,
    nonce="nonce-1",
    at=AFTERNOON,
    device="desk",
    now=None,
    **more,
):
    sent = Sent(
        station=station, device=device, nonce=nonce, code=code, action=action, at=at, **more
    )
    return journey.scan(sent=sent, now=now or at)


def wait(draft, *, until=None, stations=(), take_it=False, now=NOW):
    """Send; where no bed is free, wait: arriving until a day, at the stations."""
    application = own(draft)
    wish = journey.WaitWish(
        stations or [application.station], until or application.arrival, take_it
    )
    journey.submit(
        application=application,
        signature="测试甲",
        follow_up_consent=True,
        by=draft.user,
        now=now,
        wish=wish,
    )
    return Wait.objects.filter(application=draft.pk).first()


def offer_of(draft):
    return Offer.objects.filter(wait__application=draft.pk).latest("pk")


def take_offer(draft, *, now=NOW):
    journey.take_offer(offer=offer_of(draft), by=draft.user, now=now)


def decline_offer(draft, *, now=NOW):
    journey.decline_offer(offer=offer_of(draft), by=draft.user, now=now)


def let_pass(draft, *, now=NOW):
    return journey.let_pass(offer=offer_of(draft), now=now)


def wait_on(draft, *, now=NOW):
    journey.wait_on(wait=own(draft).wait, by=draft.user, now=now)


def displace(draft, *, by="manager", now=NOW):
    journey.displace(stay=own(draft).stay, by=reviewer(by), now=now)


def forget(person, *, now=NOW):
    return journey.forget_person(person=person, by=None, now=now)


def stay_of(draft):
    """The stay as each request loads it for itself."""
    stays = Stay.objects.select_related("application__graduate", "application__station", "station")
    return stays.get(application=draft.pk)


def extend(draft, nights=1, *, by=None, now=NOW, **more):
    stay = stay_of(draft)
    told = {"seen": stay.departure, "by": by or draft.user, "now": now, **more}
    return journey.extend(stay=stay, nights=nights, **told)


def shorten(draft, departure, *, now=NOW):
    return journey.shorten(stay=stay_of(draft), departure=departure, by=draft.user, now=now)


def come_later(draft, until, *, by="reviewer", now=NOW):
    journey.come_later(stay=stay_of(draft), until=until, by=reviewer(by), now=now)


def give_up(draft, *, now):
    return journey.give_up(stay=stay_of(draft), now=now)


def undo_no_show(draft, *, by="reviewer", now, **more):
    return journey.undo_no_show(stay=stay_of(draft), by=reviewer(by), now=now, **more)


def move_to(draft, bed, *, sure=False, by="manager", now=NOW, seen=None):
    """Staff move a stay from the bed it has to another one."""
    stay = Stay.objects.select_related("station", "graduate").get(application=draft.pk)
    return journey.move_stay(
        stay=stay, seen=seen or bed_of(stay), to=bed, by=reviewer(by), now=now, sure=sure
    )


def undo_move(draft, batch, *, by="manager", now=NOW):
    stay = Stay.objects.select_related("station", "graduate").get(application=draft.pk)
    journey.undo_move(batch=batch, stay=stay, by=reviewer(by), now=now)


def close_beds(station, *, first, until, room=None, bed=None, lose=False, mark=None, now=NOW):
    closure = Closure(room=room, bed=bed, first_night=first, until=until, reason="修理")
    mark = mark or journey.effect_of(closure=closure, station=station).mark
    return journey.close_beds(
        closure=closure, station=station, mark=mark, lose=lose, by=reviewer("manager"), now=now
    )


def settle(conflict, way, *, by="clerk", now=AFTERNOON, note=""):
    return journey.settle(conflict=conflict, way=way, by=reviewer(by), now=now, note=note)


def registration_of(draft):
    return Registration.objects.select_related("stay__graduate").get(stay__application=draft.pk)


def make_batch(*drafts, by="clerk", now=AFTERNOON):
    """A batch of these guests in the district's format."""
    chosen = [registration_of(one).pk for one in drafts]
    return register.export(station=own(drafts[0]).station, chosen=chosen, by=reviewer(by), now=now)


def send_by_hand(*drafts, by="clerk", now=AFTERNOON):
    chosen = [registration_of(one).pk for one in drafts]
    return register.send_by_hand(
        station=own(drafts[0]).station, chosen=chosen, by=reviewer(by), now=now
    )


def give_key(draft, label="A1", *, by="clerk", now=AFTERNOON):
    return give_a_key(stay=stay_of(draft), label=label, by=reviewer(by), now=now)


def book(draft, slot, *, now=NOW):
    return journey.book_slot(stay=stay_of(draft), slot=slot, by=draft.user, now=now)


def redeem(draft, service, *, at=AFTERNOON, nonce=None):
    """A guest in house shows the code for a service."""
    code = draft.stay.passes.get(revoked_at=None).short_code
    nonce = nonce or f"{service.code} {at}"[:64]
    station, sent = service.station, {"nonce": f"{code} {nonce}", "service": service.code}
    return scan(station, code, "redeem", at=at, **sent)


def leave(draft, *, at):
    journey.leave(stay=stay_of(draft), by=None, now=at)


def undo_leave(draft, *, by="reviewer", now):
    return journey.undo_leave(stay=stay_of(draft), by=reviewer(by), now=now)


def replace_pass(draft, seen, *, by="clerk", now=NOW):
    return journey.replace_pass(stay=stay_of(draft), seen=seen.pk, by=reviewer(by), now=now)


def correct(draft, *, reason="typed", by=None, now=AFTERNOON, **said):
    """The document says another name or number; a new one has a new last day."""
    until = {"doc_until": dt.date(2037, 5, 1)} if reason == "renewed" else {}
    told = {"name": "", "doc_number": "", "reason": reason, **until, **said}
    said = journey.OnDocument(**told)
    by = by or reviewer("clerk")
    return journey.correct_person(stay=stay_of(draft), said=said, by=by, now=now)


def incident(draft, sanction="note", *, by=None, now=AFTERNOON, nonce="n-1", **more):
    """What a clerk, or whoever else, records of a guest's stay."""
    told = {"kind": "noise", "what": "晚上喧哗", "at": now, "nonce": nonce, **more}
    by = by or reviewer("clerk")
    return journey.record_incident(stay=stay_of(draft), sanction=sanction, by=by, now=now, **told)


def complain(notice, *, reason="并非本人", now=AFTERNOON):
    notice = Incident.objects.get(pk=notice.pk)
    user = notice.stay.application.user
    return journey.complain(incident=notice, reason=reason, by=user, now=now)


def answer_complaint(said, answer, *, by, now=AFTERNOON):
    said = Complaint.objects.get(pk=said.pk)
    journey.answer_complaint(complaint=said, answer=answer, reply="已核实", by=by, now=now)


def deleted(district, kind="notes", *, count=2, now=NOW):
    """What a night leaves in the log that has deleted something."""
    told = {"count": count, "before": "2026-08-25", "rule": "KEEP_MESSAGES_DAYS"}
    place = district.pk if district else None
    audit.record("delete", kind, by=None, now=now, district_id=place, **told)
