"""A paper that somebody adds to an answer: taken in like any other, and kept until it has been looked at."""

import datetime as dt
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from bookings.applications.evidence import content_type, suffix
from bookings.core.transitions import StateChanged
from bookings.retention.models import Outcome, Proof


def keep(*, outcome: Outcome, clean: bytes, now: dt.datetime) -> Proof:
    """Add a paper that has been drawn anew (evidence.redrawn); one that waited before it goes. The
    caller has locked the question."""
    remove(Proof.objects.filter(outcome__follow_up=outcome.follow_up_id))
    proof = Proof(
        outcome=outcome, content_type=content_type(clean), size=len(clean), uploaded_at=now
    )
    name = f"{get_random_string(16)}{suffix(clean)}"
    proof.file.save(name, ContentFile(clean), save=False)
    try:
        with transaction.atomic():
            proof.save()
    except Exception:
        proof.file.storage.delete(str(proof.file.name))
        raise
    return proof


def take_away(proof: Proof) -> None:
    """It has been looked at. Errors: StateChanged (by somebody else, a moment ago)."""
    if remove(Proof.objects.filter(pk=proof.pk)) != 1:
        raise StateChanged


def remove(proofs: QuerySet[Proof]) -> int:
    """Rows first; their files once that is certain. How many."""
    count = 0
    with transaction.atomic():
        for proof in proofs:
            gone, _ = Proof.objects.filter(pk=proof.pk).delete()
            if gone:
                transaction.on_commit(partial(proof.file.storage.delete, str(proof.file.name)))
            count += gone
    return count
