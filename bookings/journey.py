"""What follows what: one atomic function an event. The only place where the steps meet.

    submit → (refuse | approve | ask_for_more → resubmit) → withdraw / lapse / give_up
    scan: arrive, leave, redeem            answer: a follow-up

Each is keyword-only, told who (`by`, None for the worker) and when (`now`), and safe to call twice:
the second call finds the state changed and either does nothing or raises StateChanged.
"""

import dataclasses
import datetime as dt
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.models import COMMITMENT_VERSION, Application
from bookings.applications.working_days import add_working_days
from bookings.beds import allocate
from bookings.beds.house import FreeNight
from bookings.beds.house import free_nights as nights_free
from bookings.beds.models import BedNight, Stay
from bookings.beds.next_steps import next_steps
from bookings.core import audit
from bookings.core.clock import at_local, local_date, nights_between
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.desk import scan as desk
from bookings.desk.models import Action, Scan
from bookings.desk.verdict import Verdict
from bookings.eligibility.decide import decide, facts_of, load, rules_of
from bookings.eligibility.models import Decision
from bookings.eligibility.rules import judge
from bookings.eligibility.wording import Told, tell
from bookings.messages.send import queue
from bookings.passes.issue import issue
from bookings.passes.models import Pass
from bookings.people.models import Graduate, User
from bookings.places.models import District, Policy, Station
from bookings.retention import follow_up as retention
from bookings.retention.models import FollowUp, Outcome

Status = Application.Status


class StayEvent(Protocol):
    """What the clock does to a stay: lapse, give_up."""

    def __call__(self, *, stay: Stay, now: dt.datetime) -> bool: ...


class NotComplete(Refusal):
    code = "not_complete"
    sentence = gettext_lazy("Some parts of the application are still empty. Fill them in first.")


class CannotApprove(Refusal):
    code = "cannot_approve"
    sentence = gettext_lazy(
        "A clause still does not fit or is unproven. Confirm what the papers prove, or refuse."
    )


class NothingAdded(Refusal):
    code = "nothing_added"
    sentence = gettext_lazy("Add the paper that was asked for, then send.")


# --- apply, decide, hold -------------------------------------------------------------------------


@transaction.atomic
def submit(
    *,
    application: Application,
    signature: str,
    follow_up_consent: bool,
    by: User,
    now: dt.datetime,
) -> Decision:
    """Sign and send a draft: decide at once, and hold the bed in the same transaction.

    Errors: NotComplete, StateChanged (sent before), NoBed (then nothing has happened).
    """
    if not (application.graduate and application.station and application.arrival):
        raise NotComplete
    allocate.lock(application.station)
    graduate = Graduate.objects.select_for_update().get(pk=application.graduate.pk)
    application.graduate = graduate
    policy = Policy.objects.in_force(application.district, local_date(now))
    swap(
        application,
        "status",
        old={Status.DRAFT},
        new=Status.IN_REVIEW,
        signature=signature,
        commitment_version=COMMITMENT_VERSION,
        follow_up_consent=follow_up_consent,
        submitted_at=now,
        review_due=add_working_days(local_date(now), policy.review_days),
    )
    overlapping = _overlaps(application)
    facts = facts_of(application, now=now, overlapping=overlapping)
    decision = decide(application=application, facts=facts, policy=policy, by=None, now=now)
    _log("submit", application, by=by, now=now, outcome=decision.outcome)
    if decision.outcome == Decision.Outcome.REFUSE:
        swap(application, "status", old={Status.IN_REVIEW}, new=Status.REFUSED)
        return decision
    stay = allocate.hold(
        application=application,
        policy=policy,
        status=Stay.Status.REQUESTED,
        hold_until=at_local(application.arrival, policy.arrival_cutoff),
    )
    if decision.outcome == Decision.Outcome.APPROVE:
        _promise(application, stay, by=None, now=now)
    return decision


def _overlaps(application: Application) -> bool:
    assert application.arrival and application.nights
    last = application.arrival + dt.timedelta(days=application.nights)
    nights = nights_between(application.arrival, last)
    return BedNight.objects.filter(graduate=application.graduate, night__in=nights).exists()


def slips(*, application: Application, now: dt.datetime) -> list[tuple[str, str]]:
    """What in the wish itself cannot be right, as (form field, sentence), before anything is sent."""
    fields = {"booking_window": "arrival", "allowance": "nights", "recent_graduate": "arrival"}
    told = preview(application=application, now=now)
    return [
        (fields[finding.clause], f"{finding.sentence} {finding.mend}")
        for finding in told
        if finding.outcome == "fail" and finding.clause in fields
    ]


