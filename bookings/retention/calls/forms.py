"""What the page of a call sends: what came of it, or to whom it is passed on."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from bookings.core.clock import now
from bookings.people.models import Membership, User
from bookings.places.models import Station
from bookings.retention.forms import WorkForm
from bookings.retention.models import Attempt, FollowUp, Outcome

Result = Attempt.Result
KINDS = Outcome.Kind.choices
NOT_ASKED = [
    (one.value, one.label)
    for one in (Result.NO_ANSWER, Result.WRONG_NUMBER, Result.CALL_BACK, Result.REFUSED)
]
KEYS = [*"12345", *"nwbr"]  # in the order of the choices


class AttemptForm(forms.Form):
    """What goes with a call, whatever becomes of it."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note on the call"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CallForm(AttemptForm, WorkForm):
    said = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[*KINDS, *NOT_ASKED],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of the call.")},
    )
    call_back_at = forms.DateTimeField(
        label=_("Call back at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    source = forms.ChoiceField(
        label=_("How we know"),
        choices=[one for one in Outcome.Source.choices if one[0] != Outcome.Source.SELF],
        initial=Outcome.Source.PHONE,
    )
    level = forms.ChoiceField(
        label=_("Evidence"),
        choices=Outcome.Level.choices,
        initial=Outcome.Level.SELF_REPORT,
    )

    @property
    def keyed(self) -> Iterator[tuple[BoundWidget, str]]:
        """Each choice with its key."""
        return zip(self["said"].subwidgets, KEYS, strict=True)

    @property
    def told(self) -> dict[str, Any]:
        """What journey.call is told."""
        data, said = self.cleaned_data, self.cleaned_data["said"]
        told = {name: data[name] for name in ("number", "note")}
        if said not in Outcome.Kind.values:
            return {**told, "result": said, "call_back_at": data["call_back_at"]}
        answer = {"kind": said, "source": data["source"], "level": data["level"], **self.work}
        return {**told, "result": Result.REACHED, "answer": answer}


class PassForm(AttemptForm):
    to = forms.ModelChoiceField(
        label=_("To whom"),
        help_text=_("Your note on the call goes with it."),
        queryset=User.objects.none(),
        widget=forms.Select(attrs={"form": "call"}),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.queryset = User.objects.filter(membership__in=colleagues).order_by("name", "pk")

    @property
    def told(self) -> dict[str, Any]:
        """What journey.pass_on is told."""
        return self.cleaned_data


class FilterForm(forms.Form):
    """Which part of the list."""

    station = forms.ModelChoiceField(
        label=_("Station"), queryset=Station.objects.none(), required=False, empty_label=_("All")
    )
    horizon = forms.TypedChoiceField(
        label=_("Days after leaving"), coerce=int, empty_value=None, required=False
    )
    mine = forms.BooleanField(label=_("Only those I have at hand"), required=False)

    def __init__(self, data: Any, *, user: User, stations: QuerySet[Station]) -> None:
        super().__init__(data)
        self.user = user
        station: Any = self.fields["station"]
        station.queryset = stations
        days = FollowUp.objects.filter(stay__station__in=stations, horizon__gt=0)
        known = days.order_by("horizon").values_list("horizon", flat=True).distinct()
        horizon: Any = self.fields["horizon"]
        horizon.choices = [("", _("All")), *((one, str(one)) for one in known)]

    def narrow(self, questions: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
        """What of it is nonsense narrows nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("station"):
            questions = questions.filter(stay__station=wanted["station"])
        if wanted.get("horizon"):
            questions = questions.filter(horizon=wanted["horizon"])
        if wanted.get("mine"):
            questions = questions.filter(caller=self.user, caller_until__gt=now())
        return questions
