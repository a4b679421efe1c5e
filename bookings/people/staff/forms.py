"""The manager's boxes: who is invited, what a member may do; the invited person's password."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.people.fields import PhoneField
from bookings.people.models import Role
from bookings.people.staff.members import StationsNeeded
from bookings.places.models import Station

ROLES = {
    Role.REVIEWER: _("Reviewer: decides applications, telephones after stays"),
    Role.CLERK: _("Desk clerk: scans and checks in, at the stations chosen below"),
    Role.MANAGER: _("League manager: everything, the rules and the staff too"),
    Role.OBSERVER: _("Observer: totals only, nobody's name"),
}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=forms.RadioSelect)
    stations = forms.ModelMultipleChoiceField(
        label=_("Stations of a desk clerk"),
        queryset=Station.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, stations: QuerySet[Station], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["stations"]
        field.queryset = stations
        field.label_from_instance = lambda station: station.name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("role") == Role.CLERK and not data.get("stations"):
            self.add_error("stations", StationsNeeded.sentence)
        return data


class InviteForm(RoleForm):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), max_length=40)
    field_order = ["email", "name", "role", "stations"]


class NewNumberForm(forms.Form):
    """What is read off the document, and the number that the person has now."""

    doc_number = forms.CharField(
        label=_("Document number"),
        max_length=30,
        help_text=_("As it stands on the document before you, or as it is read to you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = PhoneField(label=_("New number of the guest"))
    again = PhoneField(label=_("The new number once more"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("phone") and data.get("again") not in (None, data["phone"]):
            self.add_error("again", _("The two numbers differ. Read it once more."))
        data.pop("again", None)
        return data


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        help_text=_("At least ten characters; three or four words are good and easy to type."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password
