"""Who gets the reports, and sending them: a signed link by e-mail, once per version and subscriber.

The link asks for nothing and opens for 30 days, as long as the subscription holds. The district's own
report, with its small counts, goes only to who works for the district.
"""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from bookings.core import audit
from bookings.core.crypto import keyed_hash
from bookings.core.errors import Refusal
from bookings.messages.send import queue
from bookings.people.models import Membership, Role, User
from bookings.places.models import District
from bookings.statistics.reports.models import Audience, Mailing, Report, Subscription

LINK_DAYS = 30
SALT, STOP_SALT = "report link", "end of a subscription"


class SubscribedAlready(Refusal):
    code = "subscribed_already"
    sentence = gettext_lazy("This address gets a report already. Remove it below to change it.")
    field = "email"


class NotOfTheDistrict(Refusal):
    code = "not_of_the_district"
    sentence = gettext_lazy(
        "Only reviewers, clerks and managers of the district get its own report. Choose the one for "
        "outside, or invite this person first."
    )
    field = "email"


class BadReportLink(Refusal):
    code = "bad_report_link"
    sentence = gettext_lazy(
        "This link is not whole, or it was withdrawn. Open it again from the e-mail, or ask the "
        "district to send you the report."
    )


class OldReportLink(Refusal):
    code = "old_report_link"
    sentence = gettext_lazy(
        "This link has expired: it opens for 30 days. Ask the district to send you the report again."
    )


@transaction.atomic
def subscribe(
    *, district: District, email: str, audience: str, language: str, by: User, now: dt.datetime
) -> Subscription:
    """Errors: SubscribedAlready, NotOfTheDistrict."""
    email = email.strip().lower()
    if audience == Audience.INTERNAL and not works_for(district, email):
        raise NotOfTheDistrict
    row = Subscription(
        district=district,
        email=email,
        email_hash=keyed_hash(email, "e-mail"),
        audience=audience,
        language=language,
        added_by=by,
        added_at=now,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise SubscribedAlready from error
    told = {"audience": audience}
    audit.record("subscribe", row, by=by, now=now, district_id=district.pk, **told)
    return row


@transaction.atomic
def unsubscribe(*, subscription: Subscription, by: User | None, now: dt.datetime) -> bool:
    """No more reports, and the address is gone; `by` is None for the subscriber. Whether it did."""
    standing = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
    if not standing.update(ended_at=now, email=None, email_hash=None):
        return False
    district = subscription.district_id
    audit.record("unsubscribe", subscription, by=by, now=now, district_id=district)
    return True


def works_for(district: District, email: str) -> bool:
    """An observer is outside."""
    members = Membership.objects.filter(district=district, is_active=True, user__is_active=True)
    return members.filter(user__email__iexact=email).exclude(role=Role.OBSERVER).exists()


def send(*, report: Report, now: dt.datetime) -> int:
    """A ready version to each subscriber of its audience who has not been sent it; who was added since
    it was counted waits for the next one. How many."""
    subscribers = Subscription.objects.filter(
        district=report.district_id, audience=report.audience, ended_at=None
    ).filter(added_at__lte=report.data_as_of)
    already = Mailing.objects.filter(report=report).values("subscription")
    return sum(
        _sent(report, one, now=now)
        for one in subscribers.exclude(pk__in=already).select_related("district")
        if _may_have(one)
    )


def unsent(*, now: dt.datetime) -> list[Report]:
    """Scheduled versions of the last two days: a dead worker may have left their sending undone."""
    since = now - dt.timedelta(days=2)
    ready = Report.objects.filter(state=Report.State.READY, requested_by=None)
    return list(ready.filter(data_as_of__gte=since).select_related("district"))


def _may_have(subscription: Subscription) -> bool:
    if subscription.ended_at or not subscription.email:
        return False
    return subscription.audience == Audience.OUTSIDE or works_for(
        subscription.district, subscription.email
    )


def _sent(report: Report, subscription: Subscription, *, now: dt.datetime) -> bool:
    try:
        with transaction.atomic(), translation.override(subscription.language):
            Mailing.objects.create(report=report, subscription=subscription, at=now)
            queue(
                kind="report",
                key=f"report:{report.pk}:{subscription.pk}",
                params={
                    "district": subscription.district.name,
                    "period": report.period_name,
                    "version": report.version,
                    "link": link(report, subscription),
                    "stop": stop_link(subscription),
                },
                to=str(subscription.email),
                district_id=report.district_id,
                now=now,
            )
    except IntegrityError:  # another worker was quicker
        return False
    return True


def link(report: Report, subscription: Subscription) -> str:
    token = signing.dumps([report.pk, subscription.pk], salt=SALT)
    return str(settings.SITE_URL) + reverse("report_link", args=[token])


def stop_link(subscription: Subscription) -> str:
    token = signing.dumps(subscription.pk, salt=STOP_SALT)
    return str(settings.SITE_URL) + reverse("report_stop", args=[token])


def open_link(token: str) -> tuple[Report, Subscription]:
    """Errors: BadReportLink, OldReportLink."""
    try:
        report, subscriber = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=LINK_DAYS))
    except signing.SignatureExpired as error:
        raise OldReportLink from error
    except signing.BadSignature as error:
        raise BadReportLink from error
    subscription = Subscription.objects.select_related("district").get(pk=subscriber)
    found = Report.objects.filter(pk=report, audience=subscription.audience).first()
    if found is None or not _may_have(subscription):
        raise BadReportLink
    return found, subscription


def open_stop_link(token: str) -> Subscription:
    """Errors: BadReportLink."""
    try:
        pk = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature as error:
        raise BadReportLink from error
    return Subscription.objects.select_related("district").get(pk=pk)
