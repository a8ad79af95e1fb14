"""What a judge marks at one table: who sits there, who took part, and by which criteria."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from flask_babel import gettext as _
from sqlalchemy import and_, func, select, true, type_coerce

from competition.editions.public import Edition
from competition.entries.public import delegate_table, institution_table, team_table
from competition.rounds.public import TableFacts, lineup, outcome, penalty
from core.db import db
from core.roles import ROLES, Role
from judging.closing.models import AwardLine
from judging.models import Criterion
from judging.queries import criteria_of, rule_of
from judging.scoring.sheets import CriterionRule, Roster

Presence = Literal["marked", "absent", "stand_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDelegate:
    """A delegate as a line of the sheet; `is_out` when the organisers say that they did not take part."""

    id: int
    public_id: str
    name: str
    name_local: str
    is_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTeam:
    """A team at the table. Only a `marked` one is marked; absent teams and stand-ins are named and passed over."""

    id: int
    public_id: str
    name: str
    institution: str
    role: Role
    presence: Presence
    outcome: str
    penalty: Decimal
    delegates: tuple[SheetDelegate, ...]

    @property
    def is_marked(self) -> bool:
        return self.presence == "marked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetAward:
    """An award for which a judge may name a delegate."""

    id: int
    public_id: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """The table, its teams in the order of the roles, the rubric, and how marks are put together."""

    table: TableFacts
    teams: tuple[SheetTeam, ...]
    criteria: tuple[Criterion, ...]
    delegate_marks: str
    table_ties: str
    panel_method: str
    score_decimals: int
    awards: tuple[SheetAward, ...] = ()

    @property
    def marked_teams(self) -> tuple[SheetTeam, ...]:
        return tuple(team for team in self.teams if team.is_marked)

    @property
    def team_criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.target == "team")

    @property
    def delegate_criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.target == "delegate")

    @property
    def rules(self) -> list[CriterionRule]:
        return [rule_of(criterion) for criterion in self.criteria]

    @property
    def vacant_roles(self) -> tuple[Role, ...]:
        return tuple(role for role in ROLES if self.table.seats.get(role) is None)

    @property
    def penalties(self) -> Mapping[Hashable, Decimal]:
        return {team.id: team.penalty for team in self.teams if team.penalty}

    def roster(self, absent: Collection[int] = ()) -> Roster:
        """The marked teams with the delegates who took part, less those in `absent`."""
        return {
            team.id: frozenset(one.id for one in team.delegates if not one.is_out and one.id not in absent)
            if self.delegate_criteria
            else frozenset()
            for team in self.marked_teams
        }


def plan_of(edition: Edition, table: TableFacts) -> SheetPlan:
    """The plan of one table, with the awards for which delegates can be named."""
    return replace(plans_of(edition, [table])[table.id], awards=_awards(edition.id))


def plans_of(edition: Edition, tables: Sequence[TableFacts]) -> dict[int, SheetPlan]:
    """The plans of several tables of one round, in a fixed number of queries."""
    criteria = tuple(criteria_of(edition.id))
    rows = _team_rows([team for table in tables for team in table.team_ids], tables)
    return {
        table.id: SheetPlan(
            table=table,
            teams=tuple(
                SheetTeam(**rows[team], role=role)  # type: ignore[arg-type]
                for role in ROLES
                if (team := table.seats.get(role)) is not None
            ),
            criteria=criteria,
            delegate_marks=edition.delegate_marks,
            table_ties=edition.table_ties,
            panel_method=edition.panel_method,
            score_decimals=edition.score_decimals,
        )
        for table in tables
    }


def _awards(edition_id: int) -> tuple[SheetAward, ...]:
    query = (
        select(AwardLine.id, AwardLine.public_id, AwardLine.name, AwardLine.name_zh)
        .where(AwardLine.edition_id == edition_id, AwardLine.kind == "individual_nominations")
        .order_by(AwardLine.position, AwardLine.id)
    )
    return tuple(
        SheetAward(id=row.id, public_id=row.public_id, name=row.name, name_zh=row.name_zh)
        for row in db.session.execute(query)
    )


def imaginary_plan(edition: Edition) -> SheetPlan:
    """A table of four imaginary teams of two delegates each, to show or to practise the edition's rubric."""
    teams = tuple(_imaginary_team(at, role) for at, role in enumerate(ROLES))
    table = TableFacts(
        id=0,
        public_id="",
        draw_id=0,
        round_id=0,
        round_number=0,
        edition_id=edition.id,
        name="",
        position=0,
        bracket="",
        room_id=None,
        room="",
        seats={team.role: team.id for team in teams},
        panel=(),
    )
    return SheetPlan(
        table=table,
        teams=teams,
        criteria=tuple(criteria_of(edition.id)),
        delegate_marks=edition.delegate_marks,
        table_ties=edition.table_ties,
        panel_method=edition.panel_method,
        score_decimals=edition.score_decimals,
    )


