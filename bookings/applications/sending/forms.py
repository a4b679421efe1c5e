"""The signed commitment, and the wish to wait where no bed is free."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.people.forms import DateInput
from bookings.places.models import Station


class CommitmentForm(forms.Form):
    """The signed commitment (承诺书), and the consent to follow-up, which nothing depends on."""

    committed = forms.BooleanField(
        label=_("I have read the commitment, and what I stated is true."),
        error_messages={"required": _("Tick this to send the application.")},
    )
    signature = forms.CharField(
        label=_("Sign with your full name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    follow_up_consent = forms.BooleanField(
        label=_(
            "You may ask me later whether I found work here, and look for the answer in the "
            "human-resources bureau's insurance list (no condition of a bed)."
        ),
        required=False,
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_signature(self) -> str:
        signature: str = self.cleaned_data["signature"].strip()
        if signature != self.name:
            raise forms.ValidationError(_("Write your name as on your identity document."))
        return signature


class WaitForm(forms.Form):
    """On which other days and at which stations a bed would do too, and whether to take it at once."""

    last_arrival = forms.DateField(
        label=_("I could arrive until"),
        help_text=_("Leave it as it is if only these nights will do. More days, sooner a bed."),
        widget=DateInput(),
    )
    stations = forms.ModelMultipleChoiceField(
        label=_("At one of these stations"),
        queryset=Station.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one station.")},
    )
    take_it = forms.BooleanField(
        label=_("Take the first bed for me at once; I need not confirm it."), required=False
    )

    def __init__(self, *args: Any, draft: Application, latest: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"last_arrival": draft.arrival, "stations": [draft.station_id]}
        super().__init__(*args, **kwargs)
        assert draft.arrival
        self.arrival, self.latest = draft.arrival, latest
        stations = Station.objects.filter(district=draft.district_id, is_open=True)
        self.fields["stations"].queryset = stations  # type: ignore[attr-defined]
        day: Any = self.fields["last_arrival"].widget
        day.attrs |= {"min": draft.arrival.isoformat(), "max": latest.isoformat()}

    def clean_last_arrival(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_arrival"]
        if day < self.arrival:
            raise forms.ValidationError(_("This is before the day of arrival you chose."))
        if day > max(self.latest, self.arrival):
            raise forms.ValidationError(
                _("Nobody can book that far ahead. Choose %(day)s at the latest.")
                % {"day": date_format(self.latest)}
            )
        return day
