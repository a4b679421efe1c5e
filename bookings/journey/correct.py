"""The document at the desk says another name or number than the application: the desk corrects it."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.draft import keep_answers
from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.desk.register.keep import judge_again
from bookings.desk.register.models import Registration
from bookings.journey.common import message
from bookings.people.documents import compact, read_document
from bookings.people.graduate import DocumentTaken, write_facts
from bookings.people.looks import Correction, LookWords, NoReasonToCorrect, is_told
from bookings.people.models import Graduate, User
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


class NumberKnown(DocumentTaken):
    code = "number_known"
    sentence = gettext_lazy(
        "This number is known here as another person's. Compare it digit by digit. If it is right, the "
        "guest has been here under another mobile number: call a manager."
    )


def may_correct(stay: Stay) -> bool:
    """Whether a guest's name and number can be corrected at the desk by this stay: it may still come to
    something, the guest is here, or the police must still be told something of it."""
    if stay.status in (*Stay.AHEAD, Stay.Status.ARRIVED):
        return True
    owed = Registration.objects.owed().filter(stay=stay, stay__graduate__forgotten_at=None)
    return owed.exists()


@transaction.atomic
def correct_person(
    *,
    stay: Stay,
    name: str,
    doc_number: str,
    reason: str,
    by: User,
    now: dt.datetime,
    words: str = "",
) -> bool:
    """Write the guest's name and document number as the document has them; what is empty stays. Whether
    the police, who knew the former ones, are to be told again.

    `reason` is one of people.looks.Correction, `words` say it where none fits. The log names the fields,
    never what stands in them; the guest is messaged. The same again finds nothing to correct.

    Errors: NoReasonToCorrect, ToldAlready, NothingToCorrect, AnotherPerson, NumberKnown.
    """
    if not is_told(reason, words, of=Correction):
        raise NoReasonToCorrect
    person = Graduate.objects.select_for_update().get(pk=stay.graduate_id)
    stay.refresh_from_db(fields=["status"])
    if not may_correct(stay):
        raise ToldAlready
    changed = _changed(person, {"name": name.strip(), "doc_number": compact(doc_number)})
    try:
        write_facts(person, changed, slip=reason == Correction.TYPED)
    except DocumentTaken as error:
        raise NumberKnown from error
    if "doc_number" in changed:
        BureauMatch.objects.of(person).delete()  # said of the former number
    stay.graduate = person
    _follow_in_the_draft(person, changed)
    again = _tell_the_police_anew(person)
    entry = audit.record(
        "correct person",
        person,
        by=by,
        now=now,
        district_id=person.district_id,
        fields=[*changed],
        reason=reason,
    )
    if reason == Correction.OTHER:
        LookWords.objects.create(entry=entry, text=words.strip())
    _tell_the_guest(stay, changed, key=f"corrected:{entry.pk}", now=now)
    return again


def _changed(person: Graduate, told: dict[str, str]) -> dict[str, str]:
    """What differs from what is kept. Errors: NothingToCorrect, AnotherPerson."""
    changed = {
        field: value for field, value in told.items() if value and value != getattr(person, field)
    }
    if not changed:
        raise NothingToCorrect
    said = read_document(person.doc_type, changed.get("doc_number", person.doc_number))
    if "doc_number" in changed and (
        said.problem
        or said.birth_date not in (None, person.birth_date)
        or said.sex not in (None, person.sex)
    ):
        raise AnotherPerson
    return changed


def _follow_in_the_draft(person: Graduate, changed: dict[str, str]) -> None:
    """What is typed so far for a next application says the same, or it could not be sent."""
    draft = Application.objects.filter(user=person.user, status=Application.Status.DRAFT).first()
    if draft:
        keep_answers(draft=draft, answers={"person": changed})


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


def _tell_the_guest(stay: Stay, changed: dict[str, str], *, key: str, now: dt.datetime) -> None:
    with translation.override(stay.application.user.language):
        named = {
            "name": _("your name"),
            "doc_number": _("your document number"),
            "name doc_number": _("your name and document number"),
        }
        what = named[" ".join(changed)]
    link = settings.SITE_URL + reverse("my_data")
    told = {"what": what, "phone": stay.station.phone, "link": link}
    message(stay.application, "corrected", key=key, params=told, now=now)
