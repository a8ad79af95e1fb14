"""The practice table that all judges mark before round 1: who marked it, and how far each stands from the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean

from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.public import Judge
from core.db import db
from judging.models import Calibration, CalibrationSheet, Criterion
from judging.plan import SheetPlan, imaginary_plan

FEWEST_OTHERS = 3
"""With fewer others their mean would give single marks away."""

Marks = Mapping[str, float]
"""Marks by "role.criterion key"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """One judge against the mean of the others, in marks: `lean` below zero marks lower, `spread` is how far apart.

    `by_criterion` holds the lean on each criterion, `places` own mark and mean of the others by "role.criterion key".
    """

    lean: float
    spread: float
    by_criterion: Mapping[int, float]
    places: Mapping[str, tuple[float, float]]


def find_calibration(edition_id: int) -> Calibration | None:
    """The edition's practice table."""
    return db.session.scalar(select(Calibration).where(Calibration.edition_id == edition_id))


def practice_plan(edition: Edition, calibration: Calibration) -> SheetPlan:
    """The practice table as a sheet: four imaginary teams, the criteria of the team only."""
    plan = imaginary_plan(edition)
    return replace(
        plan,
        teams=tuple(
            replace(team, name=calibration.parties.get(team.role.value) or team.name, delegates=())
            for team in plan.teams
        ),
        criteria=tuple(one for one in plan.criteria if one.target == "team"),
    )


def practice_of(edition: Edition, judge: Judge) -> str:
    """What the practice table asks of a judge: `todo`, `done` (to be looked at again), or nothing."""
    row = find_calibration(edition.id)
    if row is None or row.state == "draft":
        return ""
    if any(sheet.judge_id == judge.id for sheet in sheets_of(row.id)):
        return "done"
    return "todo" if row.state == "open" else ""


def sheets_of(calibration_id: int) -> Sequence[CalibrationSheet]:
    """Every judge's marks of the practice table."""
    query = select(CalibrationSheet).where(CalibrationSheet.calibration_id == calibration_id)
    return db.session.scalars(query.order_by(CalibrationSheet.id)).all()


def marks_by_judge(
    sheets: Sequence[CalibrationSheet], criteria: Sequence[Criterion]
) -> dict[int, dict[str, float]]:
    """The marks of each judge on criteria that are still in the rubric."""
    known = {str(one.id) for one in criteria}
    return {
        sheet.judge_id: {
            place: float(Decimal(mark))
            for place, mark in sheet.marks.items()
            if place.rpartition(".")[2] in known
        }
        for sheet in sheets
    }


def distance_of(judge: int, marks: Mapping[int, Marks]) -> Distance | None:
    """How far a judge stands from the others; nothing while fewer than three others marked."""
    others = [own for one, own in marks.items() if one != judge]
    if judge not in marks or len(others) < FEWEST_OTHERS:
        return None
    places = {
        place: (mark, fmean(own[place] for own in others if place in own))
        for place, mark in marks[judge].items()
        if any(place in own for own in others)
    }
    if not places:
        return None
    apart: dict[int, list[float]] = {}
    for place, (mark, mean) in places.items():
        apart.setdefault(int(place.rpartition(".")[2]), []).append(mark - mean)
    every = [value for values in apart.values() for value in values]
    return Distance(
        lean=fmean(every),
        spread=fmean(abs(value) for value in every),
        by_criterion={criterion: fmean(values) for criterion, values in apart.items()},
        places=places,
    )
