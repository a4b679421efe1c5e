"""Which bed or room is out of use, and when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.people.forms import DateInput
from bookings.places.models import Bed, Closure, Room, Station


class ClosureForm(forms.Form):
    """A room, or one of its beds: one choice for both."""

    what = forms.ChoiceField(label=_("What is out of use?"))
    first_night = forms.DateField(label=_("First night"), widget=DateInput())
    until = forms.DateField(label=_("In use again from"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why"), max_length=100, help_text=_("Staff see it on the board.")
    )

    def __init__(self, *args: Any, station: Station, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.rooms = {f"room-{room.pk}": room for room in station.rooms.order_by("floor", "name")}
        beds = Bed.objects.filter(room__station=station).select_related("room")
        self.beds = {f"bed-{bed.pk}": bed for bed in beds.order_by("room__floor", "room", "name")}
        what: Any = self.fields["what"]
        what.choices = [
            ("", _("Choose")),
            (_("Whole rooms"), [(key, room.name) for key, room in self.rooms.items()]),
            (_("Beds"), [(key, str(bed)) for key, bed in self.beds.items()]),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, until = data.get("first_night"), data.get("until")
        if first and first < self.today:
            self.add_error("first_night", _("This night is over. Choose tonight or a later one."))
        if first and until and until <= first:
            self.add_error("until", _("This is not after the first night."))
        if first and until and (until - first).days > 400:
            self.add_error("until", _("Close it for 400 nights at most."))
        return data

    def closure(self) -> Closure:
        """Not written yet."""
        data = self.cleaned_data
        room: Room | None = self.rooms.get(data["what"])
        bed: Bed | None = self.beds.get(data["what"])
        return Closure(
            room=room,
            bed=bed,
            first_night=data["first_night"],
            until=data["until"],
            reason=data["reason"],
        )
