"""The session clock as pages show it: labels in both languages, the pairs that talk, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from competition.day.clock import Reading, read
from competition.day.models import SessionClock
from competition.day.plan import Part, parts_of
from competition.day.queries import find_sessions, plan_of
from competition.day.services.clocks import as_kept, find_clock
from competition.rounds.public import RoundFacts, role_words
from core.localised import LOCALES

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A clock at a moment. `version` is what a button is pressed against; `has_own` says that a table left the hall."""

    parts: tuple[Part, ...]
    reading: Reading
    version: int
    has_own: bool
    is_automatic: bool
    at: datetime

    @property
    def stretches(self) -> tuple[Part | None, ...]:
        """Every part, and the end of the round."""
        return (*self.parts, None)

    @property
    def part(self) -> Part | None:
        return self.parts[self.reading.part] if not self.reading.is_over else None

    @property
    def following(self) -> Part | None:
        number = self.reading.part + 1
        return self.parts[number] if number < len(self.parts) else None

    @property
    def left(self) -> str:
        return shown(self.reading.left)


def clock_view(facts: RoundFacts, now: datetime, table_id: int | None = None) -> ClockView:
    """The clock of a table, which is the hall's where it has none of its own; without a table the hall's."""
    sessions = find_sessions(facts.id)
    own = find_clock(facts.id, table_id) if table_id is not None else None
    row = own if own is not None else find_clock(facts.id)
    parts, is_automatic = parts_of(plan_of(sessions)), bool(sessions and sessions.is_automatic)
    version = (own.version if own is not None else 0) if table_id is not None else (row.version if row else 0)
    return view_of(row, parts, now, is_automatic=is_automatic, version=version, has_own=own is not None)


def view_of(
    row: SessionClock | None,
    parts: tuple[Part, ...],
    now: datetime,
    *,
    is_automatic: bool,
    version: int,
    has_own: bool,
) -> ClockView:
    """A row as it is shown."""
    return ClockView(
        parts=parts,
        reading=read(as_kept(row), parts, now, is_automatic=is_automatic),
        version=version,
        has_own=has_own,
        is_automatic=is_automatic,
        at=now,
    )


def shown(left: timedelta) -> str:
    """What is left as minutes and seconds: 4:05, and +0:35 once it is over time. A begun second counts."""
    seconds = -((-left) // SECOND)
    sign, seconds = ("+", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 60}:{seconds % 60:02d}"


def title_of(part: Part | None) -> str:
    """What a session is called, in the language that is set."""
    if part is None:
        return _("The round is over")
    if part.kind == "bilateral":
        return _("Bilateral talks, %(number)d of %(of)d", number=part.number, of=part.of)
    return kind_names()[part.kind]


def in_both(part: Part | None) -> dict[str, str]:
    """What a session is called, by language."""
    found = {}
    for locale in LOCALES:
        with force_locale(locale):
            found[locale] = title_of(part)
    return found


def who_of(part: Part | None) -> str:
    """Whose turn it is in words, for those who hear the page."""
    if part is None:
        return ""
    if part.role is not None:
        return role_words(part.role)
    pairs = [
        _("%(one)s with %(other)s", one=role_words(one), other=role_words(other)) for one, other in part.pairs
    ]
    return " · ".join(pairs)


def kind_names() -> dict[str, str]:
    """What the kinds of sessions are called."""
    return {
        "opening": _("Opening statements"),
        "bilateral": _("Bilateral talks"),
        "ad_hoc": _("Ad-hoc talks"),
        "pause": _("Short break"),
        "quadrilateral": _("Quadrilateral negotiation"),
        "resolution": _("Resolution"),
    }


def as_json(view: ClockView) -> dict[str, Any]:
    """The clock for the script that keeps it going, in milliseconds; with all lengths, for when the line is lost.

    `plan` changes when the sessions are planned anew: then the page must be loaded again.
    """
    lengths = [part.seconds * 1000 for part in view.parts]
    return {
        "part": view.reading.part,
        "left": view.reading.left // timedelta(milliseconds=1),
        "running": view.reading.is_running,
        "automatic": view.is_automatic,
        "version": view.version,
        "plan": "-".join(str(length) for length in lengths),
        "lengths": lengths,
    }
