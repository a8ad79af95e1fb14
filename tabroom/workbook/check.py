"""Whether the rows of a workbook fit together: references, people, rubric, rounds; marks are in `check_marks`."""

from __future__ import annotations

import re
from typing import Any

from core.localised import N_
from tabroom.workbook.check_marks import check_marks
from tabroom.workbook.check_rounds import check_rounds
from tabroom.workbook.columns import Column, Kind
from tabroom.workbook.faults import Faults
from tabroom.workbook.layout import SHEETS, VACANT
from tabroom.workbook.rows import Row, Workbook
from tabroom.workbook.seating import Seating

COUNTRY = re.compile("[A-Za-z]{2}")
NO_SUCH = {
    "Institutions": N_("There is no institution “%(value)s” in the sheet “Institutions”."),
    "Divisions": N_("There is no division “%(value)s” in the sheet “Divisions”."),
    "Teams": N_("There is no team “%(value)s” in the sheet “Teams”."),
    "Delegates": N_("There is no delegate “%(value)s” in the sheet “Delegates”."),
    "Judges": N_("There is no judge “%(value)s” in the sheet “Judges”."),
    "Rooms": N_("There is no room “%(value)s” in the sheet “Rooms”."),
    "Criteria": N_("There is no criterion “%(value)s” in the sheet “Criteria”."),
    "Rounds": N_("There is no round “%(value)s” in the sheet “Rounds”."),
    "Draw": N_("There is no table “%(value)s” in that round of the sheet “Draw”."),
}
GUESS = N_("Did you mean “%(guess)s”?")
NO_SUCH_BUT = {
    "Institutions": N_(
        "There is no institution “%(value)s” in the sheet “Institutions”. Did you mean “%(guess)s”?"
    ),
    "Divisions": N_("There is no division “%(value)s” in the sheet “Divisions”. Did you mean “%(guess)s”?"),
    "Teams": N_("There is no team “%(value)s” in the sheet “Teams”. Did you mean “%(guess)s”?"),
    "Delegates": N_("There is no delegate “%(value)s” in the sheet “Delegates”. Did you mean “%(guess)s”?"),
    "Judges": N_("There is no judge “%(value)s” in the sheet “Judges”. Did you mean “%(guess)s”?"),
    "Rooms": N_("There is no room “%(value)s” in the sheet “Rooms”. Did you mean “%(guess)s”?"),
    "Criteria": N_("There is no criterion “%(value)s” in the sheet “Criteria”. Did you mean “%(guess)s”?"),
    "Draw": N_("There is no table “%(value)s” in that round of the sheet “Draw”. Did you mean “%(guess)s”?"),
}


def check_workbook(book: Workbook, seating: Seating, faults: Faults) -> None:
    """Gather every fault of rows that do not fit together."""
    names = {sheet.name: _names_of(book, sheet.name) for sheet in SHEETS if len(sheet.key) == 1}
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.to and column.to != "Draw":
                _check_references(book, sheet.name, column, names[column.to], faults)
    _check_institutions(book, faults)
    _check_divisions(book, faults)
    _check_teams(book, seating, faults)
    _check_judges(book, names, faults)
    _check_rooms(book, faults)
    _check_criteria(book, faults)
    _check_breaks(book, faults)
    check_rounds(book, seating, names, faults)
    check_marks(book, seating, faults)


class _Unknown(dict[Any, None]):
    """The names of a sheet that could not be read: any name may be among them."""

    def __contains__(self, name: object) -> bool:
        return True


def _names_of(book: Workbook, sheet: str) -> dict[Any, None]:
    if not book.is_whole(sheet):
        return _Unknown()
    return dict.fromkeys([*book.named(sheet), *book.broken(sheet)])


def _check_references(
    book: Workbook, sheet: str, column: Column, names: dict[Any, None], faults: Faults
) -> None:
    is_list, is_seat = column.kind is Kind.NAMES, sheet == "Draw" and column.to == "Teams"
    for row in book.rows(sheet):
        value = row[column.name]
        if value is None or value in names or (is_seat and value == VACANT):
            continue
        for part in value if is_list else (value,):
            if part not in names:
                no_such(faults, (sheet, row.number, column.name), column.to, part, names)


def no_such(
    faults: Faults, where: tuple[str | int, ...], sheet: str, value: Any, names: dict[Any, None]
) -> None:
    """A reference to a row that is not there, with what was probably meant."""
    guess = faults.guess(value, names) if isinstance(value, str) else ""
    message = NO_SUCH_BUT[sheet] if guess else NO_SUCH[sheet]
    faults.add(where, "unknown_reference", message, value, guess=guess)


