"""Changes of state as compare-and-swap: of two who try at once, one wins and the other is told."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.core.errors import Refusal


class StateChanged(Refusal):
    code = "state_changed"
    sentence = _("This was changed a moment ago by somebody else. Look at it again.")


def swap(thing: models.Model, field: str, *, old: set[str], new: str, **also: Any) -> None:
    """Set `field` to `new` (and `also`) if it is one of `old` in the database, else StateChanged.

    `thing` is brought up to date when the swap succeeds.
    """
    rows = type(thing)._default_manager.filter(pk=thing.pk, **{f"{field}__in": sorted(old)})
    if rows.update(**{field: new}, **also) != 1:
        raise StateChanged
    for name, value in {field: new, **also}.items():
        setattr(thing, name, value)
