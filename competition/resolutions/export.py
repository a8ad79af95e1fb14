"""The resolutions of an edition as a spreadsheet for research: an issue a line; teams and roles, no names of people."""

from __future__ import annotations

from collections.abc import Iterator

from competition.cases.public import cases_of, find_round_case
from competition.editions.public import Edition
from competition.resolutions.standing import SeatWord, Standing, standings_of
from competition.resolutions.wording import IMPASSE, Item
from competition.rounds.public import TableFacts, round_facts, tables_of_edition
from core.localised import chosen_locale
from core.roles import ROLES
from core.spreadsheets import Value, WorkbookWriter

HEADERS = (
    "round", "table", "case", "outcome", "version", "written_at", "written_by_role",
    "issue", "issue_name", "state", "option", "terms",
)  # fmt: skip
TABLE_HEADERS = (
    "round", "table", "case", "outcome", "version", "issues", "agreed", "partly", "not_agreed",
    "confirmed", "needed", "remark",
    *(f"{role.value}_{what}" for role in ROLES for what in ("team", "word")),
)  # fmt: skip


def resolutions_workbook(edition: Edition) -> bytes:
    """Two sheets: tables with their counts and words, and what was settled issue by issue."""
    tables = tables_of_edition(edition.id, states=("released",))
    standings = standings_of(tables)
    cases = _case_titles(edition)
    begun = [(table, standings[table.id]) for table in tables if standings[table.id].is_begun]
    writer = WorkbookWriter(title=edition.name)
    writer.add_sheet(
        "Tables",
        TABLE_HEADERS,
        [_table_row(table, one, cases.get(table.round_id, "")) for table, one in begun],
    )
    writer.add_sheet(
        "Issues",
        HEADERS,
        [row for table, one in begun for row in _issue_rows(table, one, cases.get(table.round_id, ""))],
    )
    return writer.save()


def _case_titles(edition: Edition) -> dict[int, str]:
    titles = {case.id: case.title for case in cases_of(edition.id)}
    found = {facts.id: find_round_case(facts.id) for facts in round_facts(edition.id)}
    return {round_id: titles[row.case_id] for round_id, row in found.items() if row is not None}


def _table_row(table: TableFacts, one: Standing, case: str) -> list[Value]:
    return [
        table.round_number,
        table.name,
        case,
        one.wording.outcome,
        one.version,
        one.total,
        one.agreed,
        one.partly,
        one.wording.count("not_agreed"),
        one.signatures,
        one.needed,
        one.wording.remark,
        *(value for seat in one.seats for value in (seat.team, _word(seat))),
    ]


def _word(seat: SeatWord) -> str:
    return f"objects: {seat.remark}" if seat.state == "objects" else seat.state


def _issue_rows(table: TableFacts, one: Standing, case: str) -> Iterator[list[Value]]:
    for item in one.wording.items:
        yield [
            table.round_number,
            table.name,
            case,
            one.wording.outcome,
            one.version,
            one.written_at.isoformat(timespec="seconds") if one.written_at else "",
            one.role,
            item.code,
            item.title(chosen_locale()),
            _state(item, one),
            item.choice(chosen_locale()),
            item.terms,
        ]


def _state(item: Item, one: Standing) -> str:
    return item.state or ("not_agreed" if one.wording.outcome == IMPASSE else "nothing_said")
