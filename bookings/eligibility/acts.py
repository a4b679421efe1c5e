"""Which acts a reviewer has before them on a case, each with its form."""

from typing import Any

from django import forms

from bookings.applications.models import Application
from bookings.eligibility.claims import bare
from bookings.eligibility.forms import (
    ApproveForm,
    AskForm,
    AssignForm,
    PlainForm,
    ProposeForm,
    RefuseForm,
    RevokeForm,
)
from bookings.eligibility.models import Decision, Override
from bookings.people.models import User

Status = Application.Status


def acts(
    application: Application,
    *,
    latest: Decision,
    waiting: Override | None,
    passable: list[str],
    user: User,
) -> dict[str, tuple[type[forms.Form], dict[str, Any]]]:
    """The acts that the case's state allows this reviewer, with form class and its arguments.

    `passable` are the failed clauses that two people may let pass.
    """
    here: dict[str, tuple[type[forms.Form], dict[str, Any]]] = {}
    if waiting and application.status in (Status.IN_REVIEW, Status.REFUSED):
        if waiting.proposed_by_id != user.pk:
            here |= {"confirm": (PlainForm, {}), "decline": (PlainForm, {})}
        passable = []
    if application.status in Application.OPEN:
        here |= _on_an_open_case(application, latest, waiting)
    if passable and application.status in (Status.IN_REVIEW, Status.REFUSED):
        here["propose"] = (ProposeForm, {"clauses": passable})
    if application.status == Status.APPROVED and latest.by_id is None:
        here |= {"check": (PlainForm, {}), "revoke": (RevokeForm, {})}
    return here


def _on_an_open_case(
    application: Application, latest: Decision, waiting: Override | None
) -> dict[str, tuple[type[forms.Form], dict[str, Any]]]:
    here: dict[str, tuple[type[forms.Form], dict[str, Any]]] = {
        "give_back": (PlainForm, {}),
        "assign": (AssignForm, {"district": application.district}),
    }
    if waiting is None:
        approve = {"bare": bare(application, latest.findings)}
        here |= {"approve": (ApproveForm, approve), "refuse": (RefuseForm, {})}
        if application.status == Status.IN_REVIEW:
            here["ask"] = (AskForm, {})
    return here
