"""The board in a browser: drag by pointer, carry by keyboard, undo."""

import pytest
from django.utils.timezone import localdate

from bookings.applications.models import Application
from bookings.beds.models import Stay
from tests import events
from tests.e2e.conftest import DESK
from tests.factories import make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


@pytest.fixture
def stay(station):
    draft = make_draft(make_person(station.district), station, arrival=localdate())
    events.promise(draft)
    return draft.stay


@pytest.fixture
def manager(visitor, station, stay):
    one = visitor(DESK)
    one.is_signed_in("manager@example.test")
    one.open(f"/board/{station.slug}/")
    return one


def bar(manager, stay):
    return manager.page.locator(f"[data-stay='{stay.pk}']")


def room_and_bed(stay):
    return str(Stay.objects.get(pk=stay.pk).bed_nights.earliest("night").bed)


def row(manager, name):
    return manager.page.locator(f"tr[data-name='{name}']")


def test_a_stay_is_dragged_to_another_bed_and_put_back(manager, stay):
    before = room_and_bed(stay)
    page, target = manager.page, row(manager, "103-3")
    bar(manager, stay).hover()
    page.mouse.down()
    target.hover()
    page.mouse.up()
    manager.reads("103-3")
    page.locator(".acts").wait_for()
    assert room_and_bed(stay) == "103-3"

    page.locator(".acts button").first.click()
    page.locator(".notice--success").wait_for()

    assert room_and_bed(stay) == before


def test_a_stay_is_carried_by_keyboard(manager, stay):
    start = room_and_bed(stay)
    bar(manager, stay).focus()
    for key in (" ", "ArrowDown", "Escape", " ", "ArrowDown", "Enter"):
        manager.page.keyboard.press(key)
    manager.page.locator(".acts").wait_for()

    assert room_and_bed(stay) != start
    assert Application.objects.count() == 1


def test_a_guest_in_house_is_moved_after_a_question(manager, stay, station):
    events.scan(station, stay.passes.get().short_code)
    start = room_and_bed(stay)
    manager.open(f"/board/{station.slug}/")
    bar(manager, stay).focus()
    for key in (" ", "ArrowDown", "Enter"):
        manager.page.keyboard.press(key)
    assert room_and_bed(stay) == start

    manager.page.locator("[data-yes]").click()
    manager.page.locator(".acts").wait_for()

    assert room_and_bed(stay) != start
