"""Keep what a graduate says about themselves."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.crypto import keyed_hash
from bookings.core.errors import Refusal
from bookings.people.former import claim_number, keep_former, with_document
from bookings.people.models import Graduate, User
from bookings.places.models import District


class DocumentTaken(Refusal):
    code = "document_taken"
    sentence = _(
        "This document is registered under another mobile number. Sign in with that number, or "
        "telephone us if it is no longer yours."
    )
    field = "doc_number"


def district_id_of(user: User) -> int | None:
    """The district whose staff see to somebody; the first, where they have not said who they are."""
    person = Graduate.objects.filter(user=user).first()
    if person:
        return person.district_id
    return District.objects.order_by("pk").values_list("pk", flat=True).first()


def look_for_another(*, user: User, district: District, doc_number: str) -> None:
    """Nothing where the document is or was this user's, or is nobody's yet. Errors: DocumentTaken."""
    others = Graduate.objects.filter(with_document(district, doc_number)).exclude(user=None)
    if others.exclude(user=user).exists():
        raise DocumentTaken


@transaction.atomic
def save_person(
    *,
    user: User,
    district: District,
    facts: dict[str, Any],
    now: dt.datetime,
    by: User | None = None,
) -> Graduate:
    """Make or change the user's own person; somebody forgotten who comes again is the same person,
    with the nights of before. `by` is who typed it, where it was not the user. Errors: DocumentTaken.

    `facts`: name, doc_type, doc_number (compact), doc_until, sex, birth_date, hukou_code, degree, university,
    graduation_date, degree_proof, chsi_code, chsi_until, certificate_number, has_home.
    """
    theirs = Graduate.objects.filter(with_document(district, facts["doc_number"]), user=None)
    back = theirs.exclude(forgotten_at=None)
    person = Graduate.objects.filter(user=user).first() or back.first()
    person = person or Graduate(district=district)
    person.user, person.forgotten_at = user, None
    write_facts(person, facts)
    audit.record("person saved", person, by=by or user, now=now, district_id=district.pk)
    return person


def write_facts(person: Graduate, facts: dict[str, Any], *, slip: bool = False) -> None:
    """Write what is said of somebody, and by which hash the document is found. The number of before
    stays known as theirs, unless it was a `slip` in typing and never was. Errors: DocumentTaken (also
    of what was another person's number before).
    """
    before = person.doc_hash
    for name, value in facts.items():
        setattr(person, name, value)
    person.doc_hash = keyed_hash(person.doc_number, "document")
    try:
        with transaction.atomic():
            person.save()
            if before and before != person.doc_hash and not slip:
                keep_former(person, before)
            if not claim_number(person):
                raise DocumentTaken
    except IntegrityError as error:
        raise DocumentTaken from error