def preview(*, application: Application, now: dt.datetime) -> list[Told]:
    """What would be decided if the draft were sent now; nothing is stored."""
    policy = Policy.objects.in_force(application.district, local_date(now))
    facts = facts_of(application, now=now, overlapping=_overlaps(application))
    return tell(dataclasses.asdict(finding) for finding in judge(facts, rules_of(policy)))


def papers_needed(*, application: Application, now: dt.datetime) -> list[str]:
    """What the policy still wants to see, in words."""
    told = preview(application=application, now=now)
    return [f"{t.sentence} {t.mend}" for t in told if t.outcome == "unproven" and t.mend]


def nights_left(*, application: Application, now: dt.datetime) -> int:
    """The nights of the allowance that the draft's person has neither used nor been promised."""
    policy = Policy.objects.in_force(application.district, local_date(now))
    taken = application.graduate.nights_taken if application.graduate else 0
    return max(policy.nights - taken, 0)


def free_nights(
    *, district: District, sex: str, now: dt.datetime
) -> list[tuple[Station, list[FreeNight]]]:
    """Each open station with its free beds for one sex, for two weeks."""
    today = local_date(now)
    stations = district.stations.filter(is_open=True)
    return [(station, nights_free(station, sex, today, 14)) for station in stations]


def story(*, application: Application) -> dict[str, object]:
    """What the applicant's page tells: the findings, the stay, the pass, what happens next."""
    stay = Stay.objects.filter(application=application).select_related("station__district").first()
    latest = application.decisions.latest()
    shown = stay.passes.filter(revoked_at=None).first() if stay else None
    return {
        "decision": latest,
        "findings": tell(latest.findings),
        "stay": stay,
        "pass": shown if stay and stay.status in (Stay.Status.PROMISED, "arrived") else None,
        "steps": next_steps(application, stay),
        "may_withdraw": stay is not None and stay.status in Stay.MOVABLE,
    }


def note_look(subject: Model, *, by: User, now: dt.datetime, what: str = "evidence") -> None:
    """Each look of a staff member at a person's papers or number leaves a trace."""
    audit.record(f"look at {what}", subject, by=by, now=now, district_id=None)


# --- review --------------------------------------------------------------------------------------


@transaction.atomic
def approve(*, application: Application, by: User, now: dt.datetime, note: str = "") -> Pass:
    """A reviewer has seen the papers: what was unproven is confirmed; the bed is promised.

    Errors: StateChanged (somebody else was first), CannotApprove.
    """
    latest = application.decisions.latest()
    unproven = {f["clause"] for f in latest.findings if f["outcome"] == "unproven"}
    facts = dataclasses.replace(load(latest.facts), confirmed=frozenset(unproven))
    stay = application.stay
    swap(application, "status", old=set(Application.OPEN), new=Status.APPROVED)
    decision = decide(
        application=application, facts=facts, policy=latest.policy, by=by, now=now, note=note
    )
    if decision.outcome != Decision.Outcome.APPROVE:
        raise CannotApprove
    _log("approve", application, by=by, now=now)
    return _promise(application, stay, by=by, now=now)


def _promise(application: Application, stay: Stay, *, by: User | None, now: dt.datetime) -> Pass:
    Application.objects.filter(pk=application.pk).update(status=Status.APPROVED)
    application.status = Status.APPROVED
    swap(stay, "status", old={Stay.Status.REQUESTED}, new=Stay.Status.PROMISED, hold_until=None)
    shown = issue(stay=stay, now=now)
    with translation.override(application.user.language):
        text = _(
            "Youth Station: your stay at %(station)s from %(arrival)s, %(nights)s nights, is "
            "approved. Your check-in code: %(link)s. Bring your identity document."
        ) % _words(stay)
    _message(application.user, key=f"approved:{stay.pk}", text=text, now=now)
    return shown


@transaction.atomic
def refuse(
    *, application: Application, clause: str, note: str, by: User, now: dt.datetime
) -> Decision:
    """A reviewer finds that a clause does not hold; the hold is freed at once.

    Errors: StateChanged.
    """
    latest = application.decisions.latest()
    facts = dataclasses.replace(load(latest.facts), rejected=frozenset([clause]))
    swap(application, "status", old=set(Application.OPEN), new=Status.REFUSED)
    decision = decide(
        application=application, facts=facts, policy=latest.policy, by=by, now=now, note=note
    )
    _free(application.stay, Stay.Status.CANCELLED, now=now)
    _log("refuse", application, by=by, now=now, clause=clause)
    _tell(application, "refused", now=now)
    return decision


