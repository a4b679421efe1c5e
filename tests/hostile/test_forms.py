"""Whatever is sent to whatever address: never an error of ours, and what is refused is not kept.

The suite tries some hundreds; HYPOTHESIS_PROFILE=long tries ten thousand.
"""

import os
from copy import deepcopy
from urllib.parse import quote_from_bytes

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as some

from bookings.places.models import District
from tests.hostile.forms import names, targets_of
from tests.people.doors import addresses, below, doors, signed_in

pytestmark = pytest.mark.django_db
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
KNOCKS = ["anonymous", "graduate", "clerk", "manager"]
NASTY = [
    *[
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ud800",
        "\udfff\ud800",
        "\u200b\u200d",
        "\u202eabc",
        "\ufeff",
        "😀" * 50,
    ],
    *[
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r\nX: y",
        "<script>1</script>",
        "{{ 7*7 }}",
    ],
    *[
        "' OR 1=1 --",
        "%s%n",
        "../../etc/passwd",
        "a" * 70_000,
        "测" * 5_000,
        "9" * 5_000,
        "-0",
        "1e309",
    ],
    *["NaN", "Infinity", "٣", "9223372036854775808", "-9223372036854775809", "2147483648", "0x10"],
    *[
        "0000-00-00",
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
        "10000-01-01",
        "2026-11-23T25:00",
        "99:99",
    ],
    *[
        "[" * 60_000,
        "null",
        "true",
        "[]",
        "{}",
        "on",
        "1",
        "2",
        "2026-11-23",
        "2026-11-25",
        "示例",
        "13800000009",
    ],
]
NAMES = [
    "..\\..\\x.pdf",
    "\u202efdp.exe",
    "a\x00.jpg",
    "=1.csv",
    "x" * 300 + ".xlsx",
    "照片😀.heic",
]
FILES = [
    b"",
    b"%PDF-1.4",
    b"\xff\xd8\xff",
    b"PK\x03\x04" + b"\x00" * 60,
    b"a,b\n=1,@x",
    "姓名\n".encode("gbk"),
]
PROFILE = {
    "deadline": None,
    "database": None,
    "derandomize": not LONG,
    "suppress_health_check": list(HealthCheck),
}
nasty = some.sampled_from(NASTY) | some.text(max_size=40) | some.integers().map(str)


class Visitor:
    """Somebody who is signed in anew each time: what they send may sign them out."""

    def __init__(self, user):
        self.cookies = signed_in(user, sure=True).cookies

    def __call__(self):
        client = Client(headers={"accept-language": "en"})
        client.cookies = deepcopy(self.cookies)
        return client


def encoded(pairs):
    """As a form sends them; halves of surrogate pairs too, which no browser sends."""
    return "&".join(
        f"{quote_from_bytes(name.encode('utf-8', 'surrogatepass'))}="
        f"{quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in pairs
    )


@some.composite
def sendings(draw, targets):
    """An address; the names and values sent there, a name left out or sent twice; files."""
    target = draw(some.sampled_from(targets))
    pairs = []
    for name, offered in target.fields.items():
        value = some.sampled_from(offered) | nasty if offered else nasty
        pairs += [(name, draw(value)) for _ in range(draw(some.sampled_from([1, 1, 1, 0, 2])))]
    more = some.tuples(some.sampled_from(names()), nasty)
    pairs += draw(some.lists(more, max_size=4 if target.fields else 8))
    upload = some.builds(SimpleUploadedFile, some.sampled_from(NAMES), some.sampled_from(FILES))
    files = {name: draw(upload) for name in sorted(target.files) if draw(some.booleans())}
    return target.address, pairs, files


def post(client, address, pairs, files):
    if not files:
        form = "application/x-www-form-urlencoded"
        return client.post(address, encoded(pairs), content_type=form)
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    return client.post(address, {**data, **files})


def rows():
    """How many rows each table of ours has."""
    tables = [one._meta.db_table for one in apps.get_app_config("bookings").get_models()]
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def refused(answer):
    """Whether this is a page with a form and its errors."""
    contexts = answer.context or []
    flat = [value for one in contexts for layer in one.dicts for value in layer.values()]
    return any(getattr(one, "is_bound", False) and getattr(one, "errors", None) for one in flat)


def everywhere(house):
    return [address for _, address in addresses(house.arguments, [*doors(), *below("accounts/")])]


@pytest.mark.parametrize("who", KNOCKS)
def test_whatever_is_sent_is_answered_and_what_is_refused_is_not_kept(who, house):
    visitor = Visitor(house.who[who])
    targets = targets_of(visitor(), everywhere(house))

    @how(max_examples=2500 if LONG else 60, **PROFILE)
    @given(sendings(targets))
    def send(sending):
        with transaction.atomic():
            before = rows()
            answer = post(visitor(), *sending)
            assert answer.status_code < 500, answer.status_code
            if answer.status_code == 200 and refused(answer):
                assert rows() == before
            transaction.set_rollback(True)

    send()


@pytest.mark.parametrize("who", KNOCKS)
def test_whatever_is_asked_for_is_answered(who, house):
    visitor = Visitor(house.who[who])
    pages = [one for one in everywhere(house) if one not in ("/readyz", "/metrics")]
    asked = some.lists(some.tuples(some.sampled_from(names()), nasty), min_size=1, max_size=6)

    @how(max_examples=600 if LONG else 40, **PROFILE)
    @given(some.sampled_from(pages), asked)
    def ask(address, pairs):
        with transaction.atomic():
            answer = visitor().get(f"{address}?{encoded(pairs)[:8000]}")
            transaction.set_rollback(True)
        assert answer.status_code < 500, answer.status_code

    ask()


def test_more_than_a_form_ever_sends_is_refused(house):
    manager = Visitor(house.who["manager"])()

    large = manager.post("/staff/new-number/", {"name": "x" * 1_100_000})
    many = manager.post("/staff/new-number/", {f"f{n}": "" for n in range(1_100)})

    assert [large.status_code, many.status_code] == [400, 400]
    assert District.objects.count() == 2
