"""The stay as a calendar file (RFC 5545): all-day, half-open, one event. Pure."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    uid: str
    title: str
    place: str
    text: str
    arrival: dt.date
    departure: dt.date
    stamp: dt.datetime  # UTC


def render(event: Event) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Youth Station//Pass//ZH",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{event.stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.arrival:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.departure:%Y%m%d}",
        f"SUMMARY:{_escape(event.title)}",
        f"LOCATION:{_escape(event.place)}",
        f"DESCRIPTION:{_escape(event.text)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT6H",  # 18:00 on the eve
        f"DESCRIPTION:{_escape(event.title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_fold(line) for line in lines)


def _escape(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return text.replace("\n", "\\n")


def _fold(line: str) -> bytes:
    """At most 75 octets a line, no character cut in two; a continuation begins with a space."""
    parts, part = [], b""
    for character in line:
        raw = character.encode()
        if len(part) + len(raw) > 74:
            parts.append(part)
            part = b""
        part += raw
    return b"\r\n ".join([*parts, part]) + b"\r\n"
