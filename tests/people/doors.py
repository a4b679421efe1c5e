"""Every address of the site, read off the URL configuration; and a sign for each kind of answer."""

from types import SimpleNamespace

from django.test import Client
from django.urls import get_resolver, reverse

from tests.people.world import it_is_me, world

WHO = [
    "anonymous",
    "graduate",
    "other graduate",
    "clerk",
    "clerk elsewhere",
    "reviewer",
    "manager",
    "manager elsewhere",
    "observer",
    "deactivated",
]
SIGNS = {200: "+", 400: "B", 401: "U", 403: "N", 404: "-", 405: "M", 410: "-", 422: "B", 503: "!"}
ELSEWHERE = {"admin/", "accounts/"}  # Django's own and allauth's


def doors(patterns=None, space="", keys=(), *, beyond=ELSEWHERE):
    """Each address of ours as (name, name to reverse, its arguments)."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if str(one.pattern) in beyond:
            continue
        own = [*keys, *one.pattern.converters]
        if hasattr(one, "url_patterns"):
            inner = f"{one.namespace}:" if one.namespace else space
            yield from doors(one.url_patterns, inner, own)
        elif one.name:
            yield one.name, f"{space}{one.name}", own


def below(prefix):
    """Each address below one of ELSEWHERE, in the same form."""
    return doors(
        [one for one in get_resolver().url_patterns if str(one.pattern) == prefix], beyond=()
    )


def addresses(arguments, some=None):
    """(name, address), each filled in with what `world` says it is asked with."""
    for name, full, keys in some or doors():
        given = {**arguments, "pk": arguments.get(name, arguments["pk"])}
        given["token"] = arguments.get(f"{name} token", arguments.get(name, arguments["token"]))
        yield name, reverse(full, kwargs={key: given[key] for key in keys})


def sign(response):
    if response.status_code in (301, 302):
        return "S" if "/accounts/login/" in response.url else ">"
    return SIGNS[response.status_code]


def signed_in(user, *, sure=False):
    """A browser in which the user is signed in; `sure`: and has just shown who they are."""
    client = Client()
    if user:
        client.force_login(user)
    if user and sure:
        it_is_me(client)
    return client


def neighbourhood():
    """`world` as a namespace: `who` there is, `arguments` of the addresses."""
    who, arguments = world()
    return SimpleNamespace(who=who, arguments=arguments)
