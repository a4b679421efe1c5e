import dataclasses
import datetime as dt

import pytest

from bookings.eligibility.rules import CLAUSES, Facts, Rules, anniversary, conclude, judge

RULES = Rules(
    codes=frozenset({"370811", "370802"}),
    years_since_graduation=3,
    minimum_degree="junior_college",
    minimum_age=18,
    maximum_age=None,
    nights=7,
    days_ahead=20,
    evidence={"job_seeking": frozenset(), "interview": frozenset({"interview_notice"})},
)
TODAY = dt.date(2026, 11, 23)
BEFORE = dt.date(2026, 11, 22)
FITTING = Facts(
    doc_type="resident_id",
    doc_number="110101200001010010",
    doc_until=dt.date(2030, 1, 1),
    sex="men",
    birth_date=dt.date(2000, 1, 1),
    hukou_code="110101",
    degree="bachelor",
    graduation_date=dt.date(2024, 7, 1),
    has_home=False,
    purpose="job_seeking",
    arrival=dt.date(2026, 12, 1),
    nights=7,
    today=TODAY,
)


def outcome(clause: str, **changes: object) -> tuple[str, str]:
    facts = dataclasses.replace(FITTING, **changes)
    found = {f.clause: f for f in judge(facts, RULES)}[clause]
    return found.outcome, found.reason


def test_a_fitting_person_is_approved_on_every_clause():
    assert conclude(judge(FITTING, RULES)) == "approve", judge(FITTING, RULES)


def test_what_two_people_let_pass_passes_unless_it_is_rejected_later():
    told = {"hukou_code": "370811", "overridden": frozenset({"non_local", "degree"})}

    assert outcome("non_local", **told) == ("pass", "overridden")
    assert outcome("degree", **told) == ("pass", "enough")
    rejected = frozenset({"non_local"})
    assert outcome("non_local", **told, rejected=rejected) == ("fail", "registered_here")


def test_nothing_known_is_never_a_pass_of_the_personal_clauses():
    findings = judge(Facts(), RULES)

    assert [f.clause for f in findings] == list(CLAUSES)
    assert conclude(findings) == "review"


@pytest.mark.parametrize(
    ("graduated", "last"),
    [
        (dt.date(2023, 7, 1), dt.date(2026, 7, 1)),
        (dt.date(2024, 2, 29), dt.date(2027, 2, 28)),
        (dt.date(2021, 2, 28), dt.date(2024, 2, 28)),
    ],
)
def test_the_anniversary_is_the_last_day_to_arrive(graduated, last):
    assert anniversary(graduated, 3) == last
    day_after = last + dt.timedelta(days=1)
    assert outcome("recent_graduate", graduation_date=graduated, arrival=last)[0] == "pass"
    assert outcome("recent_graduate", graduation_date=graduated, arrival=day_after)[0] == "fail"


@pytest.mark.parametrize(
    ("clause", "changes", "expected"),
    [
        ("identity", {"doc_number": "110101200001010011"}, ("fail", "check_digit")),
        ("identity", {"birth_date": dt.date(2000, 1, 2)}, ("fail", "birth_date_differs")),
        ("identity", {"sex": "women"}, ("fail", "sex_differs")),
        ("non_local", {"hukou_code": "370811"}, ("fail", "registered_here")),
        ("non_local", {"hukou_code": "370802"}, ("fail", "registered_here")),
        ("non_local", {"hukou_code": None}, ("unproven", "missing")),
        ("recent_graduate", {"graduation_date": dt.date(2027, 1, 1)}, ("fail", "not_graduated")),
        ("degree", {"degree": "secondary_vocational"}, ("fail", "too_low")),
        ("degree", {"evidence": frozenset()}, ("unproven", "no_paper")),
        ("degree", {"evidence": frozenset(), "chsi_until": TODAY}, ("pass", "enough")),
        ("degree", {"evidence": frozenset(), "chsi_until": BEFORE}, ("unproven", "code_expired")),
        ("degree", {"evidence": frozenset({"degree"}), "chsi_until": BEFORE}, ("pass", "enough")),
        ("degree", {"evidence": None, "chsi_until": BEFORE}, ("pass", "enough")),
        ("no_home", {"has_home": True}, ("fail", "has_home")),
        ("for_work", {"purpose": "other"}, ("fail", "not_for_work")),
        (
            "for_work",
            {"purpose": "interview", "evidence": frozenset()},
            ("unproven", "no_paper"),
        ),
        ("allowance", {"nights": 0}, ("fail", "no_night")),
        ("allowance", {"nights": 8}, ("fail", "too_many")),
        ("allowance", {"nights": 1, "nights_taken": 7}, ("fail", "used_up")),
        ("booking_window", {"arrival": dt.date(2026, 11, 22)}, ("fail", "past")),
        ("booking_window", {"arrival": dt.date(2026, 12, 14)}, ("fail", "too_far")),
        ("overlap", {"overlapping": True}, ("fail", "overlaps")),
        ("of_age", {"birth_date": dt.date(2010, 1, 1)}, ("unproven", "minor")),
    ],
)
def test_each_clause_says_why(clause, changes, expected):
    assert outcome(clause, **changes) == expected
