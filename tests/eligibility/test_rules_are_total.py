"""Whatever the facts: every clause answers once, in words, and more evidence never makes it worse."""

import dataclasses
import datetime as dt
import json

from hypothesis import given
from hypothesis import strategies as st

from bookings.eligibility.decide import dump, load
from bookings.eligibility.rules import CLAUSES, DEGREES, Facts, conclude, judge
from bookings.eligibility.wording import tell
from tests.eligibility.test_rules import RULES

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
KINDS = st.frozensets(st.sampled_from(["degree", "interview_notice", "contract", "other"]))
WORST = {"fail": 0, "unproven": 1, "pass": 2}
FACTS = st.builds(
    Facts,
    doc_type=st.none() | st.sampled_from(["resident_id", "passport", "taiwan_travel_permit", "?"]),
    doc_number=st.none() | st.text(max_size=20) | st.from_regex(r"\A[1-8]\d{16}[\dX]\Z"),
    sex=st.none() | st.sampled_from(["women", "men"]),
    birth_date=st.none() | DAYS,
    hukou_code=st.none() | st.sampled_from(["", "110101", "370811", "370802", "999999"]),
    degree=st.none() | st.sampled_from([*DEGREES, "?"]),
    graduation_date=st.none() | DAYS,
    chsi_until=st.none() | DAYS,
    has_home=st.none() | st.booleans(),
    purpose=st.none() | st.sampled_from(["job_seeking", "interview", "startup", "other"]),
    arrival=st.none() | DAYS,
    nights=st.none() | st.integers(-3, 40),
    nights_taken=st.none() | st.integers(0, 9),
    stays_taken=st.none() | st.integers(0, 3),
    today=st.none() | DAYS,
    moment=st.booleans(),
    evidence=st.none() | KINDS,
    overlapping=st.booleans(),
    suspended_until=st.none() | DAYS,
    confirmed=st.frozensets(st.sampled_from(list(CLAUSES)), max_size=3),
    rejected=st.frozensets(st.sampled_from(list(CLAUSES)), max_size=2),
    overridden=st.frozensets(st.sampled_from(list(CLAUSES)), max_size=2),
)


RULES_OF_ALL_KINDS = st.builds(
    dataclasses.replace,
    st.just(RULES),
    stays=st.none() | st.integers(1, 3),
    yearly=st.booleans(),
    maximum_age=st.none() | st.integers(18, 60),
)


@given(FACTS, RULES_OF_ALL_KINDS)
def test_every_clause_answers_once_and_in_words(facts, rules):
    findings = judge(facts, rules)

    assert [finding.clause for finding in findings] == list(CLAUSES)
    told = tell(dataclasses.asdict(finding) for finding in findings)
    assert [one for one in told if one.outcome == "fail" and not one.mend] == []
    json.dumps([dataclasses.asdict(finding) for finding in findings])


@given(FACTS)
def test_a_refusal_names_a_clause(facts):
    findings = judge(facts, RULES)

    failed = [finding.clause for finding in findings if finding.outcome == "fail"]
    assert (conclude(findings) == "refuse") == bool(failed)


@given(FACTS, KINDS)
def test_more_evidence_never_makes_a_clause_worse(facts, more):
    facts = dataclasses.replace(facts, evidence=facts.evidence or frozenset())
    richer = dataclasses.replace(facts, evidence=facts.evidence | more)

    before, after = judge(facts, RULES), judge(richer, RULES)

    outcomes = zip(before, after, strict=True)
    assert [b.clause for b, a in outcomes if WORST[a.outcome] < WORST[b.outcome]] == []


@given(FACTS)
def test_an_override_turns_a_fail_into_a_pass_and_changes_nothing_else(facts):
    plain = judge(dataclasses.replace(facts, overridden=frozenset()), RULES)

    for before, after in zip(plain, judge(facts, RULES), strict=True):
        passes = before.outcome == "fail" and before.clause in facts.overridden - facts.rejected
        assert (after.outcome, after.reason) == (
            ("pass", "overridden") if passes else (before.outcome, before.reason)
        )


@given(FACTS)
def test_facts_come_back_from_the_store_as_they_were(facts):
    assert load(dump(facts, codes=RULES.codes)) == facts


def test_a_decision_of_before_loads_without_the_facts_that_came_later():
    plain = json.loads(dump(Facts(doc_type="passport"), codes=RULES.codes))
    del plain["chsi_until"]

    assert load(json.dumps(plain)) == Facts(doc_type="passport")
