"""The auditor's workbook: the marks and live formulas from which a spreadsheet alone works the standings out again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from competition.editions.public import Edition, points_list
from competition.entries.public import delegate_table, judge_table, team_table
from competition.rounds.public import (
    SeatedResult,
    last_confirmed_round,
    penalties,
    round_facts,
    seated_results,
    tables_of_edition,
)
from core.db import db
from core.localised import chosen_locale, in_language, translated
from core.spreadsheets import WorkbookWriter, cleaned, column_letters
from judging.public import (
    Adjustment,
    AuditMark,
    StandingsRow,
    StandingsTable,
    adjustment_of,
    audit_marks,
    criteria_of,
    raw_scores,
    selections,
    standings_of,
)
from tabroom.workbook.results import metric_name, role_name

PANEL = {
    "mean": "AVERAGE({0})",
    "median": "MEDIAN({0})",
    "trimmed_mean": "IF(COUNT({0})>=3,(SUM({0})-MAX({0})-MIN({0}))/(COUNT({0})-2),AVERAGE({0}))",
}
FROM_TABLES = {
    "points": "ROUND(SUMIFS({points},{team},{own}),6)",
    "total_score": "ROUND(SUMIFS({score},{team},{own}),6)",
    "average_score": "IF(SUMIFS({scored},{team},{own})=0,0,"
    "ROUND(ROUND(SUMIFS({score},{team},{own})/SUMIFS({scored},{team},{own}),9),6))",
    "adjusted_score": "IF(SUMIFS({scored},{team},{own})=0,0,"
    "ROUND(ROUND(SUMIFS({adjusted},{team},{own})/SUMIFS({scored},{team},{own}),9),6))",
    "firsts": "SUMIFS({first},{team},{own})",
    "seconds": "SUMIFS({second},{team},{own})",
}
"""How a metric comes out of the sheet of tables; any other is given as a value."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula and what it says now, for readers that do not work formulas out."""

    text: str
    value: Decimal | int | str


@dataclass(slots=True)
class _Sheet:
    """One sheet in the making: rows below its headers; row 2 of the sheet is row 0 here."""

    name: str
    headers: Sequence[str]
    rows: list[list[Any]] = field(default_factory=list)

    def add(self, *cells: Any) -> int:
        """Add a row; its number in the sheet."""
        self.rows.append(list(cells))
        return len(self.rows) + 1

    def range(self, column: str, first: int, last: int) -> str:
        """Cells of one column, seen from another sheet."""
        return f"'{self.name}'!{column}{first}:{column}{last}"

    def column(self, letter: str) -> str:
        """All rows of a column, seen from another sheet."""
        return f"'{self.name}'!${letter}$2:${letter}${max(2, len(self.rows) + 1)}"

    def cell(self, column: str, row: int) -> str:
        return f"'{self.name}'!${column}${row}"


