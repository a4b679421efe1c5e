"""The technical admin: a superuser sets up a district's house and staff; nobody else gets in."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from bookings.people.models import Role, User
from tests.factories import make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
PASSWORD = "sample-password-1"


@pytest.fixture
def superuser():
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.test", PASSWORD))
    return client


def test_only_a_superuser_gets_in():
    guest = Client()
    guest.force_login(User.objects.sign_up("+8613900000001"))

    assert guest.get("/admin/").status_code == 302
    assert Client().get("/admin/").status_code == 302


def test_every_page_of_it_opens(superuser):
    make_station(make_district())

    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert superuser.get(reverse(f"{name}_changelist")).status_code == 200, name
        assert superuser.get(reverse(f"{name}_add")).status_code in (200, 403), name


def test_a_station_that_somebody_applied_to_stays_where_it_is(superuser):
    new, used = make_station(make_district()), make_station(make_district("370829"), slug="used")
    make_draft(make_person(used.district), used)

    for station, fixed in [(new, False), (used, True)]:
        page = superuser.get(f"/admin/bookings/station/{station.pk}/change/")
        asked = page.context["adminform"].form.fields
        assert [name in asked for name in ("district", "slug")] == [not fixed] * 2


def test_a_new_clerk_is_made_and_signs_in(superuser):
    station = make_station(make_district())
    account = {"email": "new@example.test", "name": "测试员", "usable_password": "true"}
    passwords = {"password1": PASSWORD, "password2": PASSWORD}

    superuser.post("/admin/bookings/user/add/", {**account, **passwords})
    user = User.objects.get(email="new@example.test")
    scope = {"district": station.district_id, "role": Role.CLERK, "stations": station.pk}
    superuser.post("/admin/bookings/membership/add/", {"user": user.pk, "is_active": "on", **scope})

    clerk = Client()
    clerk.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert clerk.get("/desk/", follow=True).status_code == 200


def test_no_guest_is_in_it(superuser):
    person = make_person(make_district())

    page = superuser.get("/admin/bookings/user/")

    assert page.context["cl"].queryset.filter(pk=person.user_id).count() == 0
    assert apps.get_model("bookings.Graduate") not in admin.site._registry
