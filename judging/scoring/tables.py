"""One table's result: which sheets count, the panel's score of each team, and who came first to fourth."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from judging.scoring.exact import exact_mean, in_id_order, round_half_up

PanelMethod = Literal["mean", "median", "trimmed_mean"]
TableTies = Literal["shared", "chair", "forbidden"]
Position = Literal["chair", "panellist", "trainee"]
SheetState = Literal["draft", "submitted", "confirmed", "waived", "superseded"]
PANEL_METHODS: tuple[PanelMethod, ...] = get_args(PanelMethod)
TABLE_TIES: tuple[TableTies, ...] = get_args(TableTies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A team's place at its table, 1 to 4; a shared place is nobody's first or second."""

    team: Hashable
    rank: int
    score: Decimal
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSheet:
    """A panel member and what became of their sheet; `state` is None while none has been begun."""

    judge: Hashable
    position: Position
    state: SheetState | None
    scores: Mapping[Hashable, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableResult:
    """A confirmed table: its placings, best first, and the judges whose sheets made them."""

    placings: tuple[Placing, ...]
    counted: tuple[Hashable, ...]


class TieForbiddenError(ValueError):
    """Teams have the same score at a table whose rules forbid it; a judge has to decide."""

    def __init__(self, teams: Sequence[Hashable]) -> None:
        super().__init__("these teams have the same score: " + ", ".join(str(team) for team in teams))
        self.teams = tuple(teams)


class SheetsMissingError(ValueError):
    """Sheets have neither arrived nor been waived, so the table cannot be confirmed."""

    def __init__(self, judges: Sequence[Hashable]) -> None:
        super().__init__("no confirmed sheet from: " + ", ".join(str(judge) for judge in judges))
        self.judges = tuple(judges)


def panel_score(scores: Sequence[Decimal], method: PanelMethod = "mean", decimals: int = 2) -> Decimal:
    """The panel's score from one score a judge, rounded half up.

    `trimmed_mean` leaves out one highest and one lowest, from three scores up (ISU rule 353: the mean of the
    others); with fewer it is the mean. The median of an even number is the mean of the middle two.
    """
    if not scores:
        raise ValueError("a panel without scores has no score")
    ordered = sorted(scores)
    if method == "median":
        ordered = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    elif method == "trimmed_mean" and len(ordered) >= 3:
        ordered = ordered[1:-1]
    return round_half_up(exact_mean(ordered), decimals)


def rank_table(
    scores: Mapping[Hashable, Decimal],
    table_ties: TableTies = "shared",
    chair_scores: Mapping[Hashable, Decimal] | None = None,
) -> list[Placing]:
    """Placings, best first, of the teams in `scores`; stand-ins, vacant and absent seats are not among them.

    Ties: `shared` gives all the better place (1, 1, 3); `chair` lets the chair's own sheet decide and
    shares what the chair too left level; `forbidden` raises TieForbiddenError naming the teams of the first
    tie.
    """
    chair = chair_scores if table_ties == "chair" and chair_scores else {}

    def strength(team: Hashable) -> tuple[Decimal, Decimal]:
        return scores[team], chair.get(team, Decimal(0))

    ordered = sorted(in_id_order(scores), key=strength, reverse=True)
    strengths = [strength(team) for team in ordered]
    placings = [
        Placing(
            team=team,
            rank=strengths.index(strength(team)) + 1,
            score=scores[team],
            is_shared=strengths.count(strength(team)) > 1,
        )
        for team in ordered
    ]
    if table_ties == "forbidden" and any(each.is_shared for each in placings):
        first = next(each for each in placings if each.is_shared)
        raise TieForbiddenError([each.team for each in placings if each.rank == first.rank])
    return placings


def counted_sheets(sheets: Iterable[PanelSheet]) -> list[PanelSheet]:
    """The sheets that make the result: confirmed ones of chair and panellists, never a trainee's."""
    return [sheet for sheet in sheets if sheet.position != "trainee" and sheet.state == "confirmed"]


def missing_sheets(sheets: Iterable[PanelSheet]) -> list[PanelSheet]:
    """The sheets that block the table: not a trainee's, neither confirmed nor waived."""
    return [
        sheet
        for sheet in sheets
        if sheet.position != "trainee" and sheet.state not in ("confirmed", "waived", "superseded")
    ]


def table_result(
    sheets: Sequence[PanelSheet],
    ranked: Iterable[Hashable],
    *,
    method: PanelMethod = "mean",
    decimals: int = 2,
    table_ties: TableTies = "shared",
) -> TableResult:
    """The result of one table from its panel's sheets, for the three or four teams in `ranked`.

    Raises SheetsMissingError, TieForbiddenError, or ValueError where no sheet at all counts for a ranked
    team.
    """
    if blocking := missing_sheets(sheets):
        raise SheetsMissingError([sheet.judge for sheet in blocking])
    counted = counted_sheets(sheets)
    scores = {
        team: panel_score([sheet.scores[team] for sheet in counted if team in sheet.scores], method, decimals)
        for team in ranked
    }
    chair = next((sheet.scores for sheet in counted if sheet.position == "chair"), None)
    return TableResult(
        placings=tuple(rank_table(scores, table_ties, chair)),
        counted=tuple(sheet.judge for sheet in counted),
    )
