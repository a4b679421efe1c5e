"""The rules, clause by clause. Pure: plain values in, findings out; no Django, no queries.

Each clause answers `pass`, `fail` or `unproven`, with a reason (a word that wording.py turns into
a sentence) and the values it used. A fact that is missing or contradicts another is `unproven`,
never a silent pass. The rules are total: whatever the facts, every clause answers once.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bookings.people.documents import read_document
from bookings.places.regions import known_codes

Outcome = Literal["pass", "fail", "unproven"]
Values = dict[str, str | int | list[str] | None]

DEGREES = ("secondary_vocational", "junior_college", "bachelor", "master", "doctor")
HUKOU_DOCUMENTS = {"resident_id"}  # other documents' holders have no mainland 户籍


@dataclass(frozen=True)
class Facts:
    """What is known of a person and a wish. None is unknown.

    `chsi_until` is the last day on which the CHSI code given for the degree opens its report; None
    where no code was given.

    `nights_taken` and `stays_taken` are those used and promised, in the year of arrival where the
    rules give them yearly.

    `moment` is False for a pre-screening that judges the person only: then valid_document,
    booking_window, overlap and standing pass unasked, and `evidence` is None (not asked for). `confirmed` and `rejected`
    hold what a reviewer found: clauses proven by papers, clauses the papers contradict;
    `overridden` holds failed clauses that two people let pass.
    """

    doc_type: str | None = None
    doc_number: str | None = None
    doc_until: dt.date | None = None
    sex: str | None = None
    birth_date: dt.date | None = None
    hukou_code: str | None = None
    degree: str | None = None
    graduation_date: dt.date | None = None
    chsi_until: dt.date | None = None
    has_home: bool | None = None
    purpose: str | None = None
    arrival: dt.date | None = None
    nights: int | None = None
    nights_taken: int | None = 0
    stays_taken: int | None = 0
    today: dt.date | None = None
    moment: bool = True
    evidence: frozenset[str] | None = None
    overlapping: bool = False
    suspended_until: dt.date | None = None
    confirmed: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    overridden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """A policy version as plain values. `codes`: the district's present and merged codes."""

    codes: frozenset[str]
    years_since_graduation: int
    minimum_degree: str
    minimum_age: int
    maximum_age: int | None
    nights: int
    days_ahead: int
    evidence: Mapping[str, frozenset[str]]  # accepted purpose → kinds, one of which proves it
    stays: int | None = None  # as many as one likes
    yearly: bool = False  # nights and stays are given for each calendar year, else once in a life


@dataclass(frozen=True)
class Finding:
    clause: str
    outcome: Outcome
    reason: str
    values: Values = field(default_factory=dict)


Answer = tuple[Outcome, str, Values]


def anniversary(day: dt.date, years: int) -> dt.date:
    """The day on which a period of `years` after `day` ends.

    Civil Code of the PRC, arts. 201 and 202: the first day is not counted; the period ends on the
    corresponding day of its last year, or that month's last day where there is none.
    """
    year = min(day.year + years, dt.MAXYEAR)
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def age(born: dt.date, day: dt.date) -> int:
    """Full years on a day; below nought before birth."""
    years = day.year - born.year
    return years if day >= anniversary(born, years) else years - 1


def identity(facts: Facts, rules: Rules) -> Answer:
    if not facts.doc_type or not facts.doc_number:
        return "unproven", "missing", {}
    reading = read_document(facts.doc_type, facts.doc_number)
    if reading.problem:
        return "fail", reading.problem, {"doc_type": facts.doc_type}
    born, sex = facts.birth_date, facts.sex
    if born and reading.birth_date not in (None, born):
        return "fail", "birth_date_differs", {}
    if sex and reading.sex not in (None, sex):
        return "fail", "sex_differs", {"stated": sex}
    if born and facts.today and born > facts.today:
        return "fail", "born_in_future", {}
    if born is None or sex is None:
        return "unproven", "missing", {"doc_type": facts.doc_type}
    return "pass", "fits", {"doc_type": facts.doc_type}


