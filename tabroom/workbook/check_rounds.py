"""Whether draws, panels, outcomes, line-ups and results fit together."""

from __future__ import annotations

from typing import Any

from core.localised import N_
from tabroom.workbook.faults import Faults
from tabroom.workbook.layout import ROLE_WORDS, VACANT
from tabroom.workbook.rows import Row, Workbook
from tabroom.workbook.seating import Seating, TableKey

Names = dict[str, dict[Any, None]]
NO_TABLE = N_("There is no table “%(value)s” in round %(round)s of the sheet “Draw”.")
NO_TABLE_BUT = N_(
    "There is no table “%(value)s” in round %(round)s of the sheet “Draw”. Did you mean “%(guess)s”?"
)
NOT_HERE = N_("Team “%(value)s” does not sit at table “%(table)s” in round %(round)s.")
NOT_SEATED = N_("Team “%(value)s” does not sit anywhere in round %(round)s.")


def check_rounds(book: Workbook, seating: Seating, names: Names, faults: Faults) -> None:
    """Gather what does not fit in the sheets of the rounds (but for marks)."""
    _check_draw(book, names, faults)
    _check_panels(book, seating, faults)
    _check_outcomes(book, seating, faults)
    _check_lineups(book, names, seating, faults)
    _check_results(book, seating, faults)
    for row in book.rows("Penalties"):
        _warn_not_seated(seating, "Penalties", row, faults)


def _check_draw(book: Workbook, names: Names, faults: Faults) -> None:
    rounds, teams = book.named("Rounds"), book.named("Teams")
    is_fixed = book.settings["role_policy"] == "fixed"
    seated: dict[tuple[int, str], Row] = {}
    for row in book.rows("Draw"):
        known = rounds.get(row["round"])
        _check_seats(row, known is not None and known["stage"] == "elimination", faults)
        for role in ROLE_WORDS:
            team = row[role]
            if team is None or team == VACANT:
                continue
            where = ("Draw", row.number, role)
            first = seated.setdefault((row["round"], team), row)
            if first is not row or sum(row[other] == team for other in ROLE_WORDS[: ROLE_WORDS.index(role)]):
                message = N_("Team “%(value)s” sits twice in round %(round)s, first at table “%(table)s”.")
                faults.add(where, "seated_twice", message, team, round=row["round"], table=first["table"])
            own = teams[team]["role"] if is_fixed and team in teams else None
            if own is not None and own != role:
                message = N_("Team “%(value)s” has the role %(role)s in this edition, not this one.")
                faults.warn(where, "other_role", message, team, role=own)


def _check_seats(row: Row, is_elimination: bool, faults: Faults) -> None:
    empty = [role for role in ROLE_WORDS if row[role] is None]
    vacant = [role for role in ROLE_WORDS if row[role] == VACANT]
    if len(vacant) > 1:
        message = N_("One seat of a table may be VACANT, not %(count)s.")
        faults.add(("Draw", row.number, vacant[1]), "two_vacant", message, VACANT, count=len(vacant))
    if not empty or (is_elimination and len(empty) == 4):
        return
    message = (
        N_("A seat needs a team, or the word VACANT. (At an elimination table all four may still be empty.)")
        if is_elimination
        else N_("A seat needs a team, or the word VACANT.")
    )
    for role in empty:
        faults.add(("Draw", row.number, role), "empty_seat", message)


def find_table(seating: Seating, sheet: str, row: Row, faults: Faults) -> TableKey | None:
    """The table that a row names; a fault and None where there is none."""
    key = row["round"], row["table"]
    if key in seating.seats:
        return key
    if not seating.has_every_draw:
        return None
    others = {table: None for number, table in seating.seats if number == row["round"]}
    if others:
        guess = faults.guess(row["table"], others)
        message = NO_TABLE_BUT if guess else NO_TABLE
        where = (sheet, row.number, "table")
        faults.add(where, "unknown_reference", message, row["table"], round=row["round"], guess=guess)
    else:
        faults.add(
            (sheet, row.number, "table"), "unknown_reference", NO_TABLE, row["table"], round=row["round"]
        )
    return None


