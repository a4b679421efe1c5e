"""Staff need a second factor where the settings say so, and its secrets are sealed."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from bookings.people.models import Role, User
from tests.factories import make_district, make_person, make_station
from tests.people.world import it_is_me, member

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "sample-password-1"


@pytest.fixture
def required(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def manager():
    user = member(make_district(), Role.MANAGER)
    user.set_password(PASSWORD)
    user.save()
    return user


def code_now(secret=SECRET):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def signed_in(user):
    client = Client()
    client.force_login(user)
    it_is_me(client)
    return client


def enter_password(user):
    client = Client()
    sent = {"login": user.email, "password": PASSWORD}
    return client, client.post("/accounts/login/", sent)


@pytest.mark.parametrize(
    "address", ["/staff/", "/review/", "/desk/", "/statistics/", "/me/", "/api/desk/scans"]
)
def test_without_one_no_page_opens_but_those_to_set_it_up(required, manager, address):
    client = signed_in(manager)

    assert client.get(address).url == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200


def test_with_one_every_page_opens(required, manager):
    TOTP.activate(manager, SECRET)

    assert signed_in(manager).get("/review/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(required, manager):
    Authenticator.objects.create(user=manager, type="recovery_codes", data={})

    assert signed_in(manager).get("/review/").url == "/accounts/2fa/"


def test_where_it_is_not_required_staff_sign_in_in_one_step(manager):
    client, answer = enter_password(manager)

    assert answer.url == "/after-login/"
    assert client.get("/review/").status_code == 200


def test_a_guest_needs_none(required):
    guest = make_person(make_district()).user

    assert signed_in(guest).get("/me/").status_code == 200


def test_the_technical_admin_needs_one(required):
    root = User.objects.create_superuser("root@example.test", PASSWORD)

    assert signed_in(root).get("/admin/").url == "/accounts/2fa/"
    TOTP.activate(root, SECRET)
    assert signed_in(root).get("/admin/").status_code == 200


def test_a_device_that_signs_in_by_token_needs_none(required):
    station = make_station(make_district())

    answer = Client().post("/api/desk/scans", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 401
    assert station.pk


def test_the_app_is_set_up_and_its_secret_is_sealed(required, manager):
    client = signed_in(manager)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret

    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})

    assert answer.url == "/accounts/2fa/recovery-codes/"
    kept = repr(Authenticator.objects.values_list("data", flat=True))
    assert secret not in kept
    assert client.get("/review/").status_code == 200


def test_recovery_codes_are_shown_once_and_to_be_downloaded(manager):
    client = signed_in(manager)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})

    first, second = (client.get("/accounts/2fa/recovery-codes/") for _ in range(2))

    codes = re.findall(r"<code>(\d{8})</code>", first.content.decode())
    assert len(codes) == 10
    assert f"{codes[0]}%0A" in first.content.decode()
    assert codes[0] not in second.content.decode()


def test_the_password_alone_does_not_sign_in(manager):
    TOTP.activate(manager, SECRET)
    client, answer = enter_password(manager)

    assert answer.url == "/accounts/2fa/authenticate/"
    assert client.get("/review/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.get("/review/").status_code == 200


def test_a_wrong_code_is_told_and_after_five_even_the_right_one_waits(manager):
    TOTP.activate(manager, SECRET)
    client, _ = enter_password(manager)

    for _ in range(5):
        page = client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert "code" in page.context["form"].errors
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.get("/review/").status_code == 302


@pytest.mark.parametrize(
    "address", ["", "totp/activate/", "recovery-codes/generate/", "webauthn/", "webauthn/add/"]
)
def test_the_pages_open(manager, address):
    assert signed_in(manager).get(f"/accounts/2fa/{address}").status_code == 200


@pytest.mark.parametrize("address", ["totp/deactivate/", "recovery-codes/generate/"])
def test_the_pages_of_what_is_set_up_open(manager, address):
    TOTP.activate(manager, SECRET)

    assert signed_in(manager).get(f"/accounts/2fa/{address}").status_code == 200


@pytest.mark.parametrize("address", ["reauthenticate/", "2fa/reauthenticate/"])
def test_the_pages_that_ask_once_more_open(manager, address):
    TOTP.activate(manager, SECRET)

    assert signed_in(manager).get(f"/accounts/{address}").status_code == 200


@pytest.mark.parametrize("address", ["signup/", "email/", "password/reset/", "sessions/"])
def test_pages_of_the_library_that_we_do_not_use_do_not_exist(manager, address):
    assert signed_in(manager).get(f"/accounts/{address}").status_code == 404
