"""Table scores with the judges' severity removed: exact decimals from estimated severities."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import fmean

from judging.scoring.exact import SCORE_DECIMALS, ZERO, round_half_up
from judging.scoring.ratings import Rating
from judging.scoring.severity import Severity, estimate_severity
from judging.scoring.tables import PanelMethod, panel_score


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetScore:
    """What one counted sheet gives one team in one round; `bracket` is the set the team is ranked in.

    `penalty` has been taken off the score, and not by the judge: it says nothing of severity.
    """

    team: Hashable
    round: int
    judge: Hashable
    score: Decimal
    bracket: Hashable = None
    penalty: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedSheet:
    """One judge's score and what is given back for the judge's severity (negative: taken off)."""

    judge: Hashable
    score: Decimal
    given_back: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedTable:
    """One team's table score with and without severity; `net` is the difference, which the public may see."""

    team: Hashable
    round: int
    raw: Decimal
    adjusted: Decimal
    sheets: tuple[AdjustedSheet, ...]

    @property
    def net(self) -> Decimal:
        """What the adjustment adds to the table score."""
        return self.adjusted - self.raw


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedScores:
    """Adjusted table scores by (team, round); brackets left on raw scores are in `unadjusted` with their reason."""

    tables: Mapping[tuple[Hashable, int], AdjustedTable]
    unadjusted: Mapping[Hashable, str]
    severity: Severity | None


def adjust_tables(
    sheets: Iterable[SheetScore], method: PanelMethod = "mean", decimals: int = 2
) -> AdjustedScores:
    """Every team's table scores as average judges would have given them.

    Severities are estimated from all sheets of all rounds (trainees' and waived sheets are not among them); each
    sheet's score gets its judge's severity back, and the panel's method is applied again. A bracket that is not one
    connected part of judges and teams, or has one round only, is in `unadjusted` and has no tables. Where judges
    cannot be told apart (`severity.judges_are_alike`) nothing is given back, and the adjusted scores are the raw ones.
    """
    listed = list(sheets)
    if not listed:
        return AdjustedScores(tables={}, unadjusted={}, severity=None)
    severity = _estimated(listed)
    given_back = {
        judge: round_half_up(Decimal(repr(given)), SCORE_DECIMALS)
        for judge, given in severity.given_back().items()
        if given == given
    }
    panels: dict[tuple[Hashable, int], list[SheetScore]] = defaultdict(list)
    for sheet in listed:
        if sheet.bracket not in severity.unadjusted:
            panels[sheet.team, sheet.round].append(sheet)
    return AdjustedScores(
        tables={
            place: _adjusted_table(panel, given_back, method, decimals) for place, panel in panels.items()
        },
        unadjusted=severity.unadjusted,
        severity=severity,
    )


def _estimated(sheets: Sequence[SheetScore]) -> Severity:
    """Severities from what the judges gave, before penalties; a team's own estimate is less its penalties again."""
    found = estimate_severity(
        [
            Rating(
                target=sheet.team,
                judge=sheet.judge,
                mark=float(sheet.score + sheet.penalty),
                occasion=sheet.round,
                group=sheet.bracket,
            )
            for sheet in sheets
        ]
    )
    charged: dict[Hashable, list[float]] = defaultdict(list)
    for sheet in sheets:
        charged[sheet.team].append(float(sheet.penalty))
    less = {team: fmean(penalties) for team, penalties in charged.items() if any(penalties)}
    if not less:
        return found
    targets = (
        replace(
            each, estimate=each.estimate - less.get(each.target, 0), raw=each.raw - less.get(each.target, 0)
        )
        for each in found.targets
    )
    return replace(found, targets=tuple(targets))


def _adjusted_table(
    panel: Sequence[SheetScore], given_back: Mapping[Hashable, Decimal], method: PanelMethod, decimals: int
) -> AdjustedTable:
    sheets = tuple(
        AdjustedSheet(judge=sheet.judge, score=sheet.score, given_back=given_back[sheet.judge])
        for sheet in panel
    )
    return AdjustedTable(
        team=panel[0].team,
        round=panel[0].round,
        raw=panel_score([sheet.score for sheet in sheets], method, decimals),
        adjusted=panel_score([sheet.score + sheet.given_back for sheet in sheets], method, decimals),
        sheets=sheets,
    )
