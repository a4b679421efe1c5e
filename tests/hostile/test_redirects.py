"""Nobody is led to another site, and no form takes more than it asks for."""

import pytest
from django.db import transaction

from tests.hostile.forms import form_classes
from tests.people.doors import addresses, below, doors, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]
ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
PASSWORD = "sample-password-1"


def leaves(url):
    return url != "/" and (not url.startswith("/") or url[1:2] in "/\\")


@pytest.mark.parametrize(
    ("who", "elsewhere"),
    [("anonymous", ELSEWHERE[0]), ("graduate", ELSEWHERE[1]), ("manager", ELSEWHERE[2])],
)
def test_no_page_leads_to_another_site(who, elsewhere, house):
    client, sent = signed_in(house.who[who]), {"next": elsewhere, "language": "en"}

    led = set()
    for _, address in addresses(house.arguments, [*doors(), *below("accounts/")]):
        with transaction.atomic():
            answers = client.get(address, {"next": elsewhere}), client.post(address, sent)
            transaction.set_rollback(True)
        led |= {one.url for one in answers if one.status_code in (301, 302)}

    assert {url for url in led if leaves(url)} == set()


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_and_choosing_a_language_lead_nowhere_else(elsewhere, house):
    user = house.who["manager"]
    user.set_password(PASSWORD)
    user.save()
    typed = {"login": user.email, "password": PASSWORD, "next": elsewhere}
    client = signed_in(None)

    chosen = client.post("/language/", {"language": "en", "next": elsewhere})
    entered = client.post("/accounts/login/", typed)

    assert not leaves(chosen.url)
    assert (entered.status_code, entered.url) == (302, "/after-login/")


def test_no_form_of_a_model_takes_all_its_fields():
    loose = [
        one.__name__
        for one in form_classes()
        if getattr(getattr(one, "_meta", None), "fields", ()) in (None, "__all__")
        or {"user", "by", "status", "is_staff", "is_superuser"} & one.base_fields.keys()
    ]

    assert loose == []
