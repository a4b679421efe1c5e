"""Two people confirm one new number at one moment: one has it, the other is told."""

import re

import pytest
from allauth.account import forms

from bookings.messages.models import Message
from bookings.people.models import User
from tests.factories import make_district, make_person
from tests.people.houses import client
from tests.racing import errors, meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "+8613800000009"


def about_to_confirm(user):
    """A browser that has been sent a code to the new number, and the code."""
    guest = client(user)
    guest.post("/accounts/phone/change/", {"phone": NEW})
    return guest, re.search(r"\d{6}", Message.objects.latest("pk").text).group()


def test_of_two_who_confirm_one_number_one_has_it_and_the_other_is_told(monkeypatch, settings):
    settings.ACCOUNT_RATE_LIMITS = False  # one code a minute to one number
    district = make_district()
    users = [make_person(district).user for _ in range(2)]
    sent = [about_to_confirm(user) for user in users]
    looked = meeting(forms.phone_already_exists)  # both find it free before either takes it
    monkeypatch.setattr(forms, "phone_already_exists", looked)

    results = race(
        *(
            lambda g=guest, c=code: g.post("/accounts/phone/verify/", {"code": c})
            for guest, code in sent
        )
    )

    assert errors(results) == []
    assert sorted(one.url for one in results) == ["/accounts/phone/change/", "/after-login/"]
    assert User.objects.by_phone(NEW) in users
    told = [[str(one.level_tag) for one in g.get("/me/").context["messages"]] for g, _ in sent]
    assert sorted("error" in one for one in told) == [False, True]
