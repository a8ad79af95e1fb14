"""Stored standings: worked out once, never changed, published by being chosen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from competition.editions.public import Edition, divisions_of
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, NotFound
from core.localised import N_
from core.revisions import bump
from core.roles import ROLES
from judging.models import StandingsSnapshot
from judging.standings import StandingsRow, StandingsTable, team_standings

OVERALL = "overall"


def selections(edition: Edition) -> list[str]:
    """What an edition ranks: overall, each division, and each role where roles are fixed."""
    roles = [f"role:{role}" for role in ROLES] if edition.role_policy == "fixed" else []
    return [OVERALL, *roles, *(f"division:{division.code}" for division in divisions_of(edition.id))]


def standings_of(edition: Edition, selection: str, after_round: int | None = None) -> StandingsTable:
    """The live standings of one selection; raises NotFound for an unknown one."""
    if selection not in selections(edition):
        raise NotFound(N_("This edition has no such ranking."))
    kind, _colon, name = selection.partition(":")
    return team_standings(
        edition,
        after_round=after_round,
        division=name if kind == "division" else None,
        role=name if kind == "role" else None,
    )


def take_snapshot(*, actor: Actor, edition: Edition, after_round: int | None = None) -> StandingsSnapshot:
    """Store the standings as they are now: overall, per division, per role."""
    tables = {name: standings_of(edition, name, after_round) for name in selections(edition)}
    overall = tables[OVERALL]
    snapshot = StandingsSnapshot(
        edition_id=edition.id,
        after_round=overall.after_round,
        metrics=";".join(overall.metrics),
        notes=list(overall.notes),
        tables={name: stored_rows(table) for name, table in tables.items()},
        created_at=utc_now(),
        created_by=actor.person_id,
    )
    db.session.add(snapshot)
    db.session.flush()
    _record(actor, "standings.stored", snapshot)
    return snapshot


def publish_snapshot(*, actor: Actor, snapshot: StandingsSnapshot) -> None:
    """Make a snapshot the edition's published standings, in place of any other. Raises Conflict if it is already."""
    if snapshot.is_published:
        raise Conflict(N_("These standings are published already. Nothing was changed."))
    others = update(StandingsSnapshot).where(
        StandingsSnapshot.edition_id == snapshot.edition_id, StandingsSnapshot.is_published
    )
    db.session.execute(others.values(is_published=False).execution_options(synchronize_session="fetch"))
    snapshot.is_published, snapshot.published_at = True, utc_now()
    db.session.flush()
    _record(actor, "standings.published", snapshot)


def unpublish_snapshot(*, actor: Actor, snapshot: StandingsSnapshot) -> None:
    """Take published standings back from the public; the snapshot stays."""
    if not snapshot.is_published:
        raise Conflict(N_("These standings are not published. Nothing was changed."))
    snapshot.is_published = False
    db.session.flush()
    _record(actor, "standings.unpublished", snapshot)


def snapshots_of(edition_id: int) -> Sequence[StandingsSnapshot]:
    """Every snapshot of an edition, newest first."""
    query = select(StandingsSnapshot).where(StandingsSnapshot.edition_id == edition_id)
    return db.session.scalars(query.order_by(StandingsSnapshot.id.desc())).all()


def get_snapshot(edition_id: int, public_id: str) -> StandingsSnapshot:
    """A snapshot of this edition; raises NotFound for any other."""
    found = next((one for one in snapshots_of(edition_id) if one.public_id == public_id), None)
    if found is None:
        raise NotFound(N_("There are no such standings in this edition."))
    return found


def find_published(edition_id: int) -> StandingsSnapshot | None:
    """The edition's published standings."""
    query = select(StandingsSnapshot).where(
        StandingsSnapshot.edition_id == edition_id, StandingsSnapshot.is_published
    )
    return db.session.scalar(query)


def published_key(edition_id: int) -> tuple[str, str] | None:
    """What changes whenever other standings are published, without reading them; None while there are none."""
    query = select(StandingsSnapshot.public_id, StandingsSnapshot.published_at).where(
        StandingsSnapshot.edition_id == edition_id, StandingsSnapshot.is_published
    )
    row = db.session.execute(query).first()
    return None if row is None else (row.public_id, str(row.published_at))


def is_outdated(edition: Edition, snapshot: StandingsSnapshot) -> bool:
    """Whether the results behind the snapshot have changed since (a correction, another rule, another team)."""
    now = stored_rows(standings_of(edition, OVERALL, snapshot.after_round))
    return bool(now != snapshot.tables.get(OVERALL))


def stored_rows(table: StandingsTable) -> list[dict[str, Any]]:
    """The rows of a table as they are stored: plain values, exact numbers as text."""
    return [stored_row(row) for row in table.rows]


def stored_row(row: StandingsRow) -> dict[str, Any]:
    """One row as it is stored."""
    return {
        "rank": row.rank,
        "is_shared": row.is_shared,
        "team_id": row.team_id,
        "team_public_id": row.team_public_id,
        "team": row.team,
        "institution": row.institution,
        "institution_local": row.institution_local,
        "role": row.role,
        "status": row.status,
        "rounds_played": row.rounds_played,
        "values": {name: _stored(value) for name, value in row.values.items()},
        "rounds": [
            {
                "round": cell.round,
                "role": cell.role,
                "rank": cell.rank,
                "is_shared": cell.is_shared,
                "points": _stored(cell.points),
                "score": _stored(cell.score),
            }
            for cell in row.rounds
        ],
    }


def _stored(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _record(actor: Actor, verb: str, snapshot: StandingsSnapshot) -> None:
    scope = edition_scope(snapshot.edition_id)
    record(actor, verb, "standings", snapshot.id, scope=scope, details={"after_round": snapshot.after_round})
    bump(scope)
