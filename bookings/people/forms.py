"""Sign-in forms (one box for people, e-mail and password for staff) and the form about a person."""

import datetime as dt
from typing import Any

from allauth.account.forms import LoginForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.core.clock import local_date, now
from bookings.people.documents import compact, read_document
from bookings.people.models import Degree, DocumentType, Graduate, User
from bookings.places.models import Sex
from bookings.places.regions import counties


class PhoneForm(RequestLoginCodeForm):
    """Sign in or sign up: a number we do not know becomes an account, verified by its code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("email", None)
        self.fields["phone"].required = True
        self.fields["phone"].widget.attrs.pop("placeholder", None)
        self.fields["phone"].help_text = _("We send a six-digit code to this number.")

    def clean_phone(self) -> str:
        phone = str(super().clean_phone() or "")
        if phone and not self._user:
            self._user: User | None = User.objects.sign_up(phone)
        return phone


class StaffLoginForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
        )


PROBLEMS = {
    "form": _("This is not a number of the kind of document you chose."),
    "check_digit": _("The number has a slip: compare it with your card, digit by digit."),
    "birth_date": _("The number holds a date of birth that does not exist."),
}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def _regions() -> list[Any]:
    """Every county, grouped by province and city, for one select that works without JavaScript."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for region in counties():
        city = region.city or region.province
        key = region.province if city == region.province else f"{region.province} {city}"
        groups.setdefault(key, []).append((region.code, region.county))
    return [("", _("Choose your county")), *groups.items()]


class PersonForm(forms.Form):
    """Who applies, as on the identity document, with what degree, registered where."""

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
    hukou_code = forms.ChoiceField(
        label=_("Where your hukou is registered"),
        required=False,
        choices=_regions,
        help_text=_("Only for holders of a resident identity card."),
        widget=forms.Select(
            attrs={"data-cascade": "", "data-province": _("Province"), "data-city": _("City")}
        ),
    )
    degree = forms.ChoiceField(
        label=_("Highest degree"), choices=[("", _("Choose")), *Degree.choices]
    )
    university = forms.CharField(label=_("University or school"), max_length=80)
    graduation_date = forms.DateField(
        label=_("Date of graduation"),
        help_text=_("As on your certificate; a coming date if you have not graduated yet."),
        widget=DateInput(),
    )
    has_home = forms.TypedChoiceField(
        label=_("Do you or your parents have a fixed home in the district?"),
        choices=[("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, graduate: Graduate | None = None, **kwargs: Any) -> None:
        if graduate is not None:
            initial = {name: getattr(graduate, name) for name in self.base_fields}
            initial["has_home"] = "yes" if graduate.has_home else "no"
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)

    def clean_doc_number(self) -> str:
        return compact(self.cleaned_data["doc_number"])

    def clean_birth_date(self) -> dt.date:
        born: dt.date = self.cleaned_data["birth_date"]
        if not dt.date(1900, 1, 1) <= born <= local_date(now()):
            raise forms.ValidationError(_("Check the date of birth: it cannot be right."))
        return born

    def clean_graduation_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["graduation_date"]
        if not dt.date(1950, 1, 1) <= day <= local_date(now()) + dt.timedelta(days=366):
            raise forms.ValidationError(
                _("Check the date of graduation: it is too long ago or over a year ahead.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("doc_type") and data.get("doc_number"):
            self._compare_with_number(data)
        if data.get("doc_type") == DocumentType.RESIDENT_ID and not data.get("hukou_code"):
            self.add_error("hukou_code", _("Choose the county where your hukou is registered."))
        if data.get("doc_type") != DocumentType.RESIDENT_ID:
            data["hukou_code"] = ""
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
