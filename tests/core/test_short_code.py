import pytest

from bookings.core.short_code import in_two, normalise, short_code


def test_a_short_code_is_read_as_people_type_it():
    assert normalise("abil-0o12") == "AB110012"


@pytest.mark.parametrize("text", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFGU", "ABCD,EFGH"])
def test_what_is_no_short_code_is_none(text):
    assert normalise(text) is None


def test_a_fresh_code_reads_as_itself():
    code = short_code()

    assert normalise(in_two(code)) == code
