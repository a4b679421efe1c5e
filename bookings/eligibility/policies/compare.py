"""Two policy versions side by side, and a version as plain values."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.applications.models import Evidence, Purpose
from bookings.people.models import Degree
from bookings.places.models import Policy

FIELDS = (
    *("years_since_graduation", "minimum_degree", "minimum_age", "maximum_age"),
    *("nights", "stays", "period", "days_ahead", "evidence", "review", "review_days"),
    *("hold_hours", "arrival_cutoff", "remind_hours", "waitlist", "offer_hours", "follow_up_days"),
)


class Row(NamedTuple):
    name: str
    label: str
    old: str
    new: str

    @property
    def changed(self) -> bool:
        return self.old != self.new


def compare(old: Policy, new: Policy) -> list[Row]:
    """Each rule of two versions in words."""
    return [
        Row(name, str(Policy._meta.get_field(name).verbose_name), told(old, name), told(new, name))  # type: ignore[union-attr]
        for name in FIELDS
    ]


def plain(policy: Policy) -> dict[str, Any]:
    """A version's rules as JSON may keep them."""
    values = {name: getattr(policy, name) for name in FIELDS}
    return {
        name: f"{value:%H:%M}" if isinstance(value, dt.time) else value
        for name, value in values.items()
    }


def told(policy: Policy, name: str) -> str:
    """One rule in words."""
    value = getattr(policy, name)
    if name == "evidence":
        return "\n".join(_purpose(purpose, kinds) for purpose, kinds in value.items())
    if name == "minimum_degree":
        return str(Degree(value).label)
    if name == "follow_up_days":
        return str(_(", ")).join(map(str, value))
    if value is None:
        return str(_("no limit"))
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    display = getattr(policy, f"get_{name}_display", None)
    return str(display() if display else value)


def _purpose(purpose: str, kinds: list[str]) -> str:
    words = str(_(" or ")).join(str(Evidence.Kind(kind).label) for kind in kinds)
    told = {"name": Purpose(purpose).label, "sentence": words or _("no paper")}
    return str(_("%(name)s: %(sentence)s") % told)
