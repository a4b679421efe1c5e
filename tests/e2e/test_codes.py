"""The code on the page, drawn by a browser on a light and on a dark page, read by a decoder."""

import io

import pytest
import zxingcpp
from PIL import Image

from bookings.passes import qr

TEXT = "YS1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("side", [120, 300])
def test_a_decoder_reads_the_svg(page, ground, side):
    page.set_content(f'<body bgcolor="{ground}">{qr.svg(TEXT, title="code")}')
    page.locator("svg").evaluate(f"svg => svg.setAttribute('width', {side})")

    picture = Image.open(io.BytesIO(page.screenshot()))

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [TEXT]
