"""What the talent pool may see of a person's results: published standings and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from competition.editions.public import edition_table
from competition.entries.public import delegate_table, team_table
from core.db import db
from judging.models import Award, StandingsSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedResult:
    """A person's part in one edition whose standings are published.

    `rank` is within the role bracket where roles are fixed, otherwise overall; `ranked` says among how many.
    `roles` are those the team played, `awards` the words of what the team or the person was given.
    """

    edition_id: int
    edition_slug: str
    edition: str
    edition_zh: str
    ends_on: Any
    team: str
    institution: str
    roles: tuple[str, ...]
    rank: int | None
    is_shared: bool
    ranked: int
    awards: tuple[str, ...]


def released_results_of_person(person_id: int) -> list[ReleasedResult]:
    """A person's released results, newest edition first."""
    editions = released_editions(person_id)
    return [part.result for one in editions for part in released_parts(one.edition_id, person_id)]


def _delegates() -> Any:
    return (
        select(
            edition_table.c.id,
            edition_table.c.slug,
            edition_table.c.name,
            edition_table.c.name_zh,
            edition_table.c.ends_on,
            edition_table.c.role_policy,
            team_table.c.id.label("team_id"),
            team_table.c.name.label("team"),
            team_table.c.role,
            delegate_table.c.id.label("delegate_id"),
            delegate_table.c.person_id,
            delegate_table.c.code,
            delegate_table.c.name.label("delegate"),
        )
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .join(edition_table, edition_table.c.id == delegate_table.c.edition_id)
        .order_by(delegate_table.c.id)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedPart:
    """One delegate's part in an edition whose standings are published; `rounds` are (round's number, role played)."""

    delegate_id: int
    person_id: int | None
    team_id: int
    result: ReleasedResult
    rounds: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedEdition:
    """An edition whose standings are published; `key` changes whenever others are published."""

    edition_id: int
    key: tuple[str, str]
    after_round: int


def released_editions(person_id: int | None = None) -> list[ReleasedEdition]:
    """Every edition with published standings (in which one person competed), newest first."""
    query = (
        select(
            StandingsSnapshot.edition_id,
            StandingsSnapshot.public_id,
            StandingsSnapshot.published_at,
            StandingsSnapshot.after_round,
        )
        .join(edition_table, edition_table.c.id == StandingsSnapshot.edition_id)
        .where(StandingsSnapshot.is_published)
        .order_by(edition_table.c.ends_on.desc(), edition_table.c.id.desc())
    )
    if person_id is not None:
        own = select(delegate_table.c.edition_id).where(delegate_table.c.person_id == person_id)
        query = query.where(StandingsSnapshot.edition_id.in_(own))
    rows = db.session.execute(query)
    return [
        ReleasedEdition(
            edition_id=row.edition_id,
            key=(row.public_id, str(row.published_at)),
            after_round=row.after_round,
        )
        for row in rows
    ]


def released_parts(edition_id: int, person_id: int | None = None) -> list[ReleasedPart]:
    """Every delegate's (or one person's) part in an edition, as its published standings say."""
    query = _delegates().where(delegate_table.c.edition_id == edition_id)
    if person_id is not None:
        query = query.where(delegate_table.c.person_id == person_id)
    tables = db.session.scalar(
        select(StandingsSnapshot.tables).where(
            StandingsSnapshot.edition_id == edition_id, StandingsSnapshot.is_published
        )
    )
    awards = _awards_of(edition_id)
    found = (_part(row, tables, awards) for row in db.session.execute(query)) if tables else ()
    return [part for part in found if part is not None]


def _part(row: Any, tables: dict[str, Any], awards: list[Award]) -> ReleasedPart | None:
    result = _result(row, tables, awards)
    if result is None:
        return None
    cells = _line_of(row, tables)["rounds"]
    return ReleasedPart(
        delegate_id=row.delegate_id,
        person_id=row.person_id,
        team_id=row.team_id,
        result=result,
        rounds=tuple((cell["round"], cell["role"]) for cell in cells if "round" in cell),
    )


def _lines_for(row: Any, tables: dict[str, Any]) -> list[dict[str, Any]]:
    """The ranking that counts for a team: that of its role where roles are fixed, otherwise everybody's."""
    selection = f"role:{row.role}" if row.role_policy == "fixed" and row.role else "overall"
    return tables.get(selection) or tables.get("overall") or []


def _line_of(row: Any, tables: dict[str, Any]) -> dict[str, Any]:
    return next((one for one in _lines_for(row, tables) if one["team_id"] == row.team_id), {})


def _result(row: Any, tables: dict[str, Any], awards: list[Award]) -> ReleasedResult | None:
    line = _line_of(row, tables)
    if not line:
        return None
    return ReleasedResult(
        edition_id=row.id,
        edition_slug=row.slug,
        edition=row.name,
        edition_zh=row.name_zh,
        ends_on=row.ends_on,
        team=line["team"],
        institution=line["institution"],
        roles=_roles(line, row.role),
        rank=line["rank"],
        is_shared=line["is_shared"],
        ranked=sum(one["rank"] is not None for one in _lines_for(row, tables)),
        awards=tuple(award.award for award in awards if _is_theirs(award, row)),
    )


def _roles(line: dict[str, Any], own: str | None) -> tuple[str, ...]:
    played = [cell["role"] for cell in line["rounds"]]
    return tuple(dict.fromkeys([own] if own else played))


def _awards_of(edition_id: int) -> list[Award]:
    query = select(Award).where(Award.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(Award.position, Award.id)))


def _is_theirs(award: Award, row: Any) -> bool:
    """Whether the person or their team won it: by key, or by name where an award has the words alone."""
    if award.delegate_id is not None:
        return award.delegate_id == row.delegate_id
    if award.team_id is not None:
        return award.team_id == row.team_id and award.winner == row.team
    return award.winner in {row.team, row.code, row.delegate} - {""}
