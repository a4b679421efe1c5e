"""House rules: an incident is recorded, a proposal answered, a sanction appealed against and judged."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.incidents.rules import warning_ends
from bookings.journey.appeal import AppealedBefore
from bookings.journey.common import log, message
from bookings.people.models import Suspension, User
from bookings.people.roles import user_may

Sanction = Incident.Sanction


class NotAGuest(Refusal):
    code = "not_a_guest"
    sentence = gettext_lazy("Only a guest who is here or was here can have an incident.")


class ManagersOnly(Refusal):
    code = "managers_only"
    sentence = gettext_lazy("A manager decides on this. Propose it instead.")
    field = "sanction"


class NoLastDay(Refusal):
    code = "no_last_day"
    sentence = gettext_lazy("Enter a day to come until which stays are suspended.")
    field = "until"


class OwnSanction(Refusal):
    code = "own_sanction"
    sentence = gettext_lazy("You imposed this yourself: another manager judges the appeal.")


class NothingImposed(Refusal):
    code = "nothing_imposed"
    sentence = gettext_lazy(
        "Nothing was imposed on you here, so there is nothing to appeal against."
    )


def record_incident(
    *,
    stay: Stay,
    kind: str,
    what: str,
    at: dt.datetime,
    sanction: str,
    nonce: str,
    by: User,
    now: dt.datetime,
    until: dt.date | None = None,
    proposed: str = "",
    answers: Incident | None = None,
) -> Incident:
    """Record what happened and what follows; the guest is told of all but a note. A suspension (first
    day on which it is over: `until`) and leaving early are a manager's; a clerk proposes them. The
    same `nonce` is one incident.

    Errors: NotAGuest, ManagersOnly, NoLastDay, StateChanged (the proposal has been answered).
    """
    before = Incident.objects.filter(by=by, nonce=nonce).first()
    if before:
        return before
    if stay.status not in (Stay.Status.ARRIVED, Stay.Status.LEFT):
        raise NotAGuest
    if (sanction in Incident.BY_MANAGERS or answers) and not user_may(by, "sanctions"):
        raise ManagersOnly
    incident = Incident(
        stay=stay,
        kind=kind,
        what=what,
        at=at,
        sanction=sanction,
        expires_on=_expires(sanction, until, now),
        proposed=proposed if sanction not in Incident.BY_MANAGERS else "",
        answers=answers,
        nonce=nonce,
        by=by,
        recorded_at=now,
    )
    try:
        _keep(incident, now=now)
    except IntegrityError as error:  # a twin of this press, or somebody answered a moment ago
        twin = Incident.objects.filter(by=by, nonce=nonce).first()
        if twin is None:
            raise StateChanged from error
        return twin
    return incident


def _expires(sanction: str, until: dt.date | None, now: dt.datetime) -> dt.date | None:
    if sanction == Sanction.WARNING:
        return warning_ends(local_date(now))
    if sanction == Sanction.SUSPENSION and (until is None or until <= local_date(now)):
        raise NoLastDay
    return until if sanction == Sanction.SUSPENSION else None


@transaction.atomic
def _keep(incident: Incident, *, now: dt.datetime) -> None:
    stay, by = incident.stay, incident.by
    if incident.sanction == Sanction.SUSPENSION and incident.expires_on:
        reason = Incident.Kind(incident.kind).label
        incident.suspension = Suspension.objects.create(
            graduate_id=stay.graduate_id, until=incident.expires_on, reason=str(reason), by=by
        )
    incident.save(force_insert=True)
    told = {"sanction": incident.sanction, "proposed": incident.proposed}
    log("incident", stay.application, by=by, now=now, incident=incident.pk, **told)
    if incident.is_told:
        _tell(stay, "notice", f"house rules notice:{incident.pk}", now=now)


@transaction.atomic
def complain(*, incident: Incident, reason: str, by: User, now: dt.datetime) -> Complaint:
    """The guest does not agree with a sanction: once, in writing. The same words again are the same
    appeal. Errors: NothingImposed, AppealedBefore."""
    if not incident.is_told:
        raise NothingImposed
    said, made = Complaint.objects.get_or_create(
        incident=incident, defaults={"reason": reason, "at": now}
    )
    if made:
        log("appeal sanction", incident.stay.application, by=by, now=now, incident=incident.pk)
    elif said.reason != reason:
        raise AppealedBefore(
            _("You have appealed once already. Telephone %(phone)s: a person listens to you.")
            % {"phone": incident.stay.station.district.hotline}
        )
    return said


@transaction.atomic
def answer_complaint(
    *, complaint: Complaint, answer: str, reply: str, by: User, now: dt.datetime
) -> None:
    """Another manager than who imposed the sanction upholds or lifts it; lifting ends a suspension.

    Errors: ManagersOnly, OwnSanction, StateChanged (answered before).
    """
    incident = complaint.incident
    if not user_may(by, "sanctions"):
        raise ManagersOnly
    if incident.by_id == by.pk:
        raise OwnSanction
    swap(complaint, "answer", old={""}, new=answer, reply=reply, answered_by=by, answered_at=now)
    if answer == Complaint.Answer.LIFTED and incident.suspension_id:
        today = local_date(now)
        running = Suspension.objects.filter(pk=incident.suspension_id, until__gt=today)
        running.update(until=today)
    application = incident.stay.application
    log("answer sanction", application, by=by, now=now, incident=incident.pk, answer=answer)
    key = f"house rules answer:{incident.pk}"
    _tell(incident.stay, "appeal_answered", key, now=now)


def _tell(stay: Stay, kind: str, key: str, *, now: dt.datetime) -> None:
    told = {"link": f"{settings.SITE_URL}{reverse('my_notices')}"}
    message(stay.application, kind, key=key, params=told, now=now)
