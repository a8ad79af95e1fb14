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
    rows = db.session.execute(
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
            delegate_table.c.code,
            delegate_table.c.name.label("delegate"),
            StandingsSnapshot.tables,
        )
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .join(edition_table, edition_table.c.id == delegate_table.c.edition_id)
        .join(StandingsSnapshot, StandingsSnapshot.edition_id == edition_table.c.id)
        .where(delegate_table.c.person_id == person_id, StandingsSnapshot.is_published)
        .order_by(edition_table.c.ends_on.desc(), edition_table.c.id.desc())
    )
    return [result for row in rows if (result := _result(row)) is not None]


def _result(row: Any) -> ReleasedResult | None:
    selection = f"role:{row.role}" if row.role_policy == "fixed" and row.role else "overall"
    lines = row.tables.get(selection) or row.tables["overall"]
    line = next((one for one in lines if one["team_id"] == row.team_id), None)
    if line is None:
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
        ranked=sum(one["rank"] is not None for one in lines),
        awards=_awards(row),
    )


def _roles(line: dict[str, Any], own: str | None) -> tuple[str, ...]:
    played = [cell["role"] for cell in line["rounds"]]
    return tuple(dict.fromkeys([own] if own else played))


def _awards(row: Any) -> tuple[str, ...]:
    """The words of what the person or their team won: by key, or by name where an award has the words alone."""
    names = {row.team, row.code, row.delegate} - {""}
    by_key = (Award.delegate_id == row.delegate_id) | (
        (Award.team_id == row.team_id) & Award.delegate_id.is_(None) & (Award.winner == row.team)
    )
    by_name = Award.team_id.is_(None) & Award.delegate_id.is_(None) & Award.winner.in_(list(names))
    query = select(Award.award).where(Award.edition_id == row.id, by_key | by_name)
    return tuple(db.session.scalars(query.order_by(Award.position, Award.id)))
