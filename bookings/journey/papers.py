"""Papers at the desk: which originals a reviewer wants seen, and that a clerk has seen them."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from bookings.applications.models import Application
from bookings.applications.seen import PaperSeen, PaperToSee
from bookings.beds.allocate import lock_application
from bookings.beds.models import Stay
from bookings.core.transitions import StateChanged
from bookings.journey.common import log
from bookings.people.models import User

MAY_COME = frozenset({Stay.Status.REQUESTED, Stay.Status.PROMISED, Stay.Status.ARRIVED})


def ask_to_see(
    application: Application, kinds: Collection[str], *, by: User, now: dt.datetime
) -> None:
    """The originals of these kinds are to be seen on arrival; asked for twice is asked for once."""
    PaperToSee.objects.bulk_create(
        [PaperToSee(application=application, kind=kind, by=by, at=now) for kind in sorted(kinds)],
        ignore_conflicts=True,
    )


@transaction.atomic
def see_papers(*, stay: Stay, kinds: Collection[str], by: User, now: dt.datetime) -> int:
    """A clerk has papers of these kinds in hand. How many had not been seen before; a reviewer who
    still has the case finds them there.

    Errors: StateChanged (nobody comes any more).
    """
    application = lock_application(stay.application_id)
    if not Stay.objects.filter(pk=stay.pk, status__in=MAY_COME).exists():
        raise StateChanged
    known = application.papers_seen.values_list("kind", flat=True)
    new = sorted(set(kinds) - set(known))
    PaperSeen.objects.bulk_create(
        PaperSeen(application=application, kind=kind, by=by, at=now) for kind in new
    )
    if new:
        log("see_papers", application, by=by, now=now, kinds=new)
    return len(new)
