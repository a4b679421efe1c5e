"""What each result of a scan says to the clerk, and what to do next."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.core.sentences import in_a_row
from bookings.desk.models import Action, Reason, Result, Scan

SENTENCES: dict[str, str | Promise] = {
    Reason.FINE: _("Compare the name and number with the identity document."),
    Reason.TOO_EARLY_TODAY: _("Check-in has not begun. Arrive the guest if the bed is ready."),
    Reason.MINOR: _(
        "The guest is under 18. Ask for a guardian's name and telephone, and who comes along."
    ),
    Reason.EVIDENCE_TO_SEE: _("Ask to see the paper that could not be checked before."),
    Reason.OTHER_NIGHTS: _("The first night has passed; the later nights are the guest's."),
    Reason.UNKNOWN: _("We know no such code. Read it again, or type its eight letters."),
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
    Reason.LEAVE_UNDONE: _(
        "This check-out was undone at a desk afterwards: the guest is in house. Ask the guest, and check "
        "out again if they are really leaving."
    ),
    Reason.NOT_ARRIVED: _("The guest has not arrived yet. Arrive the guest first."),
    Reason.WRONG_STATION: _("This pass is for another station. Show the guest the way there."),
    Reason.WRONG_DAY: _("This pass is for other days. Compare the dates below."),
    Reason.SUSPENDED: _("Stays of this person are suspended. Call a manager."),
    Reason.NO_SUCH_SERVICE: _("This station has no such service."),
    Reason.SERVICE_CLOSED: _("This service is not given at this hour."),
    Reason.USED_UP: _("The free uses of this service are used up, for today or for this stay."),
    Reason.FULLY_BOOKED: _("Every place of this slot is booked. Let the guest book a later one."),
    Reason.CLOCK_OFF: _("The device's clock is wrong. Set its date and time, then scan again."),
    Reason.NONCE_REUSED: _("The device sent two different scans under one number. Scan again."),
    Reason.UNREADABLE: _("The device sent something that we cannot read. Scan again."),
}

# what an accepted act did, in place of the reason "in order"
DONE: dict[str, tuple[str | Promise, str | Promise]] = {
    Action.ARRIVE: (_("Checked in"), _("Show the guest the way to the bed below.")),
    Action.LEAVE: (
        _("Checked out"),
        _("Take the key back. Nights not used are the guest's again."),
    ),
    Action.REDEEM: (_("Counted"), _("One use of the service has been counted.")),
}


GIVEN_AT = _("It is given at: %s.")
STILL_TO_DO = frozenset({Reason.MINOR, Reason.EVIDENCE_TO_SEE})  # said with what was done


def is_done(scan: Scan) -> bool:
    """Whether the scan did something, in order or with a warning."""
    return scan.action in DONE and scan.result != Result.REFUSED


def title(scan: Scan) -> str:
    """The result of a scan in a word or two."""
    return str(DONE[scan.action][0]) if is_done(scan) else scan.get_reason_display()


def sentence(scan: Scan, *, hours: str = "") -> str:
    """What it means and what to do next; of a service that is closed, its `hours`."""
    if not is_done(scan):
        return in_a_row([str(SENTENCES[scan.reason]), str(GIVEN_AT) % hours if hours else ""])
    still = str(SENTENCES[scan.reason]) if scan.reason in STILL_TO_DO else ""
    return in_a_row([still, str(DONE[scan.action][1])])


def tone(scan: Scan) -> str:
    """Green, amber or red: ok, warn or refused. What was done is green, unless something is left to
    ask the guest for."""
    return "ok" if is_done(scan) and scan.reason not in STILL_TO_DO else scan.result
