"""What is kept about somebody, on paper: the same as in the file, in words."""

import ast
import datetime as dt
import inspect

import pypdfium2
import pytest
from django.conf import settings
from django.utils import translation
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from bookings import journey
from bookings.applications.draft import ABOUT_THE_PERSON, keep_answers
from bookings.core.audit import AuditEntry
from bookings.journey.portrait import afterwards, facts
from bookings.journey.portrait.words import CODES, LABELS
from bookings.messages.send import queue
from bookings.retention.models import FollowUp, Outcome
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import it_is_me

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WORDS = "示例路上很吵，A<b>c & d"


@pytest.fixture
def guest():
    """Somebody who stayed, was warned, disagreed, answered, and has begun to apply again."""
    station = make_station(make_district(), beds=3)
    person = make_person(station.district)
    draft = make_draft(person, station)
    events.scan(station, events.promise(draft).short_code)
    events.complain(events.incident(draft, "warning", what=WORDS), reason="并非如此" * 150)
    events.leave(draft, at=NOW + DAY)
    told = {"kind": "employed_here", "source": "self", "by": None, "employer": "示例公司"}
    journey.answer(follow_up=FollowUp.objects.get(horizon=30), now=NOW + 31 * DAY, **told)
    again = make_draft(person, station)
    keep_answers(draft=again, answers={"degree": {"university": "示例学院", "degree": "master"}})
    return person


def read(content):
    """The words of a PDF between the head and the page's number, without its line breaks."""
    inside = {"bottom": 18 * mm, "top": A4[1] - 36 * mm}
    pages = [page.get_textpage() for page in pypdfium2.PdfDocument(content)]
    text = "".join(page.get_text_bounded(**inside) for page in pages)
    return "".join(text.split())


def leaves(data, where=""):
    """(part, key, value) of all that is told; findings are told in sentences of their own."""
    for key, value in data.items():
        if key == "findings":
            continue
        many = value if isinstance(value, list) else [value]
        for one in many:
            if isinstance(one, dict):
                yield from leaves(one, key)
            else:
                yield where, key, one


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_paper_leaves_nothing_out(guest, language):
    with translation.override(language):
        paper = read(journey.take_portrait_pdf(user=guest.user, now=NOW, fonts=settings.FONT_DIR))
        said = [
            str(CODES.get((where, key), {}).get(value, value))
            for where, key, value in leaves(journey.portrait(user=guest.user))
            if isinstance(value, str) and value and not value.startswith("20")
        ]

    assert len(said) > 30
    assert [one for one in said if "".join(one.split()) not in paper] == []


def test_days_and_moments_are_told_in_local_time(guest):
    paper = read(journey.take_portrait_pdf(user=guest.user, now=NOW, fonts=settings.FONT_DIR))

    assert "毕业日期2025年7月1日" in paper
    assert "实际入住时间2026年11月23日16:00" in paper


def test_messages_are_told_but_nothing_that_opens_something(guest):
    about = {"user": guest.user, "to": "+8613900009999", "now": NOW}
    queue(kind="code", key="c", params={"code": "246810"}, **about)
    queue(kind="number_left", key="l", params={}, **about)
    link = f"{settings.SITE_URL}/answer/signed/"
    queue(kind="follow_up", key="f", params={"link": link}, **about)

    told = {one["kind"]: one["text"] for one in journey.portrait(user=guest.user)["messages"]}

    assert told["code"] is None
    assert told["number_left"].startswith("【青年驿站】")
    assert told["follow_up"].startswith("【青年驿站】")
    assert link not in told["follow_up"]


def test_what_follows_a_link_without_a_blank_is_told():
    text = "入住码：https://station.example.test/p/a-b?c=1%20#d。请携带身份证件。"

    assert facts.LINK.sub("…", text) == "入住码：…。请携带身份证件。"


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "女"), ("en", "Female")])
def test_the_sex_is_said_as_of_a_person(language, word):
    with translation.override(language):
        (group,) = journey.in_words("person", {"sex": "women"})

    assert [value for _label, value in group.rows] == [word]


def test_the_bed_of_a_stay_is_told(guest):
    (stay,) = journey.portrait(user=guest.user)["stays"]

    assert [one.partition("-")[2] for one in stay["beds"]] == ["1"]


def keys_told():
    """Each key that the portrait may have, read off its source and the forms it quotes."""
    source = inspect.getsource(facts) + inspect.getsource(afterwards)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant))
    yield from Outcome.DETAILS
    for step, form in ABOUT_THE_PERSON.items():
        yield from (step, *form.base_fields)


def test_every_key_has_its_word():
    assert set(keys_told()) - set(LABELS) == set()


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_who_takes_their_data_out_is_asked_once_more_and_it_is_noted(guest, client, kind):
    client.force_login(guest.user)

    assert client.get(f"/me/data.{kind}").status_code == 302
    it_is_me(client)
    answer = client.get(f"/me/data.{kind}")

    assert answer["Content-Disposition"] == f'attachment; filename="my-data.{kind}"'
    assert "no-store" in answer["Cache-Control"]
    noted = AuditEntry.objects.get(action="take own data")
    assert (noted.by, noted.details["file"]) == (guest.user, kind)
