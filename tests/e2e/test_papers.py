"""Papers from a phone, several at a time: each has its own answer, and none is sent twice."""

import io

import pytest
from PIL import Image

from bookings.applications.models import Evidence
from tests.factories import make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


def photo(name, colour="white"):
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


@pytest.fixture
def guest(visitor, station):
    """Somebody signed in by phone at the step of the papers."""
    person = make_person(station.district)
    make_draft(person, station, evidence=())
    guest = visitor()
    guest.sign_in_by_phone(person.user.phone.removeprefix("+86"))
    guest.open("/apply/papers/")
    return guest


def chooses(guest, *files):
    guest.page.locator("input[type=file]").set_input_files(list(files))
    guest.press("添加这些材料")


def test_each_file_has_its_own_answer_and_pressing_again_sends_none_twice(guest):
    good, bad = photo("正面.jpg"), {**photo("坏.jpg"), "buffer": b"MZ\x90\x00 not a picture"}

    chooses(guest, good, photo("反面.jpg", "silver"), bad)
    rows = guest.page.locator("[data-uploads] li")
    guest.page.locator("[data-uploads] li.bad").wait_for()

    assert [row.get_attribute("class") for row in rows.all()] == ["good", "good", "bad"]
    assert "坏.jpg" in rows.nth(2).inner_text()

    chooses(guest, good)
    guest.page.wait_for_url("**/apply/papers/")
    guest.page.locator("[data-uploads] li").first.wait_for(state="detached")
    assert Evidence.objects.count() == 2


def test_without_a_network_it_says_so_and_keeps_the_choice(guest):
    guest.context.set_offline(True)
    chooses(guest, photo("正面.jpg"))
    guest.reads("网络已断开")
    guest.context.set_offline(False)

    guest.press("添加这些材料")
    guest.reads("正面.jpg")
    guest.page.locator("[data-uploads] li").first.wait_for(state="detached")

    assert Evidence.objects.count() == 1
