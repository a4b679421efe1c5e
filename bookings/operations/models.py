"""A Run is one go at a backup, a drill or a check of the audit log, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """`ok` is empty while it goes on. `figures` are counts, `error` is for whoever runs the site;
    neither holds personal data. Not part of a backup: it tells of one machine."""

    class Kind(models.TextChoices):
        BACKUP = "backup", _("Backup")
        DRILL = "drill", _("Restore drill")
        AUDIT = "audit", _("Check of the audit log")

    class Reason(models.TextChoices):
        """Why one did not go well; judged by the first that applies."""

        KILLED = "killed", _("It was broken off before its end.")
        NO_BACKUP = "no_backup", _("There is no backup to try.")
        NO_ROOM = "no_room", _("The disk is full or cannot be written to.")
        DAMAGED = "damaged", _("The backup is damaged, or was made with other keys.")
        DIFFERENT = "different", _("The backup holds something else than was written into it.")
        BREACHES = "breaches", _("What was restored breaks the house's rules.")
        CHAIN = "chain", _("The audit log was changed or is incomplete.")
        OTHER = "other", _("It stopped with an error.")

    kind = models.CharField(max_length=6, choices=Kind)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    error = models.CharField(max_length=500, blank=True)
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ok__isnull=True, reason="")
                | Q(ended_at__isnull=False, ok__isnull=False, ok=True, reason="")
                | (Q(ended_at__isnull=False, ok__isnull=False, ok=False) & ~Q(reason="")),
                name="ended_run_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"
