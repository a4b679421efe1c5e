"""manage.py check: whether every kind of message has its template at the gateway that is set up."""

from typing import Any

from django.conf import settings
from django.core import checks

from bookings.messages.kinds import KINDS, MAIL


@checks.register("messages")
def templates_are_named(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    by_sms = {name for name, kind in KINDS.items() if kind.by != MAIL}
    if settings.SMS_CARRIER in ("alibaba", "tencent"):
        bare = [name for name in by_sms if settings.LANGUAGE_CODE not in _of(name)]
        if bare:
            words = f"SMS_TEMPLATES names no template in zh-hans for: {', '.join(sorted(bare))}."
            hint = "Messages of these kinds fail at once. See docs/messages.md."
            found.append(checks.Error(words, hint=hint, id="messages.E001"))
    for setting in ("SMS_TEMPLATES", "WECHAT_TEMPLATES"):
        if strange := sorted(set(getattr(settings, setting)) - set(KINDS)):
            words = f"{setting} names kinds of message that there are not: {', '.join(strange)}."
            found.append(checks.Error(words, id="messages.E002"))
    for name, one in settings.WECHAT_TEMPLATES.items():
        unknown = set(one["data"].values()) - set(KINDS[name].parameters) if name in KINDS else []
        if unknown:
            words = f"WECHAT_TEMPLATES: {name} has no parameter {', '.join(sorted(unknown))}."
            found.append(checks.Error(words, id="messages.E003"))
    return found


def _of(kind: str) -> dict[str, str]:
    found: dict[str, str] = settings.SMS_TEMPLATES.get(kind, {})
    return found
