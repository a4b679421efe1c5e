"""Partners and the code on their poster: a manager opens a channel, and closes it."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.short_code import normalise, short_code
from bookings.places.models import Channel, District

if TYPE_CHECKING:
    from bookings.people.models import User


class NameTaken(Refusal):
    code = "name_taken"
    sentence = _("There is a partner of this name already. Choose another name, or use that one.")
    field = "name"


@transaction.atomic
def open_channel(
    *, district: District, name: str, kind: str, by: "User", now: dt.datetime
) -> Channel:
    """A new partner with a code of its own. Errors: NameTaken."""
    told = {"district": district, "name": name, "kind": kind, "opened_at": now}
    try:
        with transaction.atomic():
            channel = Channel.objects.create(code=short_code(), **told)
    except IntegrityError as error:
        raise NameTaken from error
    audit.record("open channel", channel, by=by, now=now, district_id=district.pk)
    return channel


@transaction.atomic
def close_channel(*, channel: Channel, by: "User", now: dt.datetime) -> bool:
    """From now on its poster is a plain welcome; what it has brought is counted on. False: it was
    closed before."""
    if not Channel.objects.filter(pk=channel.pk, closed_at=None).update(closed_at=now):
        return False
    audit.record("close channel", channel, by=by, now=now, district_id=channel.district_id)
    return True


def channel_of(code: str) -> Channel | None:
    """The open channel of a code as people type it."""
    known = Channel.objects.select_related("district")
    return known.filter(code=normalise(code), closed_at=None).first()
