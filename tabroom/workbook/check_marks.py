"""Whether scoresheets and marks fit the panels, the tables, the teams and the rubric."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from core.localised import N_
from judging.scoring.sheets import CriterionRule, MarkLine
from judging.scoring.sheets import check_marks as check_sheet
from tabroom.workbook.check_rounds import find_table, not_in_team, sits_at
from tabroom.workbook.faults import Faults
from tabroom.workbook.rows import Row, Workbook
from tabroom.workbook.seating import Seating, SheetKey

NOT_ON_PANEL = N_("Judge “%(value)s” is not on the panel of table “%(table)s” in round %(round)s.")
OF_A_TEAM = N_("Criterion “%(value)s” is marked for the team: leave the delegate empty.")
OF_A_DELEGATE = N_("Criterion “%(value)s” is marked for each delegate: name the delegate.")
OUT_OF_RANGE = N_("A mark for “%(criterion)s” is from %(minimum)s to %(maximum)s.")
OFF_STEP = N_("A mark for “%(criterion)s” goes in steps of %(step)s from %(minimum)s.")
OUT = N_(
    "Delegate “%(value)s” has marks in round %(round)s, but the sheet “Lineups” says they did not take part: "
    "these marks do not count."
)
ABSENT = N_(
    "Team “%(value)s” has marks in round %(round)s, but the sheet “Outcomes” says it was absent: "
    "these marks do not count."
)
MISSING = N_(
    "Judge “%(judge)s” has marks for table “%(table)s” in round %(round)s, but none for “%(value)s” on “%(criterion)s”."
)


def check_marks(book: Workbook, seating: Seating, faults: Faults) -> None:
    """Gather every fault of scoresheets and marks."""
    rules = criterion_rules(book)
    _check_scoresheets(book, seating, faults)
    _warn_left_out(book, seating, faults)
    sound = _check_places(book, seating, faults)
    for key, rows in sound.items():
        lines = [_line(row) for row in rows]
        _check_sheet(book, seating, rules, key, rows, lines, faults)


def criterion_rules(book: Workbook) -> dict[str, CriterionRule]:
    """The rubric as the scoring engine knows it, by code."""
    return {
        name: CriterionRule(
            id=name,
            target=row["target"],
            minimum=row["minimum"],
            maximum=row["maximum"],
            step=row["step"],
            weight=row["weight"],
        )
        for name, row in book.named("Criteria").items()
    }


def _line(row: Row) -> MarkLine:
    return MarkLine(team=row["team"], criterion=row["criterion"], mark=row["mark"], delegate=row["delegate"])


def _on_panel(seating: Seating, sheet: str, row: Row, faults: Faults) -> bool:
    if row["judge"] in seating.panel.get((row["round"], row["table"]), ()):
        return True
    if not seating.has_every_panel or (row["round"], row["table"], row["judge"]) in seating.unread:
        return False
    where = (sheet, row.number, "judge")
    faults.add(where, "not_on_panel", NOT_ON_PANEL, row["judge"], table=row["table"], round=row["round"])
    return False


def _check_scoresheets(book: Workbook, seating: Seating, faults: Faults) -> None:
    for row in book.rows("Scoresheets"):
        if find_table(seating, "Scoresheets", row, faults) is not None:
            _on_panel(seating, "Scoresheets", row, faults)


def _warn_left_out(book: Workbook, seating: Seating, faults: Faults) -> None:
    """Marks of a delegate whom the line-up leaves out, or of an absent team: said once a round."""
    absent = {key for key, row in seating.outcomes.items() if row["outcome"] == "absent"}
    told: set[tuple[str, int, str]] = set()
    for row in book.rows("Marks"):
        for column, out, message in (("delegate", seating.absent_delegates, OUT), ("team", absent, ABSENT)):
            place = row["round"], row[column]
            if place in out and (column, *place) not in told:
                told.add((column, *place))
                faults.warn(("Marks", row.number, column), "left_out", message, place[1], round=place[0])


def _check_places(book: Workbook, seating: Seating, faults: Faults) -> dict[SheetKey, list[Row]]:
    """The marks that are where they may be, by sheet; each fault of a sheet's place is reported once."""
    sound: dict[SheetKey, list[Row]] = {}
    misplaced = {key for key, rows in seating.marks.items() if not _is_placed(seating, key, rows, faults)}
    delegates, broken = book.named("Delegates"), book.broken("Delegates")
    for key, rows in seating.marks.items():
        if key in misplaced:
            continue
        for row in rows:
            if not sits_at(seating, key[:2], "Marks", row, faults):
                continue
            delegate = row["delegate"]
            if delegate is not None and delegate not in seating.delegates[row["team"]] | broken:
                if delegate in delegates:
                    not_in_team("Marks", row, faults)
                continue
            if row["criterion"] not in book.broken("Criteria"):
                sound.setdefault(key, []).append(row)
    return sound


