"""How a team's rank came about: the tree of arithmetic from the marks up, whole for organisers, cut for the public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from competition.editions.public import Edition
from competition.rounds.public import SeatedResult, lineups, penalties, round_, seated_results
from core.db import db
from core.errors import NotFound
from core.localised import N_
from judging.analysis.adjusted import Adjustment, adjustment_of
from judging.analysis.counted import counted_sheets
from judging.models import Mark, Scoresheet
from judging.publicity import hidden_seats
from judging.queries import criteria_of, rule_of
from judging.scoring.exact import ZERO
from judging.scoring.explained_ranks import explain_rank, level_before
from judging.scoring.explanations import explain_adjusted_table, explain_sheet, explain_table
from judging.scoring.sheets import MarkLine
from judging.scoring.standings import Standing
from judging.scoring.steps import Step, public_part
from judging.snapshots import standings_of
from judging.standings import StandingsRow, StandingsTable, played_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A rank opened up. `root` is the step "rank" whose parts are the values compared, in order.

    `above` and `below` are the next teams in the ranking; `decided_by` is the first metric on which each differs from
    this team, empty where they are level on all of them.
    """

    row: StandingsRow
    table: StandingsTable
    root: Step
    above: StandingsRow | None
    below: StandingsRow | None

    def decided_by(self, other: StandingsRow) -> str:
        return next((name for name in self.table.metrics if other.values[name] != self.row.values[name]), "")


def explanation_of(
    edition: Edition, team_public_id: str, selection: str, after_round: int | None = None
) -> Explanation:
    """Everything, for organisers. Raises NotFound for a team that the ranking does not list."""
    return _explanation(edition, team_public_id, selection, after_round, is_public=False)


def public_explanation_of(
    edition: Edition, team_public_id: str, selection: str, after_round: int
) -> Explanation:
    """What everybody may see: points and places, and table scores with net adjustments where three judges sat.

    Never a judge's mark, and no total that would tell a hidden one.
    """
    return _explanation(edition, team_public_id, selection, after_round, is_public=True)


def _explanation(
    edition: Edition, team_public_id: str, selection: str, after_round: int | None, *, is_public: bool
) -> Explanation:
    table = standings_of(edition, selection, after_round)
    at = next((at for at, row in enumerate(table.rows) if row.team_public_id == team_public_id), None)
    if at is None:
        raise NotFound(N_("This ranking has no such team."))
    row = table.rows[at]
    ranked = [other for other in table.rows if other.rank is not None]
    place = at if row.rank is not None else len(ranked)
    return Explanation(
        row=row,
        table=table,
        root=_root(edition, row, table, is_public=is_public),
        above=ranked[place - 1] if row.rank is not None and place else None,
        below=ranked[place + 1] if place + 1 < len(ranked) else None,
    )


def _root(edition: Edition, row: StandingsRow, table: StandingsTable, *, is_public: bool) -> Step:
    results = seated_results(edition.id, up_to_round=table.after_round)
    adjustment = adjustment_of(edition, table.after_round, results)
    own = [result for result in results if result.team_id == row.team_id]
    if is_public:
        hidden = hidden_seats(edition.id, table.after_round)
        scores = {result.round: _public_score(result, hidden) for result in own if result.score is not None}
        adjusted = {
            result.round: _net(result, scores[result.round], adjustment)
            for result in own
            if adjustment.score_of(result) is not None
        }
    else:
        sheets = sheets_of_team(edition, row.team_id, table.after_round)
        scores = {
            result.round: _score(edition, result, sheets.get(result.round, {}))
            for result in own
            if result.score is not None
        }
        adjusted = {
            result.round: _adjusted_score(edition, result, adjustment, scores, sheets)
            for result in own
            if adjustment.score_of(result) is not None
        }
    standing = _standing(row)
    level = (
        level_before("head_to_head", standing, [_standing(other) for other in table.rows], table.metrics)
        if "head_to_head" in table.metrics
        else ()
    )
    played = [played_of(result, adjustment) for result in results]
    root = explain_rank(standing, played, table.metrics, scores, adjusted, level)
    return (public_part(root) or root) if is_public else root