@transaction.atomic
def ask_for_more(*, application: Application, text: str, by: User, now: dt.datetime) -> None:
    """Ask for papers. The bed stays held for the policy's hours. Errors: StateChanged."""
    policy = application.decisions.latest().policy
    swap(application, "status", old={Status.IN_REVIEW}, new=Status.MORE_ASKED, asked_for=text)
    stay = application.stay
    until = min(now + dt.timedelta(hours=policy.hold_hours), stay.cutoff_at)
    swap(stay, "status", old={Stay.Status.REQUESTED}, new=Stay.Status.REQUESTED, hold_until=until)
    _log("ask_for_more", application, by=by, now=now)
    _tell(application, "more_asked", now=now)


@transaction.atomic
def resubmit(*, application: Application, by: User, now: dt.datetime) -> Decision:
    """The papers asked for are there: judge again, back to the reviewer; the bed was kept.

    Errors: StateChanged, NothingAdded.
    """
    latest = application.decisions.latest()
    if not application.evidence.filter(uploaded_at__gt=latest.at).exists():
        raise NothingAdded
    kinds = frozenset(application.evidence.values_list("kind", flat=True))
    facts = dataclasses.replace(load(latest.facts), evidence=kinds)
    swap(application, "status", old={Status.MORE_ASKED}, new=Status.IN_REVIEW, asked_for="")
    stay = application.stay
    swap(
        stay,
        "status",
        old={Stay.Status.REQUESTED},
        new=Stay.Status.REQUESTED,
        hold_until=stay.cutoff_at,
    )
    _log("resubmit", application, by=by, now=now)
    return decide(application=application, facts=facts, policy=latest.policy, by=None, now=now)


@transaction.atomic
def withdraw(*, application: Application, by: User, now: dt.datetime) -> None:
    """The graduate gives the nights back before arriving. Errors: StateChanged."""
    old = {Status.IN_REVIEW, Status.MORE_ASKED, Status.APPROVED}
    swap(application, "status", old=set(old), new=Status.WITHDRAWN)
    _free(application.stay, Stay.Status.CANCELLED, now=now)
    _log("withdraw", application, by=by, now=now)


# --- the clock -----------------------------------------------------------------------------------


@transaction.atomic
def lapse(*, stay: Stay, now: dt.datetime) -> bool:
    """A hold whose time is over frees its bed. Returns False where there is nothing to do."""
    if not Stay.objects.lapsing(now).filter(pk=stay.pk).exists():
        return False
    swap(stay.application, "status", old=set(Application.OPEN), new=Status.LAPSED)
    _free(stay, Stay.Status.LAPSED, now=now)
    _log("lapse", stay.application, by=None, now=now)
    _tell(stay.application, "lapsed", now=now)
    return True


@transaction.atomic
def give_up(*, stay: Stay, now: dt.datetime) -> bool:
    """Nobody came by the cut-off: a no-show, its nights are free. False: nothing to do."""
    if not Stay.objects.missing(now).filter(pk=stay.pk).exists():
        return False
    _free(stay, Stay.Status.NO_SHOW, now=now)
    _log("no_show", stay.application, by=None, now=now)
    _tell(stay.application, "no_show", now=now)
    return True


def _free(stay: Stay, status: str, *, now: dt.datetime) -> None:
    allocate.lock(stay.station)
    swap(stay, "status", old=set(Stay.MOVABLE), new=status, hold_until=None)
    allocate.release(stay, from_night=stay.arrival)


# --- the desk ------------------------------------------------------------------------------------


def scan(*, sent: desk.Sent, now: dt.datetime) -> Scan:
    """Take a shown code: judge, record, and do what it asks. The same scan twice is one scan."""
    try:
        with transaction.atomic():
            return _scan(sent, now)
    except IntegrityError:  # a twin of this scan was written a moment ago
        twin = desk.former(sent)
        if twin is None:
            raise
        return twin


def _scan(sent: desk.Sent, now: dt.datetime) -> Scan:
    former = desk.former(sent)
    if former is not None:
        return former if desk.is_same(sent, former) else _reused(sent, now)
    shown, judged = desk.read(sent)
    service = None
    if shown and judged.result != "refused" and sent.action == Action.REDEEM:
        service, judged = desk.service_verdict(shown.stay, sent)
    taken = desk.keep(sent, shown, judged, now=now)
    if judged.result == "refused" or shown is None:
        return taken
    if sent.action == Action.ARRIVE:
        _arrive(shown.stay, sent, now)
    elif sent.action == Action.LEAVE:
        leave(stay=shown.stay, by=sent.by, now=sent.at)
    elif service is not None:
        desk.redeem(service=service, scan=taken)
    return taken


