"""What a page of the statistics is asked for: which months, which station."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.core.days import WITHIN_THE_CALENDAR
from bookings.places.models import District, Station
from bookings.statistics.scope import Period, last_year_told, next_month

MONTHS = 60
FIRST_YEAR = 2020


def month_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "2026-07"}),
        error_messages={"invalid": _("Give a month as 2026-07.")},
        validators=WITHIN_THE_CALENDAR,
    )


class PeriodForm(forms.Form):
    """For those of the district: any months, any station of it."""

    first = month_field(_("From"))
    last = month_field(pgettext_lazy("months", "To"))
    station = forms.ModelChoiceField(
        label=_("Station"),
        queryset=Station.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("All stations"),
    )

    def __init__(self, data: Any, *, stations: Any, today: dt.date) -> None:
        initial = default_period(today)
        start = {"first": f"{initial.first:%Y-%m}", "last": f"{initial.last:%Y-%m}"}
        super().__init__({**start, **{name: value for name, value in data.items() if value}})
        field = cast(forms.ModelChoiceField, self.fields["station"])
        field.queryset = stations
        field.choices = lambda: [("", field.empty_label), *stations.names().items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last month lies before the first one."))
        elif first and last and len(Period(first, last).months) > MONTHS:
            self.add_error("last", _("That is more than five years. Choose a shorter time."))
        return cleaned

    def period(self, today: dt.date) -> Period:
        """As asked, or the usual one where that cannot be read."""
        if {"first", "last"} & set(self.errors):
            return default_period(today)
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


class YearForm(forms.Form):
    """For those outside: a whole year that is settled and a whole district, so that no two answers
    differ by a few people. Who observes one district is not asked which."""

    district = forms.ModelChoiceField(
        label=_("District"),
        queryset=District.objects.none(),
        to_field_name="code",
        empty_label=None,
        required=False,
    )
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(
        self, data: Any, *, districts: QuerySet[District], own: District, today: dt.date
    ) -> None:
        latest = last_year_told(today)
        asked = {"year": data.get("year") or latest}
        super().__init__({**asked, "district": data.get("district") or own.code})
        if len(districts) > 1:
            self.fields["district"].queryset = districts  # type: ignore[attr-defined]
        else:
            del self.fields["district"]
        years = range(latest, FIRST_YEAR - 1, -1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    def period(self, today: dt.date) -> Period:
        year = last_year_told(today) if self.errors else self.cleaned_data["year"]
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 1))


def default_period(today: dt.date) -> Period:
    """This month and the eleven before it."""
    return Period(next_month(today.replace(day=1), -11), today.replace(day=1))
