"""Putting a checked list into the edition; what is there already stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import func, select

from competition.applications.public import Application, add_applicant, applications_of
from competition.editions.public import Edition, divisions_of
from competition.entries.public import (
    Delegate,
    Institution,
    Judge,
    Team,
    TeamDivision,
    institutions_of,
    judges_of,
)
from competition.likeness.folding import has_han, plain
from competition.lists.checking import country_of, role_of, split_words
from competition.lists.choices import choice_of
from competition.lists.draft import Draft, division_words
from competition.lists.entries import InstitutionEntry, PersonEntry, TeamEntry
from competition.lists.fields import CHOSEN
from core.access import Actor
from core.db import db, utc_now
from core.languages import stored_languages

New = Delegate | Judge | Application


def apply_draft(
    *, actor: Actor, edition: Edition, kind: str, draft: Draft
) -> tuple[Mapping[str, int], Sequence[New]]:
    """Write everything in one go; returns how much of what is new, and who. The same list again changes nothing."""
    done: Counter[str] = Counter()
    new: list[New] = []
    institutions = _institutions(edition, draft, done)
    if kind == "judges":
        _judges(edition, draft, institutions, done, new)
    elif kind == "teams":
        _teams(edition, draft, institutions, done, new)
    elif kind == "applicants":
        _applicants(actor, edition, draft, done, new)
    db.session.flush()
    return done, new


def _applicants(actor: Actor, edition: Edition, draft: Draft, done: Counter[str], new: list[New]) -> None:
    """An application for each address that has none yet."""
    taken = {row.contact.lower() for row in applications_of(edition.id)}
    for entry in draft.entries.applicants:
        person, row = entry.person, entry.row
        if person.place in draft.merged or person.contact in taken:
            done["known"] += 1
            continue
        values = {
            "name": person.name,
            "name_local": person.name_local,
            "institution": row["institution"],
            "motivation": row["motivation"],
            **{name: choice_of(name, row[name]) or "" for name in CHOSEN},
        }
        new.append(add_applicant(actor=actor, edition=edition, address=person.contact, values=values))
        taken.add(person.contact)
        done["applicants"] += 1


def _institutions(edition: Edition, draft: Draft, done: Counter[str]) -> dict[str, int]:
    """The list's spelling of each institution -> its key; several spellings of one become one row."""
    groups: dict[int | str, list[InstitutionEntry]] = {}
    for name, home in draft.homes.items():
        groups.setdefault(home, []).append(draft.entries.institutions[name])
    stored = {row.id: row for row in institutions_of(edition.id)}
    codes = {row.code for row in stored.values()}
    rows: dict[int | str, Institution] = {}
    for home, entries in groups.items():
        row = stored.get(home) if isinstance(home, int) else None
        if row is None:
            row = _new_institution(edition, entries, codes)
            db.session.add(row)
            done["institutions"] += 1
        else:
            _fill_gaps(row, entries)
        rows[home] = row
    db.session.flush()
    return {name: rows[home].id for name, home in draft.homes.items()}


def _names(entries: Sequence[InstitutionEntry]) -> tuple[str, str]:
    """The Latin and the local name among several spellings; the first of each."""
    every = [name for entry in entries for name in (entry.name, entry.name_local) if name]
    latin = next((name for name in every if not has_han(name)), "")
    local = next((name for name in every if has_han(name)), "")
    given = next((entry.name_local for entry in entries if entry.name_local), "")
    return latin or local, local or given if latin else ""


def _new_institution(edition: Edition, entries: Sequence[InstitutionEntry], codes: set[str]) -> Institution:
    name, local = _names(entries)
    wanted = next((entry.code for entry in entries if entry.code), "") or name
    code, number = wanted, 2
    while code in codes:
        code, number = f"{wanted} ({number})"[:200], number + 1
    codes.add(code)
    return Institution(
        edition_id=edition.id, code=code, name=name, name_local=local, country=_country(entries)
    )


def _country(entries: Sequence[InstitutionEntry]) -> str:
    return next((found for entry in entries if entry.country and (found := country_of(entry.country))), "")


