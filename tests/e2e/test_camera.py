"""The camera of the scan page: a clean code, a turned one, a dim and noisy one."""

import datetime as dt

import pytest

from bookings.core.clock import now
from bookings.passes.issue import text_of
from tests.e2e import camera
from tests.e2e.conftest import DESK
from tests.events import promise
from tests.factories import make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


@pytest.mark.parametrize("spoil", camera.SPOILT)
def test_a_code_before_the_camera_is_read(filming, visitor, station, noon, spoil):
    noon.shift(dt.timedelta(hours=4))
    shown = promise(make_draft(make_person(station.district), station), now=now())
    clerk = visitor(DESK, browser=filming(camera.held_up(text_of(shown), spoil)))
    clerk.is_signed_in("clerk@example.test")
    clerk.open(f"/desk/{station.slug}/scanner/")
    clerk.page.locator("[data-ready]").wait_for()

    clerk.press("摄像头")

    clerk.page.locator(".verdict--ok").wait_for()
