"""Every kind of message: its words, and how it may go. The one table of them.

A gateway in China sends registered templates only. It gets the kind's `parameters` by name, or in
their order; docs/messages.md says how a kind is mapped to a gateway's template.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_lazy, gettext_noop

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NAMES = re.compile(r"%\((\w+)\)s")
CHOSEN, SMS, MAIL = "chosen", "sms", "mail"


@dataclass(frozen=True)
class Kind:
    """`about` names it in a list and as an e-mail's subject. `link` puts an address at the end.

    `urgent`: goes at any hour. `life`: after it the message is of no use to anybody. `latest`: a
    newer one replaces those that wait. `by`: the way the person has chosen, or always SMS or e-mail.
    """

    about: "_StrPromise"
    text: str
    link: bool = False
    urgent: bool = False
    life: dt.timedelta | None = None
    latest: bool = False
    by: str = CHOSEN

    @property
    def parameters(self) -> tuple[str, ...]:
        named = NAMES.findall(self.text) + (["link"] if self.link else [])
        return tuple(dict.fromkeys(named))

    def render(self, params: Mapping[str, str]) -> str:
        """The words in the present language."""
        text = gettext(self.text) % params
        return f"{text} {params['link']}" if self.link else text


KINDS = {
    # signing in
    "code": Kind(
        gettext_lazy("sign-in code"),
        gettext_noop("Youth Station: your sign-in code is %(code)s. Tell it to nobody."),
        urgent=True,
        life=dt.timedelta(minutes=3),  # as long as it opens anything
        latest=True,
        by=SMS,
    ),
    "number_moved": Kind(
        gettext_lazy("new mobile number"),
        gettext_noop(
            "Youth Station: your account has this number now. Sign in with it; your application and "
            "stay are kept."
        ),
        urgent=True,
        by=SMS,
    ),
    "number_left": Kind(
        gettext_lazy("former mobile number"),
        gettext_noop(
            "Youth Station: your account has another mobile number now. Was it not you? Telephone us "
            "at once."
        ),
        urgent=True,
        by=SMS,
    ),
    "invitation": Kind(
        gettext_lazy("invitation to work here"),
        gettext_noop(
            "Youth Station: invitation to work with %(district)s\n\n"
            "%(name)s, %(by)s invites you as %(role)s. Open this link within seven days and choose a "
            "password:\n\n%(link)s\n\nDid you not expect this? Then do nothing."
        ),
        urgent=True,
        life=dt.timedelta(days=7),
        by=MAIL,
    ),
    "new_password": Kind(
        gettext_lazy("new password"),
        gettext_noop(
            "Youth Station: a new password\n\nOpen this link within three days and choose a new "
            "password:\n\n%(link)s\n\nDid you not ask for this? Then do nothing and tell your manager."
        ),
        urgent=True,
        life=dt.timedelta(days=3),
        by=MAIL,
    ),
    "confirm_email": Kind(
        gettext_lazy("confirm an e-mail address"),
        gettext_noop(
            "Youth Station: confirm your e-mail address\n\nYou want to be told by e-mail. Open this "
            "link within three days, signed in on the same device:\n\n%(link)s\n\nDid you not ask for "
            "this? Then do nothing."
        ),
        urgent=True,
        life=dt.timedelta(days=3),
        latest=True,
        by=MAIL,
    ),
    # the application
    "approved": Kind(
        gettext_lazy("stay approved"),
        gettext_noop(
            "Youth Station: your stay at %(station)s from %(arrival)s, %(nights)s nights, is "
            "approved. Your check-in code: %(link)s. Bring your identity document."
        ),
    ),
    "approved_waiting": Kind(
        gettext_lazy("approved, on the waitlist"),
        gettext_noop(
            "Youth Station: your application is approved. You are still on the waitlist; we "
            "message you when a bed is free:"
        ),
        link=True,
    ),
    "refused": Kind(
        gettext_lazy("not approved"),
        gettext_noop("Youth Station: your application was not approved. Why, and what helps:"),
        link=True,
    ),
    "more_asked": Kind(
        gettext_lazy("papers asked for"),
        gettext_noop("Youth Station: your bed is kept. We need from you: %(what)s. Here:"),
        link=True,
        urgent=True,  # the hold has few hours
    ),
    "reopened": Kind(
        gettext_lazy("looked at again"),
        gettext_noop("Youth Station: your application was looked at again; a bed is held:"),
        link=True,
    ),
    "revoked": Kind(
        gettext_lazy("approval taken back"),
        gettext_noop("Youth Station: your approval was taken back. Why, and what helps:"),
        link=True,
    ),
    "lapsed": Kind(
        gettext_lazy("papers too late"),
        gettext_noop("Youth Station: the papers did not come in time; the bed was given back:"),
        link=True,
    ),
    # the waitlist
    "offer": Kind(
        gettext_lazy("a bed offered"),
        gettext_noop(
            "Youth Station: a bed is free for you at %(station)s from %(arrival)s, %(nights)s "
            "nights. It is kept until %(until)s. Take it here: %(link)s"
        ),
        urgent=True,
    ),
    "bed_found": Kind(
        gettext_lazy("a bed found"),
        gettext_noop("Youth Station: a bed was found and is held for you:"),
        link=True,
    ),
    "offer_passed": Kind(
        gettext_lazy("an offer passed"),
        gettext_noop("Youth Station: the bed offered to you went to the next one. To wait on:"),
        link=True,
    ),
    "wait_over": Kind(
        gettext_lazy("no bed came free"),
        gettext_noop("Youth Station: no bed came free for your days. Apply again for other days:"),
        link=True,
    ),
    "displaced": Kind(
        gettext_lazy("bed out of use"),
        gettext_noop(
            "Youth Station: we are sorry, your bed is out of use. You are first on the waitlist "
            "and get the next one:"
        ),
        link=True,
    ),
    "alert": Kind(
        gettext_lazy("free nights wished for"),
        gettext_noop(
            "Youth Station: %(nights)s nights from %(arrival)s are free at %(station)s. Be "
            "quick: %(link)s"
        ),
    ),
    # the stay
    "remind": Kind(
        gettext_lazy("expected today"),
        gettext_noop(
            "Youth Station: your bed at %(station)s is kept until %(until)s. If you come later or not "
            "at all, telephone %(phone)s: %(link)s"
        ),
        urgent=True,
    ),
    "kept": Kind(
        gettext_lazy("bed kept for longer"),
        gettext_noop("Youth Station: your bed at %(station)s is kept until %(until)s: %(link)s"),
        urgent=True,
    ),
    "no_show": Kind(
        gettext_lazy("did not arrive"),
        gettext_noop("Youth Station: you did not arrive by the cut-off; your bed is free:"),
        link=True,
        urgent=True,
    ),
    "reissued": Kind(
        gettext_lazy("new check-in code"),
        gettext_noop("Youth Station: your check-in code was replaced. Open the new one: %(link)s"),
        urgent=True,
    ),
    "replaced": Kind(
        gettext_lazy("new check-in code"),
        gettext_noop(
            "Youth Station: your check-in code was replaced at the desk; the former one is no longer "
            "good. The new one: %(link)s"
        ),
        urgent=True,
    ),
    "corrected": Kind(
        gettext_lazy("name or document number corrected"),
        gettext_noop(
            "Youth Station: the desk corrected %(what)s to what your document says. If that is "
            "wrong, telephone %(phone)s: %(link)s"
        ),
    ),
    "stretched": Kind(
        gettext_lazy("nights changed"),
        gettext_noop(
            "Youth Station: your stay at %(station)s now ends on %(until)s, %(nights)s nights in "
            "all: %(link)s"
        ),
    ),
    "slot_ended": Kind(
        gettext_lazy("a service called off"),
        gettext_noop(
            "Youth Station: we are sorry, %(what)s on %(when)s does not take place. Other hours: "
            "%(link)s"
        ),
    ),
    "notice": Kind(
        gettext_lazy("house rules"),
        gettext_noop(
            "Youth Station: a notice about the house rules. Read it, and answer it, here:"
        ),
        link=True,
    ),
    "appeal_answered": Kind(
        gettext_lazy("appeal answered"),
        gettext_noop("Youth Station: your appeal about the house rules has been answered:"),
        link=True,
    ),
    "follow_up": Kind(
        gettext_lazy("question after the stay"),
        gettext_noop(
            "Youth Station: how are you getting on? One question, half a minute: %(link)s"
        ),
    ),
    # the numbers
    "report": Kind(
        gettext_lazy("a report is ready"),
        gettext_noop(
            "Youth Station of %(district)s: report %(period)s\n"
            "The report %(period)s (version %(version)s) is ready. It opens for 30 days:\n"
            "%(link)s\n"
            "No more reports, at a press:\n"
            "%(stop)s"
        ),
        life=dt.timedelta(days=30),
        by=MAIL,
    ),
}
THEIR_CHOICE = [name for name, kind in KINDS.items() if kind.by == CHOSEN]
