"""What pages tell before and after an event; nothing is written here."""

import dataclasses
import datetime as dt
from typing import NamedTuple

from bookings.applications.models import Application, Evidence
from bookings.beds.allowance import taken
from bookings.beds.house import FreeNight
from bookings.beds.house import free_nights as nights_free
from bookings.beds.models import Stay
from bookings.beds.next_steps import next_steps
from bookings.beds.waitlist.models import Wait
from bookings.beds.waitlist.queue import place
from bookings.core.clock import local_date
from bookings.desk.services.shown import offers
from bookings.eligibility.decide import rules_of
from bookings.eligibility.rules import Finding, judge
from bookings.eligibility.wording import Told, tell
from bookings.journey.appeal import may_appeal
from bookings.journey.common import gathered
from bookings.journey.stretch import room_to_change
from bookings.places.models import District, Policy, Station
from bookings.retention.models import FollowUp, Outcome

DAYS_SHOWN = 14


def slips(*, application: Application, now: dt.datetime) -> list[tuple[str, str]]:
    """What in the wish itself cannot be right, as (form field, sentence), before anything is sent."""
    fields = {"booking_window": "arrival", "allowance": "nights", "recent_graduate": "arrival"}
    told = preview(application=application, now=now)
    return [
        (fields[finding.clause], finding.whole)
        for finding in told
        if finding.outcome == "fail" and finding.clause in fields
    ]


def preview(*, application: Application, now: dt.datetime) -> list[Told]:
    """What would be decided if the draft were sent now; nothing is stored."""
    return tell(dataclasses.asdict(finding) for finding in _judged(application, now))


def _judged(application: Application, now: dt.datetime) -> tuple[Finding, ...]:
    policy = Policy.objects.in_force(application.district, local_date(now))
    return judge(gathered(application, policy, now=now), rules_of(policy))


class Needed(NamedTuple):
    """What the policy still wants to see, in words, and the kind of the first such paper, if any."""

    words: list[str]
    kind: str


def papers_needed(*, application: Application, now: dt.datetime) -> Needed:
    findings = _judged(application, now)
    told = tell(dataclasses.asdict(finding) for finding in findings)
    words = [one.whole for one in told if one.outcome == "unproven" and one.mend]
    return Needed(words, next(map(_kind, filter(_lacks_paper, findings)), ""))


def _lacks_paper(finding: Finding) -> bool:
    return finding.outcome == "unproven" and finding.reason == "no_paper"


def _kind(finding: Finding) -> str:
    kinds = finding.values.get("needed")
    return kinds[0] if isinstance(kinds, list) else str(Evidence.Kind.DEGREE)


def nights_left(*, application: Application, now: dt.datetime) -> int:
    """The nights of the allowance that the draft's person has neither used nor been promised."""
    policy = Policy.objects.in_force(application.district, local_date(now))
    if application.graduate is None:
        return policy.nights
    arrival = application.arrival or local_date(now)
    return max(policy.nights - taken(application.graduate, policy, arrival)[0], 0)


def free_nights(
    *, district: District, sex: str, now: dt.datetime
) -> list[tuple[Station, list[FreeNight]]]:
    """Each open station with its free beds for one sex, for two weeks."""
    stations = list(district.stations.filter(is_open=True))
    free = nights_free(stations, sex, local_date(now), DAYS_SHOWN)
    return [(station, free[station.pk]) for station in stations]


def latest_arrival(*, district: District, now: dt.datetime) -> dt.date:
    """The last day of arrival that one can ask for now."""
    policy = Policy.objects.in_force(district, local_date(now))
    return local_date(now) + dt.timedelta(days=policy.days_ahead)


def story(*, application: Application, now: dt.datetime) -> dict[str, object]:
    """What the applicant's page tells: the findings, the stay, the pass, what happens next."""
    stay = (
        Stay.objects.filter(application=application)
        .select_related("station__district", "graduate", "application")
        .first()
    )
    latest = application.decisions.select_related("policy").latest()
    wait = Wait.objects.open().filter(application=application).first()
    held = stay is not None and stay.status in Stay.MOVABLE
    shown = stay.passes.filter(revoked_at=None).first() if stay else None
    return {
        "now": now,
        "decision": latest,
        "findings": tell(latest.findings),
        "stay": stay,
        "pass": shown if stay and stay.status in (Stay.Status.PROMISED, "arrived") else None,
        "steps": next_steps(application, stay),
        "held": held,
        "room": room_to_change(stay=stay, now=now) if stay else None,
        "services": offers(stay=stay, now=now) if stay else [],
        "may_withdraw": held or wait is not None or application.status in Application.OPEN,
        "wait": wait,
        "place": place(wait, latest.policy) if wait and wait.status == "waiting" else None,
        "offer": wait.offers.filter(status="open").first() if wait else None,
        "appeal": application.appeals.first(),
        "may_appeal": may_appeal(application, now=now),
        "asked": _asked(application),
        "leaving": _leaving(application, stay),
    }


def _leaving(application: Application, stay: Stay | None) -> dict[str, object] | None:
    """The question at leaving: its answers, and the one given. None where it is not asked."""
    if stay is None or stay.status != Stay.Status.LEFT or not application.follow_up_consent:
        return None
    said = Outcome.objects.filter(follow_up__stay=stay, follow_up__horizon=FollowUp.AT_LEAVING)
    return {"kinds": Outcome.Kind.choices, "said": said.ruling_first().first()}


def _asked(application: Application) -> list[tuple[str, str, bool]]:
    """The kinds of paper asked for: each with its word, and whether it has come."""
    if not application.asked_kinds:
        return []
    papers = application.evidence.filter(uploaded_at__gt=application.asked_at)
    new = set(papers.values_list("kind", flat=True))
    return [(kind, str(Evidence.Kind(kind).label), kind in new) for kind in application.asked_kinds]
