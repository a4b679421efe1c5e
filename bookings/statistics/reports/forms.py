"""Which report to build, who is to get it, what the public is told."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.statistics.forms import FIRST_YEAR, month_field
from bookings.statistics.reports.models import Audience, PublicNumbers, Report, Subscription
from bookings.statistics.scope import next_month


class BuildForm(forms.Form):
    """A month or a year that is over; which of the two fields counts is said by the kind."""

    kind = forms.ChoiceField(label=_("Report of a"), choices=Report.Kind.choices)
    month = month_field(_("Month"))
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, data: Any, *, today: dt.date) -> None:
        last = next_month(today.replace(day=1), -1)
        super().__init__(
            data, initial={"month": last, "year": today.year - 1, "kind": Report.Kind.MONTH}
        )
        years = range(today.year - 1, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["month"].required = self.fields["year"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        name = cleaned.get("kind")
        if name and not cleaned.get(name) and name not in self.errors:
            self.add_error(name, _("Choose which one."))
        return cleaned

    @property
    def period(self) -> dt.date:
        if self.cleaned_data["kind"] == Report.Kind.YEAR:
            return dt.date(self.cleaned_data["year"], 1, 1)
        month: dt.date = self.cleaned_data["month"]
        return month.replace(day=1)


class SubscriberForm(forms.ModelForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    class Meta:
        model = Subscription
        fields = ["audience", "language"]
        widgets = {"audience": forms.RadioSelect(choices=Audience.choices)}

    field_order = ["email", "audience", "language"]


class PublicForm(forms.ModelForm):
    class Meta:
        model = PublicNumbers
        fields = list(PublicNumbers.CHOICES)