class _Auditor:
    """The workbook of one edition: each method fills one sheet from the sheets before it."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.last = last_confirmed_round(edition.id) or 0
        self.results = seated_results(edition.id, up_to_round=self.last)
        self.adjustment: Adjustment = adjustment_of(edition, self.last, self.results)
        self.marks = audit_marks(edition.id, self.last)
        self.raw = raw_scores(edition, self.last, self.results)
        self.teams = _names(team_table, edition.id, "name")
        self.judges = _names(judge_table, edition.id, "name", "name_local", "code")
        self.delegates = _names(delegate_table, edition.id, "name", "name_local", "code")
        self.tables = {table.id: table.name for table in tables_of_edition(edition.id)}
        self.sheets: list[_Sheet] = []

    def sheet(self, name: str, *headers: str) -> _Sheet:
        made = _Sheet(name, headers)
        self.sheets.append(made)
        return made

    def fill(self) -> None:
        self._about()
        self._settings()
        self._rubric()
        self._given_back()
        self._penalties()
        self._marks()
        self._score_sheets()
        self._tables()
        for selection in selections(self.edition):
            self._standings(selection)

    def _about(self) -> None:
        about = self.sheet(_("Read me"), _("How to read this workbook"))
        for line in (
            _("Everything that is worked out here is a formula. Change a mark and the standings follow."),
            _("Marks → Sheets → Tables → standings: each sheet is made of the one before it."),
            _(
                "How hard each judge marks was estimated by the program; it is a plain number in “%(sheet)s”.",
                sheet=_("Judges"),
            ),
            _("A score or rank that was recorded without scoresheets is a plain number too."),
            _("The last two columns of the standings compare the formula’s rank with the program’s."),
            _("Only organisers may have this file: it names judges beside their marks."),
        ):
            about.add(line)

    def _settings(self) -> None:
        edition = self.edition
        self.settings = self.sheet(_("Settings"), _("What"), _("Value"))
        self.settings.add(_("Edition"), in_language(edition.name, edition.name_zh, chosen_locale()))
        self.settings.add(_("After round"), self.last)
        self.decimals = self.settings.cell(
            "B", self.settings.add(_("Decimals of a table score"), edition.score_decimals)
        )
        self.settings.add(_("Several judges at a table"), edition.panel_method)
        self.settings.add(_("Marks of the delegates"), edition.delegate_marks)
        self.settings.add(_("Ties at a table"), edition.table_ties)
        self.points = self.sheet(_("Points"), _("Rank"), _("Four teams"), _("Three teams"))
        four, three = points_list(edition.table_points), points_list(edition.three_team_points)
        for place in range(4):
            self.points.add(
                place + 1,
                four[place] if place < len(four) else None,
                three[place] if place < len(three) else None,
            )
        self.weights = self.sheet(_("Rounds"), _("Round"), _("Weight"))
        self.weight_of = {
            facts.number: self.weights.cell("B", self.weights.add(facts.number, facts.weight))
            for facts in round_facts(edition.id)
            if facts.is_preliminary
        }

    def _rubric(self) -> None:
        self.rubric = self.sheet(_("Criteria"), _("Criterion"), _("Name"), _("Target"), _("Weight"))
        self.criteria = {one.id: one for one in criteria_of(self.edition.id)}
        self.criterion_weight = {
            key: self.rubric.cell(
                "D",
                self.rubric.add(
                    one.code, in_language(one.name, one.name_zh, chosen_locale()), one.target, one.weight
                ),
            )
            for key, one in self.criteria.items()
        }

    def _given_back(self) -> None:
        sheet = self.sheet(_("Judges"), _("Judge"), _("Given back for severity, per sheet"))
        back: dict[object, Decimal] = {
            one.judge: one.given_back for table in self.adjustment.tables.values() for one in table.sheets
        }
        self.back = back
        self.back_of = {
            judge: sheet.cell("B", sheet.add(self.judges[judge], back.get(judge, Decimal(0))))
            for judge in sorted({line.judge for line in self.marks}, key=lambda key: self.judges[key])
        }

    def _penalties(self) -> None:
        self.charged = self.sheet(_("Penalties"), _("Round"), _("Team number"), _("Team"), _("Amount"))
        self.penalty_of: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        for one in penalties(self.edition.id):
            self.penalty_of[one.team_id, one.round] += one.amount
            self.charged.add(one.round, one.team_id, self.teams.get(one.team_id, ""), one.amount)

    def _marks(self) -> None:
        self.mark_sheet = self.sheet(
            _("Marks"),
            _("Round"), _("Table"), _("Team"), _("Judge"), _("Delegate"),
            _("Criterion"), _("Mark"), _("Weight"), _("Weighted"),
        )  # fmt: skip
        for line in self.marks:
            row = len(self.mark_sheet.rows) + 2
            weight = self.criteria[line.criterion].weight
            self.mark_sheet.add(
                line.round,
                self.tables.get(line.table, ""),
                self.teams[line.team],
                self.judges[line.judge],
                self.delegates[line.delegate] if line.delegate is not None else None,
                self.criteria[line.criterion].code,
                line.mark,
                Formula(self.criterion_weight[line.criterion], weight),
                Formula(f"G{row}*H{row}", line.mark * weight),
            )

    def _score_sheets(self) -> None:
        """A row for each team on each sheet, over the rows of its marks; where they lie is kept for the tables."""
        self.score_sheet = self.sheet(
            _("Sheets"),
            _("Round"), _("Table"), _("Team number"), _("Team"), _("Judge"),
            _("Team criteria"), _("Delegates who took part"),
            _("Delegates together"), _("Penalty"), _("Score"), _("Given back"), _("Adjusted"),
        )  # fmt: skip
        self.panel_rows: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.score_of_row: dict[int, Decimal] = {}
        at = 2
        for (number, table, team, judge), group in groupby(self.marks, key=lambda line: line[:4]):
            lines = list(group)
            own = sum(line.delegate is None for line in lines)
            people = len({line.delegate for line in lines if line.delegate is not None})
            first, second, end = at, at + own, at + len(lines)
            at = end
            row = len(self.score_sheet.rows) + 2
            charged = self.charged
            penalty = (
                f"SUMIFS({charged.column('D')},{charged.column('A')},A{row},{charged.column('B')},C{row})"
            )
            together = f"SUM({self.mark_sheet.range('I', second, end - 1)})"
            if self.edition.delegate_marks == "mean":
                together += f"/G{row}"
            amounts = self._amounts(lines[:own], lines[own:], people, (team, number))
            score = amounts[0] + amounts[1] - amounts[2]
            back = self.back.get(judge, Decimal(0))
            self.score_of_row[row] = score
            self.score_sheet.add(
                number,
                self.tables.get(table, ""),
                team,
                self.teams[team],
                self.judges[judge],
                Formula(f"SUM({self.mark_sheet.range('I', first, second - 1)})", amounts[0]) if own else 0,
                people,
                Formula(together, amounts[1]) if people else 0,
                Formula(penalty, amounts[2]),
                Formula(f"F{row}+H{row}-I{row}", score),
                Formula(self.back_of[judge], back),
                Formula(f"J{row}+K{row}", score + back),
            )
            self.panel_rows.setdefault((team, number), []).append((row, judge))

    def _amounts(
        self, own: Sequence[AuditMark], others: Sequence[AuditMark], people: int, place: tuple[int, int]
    ) -> tuple[Decimal, Decimal, Decimal]:
        """What the sheet says now: the team's part, its delegates' part, the penalty."""
        team, delegates = (
            sum((line.mark * self.criteria[line.criterion].weight for line in lines), Decimal(0))
            for lines in (own, others)
        )
        if people and self.edition.delegate_marks == "mean":
            delegates /= people
        return team, delegates, self.penalty_of.get(place, Decimal(0))

    def _tables(self) -> None:
        """A row for each team at each table, the teams of a table one below the other."""
        self.table_sheet = self.sheet(
            _("Tables"),
            _("Round"), _("Table"), _("Team number"), _("Team"), _("Role"), _("Score"), _("From"), _("Chair’s score"),
            _("Rank"), _("Teams that share it"), _("Points"), _("Adjusted score"),
            _("Scored"), _("First alone"), _("Second alone"),
        )  # fmt: skip
        chairs = {
            (table.id, place.judge_id)
            for table in tables_of_edition(self.edition.id)
            for place in table.panel
            if place.position == "chair"
        }
        for _key, group in groupby(self.results, key=lambda result: (result.round, result.table_id)):
            results = list(group)
            first = len(self.table_sheet.rows) + 2
            last = first + len(results) - 1
            is_live = self._makes_ranks(results, chairs)
            sharing = Counter(result.rank for result in results)
            for result in results:
                self._table_row(result, first, last, is_live, chairs, sharing[result.rank])

    def _has_sheets(self, result: SeatedResult) -> bool:
        """Whether the recorded score is what the sheets make."""
        return result.score is not None and self.raw.get((result.team_id, result.round)) == result.score

    def _makes_ranks(self, results: Sequence[SeatedResult], chairs: set[tuple[int, int]]) -> bool:
        """Whether a table's ranks follow from its sheets; a recorded rank is a fact, whatever the scores say."""
        if any(
            not self._has_sheets(each) for each in results if each.rank is not None or each.score is not None
        ):
            return False
        strengths = {
            each.team_id: (each.score, self.score_of_row.get(self._chair_row(each, chairs), Decimal(0)))
            for each in results
            if each.score is not None
        }
        return all(
            each.rank == 1 + sum(other > strengths[each.team_id] for other in strengths.values())
            for each in results
            if each.rank is not None
        )

    def _chair_row(self, result: SeatedResult, chairs: set[tuple[int, int]]) -> int:
        """The row of the chair's sheet where it decides between level teams, otherwise 0."""
        if self.edition.table_ties != "chair":
            return 0
        panel = self.panel_rows.get((result.team_id, result.round), [])
        return next((at for at, judge in panel if (result.table_id, judge) in chairs), 0)

    def _table_row(
        self,
        result: SeatedResult,
        first: int,
        last: int,
        is_live: bool,
        chairs: set[tuple[int, int]],
        sharing: int,
    ) -> None:
        row = len(self.table_sheet.rows) + 2
        panel = self.panel_rows.get((result.team_id, result.round), [])
        scores, chair_scores, ranks = (f"${letter}${first}:${letter}${last}" for letter in "FHI")
        ahead = f"SUMPRODUCT(ISNUMBER({scores})*({scores}>F{row}))"
        level = f"SUMPRODUCT(ISNUMBER({scores})*({scores}=F{row})*({chair_scores}>H{row}))"
        chair = self._chair_row(result, chairs)
        is_ranked = result.rank is not None
        column = f"IF(COUNT({ranks})>=4,1,2)"
        scale = f"'{self.points.name}'!$B$2:$C$5"
        worth = f"SUM(INDEX({scale},I{row},{column}):INDEX({scale},I{row}+J{row}-1,{column}))"
        self.table_sheet.add(
            result.round,
            self.tables.get(result.table_id, ""),
            result.team_id,
            self.teams.get(result.team_id, ""),
            role_name(result.role),
            self._score(result, panel) if result.score is not None else None,
            _("sheets") if is_live and panel else _("recorded"),
            Formula(f"'{self.score_sheet.name}'!J{chair}", self.score_of_row[chair]) if chair else 0,
            Formula(f"1+{ahead}+{level}", result.rank or "") if is_live and is_ranked else result.rank,
            Formula(f"SUMPRODUCT(ISNUMBER({ranks})*({ranks}=I{row}))", sharing) if is_ranked else None,
            Formula(f"ROUND(ROUND({worth}/J{row}*{self.weight_of[result.round]},9),6)", result.points)
            if is_ranked
            else result.points,
            self._adjusted(result, panel, row),
            Formula(f"IF(ISNUMBER(F{row}),1,0)", int(result.score is not None)),
            Formula(
                f"IF(AND(ISNUMBER(I{row}),I{row}=1,J{row}=1),1,0)", int(result.rank == 1 and sharing == 1)
            ),
            Formula(
                f"IF(AND(ISNUMBER(I{row}),I{row}=2,J{row}=1),1,0)", int(result.rank == 2 and sharing == 1)
            ),
        )

    def _score(self, result: SeatedResult, panel: Sequence[tuple[int, int]]) -> Formula | Decimal | None:
        if not panel or not self._has_sheets(result):
            return result.score
        return Formula(self._panel(panel, "J"), result.score or Decimal(0))

    def _adjusted(
        self, result: SeatedResult, panel: Sequence[tuple[int, int]], row: int
    ) -> Formula | Decimal | None:
        score = self.adjustment.score_of(result)
        if score is None:
            return None
        if not panel or not self._has_sheets(result):
            return Formula(f"F{row}+({self.adjustment.tables[result.team_id, result.round].net})", score)
        return Formula(self._panel(panel, "L"), score)

    def _panel(self, panel: Sequence[tuple[int, int]], column: str) -> str:
        """The panel's method over the sheets of one team at one table, rounded half up."""
        cells = self.score_sheet.range(column, panel[0][0], panel[-1][0])
        score = PANEL[self.edition.panel_method].format(cells)
        return f"ROUND(ROUND({score},9),{self.decimals})"

    def _standings(self, selection: str) -> None:
        table = standings_of(self.edition, selection)
        columns = [name for name in table.columns if any(row.values[name] is not None for row in table.rows)]
        name = _("Standings") if selection == "overall" else self._selection_name(selection)
        sheet = self.sheet(
            name,
            _("Rank"),
            _("Team number"),
            _("Team"),
            _("Ranked"),
            *(metric_name(metric) for metric in columns),
            _("Rank by the program"),
            _("The same?"),
        )
        for row in table.rows:
            self._standings_row(sheet, row, table, columns)
        for note in table.notes:
            sheet.add(None, None, translated(note))

    def _selection_name(self, selection: str) -> str:
        kind, _colon, name = selection.partition(":")
        return role_name(name) if kind == "role" else name

    def _standings_row(
        self, sheet: _Sheet, row: StandingsRow, table: StandingsTable, columns: Sequence[str]
    ) -> None:
        at, size = len(sheet.rows) + 2, len(table.rows)
        letters = {name: column_letters(5 + place) for place, name in enumerate(columns)}
        keys = {
            "points": "K", "score": "F", "scored": "M", "adjusted": "L", "first": "N", "second": "O", "team": "C",
        }  # fmt: skip
        ranges = {name: self.table_sheet.column(letter) for name, letter in keys.items()}
        values: list[Any] = [
            Formula(FROM_TABLES[name].format(own=f"$B{at}", **ranges), row.values[name] or Decimal(0))
            if name in FROM_TABLES
            else row.values[name]
            for name in columns
        ]
        better = _better([letters[name] for name in table.metrics if name in letters], at, size)
        ranked = f"$D$2:$D${size + 1}"
        rank = Formula(f'IF(D{at}="yes",1+SUMPRODUCT(({ranked}="yes")*({better})),"")', row.rank or "")
        mine = column_letters(5 + len(columns))
        same = Formula(f'IF(A{at}={mine}{at},"yes","NO")', "yes")
        if row.rank is None:
            same = Formula(f'IF(AND(A{at}="",{mine}{at}=""),"yes","NO")', "yes")
        is_ranked = "yes" if row.status == "registered" else "no"
        sheet.add(rank, row.team_id, row.team, is_ranked, *values, row.rank, same)