def _standing(row: StandingsRow) -> Standing:
    return Standing(
        team=row.team_id,
        rank=row.rank,
        is_shared=row.is_shared,
        values=dict(row.values),
        rounds_played=row.rounds_played,
    )


def sheets_of_team(edition: Edition, team_id: int, last: int) -> dict[int, dict[Hashable, Step]]:
    """Every counted sheet of the team opened down to its marks, by round and judge."""
    rules = [rule_of(one) for one in criteria_of(edition.id)]
    charged: dict[int, Decimal] = defaultdict(Decimal)
    for entry in penalties(edition.id):
        if entry.team_id == team_id:
            charged[entry.round] += entry.amount
    marks = _marks(edition.id, team_id, last)
    return {
        number: {
            judge: explain_sheet(
                lines,
                rules,
                team_id,
                judge,
                edition.delegate_marks,  # type: ignore[arg-type]
                charged.get(number, ZERO),
            )
            for judge, lines in judges.items()
        }
        for number, judges in marks.items()
    }


def _marks(edition_id: int, team_id: int, last: int) -> Mapping[int, Mapping[Hashable, Sequence[MarkLine]]]:
    sheet = (
        counted_sheets(edition_id, last)
        .add_columns(round_.c.number.label("number"), Scoresheet.judge_id)
        .subquery()
    )
    rows = db.session.execute(
        select(sheet.c.number, sheet.c.judge_id, Mark.delegate_id, Mark.criterion_id, Mark.mark)
        .join(sheet, sheet.c.id == Mark.scoresheet_id)
        .where(Mark.team_id == team_id)
        .order_by(sheet.c.number, Mark.id)
    )
    away = {(entry.round, entry.delegate_id) for entry in lineups(edition_id) if not entry.took_part}
    found: dict[int, dict[Hashable, list[MarkLine]]] = defaultdict(lambda: defaultdict(list))
    for number, judge, delegate, criterion, mark in rows:
        if (number, delegate) not in away:
            line = MarkLine(team=team_id, delegate=delegate, criterion=criterion, mark=mark)
            found[number][judge].append(line)
    return found


def _score(edition: Edition, result: SeatedResult, sheets: Mapping[Hashable, Step]) -> Step:
    """The table score from its sheets; a score that was recorded otherwise is given as it stands."""
    if sheets and result.score is not None:
        step = explain_table(
            list(sheets.values()),
            result.team_id,
            result.round,
            edition.panel_method,  # type: ignore[arg-type]
            edition.score_decimals,
        )
        if step.amount == result.score:
            return step
    return _recorded(result, is_public=False)


def _recorded(result: SeatedResult, *, is_public: bool) -> Step:
    about: dict[str, Hashable] = {"team": result.team_id, "round": result.round}
    return Step(what="recorded_score", amount=result.score or ZERO, about=about, is_public=is_public)


def _adjusted_score(
    edition: Edition,
    result: SeatedResult,
    adjustment: Adjustment,
    scores: Mapping[int, Step],
    sheets: Mapping[int, Mapping[Hashable, Step]],
) -> Step:
    table = adjustment.tables[result.team_id, result.round]
    if scores[result.round].what == "recorded_score":
        return _net(result, scores[result.round], adjustment)
    return explain_adjusted_table(
        table,
        edition.panel_method,  # type: ignore[arg-type]
        edition.score_decimals,
        sheets.get(result.round),
    )


def _public_score(result: SeatedResult, hidden: set[tuple[int, int]]) -> Step:
    about: dict[str, Hashable] = {"team": result.team_id, "round": result.round}
    is_public = (result.team_id, result.round) not in hidden
    return Step(what="table_score", amount=result.score or ZERO, about=about, is_public=is_public)


def _net(result: SeatedResult, score: Step, adjustment: Adjustment) -> Step:
    """The score and what the adjustment adds, in one number: it names no judge."""
    net = Step(
        what="net_adjustment",
        amount=adjustment.tables[result.team_id, result.round].net,
        about={"round": result.round},
        is_public=score.is_public,
    )
    return Step(
        what="adjusted_table_score",
        amount=score.amount + net.amount,
        about={"team": result.team_id, "round": result.round},
        operation="sum",
        parts=(score, net),
        is_public=score.is_public,
    )
