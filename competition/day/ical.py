"""A calendar file as RFC 5545 wants it: UTC times, escaped text, folded lines, stable names of events (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

MIMETYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of a calendar. `uid` never changes, `sequence` grows with every change that matters."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str = ""
    description: str = ""
    url: str = ""


def calendar(name: str, zone: str, events: Iterable[Event]) -> bytes:
    """The whole file. Times are UTC, which every calendar shows in its owner's zone; `zone` is a hint for it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parley//Timetable//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        f"X-WR-TIMEZONE:{escaped(zone)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        *(line for event in events for line in _event(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event(event: Event) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"LAST-MODIFIED:{_utc(event.changed_at)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{escaped(event.summary)}",
    ]
    if event.place:
        lines.append(f"LOCATION:{escaped(event.place)}")
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    if event.url and not any(each in event.url for each in "\r\n\x00 "):
        lines.append(f"URL:{event.url}")
    return [*lines, "END:VEVENT"]


def escaped(text: str) -> str:
    """Text as a value: what has a meaning of its own there is marked, control characters are gone."""
    kept = "".join(each for each in text if each in "\n\t" or (each >= " " and each != "\x7f"))
    return kept.translate(ESCAPED)


def folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, none of which ends within a character."""
    pieces, size, room = [""], 0, LONGEST_LINE
    for each in line:
        length = len(each.encode())
        if size + length > room:
            pieces.append("")
            size, room = 0, LONGEST_LINE - 1
        pieces[-1] += each
        size += length
    return "\r\n ".join(pieces)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
