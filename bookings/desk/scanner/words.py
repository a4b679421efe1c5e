"""What the scan page says when it judges by itself: the sentences of wording.py and those of its own."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.beds.models import Stay
from bookings.core.sentences import in_a_row
from bookings.desk.models import Action, Reason
from bookings.desk.wording import DONE, GIVEN_AT, SENTENCES


def words(slug: str) -> dict[str, Any]:
    """All of it, by the names that the page's modules use."""
    return {
        "reasons": {**_reasons(), **_own_reasons()},
        "done": {
            action: {"title": str(title), "sentence": str(sentence)}
            for action, (title, sentence) in DONE.items()
        },
        "due": {
            Action.ARRIVE: _("The document agrees: check in"),
            Action.LEAVE: _("Check out"),
        },
        "statuses": {value: str(label) for value, label in Stay.Status.choices},
        "stay_url": reverse("desk_stay", args=[slug, 0]),
        **_page(),
    }


def _reasons() -> dict[str, dict[str, str]]:
    return {
        value: {"title": str(label), "sentence": str(SENTENCES[value])}
        for value, label in Reason.choices
    }


def _own_reasons() -> dict[str, dict[str, str]]:
    return {
        "not_listed": {
            "title": _("Genuine, but not on the list"),
            "sentence": _(
                "The code was made by us, perhaps since the list was fetched, or for another station. "
                "Read the pass and the document before you let the guest in."
            ),
        },
        "no_list": {
            "title": _("No list on this device"),
            "sentence": _(
                "Without a network and without a list no code can be checked. Note name and time on "
                "paper, and scan again when the network is back."
            ),
        },
        "old_list": {
            "title": _("In order by an old list"),
            "sentence": _(
                "The list on this device is over twelve hours old. Read the pass and the document."
            ),
        },
    }


def _page() -> dict[str, str]:
    return {
        "alone": _("Judged by this device without the network. It will be sent when that is back."),
        "differs": _("The document differs"),
        "show_number": _("Show the whole number (logged)"),
        "arrived_at": _("Arrived %s"),
        "used_up": str(Reason.USED_UP.label),
        "closed": in_a_row([str(SENTENCES[Reason.SERVICE_CLOSED]), str(GIVEN_AT)]),
        "keys": _("Key to take back: %s"),
        "to_see": _("Originals to be seen: %s. Note on the page of the stay that you saw them."),
        "age": _("List checked %s min ago"),
        "no_list": _("No list yet"),
        "sent": _("%s sent, all taken."),
        "sent_conflicts": _("%s sent. %c must be looked at: open the list of conflicts."),
        "unsent": _("Something is still to be sent. Connect to the network first."),
        "nobody": _("Nobody of this station is found by that. Read it again."),
        "rejected": _("That did not work. Read the code again."),
        "no_number": _("The whole number needs the network. Compare the name and the photo."),
        "no_camera": _("The camera does not open. Scan with the scanner or type the code."),
    }
