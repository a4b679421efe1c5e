"""Whose poster brought somebody: the code waits in the session for the next application."""

from collections.abc import MutableMapping
from typing import Any

from bookings.applications.models import Application
from bookings.places.channels import channel_of

KEY = "channel"


def remember(session: MutableMapping[str, Any], code: str) -> None:
    """Nothing but the code is kept, and only in the visitor's own session."""
    session[KEY] = code


def note_channel(*, draft: Application, session: MutableMapping[str, Any]) -> None:
    """Give the code to a draft of its district; once, to the first one, whose channel is its last."""
    code = session.pop(KEY, None)
    channel = channel_of(code) if code else None
    if channel is None or channel.district_id != draft.district_id:
        return
    drafts = Application.objects.filter(pk=draft.pk, status="draft", channel=None)
    if drafts.update(channel=channel):
        draft.channel = channel
