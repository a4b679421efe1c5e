"""What is kept of a list: its matches until it is confirmed, then outcomes. The journey calls it."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from bookings.core.transitions import StateChanged
from bookings.retention.bureau.match import Found, Insured
from bookings.retention.bureau.models import BureauList, BureauMatch
from bookings.retention.models import FollowUp, Outcome

SLIPS = 200  # unreadable rows that are named
MATCH_FIELDS = ["kind", "employer", "employer_code", "since", "row"]
Status = BureauList.Status


def keep_found(bureau_list: BureauList, found: Found, *, read: int, now: dt.datetime) -> None:
    """Keep what the next rows came to, counted once: who comes from another number of rows, or to a
    list that is not being read any more, gets StateChanged."""
    counts = {name: F(name) + found.counts[name] for name in BureauList.COUNTS}
    slips = (bureau_list.slips + [list(slip) for slip in found.slips])[:SLIPS]
    rows = bureau_list.rows + found.counts.total()
    here = BureauList.objects.filter(
        pk=bureau_list.pk, status=Status.READING, rows=bureau_list.rows
    )
    if not here.update(rows=rows, read=read, slips=slips, moved_at=now, **counts):
        raise StateChanged
    _keep_matches(bureau_list, found.matches)
    bureau_list.rows, bureau_list.slips = rows, slips


def _keep_matches(bureau_list: BureauList, matches: dict[int, Insured]) -> None:
    """One match a question: the better one of what is kept and what comes."""
    kept = BureauMatch.objects.filter(bureau_list=bureau_list, follow_up__in=matches)
    ranks = {
        pk: (since, kind == Outcome.Kind.EMPLOYED_HERE, -row)
        for pk, since, kind, row in kept.values_list("follow_up", "since", "kind", "row")
    }
    better = [
        BureauMatch(
            bureau_list=bureau_list,
            follow_up_id=pk,
            **{name: getattr(insured, name) for name in MATCH_FIELDS},
        )
        for pk, insured in matches.items()
        if pk not in ranks or insured.rank > ranks[pk]
    ]
    BureauMatch.objects.bulk_create(
        better,
        update_conflicts=True,
        unique_fields=["bureau_list", "follow_up"],
        update_fields=MATCH_FIELDS,
    )


def write_some(bureau_list: BureauList, *, chunk: int, now: dt.datetime) -> bool:
    """Turn some matches into outcomes, in one transaction with their going. False: none is left."""
    lists = BureauList.objects.select_for_update(of=("self",))  # one worker at a time
    if not lists.filter(pk=bureau_list.pk, status=Status.CONFIRMING).exists():
        return False
    kept = BureauMatch.objects.select_for_update(of=("self",)).filter(bureau_list=bureau_list)
    matches = list(kept.order_by("follow_up")[:chunk])
    if not matches:
        return False
    questions = [match.follow_up_id for match in matches]
    may = set(askable(questions).select_for_update(of=("self",)).values_list("pk", flat=True))
    Outcome.objects.bulk_create(
        _outcome(match, bureau_list) for match in matches if match.follow_up_id in may
    )
    FollowUp.objects.filter(pk__in=may).update(status=FollowUp.Status.ANSWERED)
    BureauMatch.objects.filter(pk__in=[match.pk for match in matches]).delete()
    BureauList.objects.filter(pk=bureau_list.pk).update(
        written=F("written") + len(may), moved_at=now
    )
    return True


def askable(questions: list[int]) -> QuerySet[FollowUp]:
    """Those of people who consent at this moment and have not been forgotten."""
    consented = FollowUp.objects.filter(pk__in=questions, stay__application__follow_up_consent=True)
    return consented.askable().exclude(status=FollowUp.Status.DECLINED).order_by("pk")


def _outcome(match: BureauMatch, bureau_list: BureauList) -> Outcome:
    assert bureau_list.confirmed_at
    return Outcome(
        follow_up_id=match.follow_up_id,
        kind=match.kind,
        employer=match.employer,
        employer_code=match.employer_code,
        source=Outcome.Source.REGISTER,
        level=Outcome.Level.SOCIAL_INSURANCE,
        by=bureau_list.confirmed_by,
        at=bureau_list.confirmed_at,
        bureau_list=bureau_list,
    )


def ask_again(bureau_list: BureauList) -> None:
    """Questions that only a list taken back had answered are what they were before."""
    of_list = Outcome.objects.filter(bureau_list=bureau_list, follow_up=OuterRef("pk"))
    standing = Outcome.objects.standing().filter(follow_up=OuterRef("pk"))
    told = FollowUp.objects.filter(
        Exists(of_list), ~Exists(standing), status=FollowUp.Status.ANSWERED
    )
    told.filter(stay__application__follow_up_consent=False).update(status=FollowUp.Status.DECLINED)
    told.given_up().update(status=FollowUp.Status.UNREACHABLE)
    told.filter(asked_at__isnull=False).update(status=FollowUp.Status.ASKED)
    told.update(status=FollowUp.Status.DUE)


def summary(bureau_list: BureauList) -> dict[str, Any]:
    """What a list would write: answers by kind, how many guests, how many contradict."""
    matches = bureau_list.matches.all()
    kinds = dict(matches.values_list("kind").annotate(rows=Count("pk")).order_by("kind"))
    guests = matches.aggregate(guests=Count("follow_up__stay__graduate", distinct=True))
    return {
        "kinds": [(label, kinds[kind]) for kind, label in Outcome.Kind.choices if kind in kinds],
        "guests": guests["guests"],
        "against": matches.contradicting().count(),
    }
