"""What an entry is about: its thing and the keys among its details, named as they are now.

Nothing is named that is not of this edition; what was removed or erased since has no name here either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import FromClause, select

from competition.applications.public import Application, Reviewer
from competition.cases.public import case_table
from competition.day.public import timetable_item_table
from competition.editions.public import Edition, division_table, room_table
from competition.entries.public import delegate_table, institution_table, judge_table, team_table
from competition.lists.public import roster_list_table
from competition.messages.public import announcement_table, mailing_table
from competition.rounds.public import round_facts, tables_by_id
from core.audit import AuditEntry
from core.db import db
from core.localised import chosen_locale, in_language

Key = tuple[str, int]
"""A noun and the key of one of its rows."""

NOUNS = {
    "scoresheet": "", "resolution": "", "captain": "team", "coach": "team", "invitee": "delegate",
    "room": "room", "division": "division", "team": "team", "delegate": "delegate", "judge": "judge",
    "institution": "institution", "round": "round", "table": "table", "case": "case", "reviewer": "reviewer",
    "application": "application", "announcement": "announcement", "mailing": "mailing",
    "roster_list": "roster_list", "timetable_item": "timetable_item",
}  # fmt: skip
OF_DELEGATE = frozenset({("captain", "invite"), ("captain", "claim")})
"""Entries of a captain that name the delegate, not the team."""

IN_DETAILS = {
    "table": "table", "team": "team", "teams": "team", "judge": "judge", "judge_id": "judge", "by": "judge",
    "judges": "judge", "out": "delegate", "in": "delegate", "into": "institution",
}  # fmt: skip
COUNTED = frozenset({"teams", "judges", "tables"})
"""Details that hold keys in a list, or else a count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody or something by name, in both scripts where it has them, what stands beside it, and its page."""

    name: str
    local: str = ""
    beside: str = ""
    url: str = ""

    @property
    def full(self) -> str:
        """In both scripts."""
        return f"{self.name} {self.local}" if self.local and self.local != self.name else self.name


Names = Mapping[Key, Named]


def subject_of(entry: AuditEntry) -> Key | None:
    """The row that an entry is about; None where its words say all."""
    noun = "delegate" if (entry.thing, entry.verb) in OF_DELEGATE else NOUNS.get(entry.thing, "")
    return (noun, entry.thing_id) if noun and entry.thing_id is not None else None


def keys_of(name: str, value: Any) -> list[Key]:
    """The rows that one detail names by key."""
    noun = IN_DETAILS.get(name)
    if noun is None or isinstance(value, bool):
        return []
    if isinstance(value, list):
        return [(noun, each) for each in value if isinstance(each, int)]
    return [(noun, value)] if isinstance(value, int) and name not in COUNTED else []


def names_for(edition: Edition, entries: Iterable[AuditEntry]) -> Names:
    """Everything these entries speak of that is still there."""
    wanted: set[Key] = set()
    for entry in entries:
        if (subject := subject_of(entry)) is not None:
            wanted.add(subject)
        for name, value in entry.details.items():
            wanted.update(keys_of(name, value))
    return named(edition, wanted)


def named(edition: Edition, wanted: Iterable[Key]) -> Names:
    """The names behind these keys; one query a noun."""
    by_noun: dict[str, set[int]] = defaultdict(set)
    for noun, key in wanted:
        by_noun[noun].add(key)
    return {
        (noun, key): name
        for noun, keys in by_noun.items()
        for key, name in LOADERS[noun](edition, keys).items()
    }


def round_name(number: int, name: str, name_zh: str) -> str:
    """A round as people call it."""
    return in_language(name, name_zh, chosen_locale()) or _("Round %(number)d", number=number)


def _rows(table: FromClause, edition: Edition, keys: set[int]) -> Iterable[Any]:
    query = select(table).where(table.c.edition_id == edition.id, table.c.id.in_(keys))
    return db.session.execute(query)


def _teams(edition: Edition, keys: set[int]) -> dict[int, Named]:
    return {
        row.id: Named(name=row.name, url=url_for("people.team", slug=edition.slug, team_id=row.public_id))
        for row in _rows(team_table, edition, keys)
    }


def _delegates(edition: Edition, keys: set[int]) -> dict[int, Named]:
    rows = list(_rows(delegate_table, edition, keys))
    teams = _teams(edition, {row.team_id for row in rows})
    return {
        row.id: Named(
            name=row.name or row.name_local or row.code,
            local=row.name_local,
            beside=teams[row.team_id].name,
            url=teams[row.team_id].url,
        )
        for row in rows
    }


def _judges(edition: Edition, keys: set[int]) -> dict[int, Named]:
    return {
        row.id: Named(
            name=row.name or row.name_local or row.code,
            local=row.name_local,
            url=url_for("people.judge", slug=edition.slug, judge_id=row.public_id),
        )
        for row in _rows(judge_table, edition, keys)
    }


def _institutions(edition: Edition, keys: set[int]) -> dict[int, Named]:
    return {
        row.id: Named(name=row.name or row.code, local=row.name_local)
        for row in _rows(institution_table, edition, keys)
    }


def _rounds(edition: Edition, keys: set[int]) -> dict[int, Named]:
    return {
        row.id: Named(
            name=round_name(row.number, row.name, row.name_zh),
            url=url_for("rounds.show", slug=edition.slug, number=row.number),
        )
        for row in round_facts(edition.id)
        if row.id in keys
    }


def _tables(edition: Edition, keys: set[int]) -> dict[int, Named]:
    return {
        row.id: Named(
            name=_("Table %(name)s", name=row.name),
            beside=round_name(row.round_number, row.round_name, row.round_name_zh),
        )
        for row in tables_by_id(sorted(keys)).values()
        if row.edition_id == edition.id
    }


def _titled(table: FromClause, column: str, endpoint: str = "", argument: str = "") -> Loader:
    """Rows named by a column in two languages."""

    def load(edition: Edition, keys: set[int]) -> dict[int, Named]:
        locale, found = chosen_locale(), {}
        for row in _rows(table, edition, keys):
            name = in_language(getattr(row, column), getattr(row, f"{column}_zh", ""), locale)
            url = url_for(endpoint, slug=edition.slug, **{argument: row.public_id}) if endpoint else ""
            found[row.id] = Named(name=name, url=url)
        return found

    return load


def _people(table: FromClause) -> Loader:
    return lambda edition, keys: {
        row.id: Named(name=row.name or getattr(row, "name_local", ""), local=getattr(row, "name_local", ""))
        for row in _rows(table, edition, keys)
    }


Loader = Callable[[Edition, set[int]], dict[int, Named]]
LOADERS: dict[str, Loader] = {
    "team": _teams,
    "delegate": _delegates,
    "judge": _judges,
    "institution": _institutions,
    "round": _rounds,
    "table": _tables,
    "room": _titled(room_table, "name"),
    "division": _titled(division_table, "name"),
    "case": _titled(case_table, "title", "cases.show", "case_id"),
    "timetable_item": _titled(timetable_item_table, "title"),
    "announcement": _titled(announcement_table, "title"),
    "mailing": _titled(mailing_table, "subject", "messages.mailing", "mailing_id"),
    "roster_list": _titled(roster_list_table, "file_name"),
    "application": _people(Application.__table__),
    "reviewer": _people(Reviewer.__table__),
}
