"""What the pages of the register send."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ROW = re.compile(r"[0-9]{1,18}")
COUNTRY = re.compile(r"[A-Z]{3}")


class TickedField(forms.TypedMultipleChoiceField):
    """Numbers of rows. Whose they are the events see to: they know the station."""

    def __init__(self) -> None:
        super().__init__(coerce=int, required=False)

    def valid_value(self, value: object) -> bool:
        return bool(ROW.fullmatch(str(value)))


class GuestsForm(forms.Form):
    chosen = TickedField()


class ConfirmForm(GuestsForm):
    reference = forms.CharField(
        label=_("Receipt number of the police system, if any"), max_length=40, required=False
    )


class RefuseForm(GuestsForm):
    reason = forms.CharField(
        label=_("Why it was not taken"),
        max_length=200,
        error_messages={"required": _("Write down what the police system says.")},
    )


class CompleteForm(forms.Form):
    """What the register asks for; a field left empty keeps what is known."""

    nationality = forms.CharField(
        label=_("Nationality"),
        help_text=_("Three letters, as on the document: RUS, JPN, DEU."),
        max_length=3,
        required=False,
        widget=forms.TextInput({"autocapitalize": "characters", "autocomplete": "off"}),
        error_messages={"required": _("Copy the three letters from the document.")},
    )
    address = forms.CharField(
        label=_("Home address"),
        help_text=_("The line on the identity card. Leave it empty to keep what is known."),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": _("Copy the address from the identity card.")},
    )

    def __init__(self, *args: Any, missing: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, lacking in (("nationality", "nationality"), ("address", "home")):
            self.fields[name].required = lacking in missing

    def clean_nationality(self) -> str:
        told = str(self.cleaned_data["nationality"]).upper()
        if told and not COUNTRY.fullmatch(told):
            raise forms.ValidationError(_("Three letters from A to Z, as on the document."))
        return told
