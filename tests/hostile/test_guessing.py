"""Guessed numbers, keys and links: whoever guesses finds nothing that is not theirs.

At each address every number that anything in the database has is tried, and some that nothing has;
HYPOTHESIS_PROFILE=long tries ten thousand more.
"""

import os
import random
from uuid import UUID

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve, reverse

from bookings.people.models import Membership
from tests.people.doors import addresses, doors, signed_in

pytestmark = pytest.mark.django_db
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EACH = 10_000 if LONG else 40  # guesses for each kind of address and each who guesses
NUMBERED = {"pk", "batch", "token"}
OWN = {"end_session", "forget_alert"}  # which answer alike, whether or not there was such a thing
TOKENS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:"


def given_out():
    """Every number by which something of ours is known."""
    return {
        pk
        for model in apps.get_app_config("bookings").get_models()
        for pk in model._base_manager.values_list("pk", flat=True)
        if isinstance(pk, int)
    }


def guesses(dice, true, key, known=()):
    """Of numbers all that are `known`; a link's signature is guessed and changed by one letter."""
    if key == "pk":
        yield from sorted(known)
    for n in range(EACH):
        if key == "pk":
            yield dice.randrange(2**31 if n % 2 else 2**63)
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


def ask(user, membership, address, method, session):
    """The view alone, as the middleware hands it a request."""
    request = getattr(RequestFactory(), method)(address)
    request.user, request.membership, request.session = user, membership, session
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
    session, known = signed_in(user).session, given_out()
    membership = Membership.objects.filter(user=user, is_active=True).first()

    found, asked = set(), 0
    for name, key, true, full, kwargs in kinds(house):
        if key == "token":
            continue  # those who have the link are let in, whoever they are: below
        for guess in guesses(dice, true, key, known):
            address = reverse(full, kwargs={**kwargs, key: guess})
            for method in ("get", "post"):
                asked += 1
                if ask(user, membership, address, method, session) not in (403, 404, 405):
                    found.add((name, method, guess))

    assert {(name, guess) for name, _method, guess in found} <= theirs(user)
    assert asked >= 5_000


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(house):
    dice, client = random.Random(2), signed_in(None)

    answers = set()
    for _name, key, true, full, kwargs in kinds(house):
        if key != "token":
            for guess in [*guesses(dice, true, key)][:: EACH // 10]:
                one = client.get(reverse(full, kwargs={**kwargs, key: guess}))
                answers.add((one.status_code, one.url.partition("?")[0]))

    assert answers == {(302, "/accounts/login/code/")}


def test_no_link_but_the_true_one_opens(house):
    dice, client = random.Random(3), signed_in(None)

    opened = {
        (name, guess)
        for name, key, true, full, kwargs in kinds(house)
        if key == "token"
        for guess in guesses(dice, true, key)
        if "form" in (client.get(reverse(full, kwargs={**kwargs, key: guess})).context or {})
    }

    assert opened == set()
