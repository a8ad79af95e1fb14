"""Evidence of single skills: in which third of a field the confirmed marks on one criterion lie, and how many they are.

Marks themselves never leave this module: a third, the size of the field, and the numbers of sheets and judges do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from competition.rounds.public import draw, negotiation_table, panel_judge, round_
from core.db import db
from judging.models import Criterion, Mark, Scoresheet
from judging.scoring.exact import exact_mean

FEWEST_SHEETS = 3
FEWEST_JUDGES = 2
FEWEST_IN_FIELD = 9
"""In a smaller field a third is two people or fewer."""
Subject = tuple[str, int]
"""("team", its key) or ("delegate", their key)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionEvidence:
    """Where a team or delegate stands on one criterion: `third` is 1 or 2 of 3 (the last one is no evidence)."""

    criterion: str
    criterion_zh: str
    code: str
    third: int
    of: int
    sheets: int
    judges: int


def criterion_evidence(edition_id: int, after_round: int) -> dict[Subject, list[CriterionEvidence]]:
    """Team or delegate -> evidence, over the counted sheets of the preliminary rounds that the standings hold."""
    criteria = {
        row.id: row
        for row in db.session.scalars(
            select(Criterion).where(Criterion.edition_id == edition_id).order_by(Criterion.position)
        )
    }
    means, counts = _means(edition_id, after_round), _counts(edition_id, after_round)
    found: dict[Subject, list[CriterionEvidence]] = defaultdict(list)
    for key, criterion in criteria.items():
        field = means.get(key, {})
        for subject, third in thirds(field).items():
            sheets, judges = counts[key][subject]
            if sheets >= FEWEST_SHEETS and judges >= FEWEST_JUDGES:
                found[subject].append(
                    CriterionEvidence(
                        criterion=criterion.name or criterion.name_zh or criterion.code,
                        criterion_zh=criterion.name_zh,
                        code=criterion.code,
                        third=third,
                        of=len(field),
                        sheets=sheets,
                        judges=judges,
                    )
                )
    return dict(found)


def thirds(field: Mapping[Subject, Decimal]) -> dict[Subject, int]:
    """Who lies in the first or second third of a field; those who tie share the better place. Nobody in a small one."""
    if len(field) < FEWEST_IN_FIELD:
        return {}
    order = sorted(field.values(), reverse=True)
    place = {value: at for at, value in reversed(list(enumerate(order, 1)))}
    third = {subject: -(-place[value] * 3 // len(field)) for subject, value in field.items()}
    return {subject: number for subject, number in third.items() if number < 3}


def _means(edition_id: int, after_round: int) -> dict[int, dict[Subject, Decimal]]:
    """criterion -> subject -> mean of the rounds' means."""
    query = _counted(
        edition_id,
        after_round,
        round_.c.number,
        func.sum(Mark.mark).label("total"),
        func.count(Mark.id).label("marks"),
    ).group_by(Mark.team_id, Mark.delegate_id, Mark.criterion_id, round_.c.number)
    rounds: dict[int, dict[Subject, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(query):
        rounds[row.criterion_id][_subject(row)].append(row.total / row.marks)
    return {
        criterion: {subject: exact_mean(values) for subject, values in field.items()}
        for criterion, field in rounds.items()
    }


def _counts(edition_id: int, after_round: int) -> dict[int, dict[Subject, tuple[int, int]]]:
    """criterion -> subject -> (sheets, judges)."""
    query = _counted(
        edition_id,
        after_round,
        func.count(Mark.scoresheet_id.distinct()).label("sheets"),
        func.count(Scoresheet.judge_id.distinct()).label("judges"),
    ).group_by(Mark.team_id, Mark.delegate_id, Mark.criterion_id)
    found: dict[int, dict[Subject, tuple[int, int]]] = defaultdict(dict)
    for row in db.session.execute(query):
        found[row.criterion_id][_subject(row)] = (row.sheets, row.judges)
    return found


def _subject(row: Any) -> Subject:
    return ("team", row.team_id) if row.delegate_id is None else ("delegate", row.delegate_id)


def _counted(edition_id: int, after_round: int, *columns: Any) -> Any:
    return (
        select(Mark.team_id, Mark.delegate_id, Mark.criterion_id, *columns)
        .join(Scoresheet, Scoresheet.id == Mark.scoresheet_id)
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .join(
            panel_judge,
            (panel_judge.c.table_id == Scoresheet.table_id) & (panel_judge.c.judge_id == Scoresheet.judge_id),
        )
        .where(
            round_.c.edition_id == edition_id,
            round_.c.stage == "preliminary",
            round_.c.number <= after_round,
            draw.c.state != "superseded",
            Scoresheet.state == "confirmed",
            panel_judge.c.position != "trainee",
        )
    )
