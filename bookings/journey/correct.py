"""The document at the desk says another name or number than the application: the desk corrects it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.draft import answers_of, keep_answers, known_of
from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.desk.register.keep import judge_again
from bookings.desk.register.models import Registration
from bookings.journey.common import message
from bookings.people.documents import compact, read_document
from bookings.people.former import with_document
from bookings.people.graduate import DocumentTaken, write_facts
from bookings.people.looks import Correction, LookWords, NoReasonToCorrect, is_told
from bookings.people.models import Graduate, User
from bookings.people.roles import user_may
from bookings.retention.bureau.models import BureauMatch

State = Registration.State


class ToldAlready(Refusal):
    code = "told_already"
    sentence = gettext_lazy(
        "This stay is over and the police have been told all of it. The guest can correct name and "
        "number under My data."
    )


class NothingToCorrect(Refusal):
    code = "nothing_to_correct"
    sentence = gettext_lazy(
        "There is nothing to correct: what you typed is what we keep, or you typed nothing."
    )
    field = "name"


class AnotherPerson(Refusal):
    code = "another_person"
    sentence = gettext_lazy(
        "This number says another date of birth or another sex than the application, so the card is "
        "another person's. Compare it digit by digit. If it is right, this stay is not that person's: "
        "take them in as a walk-in, or call a manager."
    )
    field = "doc_number"


class BothAtOnce(Refusal):
    code = "both_at_once"
    sentence = gettext_lazy(
        "With another name and another number this could be another person's stay: this kind of "
        "document tells no date of birth to compare. You may correct one of the two; if the document "
        "says both otherwise, a manager corrects them."
    )
    field = "doc_number"


class LastDayMissing(Refusal):
    code = "last_day_missing"
    sentence = gettext_lazy("Enter until when the new document is valid.")
    field = "doc_until"


class NumberKnown(DocumentTaken):
    code = "number_known"
    sentence = gettext_lazy(
        "This number is known here as another person's. Compare it digit by digit. If it is right, the "
        "guest has been here under another mobile number: call a manager."
    )


class NumberOfForgotten(NumberKnown):
    code = "number_of_forgotten"
    sentence = gettext_lazy(
        "This number is known here as that of somebody whose data have been deleted since. Compare it "
        "digit by digit. If it is right, the guest has been here before, and the nights of then count: "
        "call a manager."
    )


def may_correct(stay: Stay) -> bool:
    """Whether a guest's name and number can be corrected at the desk by this stay: it may still come to
    something, the guest is here, or the police must still be told something of it."""
    if stay.status in (*Stay.AHEAD, Stay.Status.ARRIVED):
        return True
    owed = Registration.objects.owed().filter(stay=stay, stay__graduate__forgotten_at=None)
    return owed.exists()


@dataclass(frozen=True)
class OnDocument:
    """What the document says: the name and the number, empty where they are right, and of a new
    document the last day. `reason` is one of people.looks.Correction, `words` say it where none fits."""

    name: str
    doc_number: str
    reason: str
    words: str = ""
    doc_until: dt.date | None = None


def correct_person(*, stay: Stay, said: OnDocument, by: User, now: dt.datetime) -> bool:
    """Write the guest's name and document number as the document has them. Whether the police, who knew
    the former ones or may know them, are to be told again.

    The log names the fields, never what stands in them; the guest is messaged. The same again finds
    nothing to correct. To learn that a number is somebody else's is a look at that person, and logged.

    Errors: NoReasonToCorrect, ToldAlready, NothingToCorrect, AnotherPerson, BothAtOnce,
    LastDayMissing, NumberKnown, NumberOfForgotten.
    """
    try:
        return _correct(stay, said, by=by, now=now)
    except DocumentTaken as error:
        raise _looked_up(stay, said, by=by, now=now) from error


def _looked_up(stay: Stay, said: OnDocument, *, by: User, now: dt.datetime) -> NumberKnown:
    """Outside of what was rolled back."""
    district = stay.graduate.district
    theirs = Graduate.objects.filter(with_document(district, compact(said.doc_number)))
    other = theirs.exclude(pk=stay.graduate_id).first()
    if other is None:  # at this moment it is nobody's any more
        return NumberKnown()
    audit.record("look at person at the desk", other, by=by, now=now, district_id=district.pk)
    return NumberOfForgotten() if other.forgotten_at else NumberKnown()


@transaction.atomic
def _correct(stay: Stay, said: OnDocument, *, by: User, now: dt.datetime) -> bool:
    if not is_told(said.reason, said.words, of=Correction):
        raise NoReasonToCorrect
    person = Graduate.objects.select_for_update().get(pk=stay.graduate_id)
    stay.refresh_from_db(fields=["status"])
    if not may_correct(stay):
        raise ToldAlready
    changed = _changed(person, said)
    _check_both(person, changed, by=by)
    known = known_of(person)["person"]
    if said.reason == Correction.RENEWED:
        changed |= _last_day(person, said)
    write_facts(person, changed, slip=said.reason == Correction.TYPED)
    if "doc_number" in changed:
        BureauMatch.objects.of(person).delete()  # said of the former number
    stay.graduate = person
    _follow_in_the_draft(person, known)
    again = _tell_the_police_anew(person)
    entry = audit.record(
        "correct person",
        person,
        by=by,
        now=now,
        district_id=person.district_id,
        fields=[*changed],
        reason=said.reason,
    )
    if said.reason == Correction.OTHER:
        LookWords.objects.create(entry=entry, text=said.words.strip())
    _tell_the_guest(stay, changed, key=f"corrected:{entry.pk}", now=now)
    return again


def _changed(person: Graduate, said: OnDocument) -> dict[str, Any]:
    """What differs from what is kept. Errors: NothingToCorrect, AnotherPerson."""
    told = {"name": said.name.strip(), "doc_number": compact(said.doc_number)}
    changed: dict[str, Any] = {
        field: value for field, value in told.items() if value and value != getattr(person, field)
    }
    if not changed:
        raise NothingToCorrect
    read = read_document(person.doc_type, changed.get("doc_number", person.doc_number))
    if "doc_number" in changed and (
        read.problem
        or read.birth_date not in (None, person.birth_date)
        or read.sex not in (None, person.sex)
    ):
        raise AnotherPerson
    return changed


def _check_both(person: Graduate, changed: dict[str, Any], *, by: User) -> None:
    """Where the number tells no date of birth, name and number together are a manager's. Errors:
    BothAtOnce."""
    if not {"name", "doc_number"} <= changed.keys() or user_may(by, "correct_both"):
        return
    if read_document(person.doc_type, changed["doc_number"]).birth_date is None:
        raise BothAtOnce


def _last_day(person: Graduate, said: OnDocument) -> dict[str, Any]:
    """Of a new document. Errors: LastDayMissing."""
    if said.doc_until is None and person.doc_until:
        raise LastDayMissing
    return {"doc_until": said.doc_until} if said.doc_until else {}


def _follow_in_the_draft(person: Graduate, known: Mapping[str, Any]) -> None:
    """What is typed so far for a next application says the same, or it could not be sent; but not what
    was typed otherwise than it was `known`, nor of another kind of document."""
    draft = Application.objects.filter(user=person.user, status=Application.Status.DRAFT).first()
    if draft is None:
        return
    typed = answers_of(draft).get("person", {})
    other_kind = typed.get("doc_type") not in (None, "", person.doc_type)
    follow = {
        name: value
        for name, value in known_of(person)["person"].items()
        if value != known[name]
        and compact(typed.get(name, "")) in ("", compact(known[name]))
        and (name == "name" or not other_kind)
    }
    keep_answers(draft=draft, answers={"person": follow})


def _tell_the_police_anew(person: Graduate) -> bool:
    """Of a guest who is here, and of stays that they have not been told all of. Whether they knew one,
    or may: its file was downloaded and is in somebody's hand."""
    here = Q(stay__status=Stay.Status.ARRIVED)
    theirs = Registration.objects.filter(stay__graduate=person).exclude(state=State.EARLIER)
    theirs = theirs.filter(here | Q(pk__in=theirs.owed())).select_related("stay__graduate")
    rows = list(theirs.order_by("pk").select_for_update(of=("self",), no_key=True))
    pks = [row.pk for row in rows]
    knew = Registration.objects.filter(pk__in=pks).known_to_police().exists()
    for row in rows:
        judge_again(row, old={*Registration.TO_DO, *Registration.TOLD})
    return knew


def _tell_the_guest(stay: Stay, changed: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    with translation.override(stay.application.user.language):
        named = {
            "name": _("your name"),
            "doc_number": _("your document number"),
            "name doc_number": _("your name and document number"),
        }
        what = named[" ".join(field for field in changed if field != "doc_until")]
    link = settings.SITE_URL + reverse("my_data")
    told = {"what": what, "phone": stay.station.phone, "link": link}
    message(stay.application, "corrected", key=key, params=told, now=now)
