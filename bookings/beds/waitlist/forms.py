"""The wish to be told when nights are free."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bookings.people.forms import DateInput
from bookings.places.models import MOST_NIGHTS, District, Station


class AlertForm(forms.Form):
    """So many nights in a row, arriving between two days, at one of the stations."""

    nights = forms.IntegerField(
        label=_("Nights in a row"),
        min_value=1,
        max_value=MOST_NIGHTS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    first_arrival = forms.DateField(label=_("Arriving from"), widget=DateInput())
    last_arrival = forms.DateField(label=_("Arriving until"), widget=DateInput())
    stations = forms.ModelMultipleChoiceField(
        label=_("At one of these stations"),
        queryset=Station.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one station.")},
    )

    def __init__(
        self, *args: Any, district: District, today: dt.date, latest: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.latest = today, latest
        stations = Station.objects.filter(district=district, is_open=True)
        self.fields["stations"].queryset = stations  # type: ignore[attr-defined]
        for name in ("first_arrival", "last_arrival"):
            day: Any = self.fields[name].widget
            day.attrs |= {"min": today.isoformat(), "max": latest.isoformat()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_arrival"), data.get("last_arrival")
        if first and first < self.today:
            self.add_error("first_arrival", _("This day is over. Choose a day to come."))
        if last and last > self.latest:
            self.add_error(
                "last_arrival",
                _("Nobody can book that far ahead. Choose %(day)s at the latest.")
                % {"day": date_format(self.latest)},
            )
        if first and last and last < first:
            self.add_error("last_arrival", _("The last day is before the first."))
        return data