def _reused(sent: desk.Sent, now: dt.datetime) -> Scan:
    """One number for two different scans: refused, and recorded under a number of its own."""
    nonce = f"{sent.nonce[:40]}#{sent.code_hash[:12]}{sent.action}"
    other = dataclasses.replace(sent, nonce=nonce)
    return desk.former(other) or desk.keep(other, None, Verdict("refused", "nonce_reused"), now=now)


def _arrive(stay: Stay, sent: desk.Sent, now: dt.datetime) -> None:
    swap(stay, "status", old={Stay.Status.PROMISED}, new=Stay.Status.ARRIVED, arrived_at=sent.at)
    _log("arrive", stay.application, by=sent.by, now=now)


@transaction.atomic
def leave(*, stay: Stay, by: User | None, now: dt.datetime) -> None:
    """The guest leaves: unused nights return, and the questions of later are scheduled.

    Errors: StateChanged (left before, or never arrived).
    """
    allocate.lock(stay.station)
    swap(stay, "status", old={Stay.Status.ARRIVED}, new=Stay.Status.LEFT, left_at=now)
    returned = allocate.release(stay, from_night=local_date(now))
    retention.schedule(
        stay=stay,
        horizons=stay.application.decisions.latest().policy.follow_up_days,
        consent=stay.application.follow_up_consent,
        now=now,
    )
    _log("leave", stay.application, by=by, now=now, returned=returned)


# --- follow up -----------------------------------------------------------------------------------


@transaction.atomic
def ask(*, follow_up: FollowUp, now: dt.datetime) -> bool:
    """Send the question that is due, once. False: asked before, or not due."""
    if follow_up.due_on > local_date(now):
        return False
    try:
        swap(
            follow_up, "status", old={FollowUp.Status.DUE}, new=FollowUp.Status.ASKED, asked_at=now
        )
    except StateChanged:
        return False
    user = follow_up.stay.application.user
    with translation.override(user.language):
        text = _("Youth Station: how are you getting on? One question, half a minute: %(link)s") % {
            "link": retention.link(follow_up)
        }
    _message(user, key=f"follow-up:{follow_up.pk}", text=text, now=now)
    return True


@transaction.atomic
def answer(
    *,
    follow_up: FollowUp,
    kind: str,
    source: str,
    by: User | None,
    now: dt.datetime,
    level: str = Outcome.Level.SELF_REPORT,
    employer: str = "",
    employer_code: str = "",
) -> Outcome:
    """Keep an answer, the guest's own or one a staff member learnt. Errors: BadEmployerCode,
    StateChanged where the person has declined to be asked."""
    if follow_up.status == FollowUp.Status.DECLINED:
        raise StateChanged
    outcome = retention.learn(
        follow_up=follow_up,
        kind=kind,
        source=source,
        level=level,
        by=by,
        now=now,
        employer=employer,
        employer_code=employer_code,
    )
    _log("answer", follow_up.stay.application, by=by, now=now, horizon=follow_up.horizon)
    return outcome


# --- common --------------------------------------------------------------------------------------


def _log(
    action: str,
    application: Application,
    *,
    by: User | None,
    now: dt.datetime,
    **details: object,
) -> None:
    audit.record(
        action, application, by=by, now=now, district_id=application.district_id, **details
    )


def _tell(application: Application, event: str, *, now: dt.datetime) -> None:
    """Message the applicant that something happened, with the address to read it at."""
    number = application.decisions.count()
    with translation.override(application.user.language):
        texts = {
            "refused": _("Youth Station: your application was not approved. Why, and what helps:"),
            "more_asked": _("Youth Station: your bed is kept. We need one more paper from you:"),
            "lapsed": _("Youth Station: the papers did not come in time; the bed was given back:"),
            "no_show": _("Youth Station: you did not arrive by the cut-off; your bed is free:"),
        }
        text = f"{texts[event]} {_address(application)}"
    _message(application.user, key=f"{event}:{application.pk}:{number}", text=text, now=now)


def _message(user: User, *, key: str, text: str, now: dt.datetime) -> None:
    if user.phone:
        queue(user=user, to=user.phone, key=key, text=text, now=now)


def _words(stay: Stay) -> dict[str, object]:
    return {
        "station": stay.station.name,
        "arrival": date_format(stay.arrival, "DATE_FORMAT"),
        "nights": stay.nights,
        "link": _address(stay.application),
    }


def _address(application: Application) -> str:
    return str(settings.SITE_URL) + reverse("application", args=[application.pk])