def sits_at(seating: Seating, key: TableKey, sheet: str, row: Row, faults: Faults) -> bool:
    """Whether the row's team sits at that table; a fault where not."""
    if row["team"] in seating.seats[key].values():
        return True
    where = (sheet, row.number, "team")
    faults.add(where, "not_at_table", NOT_HERE, row["team"], table=row["table"], round=row["round"])
    return False


def _check_panels(book: Workbook, seating: Seating, faults: Faults) -> None:
    stages = {number: row["stage"] for number, row in book.named("Rounds").items()}
    chairs: dict[TableKey, Row] = {}
    tables: dict[tuple[int, str], str] = {}
    for row in book.rows("Panels"):
        key = find_table(seating, "Panels", row, faults)
        if key is None:
            continue
        if row["position"] == "chair" and chairs.setdefault(key, row) is not row:
            message = N_("Table “%(table)s” has a second chair; the first is %(first)s.")
            first = chairs[key]["judge"]
            faults.add(
                ("Panels", row.number, "position"),
                "two_chairs",
                message,
                row["judge"],
                table=key[1],
                first=first,
            )
        earlier = tables.setdefault((row["round"], row["judge"]), row["table"])
        if earlier != row["table"] and stages.get(row["round"]) != "elimination":
            message = N_("Judge “%(value)s” also sits at table “%(table)s” in round %(round)s.")
            faults.warn(
                ("Panels", row.number, "judge"),
                "judge_twice",
                message,
                row["judge"],
                table=earlier,
                round=row["round"],
            )
    for key in seating.panel:
        if key in seating.seats and key not in chairs:
            message = N_("The panel of table “%(value)s” in round %(round)s has no chair.")
            faults.warn(("Panels",), "no_chair", message, key[1], round=key[0])


def _check_outcomes(book: Workbook, seating: Seating, faults: Faults) -> None:
    for row in book.rows("Outcomes"):
        _warn_not_seated(seating, "Outcomes", row, faults)


def _warn_not_seated(seating: Seating, sheet: str, row: Row, faults: Faults) -> None:
    if (row["round"], row["team"]) not in seating.table_of and seating.has_every_draw:
        faults.warn((sheet, row.number, "team"), "not_seated", NOT_SEATED, row["team"], round=row["round"])


def _check_lineups(book: Workbook, names: Names, seating: Seating, faults: Faults) -> None:
    for row in book.rows("Lineups") if book.is_whole("Delegates") else ():
        known = row["delegate"] in names["Delegates"] and row["team"] in names["Teams"]
        if known and row["delegate"] not in seating.delegates[row["team"]] | book.broken("Delegates"):
            not_in_team("Lineups", row, faults)


def not_in_team(sheet: str, row: Row, faults: Faults) -> None:
    """A delegate of another team."""
    message = N_("Delegate “%(value)s” is not in team “%(team)s”.")
    faults.add((sheet, row.number, "delegate"), "not_in_team", message, row["delegate"], team=row["team"])


def _check_results(book: Workbook, seating: Seating, faults: Faults) -> None:
    for row in book.rows("Results"):
        key = find_table(seating, "Results", row, faults)
        if key is not None and sits_at(seating, key, "Results", row, faults):
            outcome = seating.outcomes.get((row["round"], row["team"]))
            if outcome is not None and outcome["outcome"] == "absent" and row["rank"] is not None:
                message = N_("Team “%(team)s” was absent in round %(round)s, so it has no rank.")
                faults.add(
                    ("Results", row.number, "rank"),
                    "absent_ranked",
                    message,
                    row["rank"],
                    team=row["team"],
                    round=row["round"],
                )
