"""Schedule the questions after a stay, ask them, keep what is learnt."""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.people.models import User
from bookings.retention.models import FollowUp, Outcome

LINK_DAYS = 60
SALT = "follow-up link"


class BadLink(Refusal):
    code = "bad_link"
    sentence = _("This link is not whole. Open it again from the message, or telephone us.")


class OldLink(Refusal):
    code = "old_link"
    sentence = _("This link has expired. Telephone us and we will ask you on the phone.")


class BadEmployerCode(Refusal):
    code = "bad_employer_code"
    sentence = _("This is not a social credit code: check its 18 characters, or leave it empty.")
    field = "employer_code"


def schedule(*, stay: Stay, horizons: list[int], consent: bool, now: dt.datetime) -> None:
    """One question for each horizon (days after leaving). Without consent nothing is asked."""
    left_on = local_date(now)
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                stay=stay,
                horizon=days,
                due_on=left_on + dt.timedelta(days=days),
                status=FollowUp.Status.DUE if consent else FollowUp.Status.DECLINED,
            )
            for days in horizons
        ),
        ignore_conflicts=True,  # leaving recorded twice schedules once
    )


def link(follow_up: FollowUp) -> str:
    """The signed address at which the guest answers without signing in."""
    token = signing.dumps(follow_up.pk, salt=SALT)
    return str(settings.SITE_URL) + reverse("follow_up_answer", args=[token])


def open_link(token: str) -> FollowUp:
    """Errors: BadLink, OldLink."""
    try:
        key = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=LINK_DAYS))
    except signing.SignatureExpired as error:
        raise OldLink from error
    except signing.BadSignature as error:
        raise BadLink from error
    return FollowUp.objects.select_related("stay__station__district").get(pk=key)


def learn(
    *,
    follow_up: FollowUp,
    kind: str,
    source: str,
    level: str,
    by: User | None,
    now: dt.datetime,
    employer: str = "",
    employer_code: str = "",
) -> Outcome:
    """Add what was learnt; what was learnt before stays. Errors: BadEmployerCode."""
    code = uscc.compact(employer_code) if employer_code else ""
    if code and not uscc.is_valid(code):
        raise BadEmployerCode
    outcome = Outcome.objects.create(
        follow_up=follow_up,
        kind=kind,
        employer=employer or None,
        employer_code=code,
        source=source,
        level=level,
        by=by,
        at=now,
    )
    FollowUp.objects.filter(pk=follow_up.pk).update(status=FollowUp.Status.ANSWERED)
    return outcome
