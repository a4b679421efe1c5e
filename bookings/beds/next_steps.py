"""What happens next, told to the applicant as a short line of steps."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.applications.models import Application
from bookings.beds.models import Stay


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    state: str  # done, now, next


NOW = {
    "in_review": 1,
    "more_asked": 1,
    "promised": 2,
    "arrived": 3,
    "left": 4,
}


def next_steps(application: Application, stay: Stay | None) -> list[Step]:
    """The steps of a stay that goes its way; none where the application has ended."""
    state = stay.status if stay and application.status == "approved" else application.status
    if stay and stay.status in (Stay.Status.WAITLISTED, Stay.Status.OFFERED):
        return _waiting_steps(application)
    if state not in NOW or stay is None or stay.status == Stay.Status.CANCELLED:
        return []
    texts = _texts(application, stay)
    now = NOW[state]
    return [
        Step(title, text, "done" if i < now else "now" if i == now else "next")
        for i, (title, text) in enumerate(texts)
    ]


def _waiting_steps(application: Application) -> list[Step]:
    due = date_format(application.answer_by) if application.answer_by else ""
    approved = application.status == Application.Status.APPROVED
    return [
        Step(_("Applied"), _("You are on the waitlist from this moment."), "done"),
        Step(_("Review"), _review(application, due), "done" if approved else "now"),
        Step(
            _("A bed comes free"),
            _("We message you. Answer within the time given, or it goes to the next one."),
            "now" if approved else "next",
        ),
        Step(
            _("Arrive"), _("With your identity document. You learn your bed at the desk."), "next"
        ),
    ]


def _review(application: Application, due: str) -> str:
    if application.status == Application.Status.APPROVED:
        return _("Your papers are in order.")
    return _("By %(day)s at the latest. We message you.") % {"day": due}


def _texts(application: Application, stay: Stay) -> list[tuple[str, str]]:
    due = date_format(application.answer_by) if application.answer_by else ""
    arrival, departure = date_format(stay.arrival), date_format(stay.departure)
    return [
        (_("Applied"), _("Your bed is held from this moment.")),
        (_("Review"), _review(application, due)),
        (
            _("Arrive"),
            _("%(day)s, with your identity document. You learn your bed at the desk.")
            % {"day": arrival},
        ),
        (
            _("Leave"),
            _("%(day)s at the latest. Nights you do not use stay yours.") % {"day": departure},
        ),
    ]
