"""Whatever people type or send that cannot be right: a clear sentence beside it, and nothing is lost."""

import datetime as dt
import io

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image

from bookings.applications.models import Application, Evidence
from bookings.beds.models import Stay
from bookings.desk.models import Scan
from bookings.passes.issue import issue
from bookings.passes.token import key_from_seed, seal
from bookings.people.models import Membership, Role, User
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_person,
    make_station,
    resident_number,
)
from tests.typed import PERSON

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def station(district):
    return make_station(district)


@pytest.fixture
def draft(district, station):
    return make_draft(make_person(district), station)


def client(user, language):
    one = Client()
    one.force_login(user)
    one.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return one


def typed(form, data):
    """What the page still holds of what was typed, by field."""
    return {name: form[name].value() for name in data if name in form.fields}


def slip(page, field, language):
    with translation.override(language):
        return str(page.context["form"].errors[field][0])


def plain(data):
    """Values as a browser sends them."""
    return {name: str(value) for name, value in data.items()}


# --- the person ----------------------------------------------------------------------------------

NUMBER = PERSON["doc_number"]
WRONG_DIGIT = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
PERSON_SLIPS = [
    (
        "person",
        {"doc_number": WRONG_DIGIT},
        "doc_number",
        "号码有误，请对照证件逐位核对。",
        "The number has a slip: compare it with your card, digit by digit.",
    ),
    (
        "person",
        {"birth_date": "2002-05-02"},
        "birth_date",
        "出生日期与证件号码中的不一致。",
        "The date of birth differs from the one in the document number.",
    ),
    (
        "person",
        {"sex": "men"},
        "sex",
        "性别与证件号码中的不一致。",
        "The sex differs from the one in the document number.",
    ),
    (
        "degree",
        {"graduation_date": "2028-07-01"},
        "graduation_date",
        "请检查毕业日期：过于久远，或晚于一年以后。",
        "Check the date of graduation: it is too long ago or over a year ahead.",
    ),
    (
        "home",
        {"hukou_code": ""},
        "hukou_code",
        "请选择户籍所在的县（区）。",
        "Choose the county where your hukou is registered.",
    ),
]


@LANGUAGES
@pytest.mark.parametrize(("step", "changed", "field", "chinese", "english"), PERSON_SLIPS)
def test_a_slip_about_the_person(district, language, step, changed, field, chinese, english):
    data = {**PERSON, **changed}
    guest = client(User.objects.sign_up("+8613900000001"), language)

    page = guest.post(f"/apply/{step}/", data)
    later = guest.get(f"/apply/{step}/").context["form"]

    assert slip(page, field, language) == {"zh-hans": chinese, "en": english}[language]
    sent = {name: value for name, value in data.items() if name in later.fields}
    assert typed(page.context["form"], data) == sent
    assert typed(later, data) == sent  # leave, and come back at a computer


def test_who_has_a_bed_cannot_become_another_person(draft):
    events.submit(draft)
    guest, number = client(draft.user, "zh-hans"), resident_number(sex="men")

    page = guest.post("/apply/person/", {**PERSON, "doc_number": number, "sex": "men"})

    assert slip(page, "doc_number", "zh-hans").startswith("已按此身份为您保留床位，")
    draft.graduate.refresh_from_db()
    assert draft.graduate.sex == "women"


# --- the nights ----------------------------------------------------------------------------------

WISH_SLIPS = [
    ({"nights": 0}, "nights", "请至少选择一晚。", "Choose at least one night."),
    (
        {"nights": 8},
        "nights",
        "申请 8 晚，但共 7 晚中只剩 7 晚。请申请 7 晚以内。",
        "8 nights asked for, but only 7 of 7 left. Ask for 7 nights or fewer.",
    ),
    (
        {"arrival": TODAY - DAY},
        "arrival",
        "2026年11月22日已经过去。请选择今天或以后的日期。",
        "22 November 2026 has passed. Choose today or a later day.",
    ),
    (
        {"arrival": TODAY + 40 * DAY},
        "arrival",
        "最多提前 20 天申请。请选择更早的日期，或临近时再申请。",
        "One can apply at most 20 days ahead. Choose an earlier day, or apply again nearer the day.",
    ),
]


@LANGUAGES
@pytest.mark.parametrize(("changed", "field", "chinese", "english"), WISH_SLIPS)
def test_a_slip_about_the_nights(draft, language, changed, field, chinese, english):
    wish = {"station": draft.station_id, "arrival": TODAY, "nights": 3}
    data = plain({**wish, **changed})

    page = client(draft.user, language).post("/apply/stay/", data)

    assert slip(page, field, language) == {"zh-hans": chinese, "en": english}[language]
    assert typed(page.context["form"], data) == data


@LANGUAGES
def test_a_graduation_after_the_arrival_is_told_beside_the_arrival(draft, language):
    draft.graduate.graduation_date = TODAY + 30 * DAY
    draft.graduate.save()
    wish = {"station": draft.station_id, "arrival": TODAY, "nights": 3}

    page = client(draft.user, language).post("/apply/stay/", plain(wish))

    assert (
        slip(page, "arrival", language)
        == {
            "zh-hans": "将于2026年12月23日毕业，晚于到站日期2026年11月23日。请选择毕业之后的到站日期。",
            "en": "You will graduate on 23 December 2026, after your arrival on 23 November 2026. "
            "Choose a day of arrival after your graduation.",
        }[language]
    )