def valid_document(facts: Facts, rules: Rules) -> Answer:
    if not facts.moment:
        return "pass", "not_judged", {}
    if facts.doc_until is None or facts.arrival is None:
        return "unproven", "missing", {}
    if facts.doc_until == dt.date.max:
        return "pass", "for_good", {}
    values: Values = {"until": facts.doc_until.isoformat(), "arrival": facts.arrival.isoformat()}
    return (
        ("fail", "expires", values)
        if facts.doc_until < facts.arrival
        else ("pass", "valid", values)
    )


def of_age(facts: Facts, rules: Rules) -> Answer:
    if facts.birth_date is None or facts.arrival is None:
        return "unproven", "missing", {}
    born, arrival = facts.birth_date, facts.arrival
    values: Values = {"age": age(born, arrival), "minimum": rules.minimum_age}
    if arrival < anniversary(born, rules.minimum_age):
        # a minor is received at the desk with a guardian's consent, not turned away
        return "unproven", "minor", values
    if rules.maximum_age is not None and arrival >= anniversary(born, rules.maximum_age + 1):
        return "fail", "too_old", values | {"maximum": rules.maximum_age}
    return "pass", "of_age", values


def non_local(facts: Facts, rules: Rules) -> Answer:
    code = facts.hukou_code
    if not code:
        if facts.doc_type and facts.doc_type not in HUKOU_DOCUMENTS:
            return "pass", "no_mainland_registration", {"doc_type": facts.doc_type}
        return "unproven", "missing", {}
    values: Values = {"hukou_code": code, "codes": sorted(rules.codes)}
    if code in rules.codes:
        return "fail", "registered_here", values
    if code not in known_codes():
        return "unproven", "unknown_code", values
    if any(own.startswith(re.sub("(00)+$", "", code)) for own in rules.codes):
        return "unproven", "too_coarse", values  # the city or province that the district lies in
    return "pass", "registered_elsewhere", values


def recent_graduate(facts: Facts, rules: Rules) -> Answer:
    if facts.graduation_date is None or facts.arrival is None:
        return "unproven", "missing", {}
    last = anniversary(facts.graduation_date, rules.years_since_graduation)
    values: Values = {
        "graduation_date": facts.graduation_date.isoformat(),
        "arrival": facts.arrival.isoformat(),
        "last_day": last.isoformat(),
        "years": rules.years_since_graduation,
    }
    if facts.graduation_date > facts.arrival:
        return "fail", "not_graduated", values
    if facts.arrival > last:
        return "fail", "too_long_ago", values
    return "pass", "recent", values


def degree(facts: Facts, rules: Rules) -> Answer:
    if facts.degree not in DEGREES:
        return "unproven", "missing", {}
    values: Values = {"degree": facts.degree, "minimum": rules.minimum_degree}
    if DEGREES.index(facts.degree) < DEGREES.index(rules.minimum_degree):
        return "fail", "too_low", values
    if facts.evidence is None or "degree" in facts.evidence:
        return "pass", "enough", values
    if facts.chsi_until is None:
        return "unproven", "no_paper", values
    values |= {"chsi_until": facts.chsi_until.isoformat()}
    if facts.today is None or facts.chsi_until < facts.today:
        return "unproven", "code_expired", values
    return "pass", "enough", values


def no_home(facts: Facts, rules: Rules) -> Answer:
    if facts.has_home is None:
        return "unproven", "missing", {}
    return ("fail", "has_home", {}) if facts.has_home else ("pass", "declared_none", {})


def for_work(facts: Facts, rules: Rules) -> Answer:
    if not facts.purpose:
        return "unproven", "missing", {}
    values: Values = {"purpose": facts.purpose}
    if facts.purpose not in rules.evidence:
        return "fail", "not_for_work", values
    needed = rules.evidence[facts.purpose]
    if facts.evidence is not None and needed and not needed & facts.evidence:
        return "unproven", "no_paper", values | {"needed": sorted(needed)}
    return "pass", "for_work", values