def _better(columns: Sequence[str], at: int, size: int) -> str:
    """One for every row that is better than row `at` by the columns in their order."""
    if not columns:
        return "0"
    cells, own = f"${columns[0]}$2:${columns[0]}${size + 1}", f"${columns[0]}{at}"
    rest = _better(columns[1:], at, size)
    return f"({cells}>{own})+({cells}={own})*({rest})"


def _names(table: Any, edition_id: int, *columns: str) -> dict[int, str]:
    """What each row is called: the first of the columns that says anything."""
    query = select(table.c.id, *(table.c[name] for name in columns)).where(table.c.edition_id == edition_id)
    return {row[0]: next((str(cell) for cell in row[1:] if cell), "") for row in db.session.execute(query)}


def auditors_workbook(edition: Edition) -> bytes:
    """The file. Raises Invalid where the standings cannot be worked out."""
    auditor = _Auditor(edition)
    auditor.fill()
    writer = WorkbookWriter(title=edition.name)
    for sheet in auditor.sheets:
        _write(writer, sheet)
    return writer.save()


def _write(writer: WorkbookWriter, sheet: _Sheet) -> None:
    """One sheet with bold headers; text is always text, and only our own formulas are formulas."""
    made = writer.book.add_worksheet(sheet.name)
    bold = writer.style(bold=True, text_wrap=True, valign="top")
    for column, header in enumerate(sheet.headers):
        made.write_string(0, column, cleaned(header), bold)
        made.set_column(column, column, 90 if len(sheet.headers) == 1 else 14)
    made.freeze_panes(1, 0)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, Formula):
                value = float(cell.value) if isinstance(cell.value, Decimal) else cell.value
                made.write_formula(number, column, "=" + cell.text, None, value)
            elif isinstance(cell, str):
                made.write_string(number, column, cleaned(cell))
            elif cell is not None:
                made.write_number(number, column, cell)
