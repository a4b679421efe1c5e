from uuid import uuid4

import pytest

from bookings.passes.token import (
    ForgedCode,
    UnreadableCode,
    key_from_seed,
    open_token,
    seal,
)

KEY = key_from_seed(b"k" * 32)
OTHER = key_from_seed(b"o" * 32)


def test_a_sealed_pass_opens_again_whatever_the_scanner_adds():
    number = uuid4()

    assert open_token(f" {seal(number, KEY).lower()}\r\n", [KEY.public_key()]) == number


def test_a_code_signed_by_another_key_is_forged():
    with pytest.raises(ForgedCode):
        open_token(seal(uuid4(), OTHER), [KEY.public_key()])


def test_a_foreign_code_is_unreadable():
    with pytest.raises(UnreadableCode):
        open_token("https://example.test/", [KEY.public_key()])
