"""A manager sets up a passkey in a browser and signs in with it alone."""

import pytest
from allauth.mfa.models import Authenticator

from bookings.demo.places import PASSWORD
from tests.e2e.conftest import DESK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


def with_key(page):
    """A key such as a telephone's, whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_set_up_and_signs_in_alone(visitor, station, settings):
    settings.STAFF_SECOND_FACTOR = True
    manager = visitor(DESK)
    page = manager.page
    with_key(page)
    manager.open("/accounts/login/")
    page.locator("[name=login]").fill("manager@example.test")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/accounts/2fa/")

    manager.open("/accounts/2fa/webauthn/add/")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator("[name=passwordless]").check()
    page.locator("#passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("code").count() == 10

    page.context.clear_cookies()
    manager.open("/accounts/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/statistics/")
    assert Authenticator.objects.filter(type="webauthn").count() == 1
    assert manager.problems == []
