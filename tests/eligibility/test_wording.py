"""Every finding has its sentence, and every one that stands against has what would mend it."""

import pytest
from django.utils import translation

from bookings.eligibility.rules import CLAUSES
from bookings.eligibility.wording import MENDS, SENTENCES, TITLES, tell

VALUES = {
    "minimum": 18,
    "maximum": 35,
    "chsi_until": "2026-11-01",
    "graduation_date": "2025-07-01",
    "last_day": "2028-07-01",
    "arrival": "2026-12-01",
    "years": 3,
    "nights": 8,
    "stays": 2,
    "left": 7,
    "allowed": 7,
    "days_ahead": 20,
    "until": "2026-12-31",
    "needed": ["contract", "interview_notice"],
}


def finding(clause, reason, outcome="fail"):
    return {"clause": clause, "reason": reason, "outcome": outcome, "values": VALUES}


def test_every_clause_has_a_title_in_the_order_of_the_clauses():
    assert list(TITLES) == list(CLAUSES)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("clause", "reason"), SENTENCES)
def test_every_reason_reads_as_a_sentence(clause, reason, language):
    with translation.override(language):
        (told,) = tell([finding(clause, reason)])

    assert told.sentence[-1] in "。."
    assert "%(" not in told.whole


def test_every_reason_that_stands_against_says_what_would_mend_it():
    fitting = {"fits", "of_age", "registered_elsewhere", "no_mainland_registration", "recent"}
    fitting |= {"enough", "declared_none", "for_work", "within", "in_time", "none", "good"}
    fitting |= {"valid", "for_good"}
    against = {key for key in SENTENCES if key[1] not in fitting | {"not_judged"}}

    assert against == set(MENDS)
