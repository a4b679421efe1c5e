"""Decide: gather the facts of an application, judge them by the policy in force, keep the decision."""

import datetime as dt
import json
from typing import Any

from bookings.applications.models import Application
from bookings.applications.seen import kinds_shown
from bookings.core.clock import local_date
from bookings.eligibility.models import Decision
from bookings.eligibility.rules import CLAUSES, Facts, Finding, Rules, conclude, judge
from bookings.people.models import User
from bookings.places.models import Policy

DATES = {
    "doc_until",
    "birth_date",
    "graduation_date",
    "chsi_until",
    "arrival",
    "today",
    "suspended_until",
}
PERSONAL = {"doc_number", "birth_date", "hukou_code"}
BESIDE = {"codes", "clauses", "forgotten"}  # stored with the facts, but none themselves
SETS = {"evidence", "confirmed", "rejected", "overridden"}


def rules_of(policy: Policy, *, codes: frozenset[str] | None = None) -> Rules:
    """A policy version as the plain values the rules work on; `codes` are the district's of then."""
    return Rules(
        codes=policy.district.codes if codes is None else codes,
        years_since_graduation=policy.years_since_graduation,
        minimum_degree=policy.minimum_degree,
        minimum_age=policy.minimum_age,
        maximum_age=policy.maximum_age,
        nights=policy.nights,
        days_ahead=policy.days_ahead,
        evidence={purpose: frozenset(kinds) for purpose, kinds in policy.evidence.items()},
        stays=policy.stays,
        yearly=policy.period == Policy.Period.YEAR,
    )


def facts_of(
    application: Application, *, now: dt.datetime, overlapping: bool, taken: tuple[int, int]
) -> Facts:
    """All that the rules need to know of an application at this moment.

    `taken`: the nights and the stays used and promised, of the policy's period.
    """
    assert application.graduate is not None
    today = local_date(now)
    suspensions = application.graduate.suspensions.filter(until__gt=today)
    suspension = suspensions.order_by("-until").first()
    return gather(
        application,
        today=today,
        evidence=kinds_shown(application),
        taken=taken,
        overlapping=overlapping,
        suspended_until=suspension.until if suspension else None,
    )


def gather(
    application: Application,
    *,
    today: dt.date,
    evidence: frozenset[str],
    taken: tuple[int, int],
    overlapping: bool = False,
    suspended_until: dt.date | None = None,
) -> Facts:
    """The facts of an application and its person, without a query."""
    person = application.graduate
    assert person is not None
    return Facts(
        doc_type=person.doc_type,
        doc_number=person.doc_number,
        doc_until=person.doc_until,
        sex=person.sex,
        birth_date=person.birth_date,
        hukou_code=person.hukou_code or None,
        degree=person.degree,
        graduation_date=person.graduation_date,
        chsi_until=person.chsi_until,
        has_home=person.has_home,
        purpose=application.purpose or None,
        arrival=application.arrival,
        nights=application.nights,
        nights_taken=taken[0],
        stays_taken=taken[1],
        today=today,
        evidence=evidence,
        overlapping=overlapping,
        suspended_until=suspended_until,
    )


def decide(
    *,
    application: Application,
    facts: Facts,
    policy: Policy,
    by: User | None,
    now: dt.datetime,
    note: str = "",
) -> Decision:
    """Judge and store. A person's approval is theirs; the system alone approves only if the policy
    reviews automatically, else what passes is `review`."""
    number = application.decisions.count() + 1
    decision = draft_decision(
        application, number=number, facts=facts, policy=policy, by=by, now=now, note=note
    )
    decision.save()
    return decision


def draft_decision(
    application: Application,
    *,
    number: int,
    facts: Facts,
    policy: Policy,
    by: User | None,
    now: dt.datetime,
    note: str = "",
) -> Decision:
    """The decision that `decide` would store, not stored yet."""
    findings = judge(facts, rules_of(policy))
    outcome: str = conclude(findings)
    if outcome == "approve" and by is None and policy.review == Policy.Review.REVIEWED:
        outcome = Decision.Outcome.REVIEW
    return Decision(
        application=application,
        number=number,
        policy=policy,
        outcome=outcome,
        facts=dump(facts, codes=policy.district.codes),
        findings=[dict(vars(finding)) for finding in findings],
        note=note,
        by=by,
        at=now,
    )


def replay(decision: Decision) -> list[dict[str, Any]]:
    """The findings of a decision, judged again over its stored facts and policy version; as they
    stand where the person has been forgotten."""
    stored = json.loads(decision.facts)
    if stored.get("forgotten"):  # what it was judged by is gone
        return list(decision.findings)
    codes = frozenset(stored["codes"])
    rules = rules_of(decision.policy, codes=codes)
    clauses = stored.get("clauses") or [finding["clause"] for finding in decision.findings]
    findings: tuple[Finding, ...] = judge(load(decision.facts), rules, clauses=clauses)
    return [dict(vars(finding)) for finding in findings]


def forget(decision: Decision) -> None:
    """Take out of a decision's facts who it was about; what it found, and by which rules, stays."""
    facts = json.loads(decision.facts) | dict.fromkeys(PERSONAL) | {"forgotten": True}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    Decision.objects.filter(pk=decision.pk).update(facts=text)


def dump(facts: Facts, *, codes: frozenset[str]) -> str:
    """The facts as stored, with the district's codes and the clauses of that day: both may grow."""
    plain = {
        key: sorted(value) if isinstance(value, frozenset) else value
        for key, value in (vars(facts) | {"codes": codes, "clauses": list(CLAUSES)}).items()
    }
    return json.dumps(plain, default=str, ensure_ascii=False, sort_keys=True)


def load(text: str) -> Facts:
    plain = json.loads(text)
    for key in BESIDE:
        plain.pop(key, None)
    for key in DATES & plain.keys():  # a decision knows the facts of its own day
        plain[key] = plain[key] and dt.date.fromisoformat(plain[key])
    for key in SETS & plain.keys():  # what came later to the rules is not in older decisions
        plain[key] = None if plain[key] is None else frozenset(plain[key])
    return Facts(**plain)
