"""Why staff saw a whole number, or corrected who somebody is: a reason from a short list, in words of
their own where none fits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.core.audit import AuditEntry
from bookings.core.crypto import EncryptedTextField
from bookings.core.errors import Refusal


class Reason(models.TextChoices):
    COMPARE = "compare", _("Comparing it with the document")
    REGISTER = "register", _("Typing it in at the police terminal")
    POLICE = "police", _("The police ask for it")
    CALL = "call", _("Calling the guest")
    OTHER = "other", _("Something else")


class Correction(models.TextChoices):
    TYPED = "typed", _("A slip when it was typed in")
    RENEWED = "renewed", _("The document is a new one")
    OTHER = "other", _("Something else")


WHY = dict([*Reason.choices, *Correction.choices])  # as the person reads it

# what nobody sees whole without a reason
REVEALED = frozenset({"document number", "phone", "guardian"})


class NoReason(Refusal):
    code = "no_reason"
    sentence = _("Say why you need the whole number. The guest can read it.")
    field = "reason"


class NoReasonToCorrect(NoReason):
    sentence = _("Say why it is corrected. The guest can read it.")


class LookWords(models.Model):
    """The reason in words of a look or a correction; gone with the person (the entry itself says only `other`)."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="words")
    text = EncryptedTextField()  # may name a guest

    class Meta:
        verbose_name = _("reason of a look")
        verbose_name_plural = _("reasons of looks")

    def __str__(self) -> str:
        return f"{self.entry_id}"


def check_reason(what: str, reason: str, words: str) -> None:
    """Errors: NoReason."""
    if what in REVEALED and not is_told(reason, words, of=Reason):
        raise NoReason


def is_told(reason: str, words: str, *, of: type[models.TextChoices]) -> bool:
    """Whether it is a reason `of` the list; `other` is one with words only."""
    return reason in of and says_enough(reason, words)


def says_enough(reason: str, words: str) -> bool:
    """Of each list: `other` alone says nothing."""
    return reason != Reason.OTHER or bool(words.strip())
