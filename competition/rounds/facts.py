"""What other rooms of the house may know about rounds: frozen facts, filled straight from rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.roles import ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """A round and the state of its live draw; `draw_id`, `draw_state` and so on are None without one."""

    id: int
    edition_id: int
    number: int
    name: str
    name_zh: str
    stage: str
    division_id: int | None
    weight: Decimal
    starts_at: datetime | None
    results_state: str
    draw_method: str
    version: int
    draw_id: int | None = None
    draw_version: int | None = None
    draw_state: str | None = None
    draw_created_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def is_preliminary(self) -> bool:
        return self.stage == "preliminary"

    @property
    def is_released(self) -> bool:
        return self.draw_state == "released"

    @property
    def has_results(self) -> bool:
        """Whether the round's results are confirmed (and perhaps published)."""
        return self.results_state != "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPlace:
    """A judge on a panel; `position` is chair, panellist or trainee."""

    judge_id: int
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A table's place among those that one panel judges one after another: the `number`-th of `total`.

    `after` is the table before it (empty: it is the first).
    """

    number: int
    total: int
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """A table of one draw version: who sits where (None is a vacant seat) and who judges."""

    id: int
    public_id: str
    draw_id: int
    round_id: int
    round_number: int
    edition_id: int
    name: str
    position: int
    bracket: str
    room_id: int | None
    room: str
    seats: Mapping[Role, int | None]
    panel: tuple[PanelPlace, ...]
    is_locked: bool = False
    round_name: str = ""
    round_name_zh: str = ""

    @property
    def team_ids(self) -> tuple[int, ...]:
        """The teams at the table in the order of the roles."""
        return tuple(team for role in ROLES if (team := self.seats.get(role)) is not None)

    @property
    def chair_id(self) -> int | None:
        return next((place.judge_id for place in self.panel if place.position == "chair"), None)

    def role_of(self, team_id: int) -> Role | None:
        """The role a team plays here, None when it does not sit here."""
        return next((role for role, team in self.seats.items() if team == team_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedResult:
    """What one team got at one table, in the live version of the table's result."""

    round: int
    round_id: int
    table_id: int
    team_id: int
    role: str
    rank: int | None
    is_shared: bool
    points: Decimal
    score: Decimal | None
    advances: bool | None
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedTeam:
    """A team at a seat of a live draw, whether or not its table has a result."""

    round: int
    round_id: int
    table_id: int
    team_id: int
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeFacts:
    """What happened at a seat where it was not simply played: late, absent or left."""

    round: int
    round_id: int
    team_id: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineupFacts:
    """Whether a delegate took part in a round, where it differs from the whole team."""

    round: int
    round_id: int
    team_id: int
    delegate_id: int
    took_part: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyFacts:
    """Marks taken from a team's table score in one round."""

    round: int
    round_id: int
    team_id: int
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResultFacts:
    """The live version of a table's result."""

    id: int
    table_id: int
    version: int
    source: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedSeat:
    """A team's seat in a released draw, as its participants see it."""

    round_id: int
    round: int
    round_name: str
    round_name_zh: str
    stage: str
    starts_at: datetime | None
    table_id: int
    table_public_id: str
    table: str
    role: Role
    room: str
    opponents: Mapping[Role, int | None]
    turn: Turn | None = None