def _is_placed(seating: Seating, key: SheetKey, rows: list[Row], faults: Faults) -> bool:
    first = rows[0]
    return find_table(seating, "Marks", first, faults) is not None and _on_panel(
        seating, "Marks", first, faults
    )


def _check_sheet(
    book: Workbook,
    seating: Seating,
    rules: Mapping[str, CriterionRule],
    key: SheetKey,
    rows: list[Row],
    lines: list[MarkLine],
    faults: Faults,
) -> None:
    of_place: dict[tuple[Any, ...], Row] = {
        (row["team"], row["delegate"] or "", row["criterion"]): row for row in rows
    }
    roster = dict(_roster(book, seating, key))
    is_complete = key[:2] not in seating.results and _state(seating, key) in ("submitted", "confirmed")
    problems = check_sheet(
        lines, rules.values(), roster, missing_delegates="absent", require_complete=is_complete
    )
    for problem in problems:
        if (row := of_place.get(problem.where)) is not None:
            _report(problem.code, row, rules, faults)
        elif problem.code == "missing_mark" and not _is_unread(book, key, problem.where):
            _report_missing(key, rows[0], problem.where, faults)


def _is_unread(book: Workbook, key: SheetKey, place: tuple[str | int, ...]) -> bool:
    """Whether the mark is there but cannot be read, which is a fault already."""
    team, delegate, criterion = place
    return (*key, team, delegate or None, criterion) in book.sheets["Marks"].broken


def _roster(
    book: Workbook, seating: Seating, key: SheetKey
) -> Iterator[tuple[Hashable, AbstractSet[Hashable]]]:
    """The teams this judge marks: whoever was there, with all their delegates."""
    teams = book.named("Teams")
    marked = {row["team"] for row in seating.marks[key]}
    for team in seating.seats[key[:2]].values():
        outcome = seating.outcomes.get((key[0], team))
        is_optional = team not in teams or teams[team]["status"] == "stand_in" or outcome is not None
        if team in marked or not is_optional:
            yield team, seating.delegates[team]


def _state(seating: Seating, key: SheetKey) -> str:
    sheet = seating.sheets.get(key)
    return str(sheet["state"]) if sheet is not None else "confirmed"


def _report(code: str, row: Row, rules: Mapping[str, CriterionRule], faults: Faults) -> None:
    rule = rules.get(row["criterion"])
    if rule is None:
        return
    place: dict[str, tuple[str, str, Any]] = {
        "out_of_range": ("mark", OUT_OF_RANGE, row["mark"]),
        "off_step": ("mark", OFF_STEP, row["mark"]),
        "not_for_delegates": ("delegate", OF_A_TEAM, row["criterion"]),
        "not_for_teams": ("delegate", OF_A_DELEGATE, row["criterion"]),
    }
    if code in place:
        column, message, value = place[code]
        expected = {"minimum": str(rule.minimum), "maximum": str(rule.maximum), "step": str(rule.step)}
        faults.add(
            ("Marks", row.number, column), code, message, value, criterion=row["criterion"], **expected
        )


def _report_missing(key: SheetKey, first: Row, place: tuple[str | int, ...], faults: Faults) -> None:
    team, delegate, criterion = place
    number, table, judge = key
    faults.add(
        ("Marks", first.number, "mark"),
        "missing_mark",
        MISSING,
        delegate or team,
        judge=judge,
        table=table,
        round=number,
        criterion=criterion,
    )
