"""The whole way through the pages, as the people press them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bookings.applications.models import Application
from bookings.demo.places import PASSWORD, rencheng, staff, stations
from bookings.messages.models import Message
from tests.factories import pdf, resident_number
from tests.typed import PERSON, says_who

pytestmark = pytest.mark.django_db(transaction=True)
PDF = pdf()


@pytest.fixture
def station():
    district = rencheng()
    first, *_ = stations(district)
    staff(district, desk=first)
    return first


@pytest.fixture
def guest(station):
    client = Client()
    client.post("/accounts/login/code/", {"phone": "13900000001"})
    code = re.search(r"\d{6}", Message.objects.get().text).group()
    client.post("/accounts/login/code/confirm/", {"code": code})
    return client


def signed_in(email):
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client


def apply(guest, station):
    today = timezone.localdate()
    graduated = today.replace(year=today.year - 1, day=1)
    number = resident_number()
    says_who(guest, doc_number=number, graduation_date=graduated)
    guest.post("/apply/purpose/", {"purpose": "job_seeking"})
    wish = {"station": station.pk, "arrival": today, "nights": 3}
    guest.post("/apply/stay/", wish)
    paper = SimpleUploadedFile("degree.pdf", PDF)
    guest.post("/apply/papers/", {"kind": "degree", "file": paper})
    return guest.post("/apply/check/", {"committed": "on", "signature": "测试甲"}, follow=True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_open_pages_open(station, language):
    client = Client()
    client.cookies["django_language"] = language

    for address in ("/", "/check/", "/accounts/login/", "/accounts/login/code/", "/dev/outbox/"):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(("address", "status"), [("/", 200), ("/check/", 404)])
def test_before_a_district_is_entered_nothing_breaks(address, status):
    assert Client().get(address).status_code == status


def test_from_the_phone_to_the_bed(guest, station):
    page = apply(guest, station)
    application = Application.objects.get()
    assert (page.status_code, application.status) == (200, "in_review")

    reviewer = signed_in("reviewer@example.test")
    assert reviewer.get("/review/").status_code == 200
    reviewer.post(f"/review/{application.pk}/", {"act": "approve"})
    pass_page = guest.get(f"/applications/{application.pk}/pass/")
    assert pass_page.status_code == 200
    for suffix, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("ics", b"BEGIN:VCALENDAR")):
        answer = guest.get(f"/applications/{application.pk}/pass.{suffix}")
        assert answer.content.startswith(start)

    clerk = signed_in("clerk@example.test")
    assert clerk.get("/desk/", follow=True).status_code == 200
    code = application.stay.passes.get().short_code
    assert clerk.post(f"/desk/{station.slug}/scan/", {"code": code}).status_code == 200
    clerk.post(f"/desk/{station.slug}/act/", {"code": code, "action": "arrive"})
    application.stay.refresh_from_db()
    assert application.stay.status == "arrived"
    clerk.post(f"/desk/{station.slug}/act/", {"code": code, "action": "leave"})

    manager = signed_in("manager@example.test")
    for address in (
        "/statistics/",
        "/statistics.xlsx",
        "/follow-ups/",
        f"/review/{application.pk}/",
    ):
        assert manager.get(address).status_code == 200, address


def test_a_slip_is_told_beside_its_field_and_what_was_typed_stays(guest):
    number = resident_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")

    page = guest.post("/apply/person/", {**PERSON, "doc_number": wrong})

    assert "doc_number" in page.context["form"].errors
    assert wrong in page.content.decode()


@pytest.mark.parametrize("address", ["/review/", "/statistics/", "/follow-ups/", "/desk/"])
def test_guests_and_strangers_see_no_staff_page(guest, address):
    assert guest.get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_disguised_upload_is_refused(guest, station):
    apply(guest, station)
    application = Application.objects.get()
    upload = SimpleUploadedFile("photo.jpg", b"MZ not a photo")

    page = guest.post(f"/applications/{application.pk}/", {"kind": "other", "file": upload})

    assert "file" in page.context["form"].errors
