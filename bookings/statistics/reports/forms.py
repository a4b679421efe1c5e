"""Which report to build, who is to get it, what the public is told."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.statistics.forms import FIRST_YEAR
from bookings.statistics.reports.models import Audience, PublicNumbers, Report, Subscription
from bookings.statistics.scope import Period, next_month


class BuildForm(forms.Form):
    """One question: which of the months and years that are over."""

    period = forms.ChoiceField(
        label=_("Report of"),
        error_messages={"invalid_choice": _("Choose a month or a year that is over.")},
    )

    def __init__(self, data: Any, *, today: dt.date) -> None:
        last = next_month(today.replace(day=1), -1)
        months = reversed(Period(dt.date(FIRST_YEAR, 1, 1), last).months)
        years = range(today.year - 1, FIRST_YEAR - 1, -1)
        super().__init__(data, initial={"period": f"{last:%Y-%m}"})
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (Report.Kind.MONTH.label, [(f"{month:%Y-%m}",) * 2 for month in months]),
            (Report.Kind.YEAR.label, [(f"{year}", f"{year}") for year in years]),
        ]

    @property
    def kind(self) -> str:
        is_month = "-" in self.cleaned_data["period"]
        return Report.Kind.MONTH if is_month else Report.Kind.YEAR

    @property
    def first_day(self) -> dt.date:
        """Of the month or year that is asked for."""
        year, _dash, month = self.cleaned_data["period"].partition("-")
        return dt.date(int(year), int(month or 1), 1)


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
