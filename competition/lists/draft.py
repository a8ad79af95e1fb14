"""A list as it stands now: its rows with everything typed over, what is wrong, what may be the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from competition.applications.public import applications_of
from competition.editions.public import Edition, divisions_of
from competition.entries.public import Delegate, Team, institutions_of, judges_of
from competition.likeness.folding import plain
from competition.lists.checking import Fault, find_faults
from competition.lists.entries import Entries, PersonEntry, Row, entries_of, rows_of
from competition.lists.likely import (
    Proposal,
    Stored,
    exact_institution,
    likely_institutions,
    likely_people,
)
from competition.lists.models import RosterList
from core.db import db
from core.localised import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTeam:
    """A team the edition has."""

    id: int
    name: str
    institution_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything about a list at this moment. `homes`: the list's spelling of an institution -> the one it stands for
    (a stored key, or the first spelling of those that are one)."""

    rows: Sequence[Row]
    entries: Entries
    faults: Sequence[Fault]
    proposals: Sequence[Proposal]
    homes: Mapping[str, int | str]
    teams: Mapping[str, StoredTeam]
    merged: frozenset[str]
    undecided: int

    @property
    def can_apply(self) -> bool:
        return not self.faults and not self.undecided and bool(self.rows)


def draft_of(edition: Edition, row: RosterList) -> Draft:
    """Work a list out anew from what is stored of it and of the edition."""
    rows = rows_of(row.rows, row.columns, row.header_row, row.changes, row.skipped)
    entries = entries_of(rows, row.kind)
    stored = stored_institutions(edition.id)
    first = likely_institutions(entries, stored)
    homes = _homes(entries, stored, first, row.decisions)
    people, teams = _people(edition, entries, homes), stored_teams(edition.id)
    proposals = [*first, *people]
    return Draft(
        rows=rows,
        entries=entries,
        faults=[
            *find_faults(
                rows,
                entries,
                formulas=_formulas(row),
                divisions=division_words(edition.id),
                most=edition.team_size_maximum,
            ),
            *_taken_names(entries, homes, teams),
        ],
        proposals=proposals,
        homes=homes,
        teams=teams,
        merged=frozenset(each.second.mark for each in people if row.decisions.get(each.key) == "merge"),
        undecided=sum(each.key not in row.decisions for each in proposals),
    )


def _taken_names(
    entries: Entries, homes: Mapping[str, int | str], teams: Mapping[str, StoredTeam]
) -> list[Fault]:
    """Teams that would fall together with a team of another institution."""
    return [
        Fault(
            row=team.row,
            field="team",
            value=team.name,
            message=N_("A team of another institution has the name “%(name)s” already."),
            values={"name": team.name},
        )
        for team in entries.teams.values()
        if team.institution
        and (known := teams.get(plain(team.name))) is not None
        and known.institution_id not in (None, homes[team.institution])
    ]


def _formulas(row: RosterList) -> dict[int, list[str]]:
    """Row -> fields in which a formula stands that nobody has typed over."""
    found: dict[int, list[str]] = defaultdict(list)
    for place, column in row.formulas:
        name = row.columns[column] if column < len(row.columns) else ""
        if name and f"{place + 1}:{column}" not in row.changes:
            found[place + 1].append(name)
    return found


def division_words(edition_id: int) -> dict[str, str]:
    """Every word for a division of the edition -> its code."""
    return {
        plain(word): row.code
        for row in divisions_of(edition_id)
        for word in (row.code, row.name, row.name_zh)
        if word
    }


def stored_institutions(edition_id: int) -> list[Stored]:
    """The edition's institutions."""
    return [
        Stored(id=row.id, name=row.name or row.code, name_local=row.name_local, country=row.country)
        for row in institutions_of(edition_id)
    ]


def stored_teams(edition_id: int) -> dict[str, StoredTeam]:
    """The edition's teams by their plain name."""
    rows = db.session.execute(
        select(Team.id, Team.name, Team.institution_id).where(Team.edition_id == edition_id)
    )
    return {plain(r.name): StoredTeam(id=r.id, name=r.name, institution_id=r.institution_id) for r in rows}


def _homes(
    entries: Entries,
    stored: Sequence[Stored],
    proposals: Sequence[Proposal],
    decisions: Mapping[str, str],
) -> dict[str, int | str]:
    """Which institution each spelling of the list stands for, by equal spelling and by what was decided."""
    parent: dict[str, str] = {}

    def root(mark: str) -> str:
        while parent.get(mark, mark) != mark:
            mark = parent[mark]
        return mark

    def join(one: str, other: str) -> None:
        first, second = root(one), root(other)
        if first != second:
            stays, goes = (second, first) if second.startswith("#") else (first, second)
            parent[goes] = stays

    for entry in entries.institutions.values():
        known = exact_institution(entry, stored)
        if known is not None:
            join(f"#{known.id}", plain(entry.name))
    for each in proposals:
        if decisions.get(each.key) == "merge":
            join(each.first.mark, each.second.mark)
    found: dict[str, int | str] = {}
    for name in entries.institutions:
        mark = root(plain(name))
        found[name] = int(mark[1:]) if mark.startswith("#") else mark
    return found


def _people(edition: Edition, entries: Entries, homes: Mapping[str, int | str]) -> list[Proposal]:
    if entries.applicants:
        known = [
            Stored(id=row.id, name=row.name, name_local=row.name_local, contact=row.contact.lower())
            for row in applications_of(edition.id)
        ]
        return _news("person", [(each.person, "") for each in entries.applicants], known, homes)
    if entries.judges:
        judges = [
            Stored(
                id=row.id,
                name=row.name,
                name_local=row.name_local,
                contact=row.contact.lower(),
                institution=row.institution_id,
            )
            for row in judges_of(edition.id)
        ]
        listed = [(each.person, each.institution) for each in entries.judges]
        return _news("judge", listed, judges, homes)
    rows = db.session.execute(
        select(Delegate.id, Delegate.name, Delegate.name_local, Delegate.contact, Team.institution_id)
        .join(Team, Team.id == Delegate.team_id)
        .where(Delegate.edition_id == edition.id)
    )
    stored = [
        Stored(
            id=r.id,
            name=r.name,
            name_local=r.name_local,
            contact=r.contact.lower(),
            institution=r.institution_id,
        )
        for r in rows
    ]
    people = [(person, team.institution) for team in entries.teams.values() for person in team.people]
    return _news("person", people, stored, homes)


def _news(
    thing: str,
    people: Sequence[tuple[PersonEntry, str]],
    stored: Sequence[Stored],
    homes: Mapping[str, int | str],
) -> list[Proposal]:
    """Proposals about people who are not plainly there already (the same list applied a second time)."""
    return [
        each
        for each in likely_people(thing, people, stored, homes)
        if not (each.first.row == 0 and is_there(each))
    ]


def is_there(each: Proposal) -> bool:
    """Whether the second side is letter by letter what is stored: then it is not asked about."""
    same_name = each.first.name == each.second.name and each.second.name_local in ("", each.first.name_local)
    return same_name and each.second.more in ("", each.first.more)


def counts(draft: Draft) -> Counter[str]:
    """How much a list names."""
    return Counter(
        rows=len(draft.rows),
        institutions=len(set(draft.homes.values())),
        teams=len(draft.entries.teams),
        people=sum(len(team.people) for team in draft.entries.teams.values()),
        judges=len(draft.entries.judges),
        applicants=len(draft.entries.applicants),
    )
