"""From the first page to the last number: a graduate's phone, the reviewer, the desk, a month later."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from PIL import Image

from bookings import tasks
from tests.e2e.conftest import DESK, PHONE
from tests.factories import TODAY, resident_number

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "13900000001"


@pytest.fixture
def photo():
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(file, "JPEG")
    return {"name": "学位证.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def prechecks(guest):
    guest.open("/")
    guest.press("我能申请吗？答五个问题")
    guest.fill(local="no", has_home="no", degree="bachelor", graduation_date="2025-07-01")
    guest.fill(purpose="job_seeking")
    guest.press("看看结果")
    guest.reads("可以，最多 7 晚")


def finds_the_county(guest):
    """By initials; the three lists then show the county."""
    guest.page.get_by_role("combobox", name="搜索").press_sequentially("dcq")
    guest.page.get_by_role("option", name="北京市 东城区").click()
    assert guest.page.get_by_label("省（自治区、直辖市）").input_value() == "北京市"
    assert guest.page.locator("[name=hukou_code]").input_value() == "110101"
    assert guest.page.locator("[name=has_home]:checked").input_value() == "no"


def applies(guest, photo):
    guest.fill(name="测试甲", doc_number=resident_number(), doc_until="2036-05-01")
    guest.page.get_by_label("姓名").focus()  # the number has been left: it tells birth and sex
    assert guest.page.locator("[name=birth_date]").input_value() == "2002-05-01"
    assert guest.page.locator("[name=sex]:checked").input_value() == "women"
    guest.press("保存并继续")
    assert guest.page.locator("[name=degree]").input_value() == "bachelor"  # of the pre-check
    guest.fill(university="示例大学", degree_proof="diploma")
    guest.press("保存并继续")
    finds_the_county(guest)
    guest.press("保存并继续")
    assert guest.page.locator("[name=purpose]:checked").input_value() == "job_seeking"
    guest.press("保存并继续")
    guest.page.get_by_label("示例东站").check()
    guest.fill(arrival=TODAY.isoformat(), nights="3")
    guest.press("保存并继续")
    guest.fill(kind="degree")
    guest.page.locator("input[type=file]").set_input_files(photo)
    guest.press("添加这些材料")
    guest.page.wait_for_url("**/apply/papers/")
    guest.reads("学位")
    guest.press("继续")
    guest.fill(signature="测试甲", committed=True, follow_up_consent=True)
    guest.press("签署并提交")
    guest.reads("已提交，床位已预留。")


def approves(reviewer):
    reviewer.sign_in_as_staff("reviewer@example.test")
    reviewer.open("/review/")
    reviewer.page.locator("tbody a").click()
    reviewer.press("通过：材料属实")
    reviewer.reads("没有待审核的申请")


def picture_of_the_code(guest):
    guest.open("/me/")
    guest.press("出示入住码")
    return guest.page.locator("svg.qr").screenshot()


def receives(clerk):
    """The camera reads; the clerk compares with the card and checks in."""
    clerk.sign_in_as_staff("clerk@example.test")
    clerk.open("/desk/")
    clerk.press("扫码办理（断网也可用）")
    clerk.page.locator("[data-ready]").wait_for()
    clerk.press("摄像头")
    clerk.press("证件一致，办理入住")
    clerk.reads("已办理入住")
    assert clerk.page.locator(".bed").is_visible()


def test_the_whole_way(filming, visitor, station, photo, noon):
    guest, reviewer = visitor(PHONE), visitor(DESK)
    prechecks(guest)
    guest.press("立即申请")
    guest.gives_phone(NUMBER)
    applies(guest, photo)
    approves(reviewer)

    noon.shift(dt.timedelta(hours=4))
    clerk = visitor(DESK, browser=filming(picture_of_the_code(guest)))
    receives(clerk)
    noon.shift(dt.timedelta(days=1))
    clerk.press("办理离店")
    clerk.reads("已办理离店")

    noon.shift(dt.timedelta(days=31))
    assert tasks.ask_follow_ups() == 1
    link = re.search(r"http\S+", guest.newest_message()).group()
    guest.open(link)
    guest.press("在本区就业")
    guest.reads("已保存：在本区就业。您可以关闭本页。")

    manager = visitor(DESK)
    manager.sign_in_as_staff("manager@example.test")
    manager.open("/statistics/?horizon=30")
    sums = manager.page.locator("tfoot").first.locator("td.num").all_inner_texts()
    assert sums == ["1", "1", "1", "1", "1", "0", "0"]
    with manager.page.expect_download() as download:
        manager.press("Excel")
    file = io.BytesIO(download.value.path().read_bytes())
    *_, last = openpyxl.load_workbook(file).worksheets[0].values
    assert [str(cell) for cell in last[2:]] == sums
