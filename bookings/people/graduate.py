"""Keep what a graduate says about themselves."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.crypto import keyed_hash
from bookings.core.errors import Refusal
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
    """Nothing where the document is this user's, or nobody's yet. Errors: DocumentTaken."""
    digest = keyed_hash(doc_number, "document")
    others = Graduate.objects.filter(district=district, doc_hash=digest).exclude(user=None)
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
    digest = keyed_hash(facts["doc_number"], "document")
    people = Graduate.objects.filter(district=district)
    back = people.filter(user=None, doc_hash=digest).exclude(forgotten_at=None)
    person = Graduate.objects.filter(user=user).first() or back.first()
    person = person or Graduate(district=district)
    person.user, person.forgotten_at = user, None
    write_facts(person, facts)
    audit.record("person saved", person, by=by or user, now=now, district_id=district.pk)
    return person


def write_facts(person: Graduate, facts: dict[str, Any]) -> None:
    """Write what is said of somebody, and by which hash the document is found. Errors: DocumentTaken."""
    for name, value in facts.items():
        setattr(person, name, value)
    person.doc_hash = keyed_hash(person.doc_number, "document")
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise DocumentTaken from error
