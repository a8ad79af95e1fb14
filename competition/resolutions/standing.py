"""How the resolution of a table stands: its text, which seats have confirmed it, and what does not fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from competition.entries.public import team_table
from competition.resolutions.models import Resolution, ResolutionSignature, ResolutionText
from competition.resolutions.wording import AGREED, IMPASSE, PARTLY, UNSAID, Wording, loaded, unsaid
from competition.rounds.public import TableFacts, outcome
from core.db import db
from core.roles import ROLES, Role

CONFIRMED, OBJECTS, WAITING = "confirmed", "objects", "waiting"
NOTHING = Wording()
EMPTY = ("vacant", "stand_in", "absent", "left")
"""Seats that nobody confirms for: no team, the organisers' people, or a team that was not there to the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatWord:
    """A seat's word on the text that counts. `knew_earlier`: it confirmed an earlier text and not yet this one."""

    role: Role
    team_id: int | None
    team: str
    state: str
    at: datetime | None = None
    remark: str = ""
    knew_earlier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a table's resolution stands. `version` 0: nothing was written yet."""

    table_id: int
    round_id: int
    version: int = 0
    wording: Wording = NOTHING
    role: str = ""
    written_at: datetime | None = None
    seats: tuple[SeatWord, ...] = ()

    @property
    def is_begun(self) -> bool:
        return self.version > 0

    @property
    def is_impasse(self) -> bool:
        return self.is_begun and self.wording.outcome == IMPASSE

    @property
    def agreed(self) -> int:
        return self.wording.count(AGREED)

    @property
    def partly(self) -> int:
        return self.wording.count(PARTLY)

    @property
    def unsaid(self) -> int:
        """Issues that nothing was said of yet; a text with any cannot be confirmed."""
        return unsaid(self.wording)

    @property
    def total(self) -> int:
        return len(self.wording.items)

    @property
    def signatures(self) -> int:
        return sum(seat.state == CONFIRMED for seat in self.seats)

    @property
    def needed(self) -> int:
        """How many seats have somebody who can confirm."""
        return sum(seat.state not in EMPTY for seat in self.seats)

    @property
    def is_complete(self) -> bool:
        """Whether every seat that can has confirmed the text that counts."""
        return self.is_begun and self.needed > 0 and self.signatures == self.needed

    @property
    def objections(self) -> tuple[SeatWord, ...]:
        return tuple(seat for seat in self.seats if seat.state == OBJECTS)

    @property
    def outdated(self) -> tuple[SeatWord, ...]:
        """Seats that confirmed an earlier text, but not this one."""
        return tuple(seat for seat in self.seats if seat.state == WAITING and seat.knew_earlier)

    @property
    def has_mismatch(self) -> bool:
        """Whether the seats do not say the same: something to be cleared up before marking."""
        return bool(self.objections or self.outdated or (self.signatures and self.unsaid))

    def seat_of(self, team_id: int) -> SeatWord | None:
        """A team's seat here."""
        return next((seat for seat in self.seats if seat.team_id == team_id), None)


def standing_of(table: TableFacts) -> Standing:
    """How the resolution of one table stands."""
    return standings_of([table])[table.id]


def begun_standing_of(table: TableFacts) -> Standing | None:
    """How the resolution of a table stands, once something was written; one query before."""
    texts = _texts([table.id])
    return _standings([table], texts)[table.id] if texts else None


def standings_of(tables: Sequence[TableFacts]) -> dict[int, Standing]:
    """How the resolutions of these tables stand, by table: three queries whatever their number."""
    return _standings(tables, _texts([table.id for table in tables]))


def _standings(
    tables: Sequence[TableFacts], texts: Mapping[int, tuple[int, ResolutionText]]
) -> dict[int, Standing]:
    signed = _signatures(list(texts)) if texts else ()
    teams, away = _teams(
        {team for table in tables for team in table.team_ids}, {table.round_id for table in tables}
    )
    return {table.id: _standing(table, texts.get(table.id), signed, teams, away) for table in tables}


