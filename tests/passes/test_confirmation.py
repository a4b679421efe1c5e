"""The codes as an independent decoder reads them, and the confirmation as it is printed."""

import io

import pypdfium2
import pypdfium2.raw as raw
import pytest
import zxingcpp
from django.conf import settings
from django.utils import translation
from PIL import Image

from bookings.passes import confirmation, qr
from bookings.passes.confirmation import Confirmation

TEXT = "YS1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def printed(language="zh-hans", **changed):
    paper = {
        "title": "入住确认单",
        "issuer": "示例委员会",
        "rows": [("姓名", "测试甲"), ("地址", "示例路1号")],
        "code": TEXT,
        "short_code": "ABCD-EFGH",
        "bring": "请携带身份证件原件。",
        "rules": ["请保持安静"],
        "call": "咨询 0537-0000000",
    }
    with translation.override(language):
        pdf = confirmation.render(Confirmation(**{**paper, **changed}), fonts=settings.FONT_DIR)
    return pypdfium2.PdfDocument(pdf)


def text_of(document):
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_a_decoder_reads_the_png():
    assert read(Image.open(io.BytesIO(qr.png(TEXT)))) == [TEXT]


def test_a_decoder_reads_the_printed_code():
    picture = printed()[0].render(scale=2).to_pil()

    assert read(picture) == [TEXT]


@pytest.mark.parametrize("words", ["入住确认单", "示例委员会", "测试甲", "住宿守则", "ABCD-EFGH"])
def test_the_chinese_words_are_text_in_the_file(words):
    assert words in text_of(printed())


def test_the_fixed_words_follow_the_language():
    assert "House rules" in text_of(printed("en"))


def test_every_font_is_embedded():
    texts = [o for o in printed()[0].get_objects() if o.type == raw.FPDF_PAGEOBJ_TEXT]

    assert [text for text in texts if not text.get_font().is_embedded] == []


def test_long_house_rules_go_on_to_a_second_page_with_the_same_head():
    document = printed(rules=["请保持安静，爱护公物。" * 8] * 20)

    assert len(document) == 2
    assert "青年驿站" in document[1].get_textpage().get_text_range()


def test_a_letter_the_font_lacks_is_shown_as_lacking_not_dropped():
    assert "〓" in text_of(printed(rows=[("姓名", "测\U00031350")]))
