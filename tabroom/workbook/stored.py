"""An edition as it is stored, read back as the rows of its workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, select

from competition.editions.public import split_list
from core.db import db
from tabroom.workbook.columns import Kind
from tabroom.workbook.layout import BY_NAME, SETTINGS, SHEETS
from tabroom.workbook.rows import Row, Rows, Settings, Workbook
from tabroom.workbook.stored_rounds import READERS as ROUND_READERS
from tabroom.workbook.tables import table
from tabroom.workbook.values import name_text, stored_sentence, stored_text

Values = dict[str, Any]


def read_edition(edition_id: int) -> Workbook:
    """The whole edition; values are folded as an import would fold them, so a second reading changes nothing."""
    book = Workbook(settings=_settings(edition_id))
    readers: dict[str, Callable[[int], Iterator[Values]]] = {**READERS, **ROUND_READERS}
    for sheet in SHEETS:
        if sheet.name in readers:
            rows = [Row(0, values) for values in readers[sheet.name](edition_id)]
            book.sheets[sheet.name] = Rows(columns=frozenset(BY_NAME[sheet.name].names), rows=rows)
    return book


def _settings(edition_id: int) -> Settings:
    edition = table("edition")
    row = db.session.execute(select(edition).where(edition.c.id == edition_id)).mappings().one()
    settings = Settings(values={"format": 1})
    for column in SETTINGS[1:]:
        value = row[column.name]
        if column.kind is Kind.NAMES:
            value = tuple(name_text(part) for part in split_list(value)) or None
        elif isinstance(value, str):
            value = stored_text(value)
        settings.values[column.name] = column.default if value is None else value
    return settings


def _query(name: str, edition_id: int, *order: str) -> Select[Any]:
    target = table(name)
    ordered = [target.c[column] for column in (*order, "id")]
    return select(target).where(target.c.edition_id == edition_id).order_by(*ordered)


def _rows(name: str, edition_id: int, *order: str) -> Iterator[Any]:
    return iter(db.session.execute(_query(name, edition_id, *order)).mappings())


def _names(name: str, edition_id: int, column: str = "code") -> dict[int, str]:
    return {row["id"]: name_text(row[column]) for row in _rows(name, edition_id)}


def _institutions(edition_id: int) -> Iterator[Values]:
    for row in _rows("institution", edition_id):
        yield {
            "institution": stored_text(row["code"]),
            "name": stored_text(row["name"]),
            "name_local": stored_text(row["name_local"]),
            "country": stored_text(row["country"]),
        }


def _divisions(edition_id: int) -> Iterator[Values]:
    for row in _rows("division", edition_id, "position"):
        yield {
            "division": stored_text(row["code"]),
            "name": stored_text(row["name"]),
            "name_zh": stored_text(row["name_zh"]),
        }


def _memberships(name: str, owner: str, edition_id: int) -> dict[int, tuple[str, ...]]:
    member, division = table(name), table("division")
    query = (
        select(member.c[owner], division.c.code)
        .join(division, division.c.id == member.c.division_id)
        .where(division.c.edition_id == edition_id)
        .order_by(division.c.position, division.c.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for key, code in db.session.execute(query):
        found[key].append(name_text(code))
    return {key: tuple(codes) for key, codes in found.items()}


STATUS = {"applied": "waiting"}
"""The workbook has no word for an application: whoever reads the file sees a waiting team."""


def _teams(edition_id: int) -> Iterator[Values]:
    institutions = _names("institution", edition_id)
    divisions = _memberships("team_division", "team_id", edition_id)
    for row in _rows("team", edition_id, "position"):
        if row["status"] != "declined":
            yield {
                "team": stored_text(row["name"]),
                "institution": institutions.get(row["institution_id"]),
                "divisions": divisions.get(row["id"]),
                "role": row["role"],
                "wishes": split_list(row["wishes"]) or None,
                "coach": stored_text(row["coach"]),
                "status": STATUS.get(row["status"], row["status"]),
                "withdrawn_from": row["withdrawn_from"],
            }


def _delegates(edition_id: int) -> Iterator[Values]:
    teams = {
        row["id"]: stored_text(row["name"])
        for row in _rows("team", edition_id)
        if row["status"] != "declined"
    }
    divisions = _memberships("delegate_division", "delegate_id", edition_id)
    for row in _rows("delegate", edition_id, "position"):
        if row["team_id"] in teams:
            yield {
                "delegate": stored_text(row["code"]),
                "team": teams[row["team_id"]],
                "name": stored_text(row["name"]),
                "name_local": stored_text(row["name_local"]),
                "contact": stored_text(row["contact"]),
                "divisions": divisions.get(row["id"]),
            }


def _conflicts(edition_id: int) -> dict[int, tuple[str, ...]]:
    conflict, judge = table("judge_conflict"), table("judge")
    institutions, teams = _names("institution", edition_id), _names("team", edition_id, "name")
    both = set(institutions.values()) & set(teams.values())
    query = (
        select(conflict)
        .join(judge, judge.c.id == conflict.c.judge_id)
        .where(judge.c.edition_id == edition_id)
        .order_by(conflict.c.judge_id, conflict.c.position, conflict.c.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(query).mappings():
        name = institutions.get(row["institution_id"]) or teams[row["team_id"]]
        is_unclear = name in both and row["team_id"] is not None
        found[row["judge_id"]].append(f"team: {name}" if is_unclear else name)
    return {key: tuple(dict.fromkeys(names)) for key, names in found.items()}


def _judges(edition_id: int) -> Iterator[Values]:
    institutions, conflicts = _names("institution", edition_id), _conflicts(edition_id)
    for row in _rows("judge", edition_id, "position"):
        yield {
            "judge": stored_text(row["code"]),
            "name": stored_text(row["name"]),
            "name_local": stored_text(row["name_local"]),
            "institution": institutions.get(row["institution_id"]),
            "contact": stored_text(row["contact"]),
            "rating": row["rating"],
            "conflicts": conflicts.get(row["id"]),
            "languages": tuple(name_text(part) for part in split_list(row["languages"])) or None,
        }


def _rooms(edition_id: int) -> Iterator[Values]:
    for row in _rows("room", edition_id):
        yield {
            "room": stored_text(row["name"]),
            "site": stored_text(row["site"]),
            "building": stored_text(row["building"]),
            "capacity": row["capacity"],
            "step_free": row["is_step_free"],
            "link": stored_text(row["link"]),
        }


def _criteria(edition_id: int) -> Iterator[Values]:
    for row in _rows("criterion", edition_id, "position"):
        yield {
            "criterion": stored_text(row["code"]),
            "name": stored_text(row["name"]),
            "name_zh": stored_text(row["name_zh"]),
            "session": stored_text(row["session"]),
            **{name: row[name] for name in ("target", "minimum", "maximum", "step", "weight")},
        }


def _breaks(edition_id: int) -> Iterator[Values]:
    divisions = _names("division", edition_id)
    for row in _rows("break_rule", edition_id):
        division = divisions.get(row["division_id"])
        yield {"division": division, **{name: row[name] for name in ("role", "size", "reserves")}}


def _awards(edition_id: int) -> Iterator[Values]:
    for row in _rows("award", edition_id, "position"):
        yield {
            "award": stored_text(row["award"]),
            "kind": stored_text(row["kind"]),
            "winner": stored_text(row["winner"]),
            "reason": stored_sentence(row["reason"]),
        }


READERS: dict[str, Callable[[int], Iterator[Values]]] = {
    "Institutions": _institutions,
    "Divisions": _divisions,
    "Teams": _teams,
    "Delegates": _delegates,
    "Judges": _judges,
    "Rooms": _rooms,
    "Criteria": _criteria,
    "Breaks": _breaks,
    "Awards": _awards,
}
