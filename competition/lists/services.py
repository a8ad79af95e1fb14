"""Use cases of lists from elsewhere: upload, say what the columns are, correct, decide, apply all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from competition.applications.public import find_call
from competition.editions.public import Edition
from competition.lists.applying import apply_draft
from competition.lists.draft import draft_of
from competition.lists.fields import fields_of, find_header, guess_columns, header_key, headers_at
from competition.lists.models import ColumnMemory, RosterList
from competition.lists.reading import LONGEST_CELL, read_grid
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, NotFound, Stale
from core.forms import folded
from core.localised import N_
from core.revisions import bump

MOST_DRAFTS = 50
PEOPLE = ("name", "family", "name_local")
DONE = N_("This list is applied already. Upload it again to change more.")


def upload(*, actor: Actor, edition: Edition, kind: str, name: str, data: bytes) -> RosterList:
    """Keep a list as a draft, its columns as remembered or guessed.

    Raises Invalid for what is no list, TooLarge for what is too large; nothing is kept then.
    """
    hold(edition)
    if kind == "applicants" and find_call(edition.id) is None:
        raise Conflict(N_("Say first how people apply alone: open Applicants, then set it up."))
    if len(lists_of(edition.id)) >= MOST_DRAFTS:
        raise Conflict(N_("There are very many lists here already. Remove some first."))
    grid = read_grid(data)
    header_row = find_header(grid.rows, kind)
    row = RosterList(
        edition_id=edition.id,
        person_id=actor.person_id,
        kind=kind,
        file_name=folded(name.replace("\\", "/").rsplit("/", 1)[-1])[:200] or "list",
        sheet=grid.sheet,
        header_row=header_row,
        rows=grid.rows,
        formulas=grid.formulas,
        created_at=utc_now(),
    )
    row.columns = _remembered(edition, kind, _headers(row)) or guess_columns(_headers(row), kind)
    db.session.add(row)
    db.session.flush()
    _record(actor, row, "upload")
    return row


def lists_of(edition_id: int) -> Sequence[RosterList]:
    """The lists of an edition, newest first."""
    query = select(RosterList).where(RosterList.edition_id == edition_id)
    return db.session.scalars(query.order_by(RosterList.id.desc())).all()


def get_list(edition_id: int, public_id: str) -> RosterList:
    """A list of this edition; raises NotFound for any other."""
    row = db.session.scalar(
        select(RosterList).where(RosterList.edition_id == edition_id, RosterList.public_id == public_id)
    )
    if row is None:
        raise NotFound(N_("There is no such list in this edition."))
    return row


def _headers(row: RosterList) -> list[str]:
    """The header cells, filled up to the widest row."""
    return headers_at(row.rows, row.header_row)


def headers_of(row: RosterList) -> list[str]:
    """What stands above the columns of a list."""
    return _headers(row)


def _remembered(edition: Edition, kind: str, headers: Sequence[str]) -> list[str]:
    found = _memory(edition, kind, headers)
    return list(found.columns) if found is not None and len(found.columns) == len(headers) else []


def _memory(edition: Edition, kind: str, headers: Sequence[str]) -> ColumnMemory | None:
    return db.session.scalar(
        select(ColumnMemory).where(
            ColumnMemory.edition_id == edition.id,
            ColumnMemory.kind == kind,
            ColumnMemory.headers == header_key(headers),
        )
    )


def set_columns(
    *, actor: Actor, edition: Edition, row: RosterList, version: int, header_row: int, columns: Sequence[str]
) -> None:
    """Say which row holds the headers and what each column is; remembered for lists with the same headers."""
    _hold_draft(row, version)
    if not 0 <= header_row < len(row.rows):
        raise Invalid(N_("There is no such row in this list."))
    if header_row != row.header_row:
        row.header_row = header_row
        row.columns = _remembered(edition, row.kind, _headers(row)) or guess_columns(_headers(row), row.kind)
    else:
        row.columns = _checked_columns(row, columns)
        _remember(edition, row)
    row.version += 1
    _record(actor, row, "set_columns")


def _checked_columns(row: RosterList, columns: Sequence[str]) -> list[str]:
    known = {name for name, _label in fields_of(row.kind)}
    if len(columns) != len(_headers(row)) or not set(columns) <= known:
        raise Invalid
    used = [name for name in columns if name]
    if len(used) != len(set(used)):
        raise Invalid(N_("Two columns are said to be the same. Leave one of them out."))
    needed = {"judges": PEOPLE, "applicants": PEOPLE}.get(
        row.kind, ("institution", "institution_local", "team")
    )
    if not set(needed) & set(used):
        raise Invalid(N_("Say at least which column holds the names."))
    return list(columns)


def _remember(edition: Edition, row: RosterList) -> None:
    headers = _headers(row)
    found = _memory(edition, row.kind, headers)
    if found is None:
        found = ColumnMemory(edition_id=edition.id, kind=row.kind, headers=header_key(headers), columns=[])
        db.session.add(found)
    found.columns = list(row.columns)
    db.session.flush()


def change_row(
    *,
    actor: Actor,
    edition: Edition,
    row: RosterList,
    version: int,
    number: int,
    texts: Mapping[int, str],
    is_skipped: bool,
) -> None:
    """Type cells of one row over, or leave the row out; what the file said stays known."""
    _hold_draft(row, version)
    if not row.header_row + 1 < number <= len(row.rows):
        raise NotFound
    cells, changes = row.rows[number - 1], dict(row.changes)
    for column, text in texts.items():
        if 0 <= column < len(row.columns):
            was = cells[column] if column < len(cells) else ""
            is_formula = [number - 1, column] in row.formulas
            text = folded(text)[:LONGEST_CELL]
            if text != was or is_formula:
                changes[f"{number}:{column}"] = text
            else:
                changes.pop(f"{number}:{column}", None)
    row.changes = changes
    row.skipped = sorted({*row.skipped, number} if is_skipped else {*row.skipped} - {number})
    row.version += 1
    _record(actor, row, "change_row")


def decide(
    *, actor: Actor, edition: Edition, row: RosterList, version: int, decisions: Mapping[str, str]
) -> None:
    """Say what is the same as what: `key -> merge | keep`."""
    _hold_draft(row, version)
    known = {each.key for each in draft_of(edition, row).proposals}
    chosen = {key: word for key, word in decisions.items() if key in known and word in ("merge", "keep")}
    row.decisions = {**row.decisions, **chosen}
    row.version += 1
    _record(actor, row, "decide")


def apply(*, actor: Actor, edition: Edition, row: RosterList, version: int) -> Mapping[str, int]:
    """Put the list into the edition, all of it or (raising Conflict) nothing. A second time does nothing."""
    hold(edition)
    hold(row)
    if row.state == "applied":
        return row.result
    _hold_draft(row, version)
    draft = draft_of(edition, row)
    if not draft.can_apply:
        raise Conflict(N_("Something in the list still waits for you. Nothing was changed."))
    result, new = apply_draft(actor=actor, edition=edition, kind=row.kind, draft=draft)
    row.result = dict(result)
    row.brought = [[type(each).__name__.lower(), each.id, False] for each in new]
    row.state, row.applied_at = "applied", utc_now()
    row.rows, row.changes, row.formulas = [], {}, []
    row.version += 1
    _record(actor, row, "apply", row.result)
    return row.result


def remove(*, actor: Actor, edition: Edition, row: RosterList) -> None:
    """Forget a list; what was applied of it stays."""
    db.session.delete(row)
    _record(actor, row, "remove")


def _hold_draft(row: RosterList, version: int) -> None:
    hold(row)
    if row.state != "draft":
        raise Conflict(DONE)
    if row.version != version:
        raise Stale(N_("Somebody else has worked on this list in the meantime. Look at it again."))


def _record(actor: Actor, row: RosterList, verb: str, details: Mapping[str, object] | None = None) -> None:
    scope = edition_scope(row.edition_id)
    record(actor, verb, "roster_list", row.id, scope=scope, details=details)
    bump(scope)
