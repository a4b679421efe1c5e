"""A paper that a clerk saw at the desk: it counts like one that was sent in, and no copy is kept; and
one whose original a reviewer wants seen there."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application, Evidence


class PaperSeen(models.Model):
    """Which kind of paper was seen, by whom and when. It never changes (a database rule refuses it)."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="papers_seen"
    )
    kind = models.CharField(max_length=20, choices=Evidence.Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("paper seen at the desk")
        verbose_name_plural = _("papers seen at the desk")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], name="a_kind_of_paper_is_seen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of application {self.application_id}"


class PaperToSeeQuerySet(models.QuerySet["PaperToSee"]):
    def pending(self) -> Self:
        """Those that nobody has seen yet."""
        seen = PaperSeen.objects.filter(application=OuterRef("application"), kind=OuterRef("kind"))
        return self.exclude(Exists(seen)).order_by("pk")


class PaperToSee(models.Model):
    """A kind of paper of which a reviewer approved a copy on condition that the desk sees the original.
    It never changes (a database rule refuses it); it is done once there is a PaperSeen of its kind."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="papers_to_see"
    )
    kind = models.CharField(max_length=20, choices=Evidence.Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PaperToSeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper to be seen at the desk")
        verbose_name_plural = _("papers to be seen at the desk")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], name="a_kind_of_paper_is_to_be_seen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of application {self.application_id}"


def names_of(kinds: Iterable[str]) -> list[str]:
    """Kinds of paper in the reader's language."""
    return [str(Evidence.Kind(kind).label) for kind in kinds]


def kinds_shown(application: Application) -> frozenset[str]:
    """The kinds of paper that the application has, sent in or seen at the desk. One query."""
    sent = application.evidence.values_list("kind", flat=True)
    seen = PaperSeen.objects.filter(application=application).values_list("kind", flat=True)
    return frozenset(sent.union(seen))