def allowance(facts: Facts, rules: Rules) -> Answer:
    if facts.nights is None:
        return "unproven", "missing", {}
    taken = facts.nights_taken
    left = max(rules.nights - (taken or 0), 0)
    values: Values = {
        "nights": facts.nights,
        "taken": taken,
        "left": left,
        "allowed": rules.nights,
    }
    if facts.nights < 1:
        return "fail", "no_night", values
    if facts.nights > left:
        used_up = "used_up_this_year" if rules.yearly else "used_up"
        return "fail", "too_many" if left else used_up, values
    if rules.stays is not None:
        values |= {"stays": rules.stays, "stays_taken": facts.stays_taken}
        if (facts.stays_taken or 0) >= rules.stays:
            return "fail", "no_stay_left_this_year" if rules.yearly else "no_stay_left", values
    if taken is None or (rules.stays is not None and facts.stays_taken is None):
        return "unproven", "missing", values
    return "pass", "within", values


def booking_window(facts: Facts, rules: Rules) -> Answer:
    if not facts.moment:
        return "pass", "not_judged", {}
    if facts.arrival is None or facts.today is None:
        return "unproven", "missing", {}
    ahead = (facts.arrival - facts.today).days
    values: Values = {"arrival": facts.arrival.isoformat(), "days_ahead": rules.days_ahead}
    if ahead < 0:
        return "fail", "past", values
    if ahead > rules.days_ahead:
        return "fail", "too_far", values
    return "pass", "in_time", values


def overlap(facts: Facts, rules: Rules) -> Answer:
    if not facts.moment:
        return "pass", "not_judged", {}
    return ("fail", "overlaps", {}) if facts.overlapping else ("pass", "none", {})


def standing(facts: Facts, rules: Rules) -> Answer:
    if not facts.moment:
        return "pass", "not_judged", {}
    until = facts.suspended_until
    if until and (facts.arrival is None or facts.arrival < until):
        return "fail", "suspended", {"until": until.isoformat()}
    return "pass", "good", {}


CLAUSES: dict[str, Callable[[Facts, Rules], Answer]] = {
    "identity": identity,
    "valid_document": valid_document,
    "of_age": of_age,
    "non_local": non_local,
    "recent_graduate": recent_graduate,
    "degree": degree,
    "no_home": no_home,
    "for_work": for_work,
    "allowance": allowance,
    "booking_window": booking_window,
    "overlap": overlap,
    "standing": standing,
}


def judge(
    facts: Facts, rules: Rules, *, clauses: Collection[str] = CLAUSES.keys()
) -> tuple[Finding, ...]:
    """Every clause's finding, in the clauses' order. Never raises. `clauses`: those that there were
    when a decision was made, to judge it as then."""
    return tuple(
        _reviewed(clause, ask(facts, rules), facts)
        for clause, ask in CLAUSES.items()
        if clause in clauses
    )


def _reviewed(clause: str, answer: Answer, facts: Facts) -> Finding:
    """A reviewer may prove what was unproven or reject what seemed to pass; only two people together
    let a fail pass, and a rejection stands above that."""
    outcome, reason, values = answer
    if clause in facts.rejected and outcome != "fail":
        return Finding(clause, "fail", "rejected", values)
    if clause in facts.overridden - facts.rejected and outcome == "fail":
        return Finding(clause, "pass", "overridden", values)
    if clause in facts.confirmed and outcome == "unproven":
        return Finding(clause, "pass", "confirmed", values)
    return Finding(clause, outcome, reason, values)


def conclude(findings: tuple[Finding, ...]) -> Literal["approve", "review", "refuse"]:
    """Refuse if any clause fails, review if any is unproven, else approve."""
    outcomes = {finding.outcome for finding in findings}
    if "fail" in outcomes:
        return "refuse"
    return "review" if "unproven" in outcomes else "approve"
