"""What the pages of the register send."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.desk.register.facts import GUARDIAN
from bookings.people.fields import PhoneField

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


def guardian_fields() -> dict[str, forms.Field]:
    """Whom to call for a guest under 18: name and telephone."""
    return {
        "guardian_name": forms.CharField(
            label=_("Guardian's name"),
            max_length=40,
            widget=forms.TextInput({"autocomplete": "off"}),
            error_messages={"required": _("Ask for the guardian's name.")},
        ),
        "guardian_phone": PhoneField(
            label=_("Guardian's mobile number"),
            help_text=_("Read it back. It is shown masked, and each look is logged."),
            error_messages={"required": _("Ask for the guardian's number.")},
        ),
    }


def check_guardian(form: forms.Form, *, needed: bool = False) -> None:
    """Name and number are given together, or where they are not needed neither."""
    told = {name: form.cleaned_data.get(name) for name in GUARDIAN if name in form.fields}
    for name, given in told.items():
        if (needed or any(told.values())) and not given and name not in form.errors:
            form.add_error(name, form.fields[name].error_messages["required"])


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

    def __init__(self, *args: Any, missing: list[str], guarded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if guarded:
            self.fields |= guardian_fields()
            for name in GUARDIAN:
                self.fields[name].required = "guardian" in missing
        for name, lacking in (("nationality", "nationality"), ("address", "home")):
            self.fields[name].required = lacking in missing

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_guardian(self)
        return data

    def clean_nationality(self) -> str:
        told = str(self.cleaned_data["nationality"]).upper()
        if told and not COUNTRY.fullmatch(told):
            raise forms.ValidationError(_("Three letters from A to Z, as on the document."))
        return told
