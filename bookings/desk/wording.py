"""What each result of a scan says to the clerk, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.desk.models import Reason

SENTENCES: dict[str, str | Promise] = {
    Reason.FINE: _("In order. Compare the name and number with the identity document."),
    Reason.TOO_EARLY_TODAY: _("Check-in has not begun. Arrive the guest if the bed is ready."),
    Reason.DONE_BEFORE: _("This was done before; nothing was done twice."),
    Reason.UNKNOWN: _("We know no such code. Read it again, or search by the typed code."),
    Reason.FORGED: _(
        "This code was not made by us. Ask for the identity document and call a manager."
    ),
    Reason.REVOKED: _("This code was replaced. Ask the guest to open the pass on the site again."),
    Reason.NOT_APPROVED: _("The application is still in review. Telephone the reviewer."),
    Reason.CANCELLED: _("This stay was cancelled. Offer a new application."),
    Reason.LAPSED: _("The hold has lapsed. Offer a new application."),
    Reason.NO_SHOW: _("This stay was given up because nobody came by the cut-off."),
    Reason.ALREADY_ARRIVED: _(
        "The guest has arrived already. Somebody may be using a copied code."
    ),
    Reason.ALREADY_LEFT: _("This stay is over."),
    Reason.NOT_ARRIVED: _("The guest has not arrived yet. Arrive the guest first."),
    Reason.WRONG_STATION: _("This pass is for another station. Show the guest the way there."),
    Reason.WRONG_DAY: _("This pass is for other days. Compare the dates below."),
    Reason.SUSPENDED: _("Stays of this person are suspended. Call a manager."),
    Reason.NO_SUCH_SERVICE: _("This station has no such service."),
    Reason.USED_UP: _("Today's free uses of this service are used up."),
    Reason.NONCE_REUSED: _("The device sent two different scans under one number. Scan again."),
}