def _imaginary_team(at: int, role: Role) -> SheetTeam:
    delegates = tuple(
        SheetDelegate(
            id=10 * at + number, public_id=f"{role.value}-{number}", name=name, name_local="", is_out=False
        )
        for number, name in enumerate((_("First delegate"), _("Second delegate")))
    )
    return SheetTeam(
        id=at,
        public_id=role.value,
        name=_("Example team %(letter)s", letter="ABCD"[at]),
        institution="",
        role=role,
        presence="marked",
        outcome="played",
        penalty=Decimal(0),
        delegates=delegates,
    )


def _team_rows(team_ids: Sequence[int], tables: Sequence[TableFacts]) -> dict[int, dict[str, object]]:
    """The teams with what happened to them in the round of these tables, in one query for teams and one for people."""
    round_ids = {table.round_id for table in tables}
    delegates = _delegates(team_ids, round_ids)
    charged = (
        select(func.sum(penalty.c.amount))
        .where(penalty.c.team_id == team_table.c.id, penalty.c.round_id.in_(round_ids))
        .scalar_subquery()
    )
    teams = db.session.execute(
        select(
            team_table.c.id,
            team_table.c.public_id,
            team_table.c.name,
            team_table.c.status,
            func.coalesce(func.nullif(institution_table.c.name, ""), institution_table.c.code, "").label(
                "institution"
            ),
            func.coalesce(outcome.c.outcome, "played").label("outcome"),
            type_coerce(charged, penalty.c.amount.type).label("charged"),
        )
        .outerjoin(institution_table, institution_table.c.id == team_table.c.institution_id)
        .outerjoin(outcome, and_(outcome.c.team_id == team_table.c.id, outcome.c.round_id.in_(round_ids)))
        .where(team_table.c.id.in_(team_ids))
    )
    return {
        team.id: {
            "id": team.id,
            "public_id": team.public_id,
            "name": team.name,
            "institution": team.institution,
            "outcome": team.outcome,
            "presence": _presence(team.status, team.outcome),
            "penalty": team.charged if team.charged is not None else Decimal(0),
            "delegates": tuple(delegates[team.id]),
        }
        for team in teams
    }


def _presence(status: str, what_happened: str) -> Presence:
    if status == "stand_in":
        return "stand_in"
    return "absent" if what_happened == "absent" else "marked"


def _delegates(team_ids: Sequence[int], round_ids: Collection[int]) -> dict[int, list[SheetDelegate]]:
    rows = db.session.execute(
        select(
            delegate_table.c.id,
            delegate_table.c.public_id,
            delegate_table.c.team_id,
            delegate_table.c.code,
            delegate_table.c.name,
            delegate_table.c.name_local,
            func.coalesce(lineup.c.took_part, true()).label("took_part"),
        )
        .outerjoin(
            lineup,
            and_(lineup.c.delegate_id == delegate_table.c.id, lineup.c.round_id.in_(round_ids)),
        )
        .where(delegate_table.c.team_id.in_(team_ids))
        .order_by(delegate_table.c.position, delegate_table.c.id)
    )
    found: dict[int, list[SheetDelegate]] = defaultdict(list)
    for row in rows:
        found[row.team_id].append(
            SheetDelegate(
                id=row.id,
                public_id=row.public_id,
                name=row.name or row.name_local or row.code,
                name_local=row.name_local if row.name else "",
                is_out=not row.took_part,
            )
        )
    return found
