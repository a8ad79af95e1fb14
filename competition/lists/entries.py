"""From a grid and what its columns are to the teams, people, institutions and judges it names (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from competition.likeness.folding import has_han, latin_words, plain, two_scripts
from competition.lists.fields import MOST_PEOPLE

ADDRESS = re.compile(r"[^@\s,;<>()（）]{1,64}@[^@\s,;<>()（）]+\.[^@\s,;<>().（）]{2,}")
SEVERAL = re.compile(r"[;；、/\n]| \| |，|,(?=\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """A person as a row names them; `place` is row and column of the name, counted as the file does."""

    place: str
    row: int
    name: str
    name_local: str = ""
    contact: str = ""
    is_captain: bool = False


@dataclass(slots=True, kw_only=True)
class TeamEntry:
    """A team with the people of all its rows."""

    name: str
    institution: str
    row: int
    role: str = ""
    divisions: str = ""
    coach: str = ""
    people: list[PersonEntry] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class InstitutionEntry:
    """An institution as a list spells it."""

    name: str
    name_local: str = ""
    country: str = ""
    code: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeEntry:
    """A judge as a row names them."""

    person: PersonEntry
    institution: str
    languages: str = ""
    rating: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantEntry:
    """Somebody who applies alone, with what their row says."""

    person: PersonEntry
    row: Row


@dataclass(slots=True, kw_only=True)
class Entries:
    """Everything a list names. Institutions by the name that teams and judges use for them."""

    institutions: dict[str, InstitutionEntry] = field(default_factory=dict)
    teams: dict[str, TeamEntry] = field(default_factory=dict)
    judges: list[JudgeEntry] = field(default_factory=list)
    applicants: list[ApplicantEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row by field; `number` as the file counts, from 1."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


def rows_of(
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    header_row: int,
    changes: Mapping[str, str],
    skipped: Sequence[int],
) -> list[Row]:
    """The rows below the header with what was typed over them, without empty and skipped ones."""
    left_out, found = set(skipped), []
    for place, cells in enumerate(rows[header_row + 1 :], start=header_row + 2):
        if place in left_out:
            continue
        values = {
            name: changes.get(f"{place}:{column}", cells[column] if column < len(cells) else "")
            for column, name in enumerate(columns)
            if name
        }
        if any(values.values()):
            found.append(Row(number=place, values=values))
    return found


def entries_of(rows: Sequence[Row], kind: str) -> Entries:
    """What the rows name."""
    entries = Entries()
    if kind == "teams":
        _read_teams(rows, entries)
    for row in rows if kind != "teams" else ():
        person = _person(row, "", f"{row.number}:name")
        if kind == "applicants":
            entries.applicants += [ApplicantEntry(person=person, row=row)] if person is not None else []
            continue
        name = _institution(row, entries)
        if kind == "judges" and person is not None:
            entries.judges.append(
                JudgeEntry(person=person, institution=name, languages=row["languages"], rating=row["rating"])
            )
    return entries


def _institution(row: Row, entries: Entries) -> str:
    """Note the row's institution; returns the name under which it is kept."""
    name, local = row["institution"] or row["institution_local"], row["institution_local"]
    if not name:
        return ""
    if not local or local == name:
        name, local = two_scripts(name)
    known = entries.institutions.setdefault(name, InstitutionEntry(name=name, row=row.number))
    known.name_local = known.name_local or (local if local != name else "")
    known.country = known.country or row["country"]
    known.code = known.code or row["code"]
    return name


def _read_teams(rows: Sequence[Row], entries: Entries) -> None:
    """Wide rows name a team each; in long ones an empty team means that of the row above (merged cells)."""
    above: TeamEntry | None = None
    is_long = not any(re.search(r"_\d$", name) for row in rows[:1] for name in row.values)
    for row in rows:
        people = list(_people(row))
        institution = _institution(row, entries)
        name = row["team"]
        if not name and is_long and above is not None and institution in ("", above.institution):
            above.people += people
            continue
        if not name:
            name = institution if is_long else _free_name(institution, entries)
        if not name:
            continue
        team = entries.teams.get(name)
        if team is None or (team.institution and institution and team.institution != institution):
            name = name if team is None else f"{name} ({institution})"
            team = entries.teams.setdefault(
                name, TeamEntry(name=name, institution=institution, row=row.number)
            )
        team.role = team.role or row["role"]
        team.divisions = team.divisions or row["divisions"]
        team.coach = team.coach or row["coach"]
        team.people += people
        above = team


def _free_name(institution: str, entries: Entries) -> str:
    """A team without a name is called after its institution, the second one with a B, and so on."""
    if not institution or institution not in entries.teams:
        return institution
    letters = (f"{institution} {chr(66 + place)}" for place in range(25))
    return next((name for name in letters if name not in entries.teams), "")


def _people(row: Row) -> Iterator[PersonEntry]:
    for suffix in ("_0", "", *(f"_{number}" for number in range(1, MOST_PEOPLE + 1))):
        person = _person(row, suffix, f"{row.number}:name{suffix}")
        if person is not None:
            yield person
    for place, name in enumerate(SEVERAL.split(row["members"])):
        if name.strip():
            yield _member(row, f"{row.number}:members:{place}", name)


def _whole(name: str, family: str) -> str:
    """A name of two columns in one: family first in Chinese; as it is where the family is named in it already."""
    if not family or _has_family(name, family):
        return name
    is_chinese = has_han(family) and (has_han(name) or not name)
    return f"{family}{name}" if is_chinese else f"{name} {family}".strip()


def _has_family(name: str, family: str) -> bool:
    if has_han(family):
        return name.startswith(family) and len(name) > len(family)
    words, own = latin_words(plain(name)), latin_words(plain(family))
    return len(words) > len(own) and own in (words[: len(own)], words[-len(own) :])


def _member(row: Row, place: str, text: str) -> PersonEntry:
    """One of several people in a cell, perhaps with an address: “Zhao Yun <zhao@example.org>”."""
    address = ADDRESS.search(text)
    bare = text.replace(address.group(), " ") if address is not None else text
    name = " ".join(re.sub(r"[<>＜＞]|[(（]\s*[)）]", " ", bare).split())
    name, local = two_scripts(name)
    contact = address.group().lower() if address is not None else ""
    return PersonEntry(
        place=place, row=row.number, name=name or contact or text.strip(), name_local=local, contact=contact
    )


def _person(row: Row, suffix: str, place: str) -> PersonEntry | None:
    name, local = _whole(row[f"name{suffix}"], row[f"family{suffix}"]), row[f"name_local{suffix}"]
    if not (name or local):
        return None
    if not local or not name:
        name, local = two_scripts(name or local)
    return PersonEntry(
        place=place,
        row=row.number,
        name=name or local,
        name_local=local if name and local != name else "",
        contact=row[f"contact{suffix}"].lower(),
        is_captain=suffix == "_0",
    )
