"""Recording what happened at tables: versions of results, ranks turned into points, confirmed rounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from competition.editions.public import get_edition_by_id, points_list
from competition.rounds.field import stand_in_ids
from competition.rounds.models import Draw, NegotiationTable, Round, Seat, TableResult, TeamResult
from competition.rounds.outcomes import live_results
from competition.rounds.points import Place, points_for
from competition.rounds.queries import get_round, live_draw, tables_of_draw
from core import revisions
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, Invalid
from core.localised import N_

CHUNK = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPlace:
    """A team's place at its table as the judges (or an older edition) say: `rank` None for an absent team."""

    team_id: int
    rank: int | None
    is_shared: bool = False
    score: Decimal | None = None
    advances: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTable:
    """The places of one table. A seated team that is not named has no rank."""

    table_id: int
    placings: Sequence[RecordedPlace]


@dataclass(frozen=True, slots=True)
class _Table:
    """What is needed of a table to record its result."""

    edition_id: int
    weight: Decimal
    seats: dict[int, str]


def record_result(
    *, actor: Actor, table_id: int, source: str, placings: Sequence[RecordedPlace]
) -> TableResult:
    """Record a new version of a table's result; it supersedes the live one. Returns the new version.

    Stand-ins are taken out before ranking. Raises Conflict for a table of a superseded draw, Invalid for a
    team that does not sit there.
    """
    keys = _insert([RecordedTable(table_id=table_id, placings=placings)], source, actor)
    result = db.session.get_one(TableResult, keys[0])
    edition_id = _tables([table_id])[table_id].edition_id
    record(
        actor,
        "result.recorded",
        "table",
        table_id,
        scope=edition_scope(edition_id),
        details={"version": result.version, "source": source},
    )
    revisions.bump(edition_scope(edition_id))
    return result


def record_results(*, actor: Actor, source: str, recorded: Sequence[RecordedTable]) -> list[int]:
    """Record many tables of one edition at once (imports); returns the keys of the new versions in order."""
    if not recorded:
        return []
    keys = _insert(recorded, source, actor)
    edition_id = _tables([recorded[0].table_id])[recorded[0].table_id].edition_id
    record(
        actor,
        "results.recorded",
        "edition",
        edition_id,
        scope=edition_scope(edition_id),
        details={"tables": len(recorded), "source": source},
    )
    revisions.bump(edition_scope(edition_id))
    return keys


def _insert(recorded: Sequence[RecordedTable], source: str, actor: Actor) -> list[int]:
    ids = [table.table_id for table in recorded]
    tables, versions = _tables(ids), _next_versions(ids)
    placed = [_placed(table, tables) for table in _with_scales(recorded, tables)]
    for part in _chunks(ids):
        db.session.execute(
            update(TableResult)
            .where(TableResult.table_id.in_(part), TableResult.is_live)
            .values(is_live=False)
            .execution_options(synchronize_session="fetch")
        )
    now = utc_now()
    rows = [
        {
            "table_id": table_id,
            "version": versions[table_id],
            "is_live": True,
            "source": source,
            "confirmed_at": now,
            "confirmed_by": actor.person_id,
        }
        for table_id in ids
    ]
    keys = list(
        db.session.scalars(insert(TableResult).returning(TableResult.id, sort_by_parameter_order=True), rows)
    )
    team_rows = [
        {"table_result_id": key, **row} for key, places in zip(keys, placed, strict=True) for row in places
    ]
    if team_rows:
        db.session.execute(insert(TeamResult), team_rows)
    return keys


@dataclass(frozen=True, slots=True)
class _Scaled:
    """A recorded table with the scales of its edition."""

    recorded: RecordedTable
    table_points: tuple[Decimal, ...]
    three_team_points: tuple[Decimal, ...]
    stand_ins: frozenset[int]


def _with_scales(recorded: Sequence[RecordedTable], tables: dict[int, _Table]) -> Iterable[_Scaled]:
    scales: dict[int, tuple[tuple[Decimal, ...], tuple[Decimal, ...], frozenset[int]]] = {}
    for table in recorded:
        if table.table_id not in tables:
            raise Conflict(
                N_("This table belongs to a draw that was replaced. Open the round's present draw.")
            )
        edition_id = tables[table.table_id].edition_id
        if edition_id not in scales:
            edition = get_edition_by_id(edition_id)
            scales[edition_id] = (
                points_list(edition.table_points),
                points_list(edition.three_team_points),
                stand_in_ids(edition_id),
            )
        yield _Scaled(table, *scales[edition_id])