def _texts(keys: Sequence[int]) -> dict[int, tuple[int, ResolutionText]]:
    query = (
        select(Resolution.table_id, Resolution.id, ResolutionText)
        .join(
            ResolutionText,
            and_(ResolutionText.resolution_id == Resolution.id, ResolutionText.version == Resolution.version),
        )
        .where(Resolution.table_id.in_(keys))
    )
    return {table_id: (key, text) for table_id, key, text in db.session.execute(query)}


def _signatures(keys: Sequence[int]) -> Sequence[ResolutionSignature]:
    query = (
        select(ResolutionSignature)
        .join(Resolution, Resolution.id == ResolutionSignature.resolution_id)
        .where(Resolution.table_id.in_(keys))
        .order_by(ResolutionSignature.id)
    )
    return db.session.scalars(query).all()


def _teams(
    keys: Iterable[int], rounds: Iterable[int]
) -> tuple[dict[int, tuple[str, str]], dict[tuple[int, int], str]]:
    """team -> its name and status; (round, team) -> absent or left."""
    was_away = and_(
        outcome.c.team_id == team_table.c.id,
        outcome.c.round_id.in_(list(rounds)),
        outcome.c.outcome.in_(("absent", "left")),
    )
    query = (
        select(team_table.c.id, team_table.c.name, team_table.c.status, outcome.c.round_id, outcome.c.outcome)
        .outerjoin(outcome, was_away)
        .where(team_table.c.id.in_(list(keys)))
    )
    rows = db.session.execute(query).all()
    teams = {key: (name, status) for key, name, status, _round_id, _what in rows}
    return teams, {(round_id, key): what for key, _name, _status, round_id, what in rows if what is not None}


def _standing(
    table: TableFacts,
    found: tuple[int, ResolutionText] | None,
    signed: Sequence[ResolutionSignature],
    teams: Mapping[int, tuple[str, str]],
    away: Mapping[tuple[int, int], str],
) -> Standing:
    key, text = found if found is not None else (None, None)
    mine = [one for one in signed if one.resolution_id == key]
    version = text.version if text is not None else 0
    seats = tuple(_seat(table, role, version, mine, teams, away) for role in ROLES)
    if text is None:
        return Standing(table_id=table.id, round_id=table.round_id, seats=seats)
    return Standing(
        table_id=table.id,
        round_id=table.round_id,
        version=version,
        wording=loaded(text.outcome, text.items, text.remark),
        role=text.role,
        written_at=text.written_at,
        seats=seats,
    )


def _seat(
    table: TableFacts,
    role: Role,
    version: int,
    signed: Sequence[ResolutionSignature],
    teams: Mapping[int, tuple[str, str]],
    away: Mapping[tuple[int, int], str],
) -> SeatWord:
    team_id = table.seats.get(role)
    if team_id is None:
        return SeatWord(role=role, team_id=None, team="", state="vacant")
    name, status = teams[team_id]
    if status == "stand_in":
        return SeatWord(role=role, team_id=team_id, team=name, state="stand_in")
    if (gone := away.get((table.round_id, team_id))) is not None:
        return SeatWord(role=role, team_id=team_id, team=name, state=gone)
    own = [one for one in signed if one.role == role.value and one.team_id == team_id]
    word = next((one for one in own if one.version == version), None)
    if word is None:
        knew = any(one.is_confirmed for one in own)
        return SeatWord(role=role, team_id=team_id, team=name, state=WAITING, knew_earlier=knew)
    state = CONFIRMED if word.is_confirmed else OBJECTS
    return SeatWord(role=role, team_id=team_id, team=name, state=state, at=word.signed_at, remark=word.remark)


__all__ = [
    "CONFIRMED",
    "EMPTY",
    "OBJECTS",
    "UNSAID",
    "WAITING",
    "SeatWord",
    "Standing",
    "standing_of",
    "standings_of",
]
