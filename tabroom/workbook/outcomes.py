"""What the sheets of a workbook make of each table: who came where, with which score (pure; scoring does the sums)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from competition.editions.public import points_list
from competition.rounds.public import points_for
from core.localised import N_
from judging.scoring.sheets import CriterionRule, MarkLine, sheet_scores
from judging.scoring.tables import (
    PanelSheet,
    TableTies,
    TieForbiddenError,
    panel_score,
    rank_table,
    table_result,
)
from tabroom.workbook.check_marks import criterion_rules
from tabroom.workbook.faults import Faults
from tabroom.workbook.rows import Row, Workbook
from tabroom.workbook.seating import Seating, TableKey

RANKS_DIFFER = N_(
    "The scoresheets of table “%(table)s” in round %(round)s give team “%(team)s” rank %(rank)s. "
    "Where a table has both, the ranks must agree."
)
TIE = N_(
    "These teams are level at table “%(value)s” in round %(round)s, and this edition forbids ties: %(teams)s."
)
NO_SCORE = N_(
    "Team “%(team)s” has no marks at table “%(value)s” in round %(round)s. "
    "Mark it, name it in “Outcomes”, or give the table in “Results”."
)
UNRANKED = N_("The table has results, but team “%(value)s” has no rank: it counts as absent.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A team's place at its table; `rank` is None for stand-ins and whoever was absent."""

    team: str
    rank: int | None = None
    is_shared: bool = False
    score: Decimal | None = None
    advances: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOutcome:
    """The confirmed result of a table; `source` is "sheets" or "given" (the file's `Results` say more or other)."""

    source: str
    places: tuple[Place, ...]


Outcomes = dict[TableKey, TableOutcome]


def table_outcomes(book: Workbook, seating: Seating, faults: Faults) -> Outcomes:
    """The result of every table that has one; contradictions are faults."""
    return _Tables(book, seating, faults).all()


