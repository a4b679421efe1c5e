"""The guest has lost the code: the former one is dead, a new one opens the same stay."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from bookings.beds.models import Stay
from bookings.core.transitions import StateChanged
from bookings.journey.common import address, log, message
from bookings.passes.issue import issue
from bookings.passes.models import Pass
from bookings.people.models import User

SHOWN = (Stay.Status.PROMISED, Stay.Status.ARRIVED)


@transaction.atomic
def replace_pass(*, stay: Stay, seen: UUID, by: User, now: dt.datetime) -> Pass:
    """Revoke the pass that the page showed (`seen`) and issue another. Where that one has been replaced
    meanwhile nothing happens: the valid one is returned, so that two presses make one new code.

    Errors: StateChanged (the stay has no code any more, or none yet).
    """
    rows = Stay.objects.select_for_update(of=("self",), no_key=True)
    status = rows.values_list("status", flat=True).get(pk=stay.pk)
    valid = stay.passes.filter(revoked_at=None).first()
    if status not in SHOWN or valid is None:
        raise StateChanged
    if valid.pk != seen:
        return valid
    shown = issue(stay=stay, now=now)
    log("replace_pass", stay.application, by=by, now=now)
    told = {"link": address(stay.application)}
    message(stay.application, "replaced", key=f"replaced:{shown.pk}", params=told, now=now)
    return shown
