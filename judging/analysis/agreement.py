"""Do the judges agree? The reliability of the marks as a whole, by round and by criterion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from competition.editions.public import Edition
from competition.rounds.public import last_confirmed_round
from judging.analysis.marks import CountedMark, counted_marks, ratings_of
from judging.models import Criterion
from judging.queries import criteria_of
from judging.scoring.reliability import STATISTICS, kendall_w, reliability

PANEL_LEVELS = ((0.9, "excellent"), (0.75, "good"), (0.5, "moderate"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine:
    """The coefficients of some marks; `values` has every one of STATISTICS, None where the marks do not allow it.

    `key` is the number of the round or of the criterion, None for all marks.
    """

    key: int | None
    marks: int
    judges: int
    values: Mapping[str, float | None]

    @property
    def level(self) -> str:
        """How far the panel's mean can be relied on (Koo & Li 2016): excellent, good, moderate, poor, or unknown."""
        value = self.values["icc_1_k"]
        if value is None:
            return "unknown"
        return next((word for limit, word in PANEL_LEVELS if value >= limit), "poor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All marks, then each round, then each criterion."""

    after_round: int
    overall: AgreementLine | None
    rounds: tuple[AgreementLine, ...] = ()
    criteria: tuple[AgreementLine, ...] = ()
    rubric: tuple[Criterion, ...] = ()


def agreement_of(edition: Edition) -> Agreement:
    """The reliability of the marks that count, up to the last confirmed preliminary round."""
    last = last_confirmed_round(edition.id) or 0
    marks = counted_marks(edition.id, last)
    if not marks:
        return Agreement(after_round=last, overall=None)
    by_round, by_criterion = defaultdict(list), defaultdict(list)
    for line in marks:
        by_round[line.round].append(line)
        by_criterion[line.criterion].append(line)
    rubric = [one for one in criteria_of(edition.id) if one.id in by_criterion]
    return Agreement(
        after_round=last,
        overall=_line(None, marks),
        rounds=tuple(_line(number, own) for number, own in sorted(by_round.items())),
        criteria=tuple(_line(one.id, by_criterion[one.id]) for one in rubric),
        rubric=tuple(rubric),
    )


def _line(key: int | None, marks: Sequence[CountedMark]) -> AgreementLine:
    """The coefficients of these marks.

    Where every table has judges of its own, a unit is never marked by all judges: one judge and the panel's mean are
    then worked out over the places on the panels (Shrout & Fleiss, case 1, in which who sits where does not matter),
    and the coefficients that compare the same judges everywhere stay empty. Kendall's W is that of a table's order of
    its teams, averaged over the tables.
    """
    values: dict[str, float | None] = dict.fromkeys(STATISTICS)
    values.update(reliability(ratings_of(marks)))
    places = reliability(ratings_of(marks, by_seat=True))
    for name in ("icc_1_1", "icc_1_k", "alpha_interval", "alpha_ordinal"):
        values[name] = places[name]
    values["kendall_w"] = _concordance(marks)
    return AgreementLine(key=key, marks=len(marks), judges=len({line.judge for line in marks}), values=values)


def _concordance(marks: Sequence[CountedMark]) -> float | None:
    """Kendall's W of the judges of a table over its teams, by each judge's mean mark; the mean over the tables."""
    import numpy as np

    tables: dict[int, dict[tuple[int, int], list[float]]] = defaultdict(lambda: defaultdict(list))
    for line in marks:
        tables[line.table][line.team, line.judge].append(line.mark)
    found = []
    for cells in tables.values():
        teams, judges = sorted({team for team, _ in cells}), sorted({judge for _, judge in cells})
        if len(cells) < len(teams) * len(judges):
            continue
        means = np.array([[fmean(cells[team, judge]) for judge in judges] for team in teams])
        if (one := kendall_w(means)) is not None:
            found.append(one)
    return fmean(found) if found else None