class _Tables:
    """One walk over the tables with what they share at hand."""

    def __init__(self, book: Workbook, seating: Seating, faults: Faults) -> None:
        self.book, self.seating, self.faults = book, seating, faults
        self.rules: Mapping[str, CriterionRule] = criterion_rules(book)
        self.stand_ins = {name for name, row in book.named("Teams").items() if row["status"] == "stand_in"}
        self.scales = (
            points_list(";".join(book.settings["table_points"])),
            points_list(";".join(book.settings["three_team_points"])),
        )
        self.number_of = {(row["round"], row["table"]): row.number for row in book.rows("Draw")}

    def all(self) -> Outcomes:
        found: Outcomes = {}
        for key in self.seating.seats:
            outcome = self._outcome(key)
            if outcome is not None:
                found[key] = outcome
        return found

    def _outcome(self, key: TableKey) -> TableOutcome | None:
        from_sheets = self._from_sheets(key)
        rows = [row for row in self.seating.results.get(key, ()) if _says_something(row)]
        if not rows:
            return from_sheets
        if from_sheets is not None and self._says_of_others(key, rows, from_sheets):
            from_sheets = None
        given = self._given(key, rows, from_sheets)
        if from_sheets is not None and self._agree(key, rows, given, from_sheets):
            return TableOutcome(source="sheets", places=given.places)
        return given

    def _says_of_others(self, key: TableKey, rows: list[Row], sheets: TableOutcome) -> bool:
        """Whether the file ranks a team that the sheets have no marks for: then they make no ranking of the table."""
        ranked = {place.team for place in sheets.places if place.rank is not None}
        given = {row["team"] for row in rows if row["rank"] is not None and self._is_ranked(key, row["team"])}
        return not given <= ranked

    def _ranked(self, key: TableKey) -> list[str]:
        """The teams that are ranked: stand-ins, vacant and absent seats are not."""
        return [team for team in self.seating.seats[key].values() if self._is_ranked(key, team)]

    def _is_ranked(self, key: TableKey, team: str) -> bool:
        outcome = self.seating.outcomes.get((key[0], team))
        return team not in self.stand_ins and (outcome is None or outcome["outcome"] != "absent")

    def _has_left(self, key: TableKey, team: str) -> bool:
        outcome = self.seating.outcomes.get((key[0], team))
        return outcome is not None and outcome["outcome"] == "left"

    def _from_sheets(self, key: TableKey) -> TableOutcome | None:
        sheets = self._panel_sheets(key)
        if not any(
            sheet.state == "confirmed" and sheet.position != "trainee" and sheet.scores for sheet in sheets
        ):
            return None
        if _is_open(sheets):
            return None
        scored = {team for sheet in sheets if _is_counted(sheet) for team in sheet.scores}
        ranked = [team for team in self._ranked(key) if team in scored or not self._has_left(key, team)]
        if without := [team for team in ranked if team not in scored]:
            self._fault_without_score(key, without)
            return None
        return self._ranked_by_sheets(key, sheets, ranked)

    def _panel_sheets(self, key: TableKey) -> list[PanelSheet]:
        number, table = key
        return [
            self._panel_sheet(number, table, judge) for judge in self.seating.judges_with_sheets.get(key, ())
        ]

    def _panel_sheet(self, number: int, table: str, judge: str) -> PanelSheet:
        key = number, table, judge
        sheet = self.seating.sheets.get(key)
        lines = [
            MarkLine(team=row["team"], criterion=row["criterion"], mark=row["mark"], delegate=row["delegate"])
            for row in self.seating.marks.get(key, ())
            if (number, row["delegate"]) not in self.seating.absent_delegates
        ]
        penalties = {
            team: sum((row["amount"] for row in rows), Decimal(0))
            for team in {line.team for line in lines}
            if (rows := self.seating.penalties.get((number, team)))  # type: ignore[arg-type]
        }
        scores = sheet_scores(
            lines, self.rules.values(), self.book.settings["delegate_marks"], penalties=penalties
        )
        return PanelSheet(
            judge=judge,
            position=self.seating.panel[number, table][judge],  # type: ignore[arg-type]
            state=sheet["state"] if sheet is not None else "confirmed",
            scores=scores,
        )

    def _panel_scores(self, key: TableKey) -> dict[str, Decimal]:
        """The table score of every ranked team with marks that count, also where they make no ranking."""
        sheets = self._panel_sheets(key)
        if _is_open(sheets):
            return {}
        settings = self.book.settings
        marked = {
            team: [sheet.scores[team] for sheet in sheets if _is_counted(sheet) and team in sheet.scores]
            for team in self._ranked(key)
        }
        return {
            team: panel_score(scores, settings["panel_method"], settings["score_decimals"])
            for team, scores in marked.items()
            if scores
        }

    def _fault_without_score(self, key: TableKey, teams: list[str]) -> None:
        if key in self.seating.results:
            return
        for team in teams:
            where = ("Draw", self.number_of[key], "table")
            self.faults.add(where, "no_score", NO_SCORE, key[1], round=key[0], team=team)

    def _ranked_by_sheets(
        self, key: TableKey, sheets: list[PanelSheet], ranked: list[str]
    ) -> TableOutcome | None:
        settings = self.book.settings
        try:
            result = table_result(
                sheets,
                ranked,
                method=settings["panel_method"],
                decimals=settings["score_decimals"],
                table_ties=settings["table_ties"],
            )
        except TieForbiddenError as tie:
            if key not in self.seating.results:
                teams = ", ".join(str(team) for team in tie.teams)
                where = ("Draw", self.number_of[key], "table")
                self.faults.add(where, "tie_forbidden", TIE, key[1], round=key[0], teams=teams)
            return None
        placed = {str(each.team): each for each in result.placings}
        ranks = {team: each.rank for team, each in placed.items()}
        scores = {team: each.score for team, each in placed.items()}
        return TableOutcome(source="sheets", places=self._places(key, ranks, scores, {}))

    def _places(
        self,
        key: TableKey,
        ranks: Mapping[str, int | None],
        scores: Mapping[str, Decimal | None],
        advances: Mapping[str, bool | None],
    ) -> tuple[Place, ...]:
        """Every seated team once, ranks read as an order (1, 2, 4 without the third is 1, 2, 3)."""
        teams = list(self.seating.seats[key].values())
        ids = dict(enumerate(teams))
        order = points_for(
            {each: ranks.get(team) if self._is_ranked(key, team) else None for each, team in ids.items()},
            *self.scales,
        )
        return tuple(
            Place(
                team=team,
                rank=order[each].rank,
                is_shared=order[each].is_shared,
                score=scores.get(team),
                advances=advances.get(team),
            )
            for each, team in ids.items()
        )

    def _given(self, key: TableKey, rows: list[Row], from_sheets: TableOutcome | None) -> TableOutcome:
        of_sheets = {place.team: place for place in from_sheets.places} if from_sheets else {}
        ranks = {row["team"]: row["rank"] for row in rows}
        scores: dict[str, Decimal | None] = dict(self._panel_scores(key))
        scores.update({row["team"]: row["score"] for row in rows if row["score"] is not None})
        if not any(rank is not None for rank in ranks.values()):
            ranks = self._ranks_of_scores(key, scores, of_sheets)
        elif not from_sheets:
            self._warn_unranked(key, rows)
        advances = {row["team"]: row["advances"] for row in rows}
        places = self._places(key, ranks, scores, advances)
        if any(ranks.values()) and not from_sheets:
            self._fault_given_tie(key, rows, places)
        return TableOutcome(source="given", places=places)

    def _fault_given_tie(self, key: TableKey, rows: list[Row], places: tuple[Place, ...]) -> None:
        """Ranks that the file gives may be shared only where the edition allows it."""
        level = [place.team for place in places if place.is_shared]
        if level and self.book.settings["table_ties"] == "forbidden":
            number = next(row.number for row in rows if row["team"] in level)
            where = ("Results", number, "rank")
            self.faults.add(where, "tie_forbidden", TIE, key[1], round=key[0], teams=", ".join(level))

    def _ranks_of_scores(
        self, key: TableKey, scores: Mapping[str, Decimal | None], of_sheets: Mapping[str, Place]
    ) -> dict[str, int | None]:
        """Ranks where the file gives none: the sheets', or else the order of the scores."""
        if of_sheets:
            return {team: place.rank for team, place in of_sheets.items()}
        ranked = self._ranked(key)
        known: dict[Hashable, Decimal] = {
            team: score for team in ranked if (score := scores.get(team)) is not None
        }
        if len(known) < len(ranked):
            return {}
        try:
            named: TableTies = self.book.settings["table_ties"]
            ties: TableTies = "shared" if named == "chair" else named
            return {str(each.team): each.rank for each in rank_table(known, ties)}
        except TieForbiddenError as tie:
            teams = ", ".join(str(team) for team in tie.teams)
            where = ("Draw", self.number_of[key], "table")
            self.faults.add(where, "tie_forbidden", TIE, key[1], round=key[0], teams=teams)
            return {}

    def _warn_unranked(self, key: TableKey, rows: list[Row]) -> None:
        named = {row["team"]: row for row in rows}
        for team in self._ranked(key):
            row = named.get(team)
            if (row is None or row["rank"] is None) and not self._has_left(key, team):
                number = row.number if row is not None else rows[0].number
                self.faults.warn(("Results", number, "rank"), "unranked", UNRANKED, team)

    def _agree(self, key: TableKey, rows: list[Row], given: TableOutcome, sheets: TableOutcome) -> bool:
        """Whether the file's results are those of the sheets; ranks that differ are a fault."""
        numbers = {row["team"]: row for row in rows}
        of_sheets = {place.team: place for place in sheets.places}
        is_same = True
        for place in given.places:
            row, other = numbers.get(place.team), of_sheets[place.team]
            if row is not None and row["rank"] is not None and place.rank != other.rank:
                self.faults.add(
                    ("Results", row.number, "rank"),
                    "ranks_differ",
                    RANKS_DIFFER,
                    row["rank"],
                    table=key[1],
                    round=key[0],
                    team=place.team,
                    rank=other.rank if other.rank is not None else "–",
                )
            is_same = is_same and (place.rank, place.score) == (other.rank, other.score)
        return is_same


def _is_open(sheets: list[PanelSheet]) -> bool:
    """Whether a sheet that would count is not confirmed yet."""
    return any(sheet.state in ("draft", "submitted") and sheet.position != "trainee" for sheet in sheets)


def _is_counted(sheet: PanelSheet) -> bool:
    return sheet.position != "trainee" and sheet.state == "confirmed"


def _says_something(row: Row) -> bool:
    return any(row[name] is not None for name in ("rank", "score", "advances"))
