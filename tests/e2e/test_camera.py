"""The camera of the scan page: a clean code, a turned one, a dim and noisy one."""

import datetime as dt
import io

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from bookings.core.clock import now
from bookings.passes.issue import text_of
from bookings.passes.qr import png
from tests.e2e.conftest import DESK
from tests.events import promise
from tests.factories import make_draft, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def clean(image):
    return image


def turned(image):
    return image.rotate(35, expand=True, fillcolor=200)


def dim_and_noisy(image):
    dim = ImageEnhance.Brightness(image.filter(ImageFilter.GaussianBlur(1))).enhance(0.35)
    noise = Image.effect_noise(dim.size, 40)
    return Image.blend(dim, noise, 0.2)


@pytest.mark.parametrize("spoil", [clean, turned, dim_and_noisy])
def test_a_code_before_the_camera_is_read(filming, visitor, station, noon, spoil):
    noon.shift(dt.timedelta(hours=4))
    shown = promise(make_draft(make_person(station.district), station), now=now())
    picture, file = Image.open(io.BytesIO(png(text_of(shown)))).convert("L"), io.BytesIO()
    spoil(picture.resize((420, 420))).save(file, "PNG")
    clerk = visitor(DESK, browser=filming(file.getvalue()))
    clerk.sign_in_as_staff("clerk@example.test")
    clerk.open(f"/desk/{station.slug}/scanner/")
    clerk.page.locator("[data-ready]").wait_for()

    clerk.press("摄像头")

    clerk.page.locator(".verdict--ok").wait_for()
