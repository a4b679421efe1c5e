"""The draft: what is typed is kept at every step, right or wrong, on the phone and at the computer.

Three steps tell who somebody is. Their answers wait with the draft, as typed, until all three are
right; then the person is kept. What was kept before fills the steps in.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import transaction

from bookings.applications.evidence import remove_evidence
from bookings.applications.models import Application
from bookings.people.models import LONG_TERM, DocumentType, Graduate, User
from bookings.people.person_forms import DegreeForm, HomeForm, PersonForm
from bookings.places.models import District, Station

Answers = dict[str, dict[str, Any]]  # step → field → as typed
ABOUT_THE_PERSON: dict[str, type[forms.Form]] = {
    "person": PersonForm,
    "degree": DegreeForm,
    "home": HomeForm,
}


def draft_of(user: User, district: District) -> Application:
    """The user's one draft, made if there is none."""
    person = Graduate.objects.filter(user=user).first()
    draft, _ = Application.objects.get_or_create(
        user=user,
        status=Application.Status.DRAFT,
        defaults={"district": district, "graduate": person},
    )
    return draft


@transaction.atomic
def discard(*, draft: Application) -> bool:
    """The draft and its papers, at the person's wish. False: it was sent or discarded meanwhile."""
    row = Application.objects.select_for_update().filter(pk=draft.pk, status="draft").first()
    if row is None:
        return False
    for paper in row.evidence.all():
        remove_evidence(paper=paper)
    row.delete()
    return True


def answers_of(draft: Application) -> Answers:
    """What has been typed, above what is known of the person."""
    known = known_of(draft.graduate) if draft.graduate else {}
    typed: Answers = json.loads(draft.answers or "{}")
    return {step: {**known.get(step, {}), **typed.get(step, {})} for step in {**known, **typed}}


@transaction.atomic
def keep_answers(*, draft: Application, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what was typed at some steps. A draft sent meanwhile is left alone."""
    row = Application.objects.select_for_update().filter(pk=draft.pk, status="draft").first()
    if row is None:
        return
    typed: Answers = json.loads(row.answers or "{}")
    for step, fields in answers.items():
        typed[step] = {**typed.get(step, {}), **fields}
    draft.answers = json.dumps(typed, ensure_ascii=False)
    Application.objects.filter(pk=draft.pk).update(answers=draft.answers)


def step_form(step: str, answers: Answers, data: Mapping[str, Any] | None = None) -> forms.Form:
    """The form of a step about the person: filled in with the answers, or bound to `data`."""
    options: dict[str, Any] = {}
    if step == "home":
        options["doc_type"] = answers.get("person", {}).get("doc_type", DocumentType.RESIDENT_ID)
    return ABOUT_THE_PERSON[step](data, initial=answers.get(step, {}), **options)


def facts_of_person(answers: Answers) -> dict[str, Any] | None:
    """What the three steps say together; None while one of them is not right."""
    facts: dict[str, Any] = {}
    for step in ABOUT_THE_PERSON:
        form = step_form(step, answers, answers.get(step, {}))
        if not form.is_valid():
            return None
        facts |= form.cleaned_data
    return facts


def next_step(draft: Application) -> str:
    """The first step that still lacks something; `check` where none does."""
    answers = answers_of(draft)
    for step in ABOUT_THE_PERSON:
        if not step_form(step, answers, answers.get(step, {})).is_valid():
            return step
    if not draft.purpose:
        return "purpose"
    if not (draft.station_id and draft.arrival and draft.nights):
        return "stay"
    return "check" if draft.evidence.exists() else "papers"


def set_person(*, draft: Application, person: Graduate) -> None:
    Application.objects.filter(pk=draft.pk, status="draft").update(graduate=person)
    draft.graduate = person


def set_purpose(*, draft: Application, purpose: str, needed_on: dt.date | None = None) -> None:
    Application.objects.filter(pk=draft.pk, status="draft").update(
        purpose=purpose, needed_on=needed_on
    )


def set_wish(
    *,
    draft: Application,
    station: Station,
    arrival: dt.date,
    nights: int,
    needs: Iterable[str] = (),
    friend: Application | None = None,
) -> None:
    """Keep which nights and where, what the bed must have, and whose room is wished for. A draft sent
    meanwhile is left alone."""
    Application.objects.filter(pk=draft.pk, status="draft").update(
        station=station, arrival=arrival, nights=nights, needs=list(needs), friend=friend
    )


def known_of(person: Graduate) -> Answers:
    """What was kept of a person, as one would type it."""
    known = {
        step: {name: _typed(getattr(person, name, None)) for name in form.base_fields}
        for step, form in ABOUT_THE_PERSON.items()
    }
    known["person"]["long_term"] = "on" if person.doc_until == LONG_TERM else ""
    if person.doc_until == LONG_TERM:
        known["person"]["doc_until"] = ""
    known["home"]["has_home"] = "yes" if person.has_home else "no"
    return known


def _typed(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
