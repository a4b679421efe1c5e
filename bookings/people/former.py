"""Numbers that somebody's document had before: who comes with one is the same person, with the nights
and suspensions of before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import keyed_hash
from bookings.people.models import Graduate
from bookings.places.models import District


class FormerDocument(models.Model):
    """A number that was a person's document's; its keyed hash alone, as in Graduate."""

    graduate = models.ForeignKey(
        Graduate, on_delete=models.CASCADE, related_name="former_documents"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    doc_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("former document")
        verbose_name_plural = _("former documents")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "doc_hash"], name="one_person_a_former_document"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.graduate_id}"


def with_document(district: District, doc_number: str) -> Q:
    """Of graduates, who has this number (compact) in the district, or had it before: one at most."""
    found = {"district": district, "doc_hash": keyed_hash(doc_number, "document")}
    have = Graduate.objects.filter(**found).values("pk")
    had = FormerDocument.objects.filter(**found).values("graduate")
    return Q(pk__in=have.union(had))


def keep_former(person: Graduate, doc_hash: str) -> None:
    """The person's document had the number of this hash until now. Kept only of who has been promised
    a stay or suspended here: else nothing hangs on it."""
    promised = person.stays.filter(passes__isnull=False)
    if person.nights_taken or promised.exists() or person.suspensions.exists():
        person.former_documents.create(district_id=person.district_id, doc_hash=doc_hash)


def claim_number(person: Graduate) -> bool:
    """The number that the person has now is theirs, and no former one any more. False: it was somebody
    else's before.

    To be called after the person is written, in the same transaction: two that write one number wait for
    each other there, and the later one sees what the earlier one has kept.
    """
    rows = FormerDocument.objects.filter(district=person.district_id, doc_hash=person.doc_hash)
    rows.filter(graduate=person).delete()
    return not rows.exists()
