"""What an operator registers at a gateway."""

import io

import pytest
from django.core.management import call_command

from bookings.messages.kinds import KINDS


def listed(gateway):
    told = io.StringIO()
    call_command("message_templates", gateway, stdout=told)
    rows = (line.split("\t") for line in told.getvalue().splitlines())
    return {(kind, language): text for kind, language, text in rows}


@pytest.mark.parametrize(
    ("gateway", "code", "link"), [("alibaba", "${code}", "${link}"), ("tencent", "{1}", "{4}")]
)
def test_each_text_is_listed_as_the_gateway_writes_it(settings, gateway, code, link):
    texts = listed(gateway)

    assert code in texts["code", "zh-hans"]
    assert f"{settings.SITE_URL}/{link}" in texts["remind", "en"]


def test_every_kind_that_goes_by_sms_is_listed_in_each_language_and_no_mail():
    assert {kind for kind, _ in listed("alibaba")} == {
        name for name, kind in KINDS.items() if kind.by != "mail"
    }
    assert len(listed("alibaba")) == 2 * len({kind for kind, _ in listed("alibaba")})
