"""Why a clerk needs a whole number, where the page does not tell it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.people.looks import NoReason, Reason


class ReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why do you need the whole number?"),
        help_text=_("The guest can read it under My data."),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": NoReason.sentence},
    )
    words = forms.CharField(
        label=_("Something else: what for?"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Write in a few words what you need it for.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("reason") == Reason.OTHER and not data.get("words"):
            self.add_error("words", self.fields["words"].error_messages["required"])
        return data
