"""A shipped district is entered once, and an unknown one says which are shipped."""

import pytest
from django.core.management import CommandError, call_command

from bookings.places.models import District, Policy

pytestmark = pytest.mark.django_db


def test_rencheng_is_entered_once_however_often_it_is_loaded(capsys):
    call_command("load_district", "370811")
    call_command("load_district", "370811")

    assert District.objects.get().code == "370811"
    assert Policy.objects.get().nights == 7
    assert "任城区" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["110101", "../370811", ""])
def test_an_unknown_district_says_which_are_shipped(code):
    with pytest.raises(CommandError, match="370811"):
        call_command("load_district", code)
