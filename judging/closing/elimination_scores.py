"""How the teams of each role stand after one elimination round of a fixed edition, by the edition's basis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from competition.editions.public import Edition
from competition.rounds.public import RoundFacts, SeatedResult, field_teams, round_facts, seated_results
from core.roles import ROLES, Role
from judging.analysis.counted import sheet_scores_of_edition
from judging.board import boards_of_round, reading_of
from judging.closing.lots import lots_on, numbers_of
from judging.closing.models import Lot
from judging.closing.seeds import preliminary_ranks
from judging.scoring.adjusted import AdjustedScores, SheetScore, adjust_tables
from judging.scoring.breaks import EliminationScore, elimination_order
from judging.scoring.exact import ZERO, exact_sum


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleOrder:
    """The teams of one role over all tables of a round, best first; two or more in a level still need a lot.

    `is_adjusted` says whether the severity of judges was taken off: else the round's raw marks (or the sum) count.
    """

    role: Role
    levels: tuple[tuple[EliminationScore, ...], ...]
    is_adjusted: bool
    lots: tuple[Lot, ...]

    @property
    def teams(self) -> tuple[int, ...]:
        return tuple(_key(each) for level in self.levels for each in level)

    def tied_across(self, line: int) -> tuple[int, ...]:
        """The level teams of which only some are among the first `line`."""
        taken = 0
        for level in self.levels:
            if taken < line < taken + len(level):
                return tuple(_key(each) for each in level)
            taken += len(level)
        return ()


def _key(score: EliminationScore) -> int:
    return int(str(score.team))


def occasion_of(facts: RoundFacts, role: Role) -> str:
    """Under which lots among the teams of a role after this round are kept."""
    return f"round:{facts.number}:{role}"


def role_orders(
    edition: Edition, facts: RoundFacts, only: Collection[int] | None = None
) -> dict[Role, RoleOrder]:
    """The order of each role after an elimination round; teams without a score (absent) are left out.

    `only`: the teams that still count (those that play on).
    """
    results = seated_results(edition.id, up_to_round=facts.number, stage=None)
    own = [result for result in results if result.round_id == facts.id and result.score is not None]
    adjusted = _adjusted(edition, facts, results) if edition.elimination_basis == "round_adjusted" else {}
    totals = _totals(results)
    ranks = preliminary_ranks(edition)
    known = {team.id for team in field_teams(edition.id) if not team.is_stand_in}
    by_role: dict[Role, list[SeatedResult]] = defaultdict(list)
    for result in own:
        if result.team_id in known and (only is None or result.team_id in only):
            by_role[Role(result.role)].append(result)
    return {role: _order(edition, facts, role, by_role[role], adjusted, totals, ranks) for role in ROLES}


def _order(
    edition: Edition,
    facts: RoundFacts,
    role: Role,
    results: Sequence[SeatedResult],
    adjusted: Mapping[int, Decimal],
    totals: Mapping[int, Decimal],
    ranks: Mapping[int, int],
) -> RoleOrder:
    lots = lots_on(edition.id, occasion_of(facts, role))
    numbers = numbers_of(lots)
    scores = [
        EliminationScore(
            team=result.team_id,
            raw=result.score or ZERO,
            adjusted=adjusted.get(result.team_id),
            cumulative=totals[result.team_id],
            preliminary_rank=ranks.get(result.team_id, len(ranks) + 1),
            lot=numbers.get(result.team_id, ZERO),
        )
        for result in results
    ]
    levels = elimination_order(scores, edition.elimination_basis)  # type: ignore[arg-type]
    return RoleOrder(
        role=role,
        levels=tuple(tuple(level) for level in levels),
        is_adjusted=bool(scores) and all(score.adjusted is not None for score in scores),
        lots=tuple(lots),
    )


def _totals(results: Sequence[SeatedResult]) -> dict[int, Decimal]:
    """The sum of each team's table scores over all rounds so far, both stages."""
    scores: dict[int, list[Decimal]] = defaultdict(list)
    for result in results:
        if result.score is not None:
            scores[result.team_id].append(result.score)
    return {team: exact_sum(values) for team, values in scores.items()}


def _adjusted(edition: Edition, facts: RoundFacts, results: Sequence[SeatedResult]) -> dict[int, Decimal]:
    """This round's scores less severities estimated from all rounds up to it, of the brackets that allow it."""
    scored = {(result.team_id, result.round) for result in results if result.score is not None}
    rounds = round_facts(edition.id)
    last = max((one.number for one in rounds if one.is_preliminary), default=0)
    sheets = [*sheet_scores_of_edition(edition, last, scored)]
    for one in rounds:
        if not one.is_preliminary and one.number <= facts.number:
            sheets += _sheets_of_round(edition, one)
    found: AdjustedScores = adjust_tables(sheets, edition.panel_method, edition.score_decimals)  # type: ignore[arg-type]
    recorded = {
        result.team_id: result.score
        for result in results
        if result.round_id == facts.id and result.score is not None
    }
    return {
        team: score + table.net
        for team, score in recorded.items()
        if (table := found.tables.get((team, facts.number))) is not None
    }


def _sheets_of_round(edition: Edition, facts: RoundFacts) -> list[SheetScore]:
    """What each confirmed sheet of an elimination round gives each team."""
    found: list[SheetScore] = []
    for board in boards_of_round(edition, facts):
        if board.state != "confirmed":
            continue
        scores = reading_of(board).scores
        counted = [line.judge_id for line in board.lines if line.counts and line.state == "confirmed"]
        roles = {team: role for role, team in board.table.seats.items() if team is not None}
        charged = board.plan.penalties
        found += [
            SheetScore(
                team=team,
                round=facts.number,
                judge=judge,
                score=scores[judge][team],
                bracket=roles[team].value,
                penalty=charged.get(team, ZERO),
            )
            for judge in counted
            for team in roles
            if team in scores[judge]
        ]
    return found
