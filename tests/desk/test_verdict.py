"""The verdict: one reason, the first that holds, for every combination."""

import datetime as dt
import json
from collections import Counter

import pytest

from bookings.desk.models import Reason
from bookings.desk.verdict import Shown, Verdict, due, verdict
from bookings.desk.wording import SENTENCES
from tests.desk.verdict_cases import ARRIVAL, DEPARTURE, FROM, cases

NOON, EVENING = dt.datetime(2026, 11, 23, 12), dt.datetime(2026, 11, 23, 18)
NEXT = EVENING + dt.timedelta(days=1)


def shown(**known):
    plain = {"here": True, "revoked": False, "suspended": False}
    return Shown(
        status="promised",
        arrival=ARRIVAL,
        departure=DEPARTURE,
        check_in_from=FROM,
        **{**plain, **known},
    )


@pytest.mark.parametrize(
    ("known", "at", "reason"),
    [
        ({"minor": True, "evidence_to_see": True}, NOON, "too_early_today"),
        ({"minor": True, "evidence_to_see": True}, NEXT, "minor"),
        ({"evidence_to_see": True}, NEXT, "evidence_to_see"),
        ({}, NEXT, "other_nights"),
        ({}, EVENING, "fine"),
    ],
)
def test_of_several_warnings_the_first_is_told(known, at, reason):
    assert verdict(shown(**known), action="arrive", at=at).reason == reason


@pytest.mark.parametrize("known", [{"revoked": True}, {"suspended": True}, {"here": False}])
def test_no_warning_hides_a_refusal(known):
    found = verdict(shown(minor=True, evidence_to_see=True, **known), action="arrive", at=EVENING)

    assert found.result == "refused"


def test_the_cases_meet_every_reason_that_a_stay_may_give():
    reasons = Counter(case["reason"] for case in cases())

    elsewhere = {
        "unknown",
        "forged",
        "nonce_reused",
        "unreadable",
        "service_closed",
        "fully_booked",
        "leave_undone",
    }
    assert set(reasons) == set(Reason.values) - elsewhere
    assert all(json.loads(json.dumps(case)) == case for case in cases())


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)


@pytest.mark.parametrize(
    ("status", "result", "reason", "next_act"),
    [
        ("promised", "ok", "fine", "arrive"),
        ("promised", "refused", "wrong_day", ""),
        ("arrived", "ok", "fine", "leave"),
        ("arrived", "refused", "already_arrived", "leave"),
        ("arrived", "refused", "used_up", "leave"),
        ("arrived", "refused", "revoked", ""),
        ("left", "ok", "fine", ""),
    ],
)
def test_what_is_due_follows_from_the_stay_and_the_verdict(status, result, reason, next_act):
    assert due(status, Verdict(result, reason)) == next_act
