"""The calendar file: what RFC 5545 asks of text, lines and times."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from competition.day.ical import Event, calendar, escaped, folded

START = datetime(2026, 5, 16, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def event(**values: object) -> Event:
    usual: dict[str, object] = {
        "uid": "item-1@parley",
        "sequence": 2,
        "changed_at": START,
        "starts_at": START,
        "ends_at": START + timedelta(minutes=90),
        "summary": "Opening",
    }
    return Event(**{**usual, **values})  # type: ignore[arg-type]


def test_times_are_utc_whatever_the_zone_of_the_edition() -> None:
    text = calendar("Spring", "Asia/Shanghai", [event()]).decode()
    assert "DTSTART:20260516T010000Z\r\nDTEND:20260516T023000Z\r\n" in text
    assert "UID:item-1@parley\r\nDTSTAMP:20260516T010000Z\r\n" in text
    assert "SEQUENCE:2\r\n" in text


def test_every_line_ends_with_crlf_and_the_frame_is_closed() -> None:
    data = calendar("Spring", "UTC", [event(), event(uid="item-2@parley")])
    assert data.count(b"\n") == data.count(b"\r\n")
    lines = data.decode().split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert (lines.count("BEGIN:VEVENT"), lines.count("END:VEVENT")) == (2, 2)


def test_text_cannot_leave_its_value() -> None:
    assert escaped("Lunch, tea; \\ and\r\nEND:VEVENT\x00") == "Lunch\\, tea\\; \\\\ and\\nEND:VEVENT"
    text = calendar(
        "x", "UTC", [event(summary="a\nEND:VEVENT", url="https://x.example\r\nATTACH:y")]
    ).decode()
    assert (text.count("\r\nEND:VEVENT\r\n"), "ATTACH" in text) == (1, False)


def test_long_lines_are_folded_between_characters() -> None:
    line = "SUMMARY:" + "包容性国际谈判" * 20
    pieces = folded(line).split("\r\n ")
    assert max(len(piece.encode()) for piece in pieces) <= 75
    assert all(len(f" {piece}".encode()) <= 75 for piece in pieces[1:])
    assert "".join(pieces) == line
