"""Team standings of an edition: who is ranked, by which metrics, after which round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from competition.editions.public import Division, Edition, divisions_of, metrics_of
from competition.entries.public import institution_table, team_division_table, team_table
from competition.rounds.public import SeatedResult, last_confirmed_round, round_facts, seated_results
from core.db import db
from core.errors import Invalid
from core.localised import N_
from core.roles import ROLES, Role
from judging.analysis.adjusted import ALIKE, PROVISIONAL, REASONS, UNAVAILABLE, Adjustment, adjustment_of
from judging.closing.lots import lots_among
from judging.scoring.standings import (
    COLUMNS,
    METRICS,
    Entrant,
    Played,
    Standing,
    UnavailableMetric,
    standings,
)

LISTED = ("registered", "withdrawn", "stand_in")
FALLBACK = N_(
    "Scores adjusted for the severity of judges are not available, so teams are ranked by their average score."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCell:
    """What a team got in one round."""

    round: int
    role: str
    rank: int | None
    is_shared: bool
    points: Decimal
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsRow:
    """One team's line; `rank` is None for withdrawn teams and stand-ins, `values` holds every metric by name."""

    rank: int | None
    is_shared: bool
    team_id: int
    team_public_id: str
    team: str
    institution: str
    institution_local: str
    role: str
    status: str
    values: Mapping[str, Decimal | None]
    rounds_played: int
    rounds: tuple[RoundCell, ...] = ()

    @property
    def rank_text(self) -> str:
        """`2=` for a shared rank, empty for the unranked."""
        return "" if self.rank is None else f"{self.rank}{'=' if self.is_shared else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingsTable:
    """A ranking: the metrics that made it, the columns to show, notes (English source), the rows, best first."""

    after_round: int
    metrics: tuple[str, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()
    rows: tuple[StandingsRow, ...] = field(default=())


def team_standings(
    edition: Edition,
    *,
    after_round: int | None = None,
    division: str | None = None,
    role: str | None = None,
    metrics: Sequence[str] | None = None,
) -> StandingsTable:
    """The standings after `after_round` (default: the last confirmed preliminary round), of a division (its code)
    or of a role bracket (fixed editions only), or of everybody; by the edition's metrics, or by others for comparison.

    Raises Invalid for an unknown division or role, and for a metric that is named but not available.
    """
    chosen_division = _division(edition, division)
    chosen_role = _role(edition, role)
    last = after_round if after_round is not None else last_confirmed_round(edition.id) or 0
    results = seated_results(edition.id, up_to_round=last)
    teams = _teams(edition, chosen_division, chosen_role)
    cells = _cells(results)
    entrants = [Entrant(team=team, is_ranked=row.status == "registered") for team, row in teams.items()]
    adjustment = adjustment_of(edition, last, results)
    played = [played_of(result, adjustment) for result in results]
    reason = adjustment.reason_for(_brackets(edition, teams.values()))
    wanted = metrics or metrics_of(edition.role_policy, edition.standings_metrics)
    is_named = metrics is not None or bool(edition.standings_metrics.strip())
    used, notes, lines = _ranked(entrants, played, wanted, reason, is_named=is_named)
    if "manual" in used:
        lines = _with_lots(edition.id, entrants, played, used)
    if "adjusted_score" in used:
        notes = (*notes, *_cautions(adjustment))
    return StandingsTable(
        after_round=last,
        metrics=used,
        columns=tuple(dict.fromkeys((*COLUMNS, *used))),
        notes=notes,
        rows=tuple(_row(line, teams, cells) for line in lines),
    )


def _cautions(adjustment: Adjustment) -> tuple[str, ...]:
    """What a reader of a ranking by adjusted scores should know."""
    said = ((ALIKE, adjustment.judges_are_alike), (PROVISIONAL, not adjustment.is_final))
    return tuple(text for text, holds in said if holds)


def check_round(edition: Edition, number: int) -> None:
    """Raise Invalid for a round that somebody asks for and the edition does not have.

    Stored standings are not asked for: they may be from before the first round, or after one that is gone.
    """
    if number not in {facts.number for facts in round_facts(edition.id)}:
        raise Invalid(N_("There is no round %(number)d in this edition."), number=number)


def _row(
    line: Standing, teams: Mapping[Any, _Team], cells: Mapping[Any, Sequence[RoundCell]]
) -> StandingsRow:
    team = teams[line.team]
    return StandingsRow(
        rank=line.rank,
        is_shared=line.is_shared,
        team_id=team.id,
        team_public_id=team.public_id,
        team=team.name,
        institution=team.institution,
        institution_local=team.institution_local,
        role=team.role,
        status=team.status,
        values=line.values,
        rounds_played=line.rounds_played,
        rounds=tuple(cells.get(line.team, ())),
    )


def _ranked(
    entrants: Sequence[Entrant],
    played: Sequence[Played],
    metrics: Sequence[str],
    reason: str,
    *,
    is_named: bool,
) -> tuple[tuple[str, ...], tuple[str, ...], list[Standing]]:
    """The ranking, the metrics that made it, and notes: a default that is not available is left out and they say why.

    Raises Invalid for a metric that is named and not available.
    """
    try:
        return tuple(metrics), (), standings(entrants, played, metrics)
    except UnavailableMetric as missing:
        if is_named:
            raise _unavailable(missing.metric, reason) from missing
        rest = tuple(name for name in metrics if name != missing.metric)
        return rest, (FALLBACK, REASONS[reason]), standings(entrants, played, rest)


def _with_lots(
    edition_id: int, entrants: Sequence[Entrant], played: Sequence[Played], metrics: tuple[str, ...]
) -> list[Standing]:
    """The ranking once more, with the recorded lots of those who are level by what comes before the lot."""
    before = standings(entrants, played, metrics[: metrics.index("manual")])
    level: dict[int, list[Any]] = defaultdict(list)
    for line in before:
        if line.rank is not None and line.is_shared:
            level[line.rank].append(line.team)
    return standings(entrants, played, metrics, lots_among(edition_id, level.values()))


def _unavailable(metric: str, reason: str) -> Invalid:
    known = ", ".join(name for name in METRICS if name != "adjusted_score")
    if metric == "adjusted_score":
        return Invalid(UNAVAILABLE[reason], known=known)
    return Invalid(
        N_("The metric “%(metric)s” is not available for these standings. Available now: %(known)s."),
        metric=metric,
        known=known,
    )


def _brackets(edition: Edition, teams: Iterable[_Team]) -> set[str | None]:
    """The sets in which these teams are compared: their roles where roles are fixed, otherwise all together."""
    return {
        team.role if edition.role_policy == "fixed" else None for team in teams if team.status == "registered"
    }


def played_of(result: SeatedResult, adjustment: Adjustment) -> Played:
    """A result as the scoring engine reads it, with its adjusted score where it has one."""
    return Played(
        team=result.team_id,
        round=result.round,
        table=result.table_id,
        rank=result.rank,
        points=result.points,
        score=result.score,
        is_shared=result.is_shared,
        adjusted=adjustment.score_of(result),
    )


def _cells(results: Sequence[SeatedResult]) -> dict[int, list[RoundCell]]:
    cells: dict[int, list[RoundCell]] = defaultdict(list)
    for result in results:
        cells[result.team_id].append(
            RoundCell(
                round=result.round,
                role=result.role,
                rank=result.rank,
                is_shared=result.is_shared,
                points=result.points,
                score=result.score,
            )
        )
    return cells


@dataclass(frozen=True, slots=True)
class _Team:
    id: int
    public_id: str
    name: str
    institution: str
    institution_local: str
    role: str
    status: str


def _teams(edition: Edition, division: Division | None, role: Role | None) -> dict[int, _Team]:
    wanted: list[ColumnElement[bool]] = [
        team_table.c.edition_id == edition.id,
        team_table.c.status.in_(LISTED),
    ]
    if role is not None:
        wanted.append(team_table.c.role == role.value)
    if division is not None:
        members = select(team_division_table.c.team_id).where(
            team_division_table.c.division_id == division.id
        )
        wanted.append(team_table.c.id.in_(members))
    rows = db.session.execute(
        select(
            team_table.c.id,
            team_table.c.public_id,
            team_table.c.name,
            func.coalesce(institution_table.c.code, ""),
            func.coalesce(institution_table.c.name_local, ""),
            func.coalesce(team_table.c.role, ""),
            team_table.c.status,
        )
        .outerjoin(institution_table, institution_table.c.id == team_table.c.institution_id)
        .where(*wanted)
    )
    return {row[0]: _Team(*row) for row in rows}


def _division(edition: Edition, code: str | None) -> Division | None:
    if code is None:
        return None
    known = divisions_of(edition.id)
    found = next((division for division in known if division.code == code), None)
    if found is None:
        raise Invalid(
            N_("There is no division “%(division)s” in this edition. Known are: %(known)s."),
            division=code,
            known=", ".join(division.code for division in known) or "–",
        )
    return found


def _role(edition: Edition, role: str | None) -> Role | None:
    if role is None:
        return None
    if role not in tuple(ROLES):
        raise Invalid(
            N_("“%(role)s” is not a role. The roles are: %(known)s."), role=role, known=", ".join(ROLES)
        )
    if edition.role_policy != "fixed":
        raise Invalid(N_("Teams of this edition change roles, so there is no ranking within a role."))
    return Role(role)
