"""Guessed numbers, keys and links: whoever guesses finds nothing that is not theirs."""

import random
from copy import deepcopy
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve, reverse

from bookings.people.models import Membership
from tests.people.doors import addresses, doors, neighbourhood, signed_in

pytestmark = pytest.mark.django_db
EACH = 50  # guesses for each kind of address and each who guesses
NUMBERED = {"pk", "batch", "token"}
OWN = {"end_session", "forget_alert"}  # which answer alike, whether or not there was such a thing
TOKENS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:"


@pytest.fixture(scope="module")
def made(once):
    return once(neighbourhood)


@pytest.fixture
def house(made):
    return deepcopy(made)


def guesses(dice, true, key):
    """The true one is among the numbers; a link's signature is guessed and changed by one letter."""
    for n in range(EACH):
        if key == "pk":
            yield n if n < EACH // 2 else dice.randrange(2**63)
        elif key == "batch":
            yield UUID(int=dice.getrandbits(128))
        else:
            place = dice.randrange(len(true))
            other = dice.choice(TOKENS.replace(true[place], ""))
            yield true[:place] + other + true[place + 1 :] if n % 2 else true[::-1][: n + 1]


def kinds(house):
    """Each address of a numbered thing: its name, the key that is guessed, and what it is asked with."""
    given = dict(addresses(house.arguments))
    for name, full, keys in doors():
        guessed = {"token"} if "token" in keys else NUMBERED.intersection(keys)
        for key in guessed if name not in OWN else ():
            asked = resolve(given[name]).kwargs
            yield name, key, asked[key], full, asked


def answer(view, request, kwargs):
    try:
        return view(request, **kwargs).status_code
    except Http404:
        return 404
    except PermissionDenied:
        return 403


def ask(user, address, method, session):
    """The view alone, as the middleware hands it a request."""
    request = getattr(RequestFactory(), method)(address)
    request.user, request.session = user, session
    request.membership = Membership.objects.filter(user=user, is_active=True).first()
    request._messages = request._dont_enforce_csrf_checks = []
    found = resolve(address)
    return answer(found.func, request, found.kwargs)


def theirs(user):
    """A manager sees the staff and the policies of their own district."""
    if not hasattr(user, "membership"):
        return set()
    policies = user.membership.district.policies.all()
    return {("member", user.membership.pk), *(("policy", one.pk) for one in policies)}


@pytest.mark.parametrize("who", ["other graduate", "manager elsewhere"])
def test_who_is_signed_in_finds_nothing_of_others(who, house):
    dice, user = random.Random(1), house.who[who]
    session = signed_in(user).session

    found, asked = set(), 0
    for name, key, true, full, kwargs in kinds(house):
        if key == "token":
            continue  # those who have the link are let in, whoever they are: below
        for guess in guesses(dice, true, key):
            address = reverse(full, kwargs={**kwargs, key: guess})
            for method in ("get", "post"):
                asked += 1
                if ask(user, address, method, session) not in (403, 404, 405):
                    found.add((name, method, guess))

    assert {(name, guess) for name, _method, guess in found} <= theirs(user)
    assert asked >= 4_000


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(house):
    dice, client = random.Random(2), signed_in(None)

    answers = set()
    for _name, key, true, full, kwargs in kinds(house):
        if key != "token":
            for guess in [*guesses(dice, true, key)][::5]:
                one = client.get(reverse(full, kwargs={**kwargs, key: guess}))
                answers.add((one.status_code, one.url.partition("?")[0]))

    assert answers == {(302, "/accounts/login/code/")}


def test_no_link_but_the_true_one_opens(house, settings):
    settings.LIMITS = dict.fromkeys(settings.LIMITS, (60, 0, 0))
    dice, client = random.Random(3), signed_in(None)

    opened = {
        (name, guess)
        for name, key, true, full, kwargs in kinds(house)
        if key == "token"
        for guess in guesses(dice, true, key)
        if "form" in (client.get(reverse(full, kwargs={**kwargs, key: guess})).context or {})
    }

    assert opened == set()
