"""What is looked for in the audit log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.core.days import WITHIN_THE_CALENDAR
from bookings.operations.trail.search import GUESTS, WORKER, Wanted
from bookings.operations.trail.words import GROUPS
from bookings.people.models import Membership
from bookings.places.models import District


class SearchForm(forms.Form):
    who = forms.ChoiceField(label=_("Who"), required=False)
    what = forms.ChoiceField(label=_("What was done"), required=False)
    reference = forms.RegexField(
        label=_("Application"),
        regex=r"^\s*[Aa]?[0-9]{1,15}\s*$",
        required=False,
        help_text=_("Its reference, such as A000012: it, its person, stay and papers."),
        error_messages={"invalid": _("Type the reference as on the application, such as A000012.")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    first = forms.DateField(
        label=_("From the day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        validators=WITHIN_THE_CALENDAR,
    )
    last = forms.DateField(
        label=_("Until the day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        validators=WITHIN_THE_CALENDAR,
    )

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.filter(district=district).select_related("user")
        staff = [
            (str(one.user_id), str(one.user.name or one.user.email))
            for one in members.order_by("pk")
        ]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody")),
            (_("Staff"), staff),
            (GUESTS, _("Guests themselves")),
            (WORKER, _("The system")),
        ]
        self.fields["what"].choices = [("", _("Everything")), *_acts()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("Choose a day that is not before the first one."))
        return given

    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data)


def _acts() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Each group with all of it first."""
    return [
        (label, [(group, _("All of these")), *actions.items()])
        for group, (label, actions) in GROUPS.items()
    ]
