"""Each look of staff at a person's number, phone, papers or application is written down."""

from copy import deepcopy

import pytest

from bookings.core.audit import AuditEntry
from tests.people.houses import ask, numbered, three_houses

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(once):
    return once(three_houses)


@pytest.fixture
def houses(made):
    return deepcopy(made)


REVIEW, CALL = "/review/{mine.waiting}/", "/follow-ups/{mine.question}/"
LOOKS = [
    # who looks, how, at what: the act and the thing in the log
    *[
        ("reviewer", how, REVIEW, "application", "application:{mine.waiting}")
        for how in ("get", "post")
    ],
    *[("manager", how, CALL, "phone", "graduate:{mine.guest}") for how in ("get", "post")],
    ("reviewer", "get", "/papers/{mine.paper}/", "evidence", "evidence:{mine.paper}"),
    ("clerk", "post", "/desk/mine/number/{mine.stay}/", "document number", "graduate:{mine.guest}"),
    (
        "manager far away",
        "get",
        "/review/{far.waiting}/",
        "application",
        "application:{far.waiting}",
    ),
]


@pytest.mark.parametrize(("who", "how", "address", "what", "whose"), LOOKS)
def test_each_look_is_written_down_and_no_copy_is_kept(houses, who, how, address, what, whose):
    page = ask(houses, who, how, address, {"reason": "compare"} if how == "post" else None)

    membership = houses.who[who].membership
    written = (membership.user_id, membership.district_id, f"look at {what}")
    assert looks_written() == [(*written, numbered(houses, whose))]
    assert "no-store" in page["Cache-Control"]


def looks_written():
    looks = AuditEntry.objects.filter(action__startswith="look")
    return list(looks.values_list("by", "district", "action", "subject"))


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("applicant", "/papers/{mine.paper}/"),
        ("manager far away", "/papers/{mine.paper}/"),
        ("manager far away", "/review/{mine.waiting}/"),
        ("reviewer", "/review/"),
        ("reviewer", "/follow-ups/"),
    ],
)
def test_ones_own_papers_a_closed_door_and_a_masked_list_are_no_look(houses, who, address):
    ask(houses, who, "get", address)

    assert looks_written() == []


def test_an_answer_learnt_by_staff_names_who_learnt_it(houses):
    told = {"said": "looking", "number": 1, "source": "phone", "level": "self_report"}

    ask(houses, "reviewer", "post", CALL, told)

    learnt = houses.mine.question.outcomes.values_list("by", "source")
    assert list(learnt) == [(houses.who["reviewer"].pk, "phone")]
