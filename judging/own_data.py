"""Marks, notes and feedback about a person, and the sheets of a judge, for their download; names cut when erased."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from sqlalchemy import func, select

from accounts.public import eraser, own_data_provider
from competition.editions.public import edition_table
from competition.entries.public import delegate_table, judge_table
from competition.rounds.public import released_seats_of_team
from core.db import db
from judging.closing.models import AwardLine, AwardSeal, Certificate, Dispute
from judging.models import Award, Criterion, Mark, Scoresheet, StandingsSnapshot

COUNTED = ("submitted", "confirmed")


@own_data_provider("judging")
def judging_data(person_id: int) -> dict[str, Any]:
    """Marks and words about the person of rounds whose results are public, judges as letters; and their own sheets."""
    delegates = db.session.execute(
        select(delegate_table.c.id, delegate_table.c.team_id, delegate_table.c.edition_id)
        .where(delegate_table.c.person_id == person_id)
        .order_by(delegate_table.c.id)
    ).all()
    judges = db.session.scalars(select(judge_table.c.id).where(judge_table.c.person_id == person_id)).all()
    marks: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    for delegate_id, team_id, edition_id in delegates:
        sheets = _public_sheets(edition_id, team_id)
        marks += _marks(delegate_id, sheets)
        words += _words(team_id, sheets)
    return {"marks_about_me": marks, "words_about_my_team": words, "sheets_by_me": _own_sheets(judges)}


def _public_sheets(edition_id: int, team_id: int) -> list[tuple[str, int, str, Scoresheet]]:
    """(edition, round, letter of the judge, sheet) of a team's tables, up to the last published round."""
    last = db.session.scalar(
        select(func.max(StandingsSnapshot.after_round)).where(
            StandingsSnapshot.edition_id == edition_id, StandingsSnapshot.is_published
        )
    )
    if last is None:
        return []
    name = db.session.scalar(select(edition_table.c.name).where(edition_table.c.id == edition_id)) or ""
    found = []
    for place in sorted(released_seats_of_team(team_id), key=lambda one: one.round):
        table_id, number = place.table_id, place.round
        if number > last:
            continue
        sheets = db.session.scalars(
            select(Scoresheet)
            .where(Scoresheet.table_id == table_id, Scoresheet.state.in_(COUNTED))
            .order_by(Scoresheet.id)
        ).all()
        found += [
            (name, number, ascii_uppercase[letter % len(ascii_uppercase)], sheet)
            for letter, sheet in enumerate(sheets)
        ]
    return found


def _marks(delegate_id: int, sheets: Sequence[tuple[str, int, str, Scoresheet]]) -> list[dict[str, Any]]:
    places = {sheet.id: (edition, number, letter) for edition, number, letter, sheet in sheets}
    query = (
        select(Mark.scoresheet_id, Criterion.name, Criterion.code, Mark.mark)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Mark.delegate_id == delegate_id, Mark.scoresheet_id.in_(places))
        .order_by(Mark.id)
    )
    return [
        {
            "edition": places[sheet][0],
            "round": places[sheet][1],
            "judge": f"Judge {places[sheet][2]}",
            "criterion": name or code,
            "mark": value,
        }
        for sheet, name, code, value in db.session.execute(query)
    ]


def _words(team_id: int, sheets: Sequence[tuple[str, int, str, Scoresheet]]) -> list[dict[str, Any]]:
    found = []
    for edition, number, letter, sheet in sheets:
        said = (sheet.remarks or {}).get(str(team_id)) or {}
        for kind in ("feedback", "note"):
            if said.get(kind):
                place = {"edition": edition, "round": number, "judge": f"Judge {letter}"}
                found.append({**place, "kind": kind, "words": said[kind]})
    return found


def _own_sheets(judges: Sequence[int]) -> list[dict[str, Any]]:
    query = select(Scoresheet).where(Scoresheet.judge_id.in_(judges), Scoresheet.state != "superseded")
    return [
        {"table": sheet.table_id, "state": sheet.state, "remarks": sheet.remarks}
        for sheet in db.session.scalars(query.order_by(Scoresheet.id))
    ]


@eraser
def erase_judging(person_id: int, address: str) -> None:
    """Awards, sealed winners and certificates carry the number in place of the name; who filed a dispute is cut.

    This runs before entries are cut, so the number is worked out as they do.
    """
    rows = db.session.execute(
        select(delegate_table.c.id, delegate_table.c.edition_id, delegate_table.c.position).where(
            delegate_table.c.person_id == person_id
        )
    ).all()
    for delegate_id, edition_id, position in rows:
        name = f"Participant #{position + 1}"
        for award in db.session.scalars(select(Award).where(Award.delegate_id == delegate_id)):
            award.winner = name
        for line in db.session.scalars(select(AwardLine).where(AwardLine.edition_id == edition_id)):
            line.winners = _renamed(line.winners, delegate_id, name)
        for seal in db.session.scalars(select(AwardSeal).where(AwardSeal.edition_id == edition_id)):
            seal.winners = _renamed(seal.winners, delegate_id, name)
        for one in db.session.scalars(select(Certificate).where(Certificate.delegate_id == delegate_id)):
            one.name, one.name_local = name, ""
    for dispute in db.session.scalars(select(Dispute).where(Dispute.filed_by == person_id)):
        dispute.filed_by = None
    db.session.flush()


def _renamed(value: Any, delegate_id: int, name: str) -> Any:
    """A list of winners with another name for one delegate."""
    if isinstance(value, list):
        return [_renamed(part, delegate_id, name) for part in value]
    if isinstance(value, dict):
        is_theirs = value.get("delegate_id") == delegate_id
        return {
            key: (name if key == "name" else "")
            if is_theirs and key in ("name", "name_local")
            else _renamed(part, delegate_id, name)
            for key, part in value.items()
        }
    return value