def _fill_gaps(row: Institution, entries: Sequence[InstitutionEntry]) -> None:
    """What the edition did not know yet; nothing that somebody wrote is changed."""
    _name, local = _names(entries)
    if not row.name_local and local and local != row.name:
        row.name_local = local
    row.country = row.country or _country(entries)


def _teams(
    edition: Edition,
    draft: Draft,
    institutions: Mapping[str, int],
    done: Counter[str],
    new: list[New],
) -> None:
    divisions = {row.code: row.id for row in divisions_of(edition.id)}
    words = division_words(edition.id)
    position = _last(Team, edition) + 1
    rows: list[tuple[TeamEntry, Team | int]] = []
    for entry in draft.entries.teams.values():
        known = draft.teams.get(plain(entry.name))
        if known is not None:
            rows.append((entry, known.id))
            continue
        team = Team(
            edition_id=edition.id,
            name=entry.name,
            institution_id=institutions.get(entry.institution),
            role=role_of(entry.role) if entry.role and edition.role_policy == "fixed" else None,
            coach=entry.coach,
            status="registered",
            created_at=utc_now(),
            position=position,
        )
        db.session.add(team)
        rows.append((entry, team))
        position += 1
        done["teams"] += 1
    db.session.flush()
    for entry, row in rows:
        if isinstance(row, Team):
            codes = dict.fromkeys(words[plain(word)] for word in split_words(entry.divisions))
            db.session.add_all(TeamDivision(team_id=row.id, division_id=divisions[code]) for code in codes)
    _delegates(
        edition, draft, [(entry, row if isinstance(row, int) else row.id) for entry, row in rows], done, new
    )


def _delegates(
    edition: Edition,
    draft: Draft,
    teams: Sequence[tuple[TeamEntry, int]],
    done: Counter[str],
    new: list[New],
) -> None:
    there: dict[int, list[Delegate]] = {}
    for row in db.session.scalars(select(Delegate).where(Delegate.edition_id == edition.id)):
        there.setdefault(row.team_id, []).append(row)
    codes = _free_codes("D", {row.code for rows in there.values() for row in rows})
    position = _last(Delegate, edition) + 1
    for entry, team_id in teams:
        mates = there.setdefault(team_id, [])
        for person in entry.people:
            if person.place in draft.merged or _is_there(person, mates):
                done["known"] += 1
                continue
            is_captain = not any(mate.is_captain for mate in mates) and (
                person.is_captain or not any(each.is_captain for each in entry.people)
            )
            row = Delegate(
                edition_id=edition.id,
                team_id=team_id,
                code=next(codes),
                name=person.name,
                name_local=person.name_local,
                contact=person.contact,
                is_captain=is_captain,
                position=position,
            )
            db.session.add(row)
            mates.append(row)
            new.append(row)
            position += 1
            done["people"] += 1


def _is_there(person: PersonEntry, mates: Sequence[Delegate | Judge]) -> bool:
    return any(mate.name == person.name and person.contact in ("", mate.contact.lower()) for mate in mates)


def _judges(
    edition: Edition,
    draft: Draft,
    institutions: Mapping[str, int],
    done: Counter[str],
    new: list[New],
) -> None:
    there = list(judges_of(edition.id))
    codes = _free_codes("J", {row.code for row in there})
    position = _last(Judge, edition) + 1
    for entry in draft.entries.judges:
        person, home = entry.person, institutions.get(entry.institution)
        mates = [row for row in there if row.institution_id == home]
        if person.place in draft.merged or _is_there(person, mates):
            done["known"] += 1
            continue
        row = Judge(
            edition_id=edition.id,
            code=next(codes),
            name=person.name,
            name_local=person.name_local,
            contact=person.contact,
            institution_id=home,
            languages=stored_languages(entry.languages)[:100],
            rating=Decimal(entry.rating.replace(",", ".")) if entry.rating else None,
            position=position,
        )
        db.session.add(row)
        there.append(row)
        new.append(row)
        position += 1
        done["judges"] += 1


def _last(model: type[Team] | type[Delegate] | type[Judge], edition: Edition) -> int:
    found = db.session.scalar(select(func.max(model.position)).where(model.edition_id == edition.id))
    return -1 if found is None else found


def _free_codes(letter: str, taken: Collection[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if (code := f"{letter}{number:03d}") not in taken:
            yield code
