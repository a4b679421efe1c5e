"""The cases on the line, as data: boundaries.csv says what Rencheng's rules find of each, and why.

`facts` names what differs from a person whom every clause passes; an empty value is unknown.
"""

import csv
import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from bookings.eligibility.decide import rules_of
from bookings.eligibility.rules import judge
from bookings.places.load import shipped_policy
from tests.eligibility.test_rules import FITTING

with (Path(__file__).parent / "boundaries.csv").open(encoding="utf-8") as file:
    CASES = list(csv.DictReader(file))
READ = {
    **dict.fromkeys(["birth_date", "graduation_date", "arrival"], dt.date.fromisoformat),
    **dict.fromkeys(["suspended_until", "doc_until", "chsi_until"], dt.date.fromisoformat),
    **dict.fromkeys(["has_home", "moment", "overlapping", "yearly"], lambda text: text == "yes"),
    **dict.fromkeys(["nights", "nights_taken", "stays", "stays_taken", "maximum_age"], int),
    "years_since_graduation": int,
}


def read(name, text):
    if name == "evidence":
        return None if text == "-" else frozenset(text.split(";")) - {""}
    return READ.get(name, str)(text) if text not in ("", "-") else None


def finding(case):
    facts, policy = {}, {}
    for word in case["facts"].split():
        name, text = word.split("=")
        where = policy if name.startswith("policy.") else facts
        name = name.removeprefix("policy.")
        where[name] = read(name, text)
    rules = dataclasses.replace(rules_of(shipped_policy("370811")), **policy)
    found = {one.clause: one for one in judge(dataclasses.replace(FITTING, **facts), rules)}
    return found[case["clause"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_on_the_line(case):
    found = finding(case)

    assert (found.outcome, found.reason) == (case["outcome"], case["reason"])
