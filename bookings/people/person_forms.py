"""What a graduate says about themselves, a few questions at a time: the person, the degree, the home."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.core.clock import local_date, now
from bookings.people.documents import compact, read_document
from bookings.people.forms import DateInput
from bookings.people.models import LONG_TERM, Degree, DegreeProof, DocumentType
from bookings.places import regions
from bookings.places.models import Sex
from bookings.places.regions import counties

PROBLEMS = {
    "form": _("This is not a number of the kind of document you chose."),
    "check_digit": _("The number has a slip: compare it with your card, digit by digit."),
    "birth_date": _("The number holds a date of birth that does not exist."),
}
# the report's own page says 16 characters; older reports had 12
CHSI_CODE = re.compile(r"[A-Z0-9]{12}(?:[A-Z0-9]{4})?", re.ASCII)


def _regions() -> list[Any]:
    """Every county, grouped by province and city, for one select that works without JavaScript."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for region in counties():
        city = region.city or region.province
        key = region.province if city == region.province else f"{region.province} {city}"
        groups.setdefault(key, []).append((region.code, region.county))
    return [("", _("Choose your county")), *groups.items()]


class DegreeForm(forms.Form):
    """Which degree, from where, since when, and how it is proven."""

    degree = forms.ChoiceField(
        label=_("Highest degree"), choices=[("", _("Choose")), *Degree.choices]
    )
    university = forms.CharField(label=_("University or school"), max_length=80)
    graduation_date = forms.DateField(
        label=_("Date of graduation"),
        help_text=_("As on your certificate; a coming date if you have not graduated yet."),
        widget=DateInput(),
    )
    degree_proof = forms.ChoiceField(
        label=_("How do you prove it?"), choices=DegreeProof.choices, widget=forms.RadioSelect
    )
    chsi_code = forms.CharField(
        label=_("CHSI online verification code"),
        required=False,
        max_length=40,
        help_text=_("16 or 12 letters and digits, on your report at chsi.com.cn. No upload then."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    chsi_until = forms.DateField(
        label=_("The code is valid until"),
        required=False,
        help_text=_("As on the report; extending it is free of charge."),
        widget=DateInput(),
    )
    certificate_number = forms.CharField(
        label=_("Number of the certification of your degree from abroad"),
        required=False,
        max_length=40,
        help_text=_("By the Service Centre for Scholarly Exchange, if you have it already."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_graduation_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["graduation_date"]
        if not dt.date(1950, 1, 1) <= day <= local_date(now()) + dt.timedelta(days=366):
            raise forms.ValidationError(
                _("Check the date of graduation: it is too long ago or over a year ahead.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        proof = data.get("degree_proof")
        if proof == DegreeProof.CHSI:
            self._check_code(data)
        else:
            data["chsi_code"] = data["chsi_until"] = None
        if proof != DegreeProof.FOREIGN or not data.get("certificate_number"):
            data["certificate_number"] = None
        return data

    def _check_code(self, data: dict[str, Any]) -> None:
        data["chsi_code"] = compact(data.get("chsi_code") or "")
        if not CHSI_CODE.fullmatch(data["chsi_code"]):
            self.add_error("chsi_code", _("A CHSI code has 16 or 12 letters and digits."))
        until = data.get("chsi_until")
        if until is None and "chsi_until" not in self.errors:
            self.add_error("chsi_until", _("Enter the day until which the code is valid."))
        elif until and until < local_date(now()):
            self.add_error(
                "chsi_until",
                _("This code has expired. Extend it on CHSI, or choose another proof."),
            )


class RegionField(forms.ChoiceField):
    """A county by its code: today's are in the list, former ones are found by the search."""

    def valid_value(self, value: Any) -> bool:
        return regions.is_county(str(value))


class ValidityForm(forms.Form):
    """Until when a document is valid."""

    doc_until = forms.DateField(
        label=_("The document is valid until"),
        required=False,
        help_text=_("As on its back or its first page."),
        widget=DateInput(),
    )
    long_term = forms.BooleanField(label=_("Valid for good (长期)"), required=False)

    def check_validity(self, data: dict[str, Any]) -> None:
        """Leaves `doc_until` alone in the data; asks for it where neither is given."""
        if data.pop("long_term", False):
            data["doc_until"] = LONG_TERM
        until = data.get("doc_until")
        if until is None and "doc_until" not in self.errors:
            self.add_error("doc_until", _("Enter the last day of validity, or tick “for good”."))
        elif until and until < local_date(now()):
            self.add_error(
                "doc_until",
                _("This document has expired. Enter the new one; a temporary identity card does."),
            )


class PersonForm(ValidityForm):
    """Who applies, as on the identity document."""

    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    doc_type = forms.ChoiceField(label=_("Identity document"), choices=DocumentType.choices)
    doc_number = forms.CharField(
        label=_("Document number"),
        max_length=30,
        help_text=_("Stored encrypted, shown masked."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Sex.choices,
        widget=forms.RadioSelect,
        help_text=_("Rooms are for women or for men."),
    )
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput())
    field_order = ("name", "doc_type", "doc_number", "doc_until", "long_term", "sex", "birth_date")

    def clean_doc_number(self) -> str:
        return compact(self.cleaned_data["doc_number"])

    def clean_birth_date(self) -> dt.date:
        born: dt.date = self.cleaned_data["birth_date"]
        if not dt.date(1900, 1, 1) <= born <= local_date(now()):
            raise forms.ValidationError(_("Check the date of birth: it cannot be right."))
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("doc_type") and data.get("doc_number"):
            self._compare_with_number(data)
        self.check_validity(data)
        return data

    def _compare_with_number(self, data: dict[str, Any]) -> None:
        reading = read_document(data["doc_type"], data["doc_number"])
        if reading.problem:
            self.add_error("doc_number", PROBLEMS[reading.problem])
        if reading.birth_date and data.get("birth_date") not in (None, reading.birth_date):
            self.add_error(
                "birth_date", _("The date of birth differs from the one in the document number.")
            )
        if reading.sex and data.get("sex") not in (None, "", reading.sex):
            self.add_error("sex", _("The sex differs from the one in the document number."))


class HomeForm(forms.Form):
    """Where somebody is registered, and whether there is a home in the district."""

    hukou_code = RegionField(
        label=_("Where your hukou is registered"),
        choices=_regions,
        error_messages={
            "required": _("Choose the county where your hukou is registered."),
            "invalid_choice": _("Choose the county where your hukou is registered."),
        },
        widget=forms.Select(
            attrs={
                "data-cascade": "",
                "data-province": _("Province"),
                "data-city": _("City"),
                "data-search": _("Search: a name, or its initials such as rcq"),
                "data-none": _("Nothing found. Try another name, or choose below."),
            }
        ),
    )
    has_home = forms.TypedChoiceField(
        label=_("Do you or your parents have a fixed home in the district?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, doc_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if doc_type != DocumentType.RESIDENT_ID:  # nobody else has a hukou
            del self.fields["hukou_code"]
        else:
            self._list_a_former_county(str(self["hukou_code"].value() or ""))

    def _list_a_former_county(self, code: str) -> None:
        field: Any = self.fields["hukou_code"]
        if regions.is_county(code) and code not in regions.of_today():
            field.choices = [*field.choices, (code, regions.name(code))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "hukou_code" not in self.fields:
            data["hukou_code"] = ""
        return data
