"""Whose room somebody wishes to share, by the code that the other one gave away."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core.errors import Refusal
from bookings.core.short_code import normalise

Status = Application.Status
OVER = [Status.DRAFT, Status.REFUSED, Status.WITHDRAWN, Status.LAPSED]
GONE = [Stay.Status.LEFT, Stay.Status.CANCELLED, Stay.Status.LAPSED, Stay.Status.NO_SHOW]


class NoSuchFriend(Refusal):
    """One sentence for all codes that do not help, so that guessing them teaches nothing."""

    code = "no_such_friend"
    sentence = _(
        "Nobody with whom you could share a room has this code now. Compare it with your friend's page, "
        "letter by letter, or leave the field empty."
    )
    field = "friend"


class OwnCode(Refusal):
    code = "own_code"
    sentence = _("This is your own code. Type your friend's, or leave the field empty.")
    field = "friend"


def find_friend(*, code: str, application: Application) -> Application:
    """The application behind a friend's code, as people type it: of the same district and sex, and
    not over. Errors: NoSuchFriend, OwnCode."""
    assert application.graduate
    known = Application.objects.filter(friend_code=normalise(code) or "")
    if known.filter(user=application.user_id).exists():
        raise OwnCode
    over = Q(status__in=OVER) | Q(stay__status__in=GONE)
    together = {"district": application.district_id, "graduate__sex": application.graduate.sex}
    friend = known.filter(**together).exclude(over).first()
    if friend is None:
        raise NoSuchFriend
    return friend
