"""The address of a paper: for one viewer, for a few minutes. A copied or remembered one opens nothing."""

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Evidence
from bookings.core.errors import Refusal
from bookings.people.models import User

SECONDS = 10 * 60
_signer = TimestampSigner(salt="bookings.paper")


class Over(Refusal):
    code = "address_over"
    sentence = _(
        "For the applicant's sake a paper's address works for ten minutes only. Go back to the "
        "application and open it from there."
    )


def address(paper: Evidence, viewer: User) -> str:
    """Where `viewer` may read the paper, beginning now."""
    key = _signer.sign(_whose(paper, viewer))
    return f"{reverse('evidence_file', args=[paper.pk])}?key={key}"


def is_for(paper: Evidence, viewer: User, key: str) -> bool:
    """Whether the key opens this paper to this viewer. Errors: Over."""
    try:
        return _signer.unsign(key, max_age=SECONDS) == _whose(paper, viewer)
    except SignatureExpired as error:
        raise Over from error
    except BadSignature:
        return False


def _whose(paper: Evidence, viewer: User) -> str:
    return f"{paper.pk}-{viewer.pk}"
