"""Why a clerk needs a whole number, where the page does not tell it; or does what wants a reason too."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from bookings.people.looks import NoReason, Reason, says_enough

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def reason_field(
    label: "_StrPromise", reasons: type[TextChoices], *, missing: "_StrPromise"
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=_("The guest can read it under My data."),
        choices=reasons.choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing},
    )


def words_field(label: "_StrPromise", *, missing: "_StrPromise") -> forms.CharField:
    """Asked for where no reason of the list fits."""
    return forms.CharField(
        label=label,
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": missing},
    )


class ReasonForm(forms.Form):
    reason = reason_field(_("Why do you need the whole number?"), Reason, missing=NoReason.sentence)
    words = words_field(
        _("Something else: what for?"), missing=_("Write in a few words what you need it for.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not says_enough(data.get("reason", ""), data.get("words", "")):
            self.add_error("words", self.fields["words"].error_messages["required"])
        return data
