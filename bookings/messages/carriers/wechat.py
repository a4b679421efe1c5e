"""WeChat's subscription messages: to an openid, of a template, each allowed once by the person.

https://developers.weixin.qq.com/doc/ (stable_token, subscribe/send, subscribe/bizsend)
"""

import json
from typing import Any

from django.conf import settings
from django.core.cache import cache

from bookings.core.crypto import decrypt, encrypt
from bookings.messages.carriers.gateway import post
from bookings.messages.carriers.letter import Later, Letter, Never, Untaken, path_of
from bookings.messages.models import Reason

ENDPOINT = "https://api.weixin.qq.com"
SEND = {"mini_program": "subscribe/send", "official_account": "subscribe/bizsend"}
TOKEN = "wechat:token"
EARLY = 300  # seconds: a token is fetched anew before it ends
THING = 20  # characters that a `thing` of a template may have
BAD_TOKEN = {40001, 40014, 42001}
REFUSALS: dict[int, tuple[type[Untaken], Reason]] = {
    40003: (Never, Reason.ADDRESS),
    43101: (Never, Reason.BLOCKED),  # not allowed by the person, or used up
    43107: (Never, Reason.BLOCKED),
    40037: (Never, Reason.TEMPLATE),
    47003: (Never, Reason.TEMPLATE),
    41030: (Never, Reason.TEMPLATE),
    **dict.fromkeys([-1, 45009, 45011], (Later, Reason.BUSY)),
    **dict.fromkeys([40013, 40125, 40164, 48001, 50002, *BAD_TOKEN], (Later, Reason.ACCOUNT)),
}


def send(letter: Letter) -> str:
    """The gateway's msgid, where it gives one. It takes no key: a double is shown twice.

    Errors: Later, Never.
    """
    template = settings.WECHAT_TEMPLATES.get(letter.kind)
    if template is None:
        raise Never(Reason.TEMPLATE)
    asked = {"touser": letter.to, "template_id": template["id"], "data": _data(letter, template)}
    if link := letter.params.get("link"):
        official = settings.WECHAT_ACCOUNT == "official_account"
        asked["page"] = link if official else path_of(link)
    way = f"message/{SEND[settings.WECHAT_ACCOUNT]}"
    answer = _ask(f"{way}?access_token={_token()}", asked)
    if answer.get("errcode") in BAD_TOKEN:
        cache.delete(TOKEN)
    _check(answer)
    if "errcode" not in answer:  # somebody between us and WeChat has answered
        raise Later(Reason.UNREACHABLE)
    return str(answer.get("msgid", ""))


def _data(letter: Letter, template: dict[str, Any]) -> dict[str, dict[str, str]]:
    filled = {field: letter.params.get(name, "") for field, name in template["data"].items()}
    return {
        field: {"value": value[:THING] if field.startswith("thing") else value}
        for field, value in filled.items()
    }


def _token() -> str:
    """Shared by all workers, sealed in the cache. Two that fetch at once get the same one."""
    if sealed := cache.get(TOKEN):
        return decrypt(sealed, TOKEN).decode()
    answer = _ask(
        "stable_token",
        {
            "grant_type": "client_credential",
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_APP_SECRET,
        },
    )
    _check(answer)
    if "access_token" not in answer:
        raise Later(Reason.UNREACHABLE)
    token = str(answer["access_token"])
    cache.set(TOKEN, encrypt(token.encode(), TOKEN), max(int(answer["expires_in"]) - EARLY, 1))
    return token


def _ask(way: str, body: dict[str, Any]) -> dict[str, Any]:
    address = f"{settings.WECHAT_ENDPOINT or ENDPOINT}/cgi-bin/{way}"
    sent = json.dumps(body, ensure_ascii=False).encode()
    return post(address, sent, {"Content-Type": "application/json"})


def _check(answer: dict[str, Any]) -> None:
    code = answer.get("errcode", 0)
    if code:
        kind, reason = REFUSALS.get(code, (Later, Reason.UNKNOWN))
        raise kind(reason)
