"""A page that fails while somebody sends their data tells where it failed, not whose data it was."""

import io
import logging
import time

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils.log import AdminEmailHandler

from bookings.people.models import Graduate
from station.logs import MaskedFormatter, masked
from tests.factories import make_district, make_person
from tests.typed import PERSON

pytestmark = pytest.mark.django_db
PASSPORT = "E12345678"


@pytest.fixture
def told(settings):
    """What is written and mailed, set up as in production; two handlers that only this test has."""
    settings.ADMINS = [("", "admin@example.test")]
    written = io.StringIO()
    handlers = [logging.StreamHandler(written), AdminEmailHandler(include_html=True)]
    handlers[0].setFormatter(MaskedFormatter("{asctime} {levelname} {name} {message}", style="{"))
    logger = logging.getLogger("django.request")
    for handler in handlers:
        logger.addHandler(handler)
    yield lambda: (written.getvalue(), "".join(str(one.message()) for one in mail.outbox))
    for handler in handlers:
        logger.removeHandler(handler)


def sends(address, data):
    person = make_person(make_district())
    client = Client(raise_request_exception=False)
    client.force_login(person.user)
    assert client.post(address, data).status_code == 500
    return Graduate.objects.get()


def test_a_failed_form_is_told_without_what_was_typed(told, monkeypatch):
    def fail(user, district):
        raise ValueError(f"示例壬癸 {PERSON['doc_number']} {PASSPORT} {user.phone}")

    monkeypatch.setattr("bookings.applications.steps.views.draft_of", fail)

    person = sends("/apply/person/", {**PERSON, "name": "示例壬癸", "doc_number": PASSPORT})

    for text in told():
        assert "ValueError" in text and "in fail" in text
        assert "/apply/person/" in text or "Internal Server Error" in text
        for personal in (
            *["示例壬癸", PASSPORT, PERSON["doc_number"], person.doc_number],
            *[person.user.phone, person.user.phone[3:], "2002-05-01", "csrftoken", "sessionid"],
        ):
            assert personal not in text


@pytest.mark.parametrize(
    "personal",
    [
        *["370811200205010020", "37081120020501002X", "+8613900007701", "139 0000 7701"],
        *["E12345678", "H1234567890", "guest@example.test", "示例壬癸", "欧阳·示例"],
    ],
)
def test_what_names_somebody_is_masked(personal):
    assert masked(f"cannot send to {personal}: refused") == "cannot send to ***: refused"


@pytest.mark.parametrize("inside", [7, ["7", "a" * 64], {"report": 7, "of": ["guest"] * 20}])
def test_a_signed_link_opens_nothing_to_who_reads_of_it(inside):
    for token in (signing.dumps(inside), signing.dumps(inside, compress=True)):
        assert masked(f"Not Found: /answer/{token}/more/") == "Not Found: /answer/***/more/"


@pytest.mark.parametrize(
    "line",
    [
        'File "/srv/station/bookings/tasks.py", line 123, in forget',
        "stay 3 is not graduate:12 of A000012",
        "the waitlist of station 4 cannot be served",
    ],
)
def test_what_helps_to_find_the_fault_stays(line):
    assert masked(line) == line


def test_an_overlong_word_is_masked_in_no_time():
    begun = time.process_time()

    masked("a" * 100_000)

    assert time.process_time() - begun < 1
