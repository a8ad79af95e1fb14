"""Scores with the judges' severity removed, for the standings of an edition, or the reason why there are none."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock

from competition.editions.public import Edition
from competition.rounds.public import RoundFacts, SeatedResult, round_facts
from core.audit import edition_scope
from core.localised import N_
from core.revisions import current
from judging.analysis.counted import sheet_scores_of_edition
from judging.scoring.adjusted import AdjustedTable, adjust_tables
from judging.scoring.severity import Severity

FEWEST_ROUNDS = 2
KEPT = 32

REASONS = {
    "no_sheets": N_("Some results came without scoresheets of judges."),
    "one_round": N_(
        "Fewer than two rounds are confirmed, and one round cannot tell a hard judge from a weak day."
    ),
    "not_connected": N_(
        "No chain of teams and judges connects all the teams that are ranked together, so nobody can say which of "
        "their judges are harder."
    ),
    "too_few_marks": N_("There are too few scoresheets to tell a hard judge from chance."),
}
"""Why a whole bracket keeps its raw averages; where several hold, the first is given."""
UNAVAILABLE = {
    "no_sheets": N_(
        "Scores adjusted for the severity of judges (adjusted_score) are not available: some results came without "
        "scoresheets. Available now: %(known)s."
    ),
    "one_round": N_(
        "Scores adjusted for the severity of judges (adjusted_score) are not available before two rounds are "
        "confirmed. Available now: %(known)s."
    ),
    "not_connected": N_(
        "Scores adjusted for the severity of judges (adjusted_score) are not available: no chain of teams and judges "
        "connects all the teams that are ranked together. Available now: %(known)s."
    ),
    "too_few_marks": N_(
        "Scores adjusted for the severity of judges (adjusted_score) are not available: there are too few "
        "scoresheets. Available now: %(known)s."
    ),
}
"""The same as a fault, where an edition names the metric and it is not there."""
ALIKE = N_(
    "The judges differ too little to be told apart from chance, so no severity is given back: adjusted scores are the "
    "average scores."
)
PROVISIONAL = N_(
    "Adjusted scores are provisional until every preliminary round is confirmed: each further round tells more about "
    "every judge."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What the sheets up to one round say about the judges, and every table score without it.

    `tables` is keyed by (team, round) and empty where a bracket is left alone; `unadjusted` gives such a bracket (a
    role where roles are fixed, None otherwise) its reason, a key of REASONS. `severity` is what was estimated, also
    where it is not applied; None without sheets. `is_early` before two rounds are confirmed, `is_final` when no
    preliminary round is left to confirm.
    """

    tables: Mapping[tuple[Hashable, int], AdjustedTable] = field(default_factory=dict)
    unadjusted: Mapping[Hashable, str] = field(default_factory=dict)
    severity: Severity | None = None
    is_early: bool = True
    is_final: bool = False

    @property
    def judges_are_alike(self) -> bool:
        """Whether nothing is given back, because severities would add more noise than they take away."""
        return self.severity is not None and self.severity.judges_are_alike

    def score_of(self, result: SeatedResult) -> Decimal | None:
        """A recorded table score plus what the adjustment adds to the sheets it was made of."""
        table = self.tables.get((result.team_id, result.round))
        return None if table is None or result.score is None else result.score + table.net

    def reason_for(self, brackets: Iterable[Hashable]) -> str:
        """Why the teams of these brackets are not all adjusted, in case they are not: a key of REASONS."""
        if self.is_early:
            return "one_round"
        found = {self.unadjusted.get(bracket) for bracket in brackets}
        return next((reason for reason in REASONS if reason in found), "no_sheets")


def adjustment_of(edition: Edition, last: int, results: Sequence[SeatedResult]) -> Adjustment:
    """The adjusted table scores of the preliminary rounds up to `last`, whose recorded results are `results`.

    Severities are estimated once from all sheets of all these rounds. The answer is kept in memory until the
    edition's revision or a result changes.
    """
    rounds = [facts for facts in round_facts(edition.id) if facts.is_preliminary]
    key = _key(edition, last, results, rounds)
    found = _kept.find(key)
    if found is None:
        found = _kept.keep(key, _adjusted(edition, last, results, rounds))
    return found


def _adjusted(
    edition: Edition, last: int, results: Sequence[SeatedResult], rounds: Sequence[RoundFacts]
) -> Adjustment:
    scored = {(result.team_id, result.round) for result in results if result.score is not None}
    sheets = sheet_scores_of_edition(edition, last, scored) if scored else []
    scores = adjust_tables(sheets, edition.panel_method, edition.score_decimals)  # type: ignore[arg-type]
    is_early = sum(facts.has_results for facts in rounds if facts.number <= last) < FEWEST_ROUNDS
    return Adjustment(
        tables={} if is_early else scores.tables,
        unadjusted=scores.unadjusted,
        severity=scores.severity,
        is_early=is_early,
        is_final=all(facts.has_results for facts in rounds),
    )


def _key(
    edition: Edition, last: int, results: Sequence[SeatedResult], rounds: Sequence[RoundFacts]
) -> Hashable:
    rules = (edition.panel_method, edition.score_decimals, edition.delegate_marks, edition.role_policy)
    confirmed = tuple((facts.number, facts.has_results) for facts in rounds)
    facts = tuple((result.table_id, result.team_id, result.role, result.score) for result in results)
    return edition.public_id, current(edition_scope(edition.id)), last, rules, confirmed, hash(facts)


class _Kept:
    """The last few answers of this process, the least recently used of them forgotten first."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, Lock()
        self._answers: OrderedDict[Hashable, Adjustment] = OrderedDict()

    def find(self, key: Hashable) -> Adjustment | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: Hashable, answer: Adjustment) -> Adjustment:
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return answer

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()


_kept = _Kept(KEPT)


def forget() -> None:
    """Drop every answer of this process (to measure what one takes)."""
    _kept.clear()
