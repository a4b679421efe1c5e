"""What each way to settle a conflict means for the guest and the house."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.desk.conflicts.models import Way

MEANS: dict[str, str | Promise] = {
    Way.TAKE_IN: _("Nights that were given back are held again, if a bed is free."),
    Way.SENT_AWAY: _("Nothing changes in the house."),
    Way.SAME_GUEST: _("The guest is checked in already; nothing changes."),
    Way.COPIED: _("The old code opens nothing any more; the guest is sent a new one."),
    Way.MOVE: _("Who has not arrived makes room; nobody who sleeps here is moved."),
    Way.GUEST_TOLD: _("The plan stays as it is."),
    Way.NOTED: _("Say in the note what was done."),
}