def _placed(scaled: _Scaled, tables: dict[int, _Table]) -> list[dict[str, Any]]:
    """The rows of one table: every seated team once, in the order of its seats."""
    table = tables[scaled.recorded.table_id]
    given = {place.team_id: place for place in scaled.recorded.placings}
    if len(given) != len(scaled.recorded.placings) or not given.keys() <= table.seats.keys():
        raise Invalid(N_("A result names a team that does not sit at the table, or names one twice."))
    ranks = {
        team: None if team in scaled.stand_ins or team not in given else given[team].rank
        for team in table.seats
    }
    places = points_for(ranks, scaled.table_points, scaled.three_team_points, table.weight)
    return [_row(team, role, places[team], given.get(team)) for team, role in table.seats.items()]


def _row(team_id: int, role: str, place: Place, given: RecordedPlace | None) -> dict[str, Any]:
    return {
        "team_id": team_id,
        "role": role,
        "rank": place.rank,
        "is_shared": place.is_shared,
        "points": place.points,
        "score": given.score if given else None,
        "advances": given.advances if given else None,
    }


def _tables(table_ids: Sequence[int]) -> dict[int, _Table]:
    """The tables of live draws among these, with their seated teams."""
    tables: dict[int, _Table] = {}
    for part in _chunks(table_ids):
        rows = db.session.execute(
            select(NegotiationTable.id, Round.edition_id, Round.weight, Seat.team_id, Seat.role)
            .join(Draw, Draw.id == NegotiationTable.draw_id)
            .join(Round, Round.id == Draw.round_id)
            .outerjoin(Seat, (Seat.table_id == NegotiationTable.id) & Seat.team_id.is_not(None))
            .where(NegotiationTable.id.in_(part), Draw.state != "superseded")
            .order_by(Seat.id)
        )
        for table_id, edition_id, weight, team_id, role in rows:
            table = tables.setdefault(table_id, _Table(edition_id, weight, {}))
            if team_id is not None:
                table.seats[team_id] = role
    return tables


def _next_versions(table_ids: Sequence[int]) -> dict[int, int]:
    versions: dict[int, int] = defaultdict(lambda: 1)
    for part in _chunks(table_ids):
        for table_id, version in db.session.execute(
            select(TableResult.table_id, TableResult.version).where(TableResult.table_id.in_(part))
        ):
            versions[table_id] = max(versions[table_id], version + 1)
    return versions


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def tables_without_result(round_id: int) -> list[str]:
    """The names of the tables of the live draw that have seated teams and no result yet."""
    draw = live_draw(round_id)
    if draw is None:
        return []
    results = live_results(draw.id)
    return [table.name for table in tables_of_draw(draw.id) if table.id not in results and table.team_ids]


def confirm_round_results(*, actor: Actor, round_id: int) -> Round:
    """Confirm a round once every table has a result; raises Conflict that names the tables still missing."""
    row = get_round(round_id)
    if live_draw(round_id) is None:
        raise Conflict(N_("This round has no draw yet, so it has no results to confirm."))
    if missing := tables_without_result(round_id):
        raise Conflict(
            N_("These tables have no confirmed result yet: %(tables)s."), tables=", ".join(missing)
        )
    return _move_results(actor, row, "open", "confirmed")


def reopen_round_results(*, actor: Actor, round_id: int) -> Round:
    """Take back the confirmation of a round whose results are not published."""
    return _move_results(actor, get_round(round_id), "confirmed", "open")


def publish_round_results(*, actor: Actor, round_id: int) -> Round:
    """Let everybody who may see the round see its results."""
    return _move_results(actor, get_round(round_id), "confirmed", "published")


def _move_results(actor: Actor, row: Round, before: str, after: str) -> Round:
    """Compare and swap: of two organisers at once, the second is told."""
    moved = db.session.execute(
        update(Round)
        .where(Round.id == row.id, Round.results_state == before)
        .values(results_state=after, version=Round.version + 1)
    )
    if moved.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(N_("The results of this round are in another state by now. Reload the page."))
    db.session.refresh(row)
    record(
        actor,
        f"results.{after}",
        "round",
        row.id,
        scope=edition_scope(row.edition_id),
        details={"round": row.number},
    )
    revisions.bump(edition_scope(row.edition_id))
    return row
