"""The session clock as pages show it: labels in both languages, the pairs that talk, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from competition.day.clock import Reading, read
from competition.day.models import SessionClock
from competition.day.plan import Part, parts_of
from competition.day.queries import find_sessions, plan_of
from competition.day.seats import Vacancies, vacancies_of
from competition.day.services.clocks import as_kept, find_clock
from competition.rounds.public import RoundFacts, role_words
from core.localised import LOCALES
from core.roles import Role

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A clock at a moment. `version` is what a button is pressed against; `has_own` says that a table left the hall.

    `parts` are as they are shown, `lengths` (seconds) as the clock counts them: a table that follows the hall sees its
    own empty chairs, and the hall's time. `missing` names the tables at which a role's chair is empty.
    """

    parts: tuple[Part, ...]
    lengths: tuple[int, ...]
    missing: Mapping[Role, Sequence[str]]
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

    def after(self, number: int) -> Part | None:
        """What comes after a part, but for what is passed over."""
        later = (
            part
            for part, length in zip(self.parts[number + 1 :], self.lengths[number + 1 :], strict=True)
            if length
        )
        return next(later, None)

    @property
    def following(self) -> Part | None:
        return self.after(self.reading.part)

    @property
    def left(self) -> str:
        return shown(self.reading.left)


def clock_view(facts: RoundFacts, now: datetime, table_id: int | None = None) -> ClockView:
    """The clock of a table, which is the hall's where it has none of its own; without a table the hall's."""
    own = find_clock(facts.id, table_id) if table_id is not None else None
    row = own if own is not None else find_clock(facts.id)
    version = (own.version if own is not None else 0) if table_id is not None else (row.version if row else 0)
    return view_of(
        facts, row, now, vacancies_of(facts), version=version, table_id=table_id, has_own=own is not None
    )


def view_of(
    facts: RoundFacts,
    row: SessionClock | None,
    now: datetime,
    vacancies: Vacancies,
    *,
    version: int,
    table_id: int | None,
    has_own: bool,
) -> ClockView:
    """A row as it is shown for a table, or for the hall."""
    sessions = find_sessions(facts.id)
    plan, is_automatic = plan_of(sessions), bool(sessions and sessions.is_automatic)
    counted = parts_of(plan, vacancies.at(table_id if has_own else None))
    return ClockView(
        parts=parts_of(plan, vacancies.at(table_id)),
        lengths=tuple(0 if part.is_empty else part.seconds for part in counted),
        missing=vacancies.named() if table_id is None else {},
        reading=read(as_kept(row), counted, now, is_automatic=is_automatic),
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
    lengths = [seconds * 1000 for seconds in view.lengths]
    return {
        "part": view.reading.part,
        "left": view.reading.left // timedelta(milliseconds=1),
        "running": view.reading.is_running,
        "automatic": view.is_automatic,
        "version": view.version,
        "plan": "-".join(str(length) for length in lengths),
        "lengths": lengths,
    }