# --- the papers ----------------------------------------------------------------------------------


def jpeg(width, height, cut=None):
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "JPEG")
    return file.getvalue()[:cut]


TOO_LARGE = (
    "文件超过 10 MB。请拍照上传，或换一个小一些的文件。",
    "This file is over 10 MB. Take a photo of the paper, or send a smaller file.",
)
WRONG_TYPE = (
    "文件内容不是照片（JPEG、PNG、WebP、HEIC），也不是 PDF，与文件名无关。请换一个文件。",
    "This is not a photo (JPEG, PNG, WebP, HEIC) or a PDF, whatever its name says.",
)
DAMAGED = (
    "文件已损坏或无法打开。请重新拍照。",
    "This file is damaged or cannot be opened. Take the photo again.",
)
EMPTY = ("文件是空的，请另选一个。", "This file is empty. Choose another one.")
UPLOADS = {
    "of 40 MB": (lambda: b"%PDF-1.4" + bytes(40 * 1024 * 1024), TOO_LARGE),
    "a renamed program": (lambda: b"MZ\x90\x00 not a photo", WRONG_TYPE),
    "a drawing with a script": (lambda: b"<svg><script>1</script></svg>", WRONG_TYPE),
    "a photo cut short": (lambda: jpeg(400, 400, cut=500), DAMAGED),
    "a PDF cut short": (lambda: b"%PDF-1.4\n1 0 obj", DAMAGED),
    "nothing": (lambda: b"", EMPTY),
}


@LANGUAGES
@pytest.mark.parametrize("kind", UPLOADS)
def test_an_upload_that_is(kind, draft, language):
    content, told = UPLOADS[kind]
    upload = SimpleUploadedFile("photo.jpg", content())

    page = client(draft.user, language).post("/apply/papers/", {"kind": "contract", "file": upload})

    assert slip(page, "file", language) == told[language == "en"]
    assert page.context["form"]["kind"].value() == "contract"
    assert Evidence.objects.count() == 1


def test_the_same_paper_twice_is_one_paper(draft):
    for _ in range(2):
        upload = SimpleUploadedFile("photo.jpg", jpeg(40, 40))
        client(draft.user, "en").post("/apply/papers/", {"kind": "contract", "file": upload})

    assert draft.evidence.filter(kind="contract").count() == 1


def test_submit_pressed_twice_is_one_application_and_both_see_it(draft):
    guest = client(draft.user, "en")
    signed = {"committed": "on", "signature": "测试甲"}

    first, again = (guest.post("/apply/check/", signed) for _ in range(2))

    assert first.url == f"/applications/{draft.pk}/"
    assert again.url == "/me/"
    assert (Application.objects.count(), Stay.objects.count()) == (1, 1)


@LANGUAGES
def test_a_wrong_signature_is_told_and_kept(draft, language):
    signed = {"committed": "on", "signature": "测试乙"}

    page = client(draft.user, language).post("/apply/check/", signed)

    assert (
        slip(page, "signature", language)
        == {
            "zh-hans": "请按身份证件上的姓名签署。",
            "en": "Write your name as on your identity document.",
        }[language]
    )
    assert page.context["form"]["signature"].value() == "测试乙"


# --- the desk ------------------------------------------------------------------------------------


@pytest.fixture
def shown(draft):
    return events.promise(draft)


def at_desk(station, language):
    user = User.objects.create_user("clerk@example.test")
    member = Membership.objects.create(user=user, district=station.district, role=Role.CLERK)
    member.stations.add(station)
    return client(user, language)


def forged(shown):
    return seal(shown.pk, key_from_seed(b"f" * 32))


CODES = {
    "nonsense": (
        lambda shown: "https://example.test/",
        "系统中没有这个码。请重新扫描，或手工输入八位短码。",
        "We know no such code. Read it again, or type its eight letters.",
    ),
    "forged": (
        forged,
        "这个码不是本系统签发的。请查验身份证件并联系管理员。",
        "This code was not made by us. Ask for the identity document and call a manager.",
    ),
}


@LANGUAGES
@pytest.mark.parametrize("kind", CODES)
def test_a_code_that_is(kind, shown, station, language):
    code, chinese, english = CODES[kind]

    page = at_desk(station, language).post(f"/desk/{station.slug}/scan/", {"code": code(shown)})

    assert page.context["sentence"] == {"zh-hans": chinese, "en": english}[language]
    assert Scan.objects.get().result == "refused"


@LANGUAGES
def test_a_code_that_was_replaced(shown, station, language):
    issue(stay=shown.stay, now=NOW)

    page = at_desk(station, language).post(
        f"/desk/{station.slug}/scan/", {"code": shown.short_code}
    )

    assert (
        page.context["sentence"]
        == {
            "zh-hans": "这个码已作废换新。请住客在网站上重新打开入住码。",
            "en": "This code was replaced. Ask the guest to open the pass on the site again.",
        }[language]
    )


@LANGUAGES
def test_a_code_of_another_station_shows_the_way_there_and_not_whose_it_is(
    shown, district, language
):
    other = make_station(district, slug="other")

    page = at_desk(other, language).post(f"/desk/{other.slug}/scan/", {"code": shown.short_code})

    assert page.context["scan"].reason == "wrong_station"
    with translation.override(language):
        assert shown.stay.station.address in page.content.decode()
    assert shown.stay.graduate.name not in page.content.decode()
