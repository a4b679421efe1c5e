"""The call list of a district: whom to telephone now, whom later, whom not yet.

Now: who was sent the question CALL_DAYS ago and has not answered, who could not be sent it, and who
asked to be called back by now. Once a day and person: who did not answer today comes again tomorrow.
"""

import datetime as dt

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from bookings.core.clock import at_local, local_date
from bookings.messages.models import Message
from bookings.people.models import User
from bookings.places.models import District
from bookings.retention.calls.claim import free_for
from bookings.retention.follow_up import CALL_DAYS
from bookings.retention.models import Attempt, FollowUp, Proof

Questions = QuerySet[FollowUp]


def asked(district: District, now: dt.datetime) -> Questions:
    """Questions that are due and open; each with `call_at` (promised call-back), `last_at` (last call)
    and `tries` (calls that nobody answered)."""
    calls = Attempt.objects.filter(follow_up=OuterRef("pk"), result__in=Attempt.CALLS)
    last = calls.order_by("-number")
    return (
        FollowUp.objects.askable()
        .filter(
            stay__station__district=district,
            stay__application__follow_up_consent=True,
            status__in=FollowUp.OPEN,
            due_on__lte=local_date(now),
        )
        .annotate(
            call_at=Subquery(last.values("call_back_at")[:1]),
            last_at=Subquery(last.values("at")[:1]),
            tries=Count("attempts", filter=Q(attempts__result=Attempt.Result.NO_ANSWER)),
        )
        .order_by(F("call_at").asc(nulls_last=True), "due_on", "tries", "pk")
    )


def to_call(district: District, now: dt.datetime) -> Questions:
    return asked(district, now).filter(_silent(now), _now(now))


def later(district: District, now: dt.datetime) -> Questions:
    return asked(district, now).filter(_silent(now), _later(now))


def with_guest(district: District, now: dt.datetime) -> Questions:
    """The message is out, or goes out today: the guest's turn."""
    return asked(district, now).exclude(_silent(now))


def papers(district: District, now: dt.datetime) -> Questions:
    """Answers with a paper that nobody has looked at, the oldest first."""
    waiting = Proof.objects.filter(outcome__follow_up=OuterRef("pk"))
    questions = FollowUp.objects.askable().filter(stay__station__district=district)
    return questions.filter(Exists(waiting)).order_by("due_on", "pk")


LISTS = {"call": to_call, "later": later, "guest": with_guest, "papers": papers}


def _silent(now: dt.datetime) -> Q:
    """Telephoned before, or asked long enough ago, or not to be reached by a message."""
    began = at_local(local_date(now) - dt.timedelta(days=CALL_DAYS - 1), dt.time())
    key = Concat(Value("follow-up:"), Cast(OuterRef("pk"), CharField()))
    lost = Message.objects.filter(key=key, status=Message.Status.FAILED)
    called = Attempt.objects.filter(follow_up=OuterRef("pk"))
    without = Q(stay__application__user__phone_hash=None)
    return Q(asked_at__lt=began) | without | Q(Exists(lost)) | Q(Exists(called))


def _now(now: dt.datetime) -> Q:
    today = at_local(local_date(now), dt.time())
    return Q(call_at__lte=now) | Q(call_at=None) & (Q(last_at=None) | Q(last_at__lt=today))


def _later(now: dt.datetime) -> Q:
    today = at_local(local_date(now), dt.time())
    return Q(call_at__gt=now) | Q(call_at=None, last_at__gte=today)


def next_call(
    calls: Questions, *, user: User, now: dt.datetime, after: FollowUp | None = None
) -> int | None:
    """The key of the first call, or of the one that comes after another, begun again at the top; calls
    that a colleague has at hand are passed over. One query."""
    keys = list(calls.filter(free_for(user, now)).values_list("pk", flat=True))
    former = after and after.pk
    others = [pk for pk in keys if pk != former]
    here = keys.index(former) if former in keys else 0
    ahead = others[here:] or others
    return ahead[0] if ahead else None


def done_today(district: District, now: dt.datetime) -> QuerySet[Attempt]:
    """The calls of a day."""
    today = at_local(local_date(now), dt.time())
    calls = Attempt.objects.filter(at__gte=today, result__in=Attempt.CALLS)
    return calls.filter(follow_up__stay__station__district=district)