def _check_institutions(book: Workbook, faults: Faults) -> None:
    for row in book.rows("Institutions"):
        if row["country"] is not None and not COUNTRY.fullmatch(row["country"]):
            message = N_("Write the two letters of the country, such as CN or AU.")
            faults.add(("Institutions", row.number, "country"), "bad_country", message, row["country"])


def _check_divisions(book: Workbook, faults: Faults) -> None:
    for row in book.rows("Divisions"):
        if ";" in row["division"]:
            message = N_("A division's code has no ; in it: that separates divisions in lists.")
            faults.add(("Divisions", row.number, "division"), "bad_code", message, row["division"])


def _check_teams(book: Workbook, seating: Seating, faults: Faults) -> None:
    low, high = book.settings["team_size_minimum"], book.settings["team_size_maximum"]
    for row in book.rows("Teams"):
        where = ("Teams", row.number, "team")
        if row["team"] == VACANT:
            message = N_("A team cannot be called %(value)s: the word stands for an empty seat.")
            faults.add(where, "reserved_name", message, VACANT)
        size = len(seating.delegates.get(row["team"], ()))
        if size and not low <= size <= high and row["status"] != "stand_in":
            message = N_("Team “%(value)s” has %(size)s delegates; the edition asks for %(low)s to %(high)s.")
            faults.warn(where, "team_size", message, row["team"], size=size, low=low, high=high)
        if row["withdrawn_from"] is not None and row["status"] != "withdrawn":
            message = N_("The team has not withdrawn, so this says nothing.")
            faults.warn(
                ("Teams", row.number, "withdrawn_from"), "not_withdrawn", message, row["withdrawn_from"]
            )


def _check_judges(book: Workbook, names: dict[str, dict[Any, None]], faults: Faults) -> None:
    for row in book.rows("Judges"):
        for part in row["conflicts"] or ():
            kind, name = conflict_of(part, names["Institutions"], names["Teams"])
            where = ("Judges", row.number, "conflicts")
            if kind is None:
                every = {**names["Institutions"], **names["Teams"]}
                guess = faults.guess(name, every)
                message = (
                    N_("There is no institution or team “%(value)s”. Did you mean “%(guess)s”?")
                    if guess
                    else N_("There is no institution or team “%(value)s”.")
                )
                faults.add(where, "unknown_reference", message, part, guess=guess)
            elif name in names["Institutions"] and name in names["Teams"] and name == part:
                message = N_(
                    "“%(value)s” is an institution and a team: the institution is taken. "
                    "Write “team: %(value)s” for the team."
                )
                faults.warn(where, "ambiguous_conflict", message, part)


def conflict_of(part: str, institutions: Any, teams: Any) -> tuple[str | None, str]:
    """What a conflict names: ("institution" or "team", its name); None for neither.

    A name that is both is the institution's; `team: name` and `institution: name` say which is meant.
    """
    if part in institutions:
        return "institution", part
    if part in teams:
        return "team", part
    prefix, _, name = part.partition(":")
    kind, name = prefix.strip().casefold(), name.strip()
    if kind == "team" and name in teams:
        return "team", name
    return ("institution", name) if kind == "institution" and name in institutions else (None, part)


def _check_rooms(book: Workbook, faults: Faults) -> None:
    for row in book.rows("Rooms"):
        link = row["link"]
        if link is not None and not link.lower().startswith(("https://", "http://")):
            message = N_("A link begins with https://.")
            faults.add(("Rooms", row.number, "link"), "bad_link", message, link)


def _check_criteria(book: Workbook, faults: Faults) -> None:
    for row in book.rows("Criteria"):
        if row["minimum"] >= row["maximum"]:
            message = N_("The smallest mark must be below the largest, %(maximum)s.")
            where = ("Criteria", row.number, "minimum")
            faults.add(where, "scale_crossed", message, row["minimum"], maximum=str(row["maximum"]))
            book.sheets["Criteria"].broken.add((row["criterion"],))


def _check_breaks(book: Workbook, faults: Faults) -> None:
    for row in book.rows("Breaks"):
        if (row["division"] is None) == (row["role"] is None):
            message = N_("A break is for a division or for a role: fill in one of the two.")
            faults.add(("Breaks", row.number, "division"), "one_of_two", message, _either(row))


def _either(row: Row) -> str:
    return " · ".join(str(row[name]) for name in ("division", "role") if row[name])
