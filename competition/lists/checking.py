"""What is wrong with single cells and rows of a list, and words of people turned into ours."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale

from competition.applications.public import CHOICES
from competition.likeness.folding import plain
from competition.lists.choices import choice_of
from competition.lists.entries import Entries, Row
from competition.lists.fields import CHOSEN
from core.localised import N_, joined
from core.roles import ROLES

ADDRESS = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
ROLE_WORDS = {
    "government": ("government", "gov", "govt", "政府"),
    "enterprise": ("enterprise", "company", "business", "企业", "公司"),
    "local_ngo": ("local_ngo", "local ngo", "ngo", "地方非政府组织", "非政府组织", "本地ngo"),
    "igo": (
        "igo",
        "intergovernmental organisation",
        "intergovernmental organization",
        "政府间国际组织",
        "国际组织",
    ),
}
NUMBER = re.compile(r"\d{1,2}([.,]\d{1,6})?")
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that must be corrected (or its row left out): row from 1, field, the cell's text, the source text."""

    row: int
    field: str
    value: str
    message: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


def role_of(text: str) -> str | None:
    """The role that a word means; None where it means none."""
    word = plain(text).strip()
    return next((role.value for role in ROLES if word in ROLE_WORDS[role.value]), None)


@cache
def _countries() -> dict[str, str]:
    found = {}
    for language in ("en", "zh_Hans"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found[plain(name)] = code
    return found | {
        "usa": "US",
        "uk": "GB",
        "england": "GB",
        "scotland": "GB",
        "south korea": "KR",
        "korea": "KR",
    }


def country_of(text: str) -> str | None:
    """The two letters of a country by its code or its English or Chinese name; None where it is none."""
    word = plain(text).strip()
    if len(word) == 2 and word.isascii() and word.isalpha():
        return word.upper()
    return _countries().get(word)


def find_faults(
    rows: Sequence[Row],
    entries: Entries,
    *,
    formulas: Mapping[int, Sequence[str]],
    divisions: Mapping[str, str],
    most: int,
) -> list[Fault]:
    """Every fault. `formulas`: row -> fields with formulas; `divisions`: known words -> codes; `most`: team size."""
    checks: tuple[Callable[[Row], Iterator[Fault]], ...] = (
        _addresses,
        _words,
        _lengths,
        _choices,
        lambda row: _divisions(row, divisions),
        lambda row: (
            Fault(row=row.number, field=name, value=row[name], message=FORMULA)
            for name in formulas.get(row.number, ())
        ),
    )
    found = [fault for row in rows for check in checks for fault in check(row)]
    if entries.applicants:
        return [*found, *_unreachable(entries)]
    return [*found, *_homeless(rows, entries), *_crowded(entries, most)]


NAMELESS = N_("No name stands beside this address. Type one, or leave the column out.")
FORMULA = N_("This cell holds a formula. Look at its value and type it over.")


def _addresses(row: Row) -> Iterator[Fault]:
    for name, value in row.values.items():
        if not name.startswith("contact") or not value:
            continue
        if not ADDRESS.fullmatch(value):
            yield Fault(row=row.number, field=name, value=value, message=N_("This is no e-mail address."))
        elif not any(row[name.replace("contact", part)] for part in ("name", "family", "name_local")):
            yield Fault(row=row.number, field=name, value=value, message=NAMELESS)


def _words(row: Row) -> Iterator[Fault]:
    if row["role"] and role_of(row["role"]) is None:
        message = N_("This is none of the four roles.")
        yield Fault(row=row.number, field="role", value=row["role"], message=message)
    if row["rating"] and (not NUMBER.fullmatch(row["rating"]) or float(row["rating"].replace(",", ".")) > 10):
        message = N_("The rating is a number from 0 to 10.")
        yield Fault(row=row.number, field="rating", value=row["rating"], message=message)


def _choices(row: Row) -> Iterator[Fault]:
    for name in CHOSEN:
        if row[name] and choice_of(name, row[name]) is None:
            message = N_("This is none of the choices: %(choices)s.")
            choices = joined(str(label) for label in CHOICES[name].values())
            yield Fault(
                row=row.number, field=name, value=row[name], message=message, values={"choices": choices}
            )


def _unreachable(entries: Entries) -> Iterator[Fault]:
    for entry in entries.applicants:
        if not entry.person.contact:
            message = N_("An applicant needs an e-mail address: the answer goes there.")
            yield Fault(row=entry.row.number, field="contact", value="", message=message)


def _lengths(row: Row) -> Iterator[Fault]:
    for name, value in row.values.items():
        if len(value) > LONGEST and name not in ("members", "motivation"):
            message = N_("Use at most %(most)d characters.")
            yield Fault(row=row.number, field=name, value=value, message=message, values={"most": LONGEST})


def _divisions(row: Row, known: Mapping[str, str]) -> Iterator[Fault]:
    for word in split_words(row["divisions"]):
        if plain(word) not in known:
            message = N_("This edition has no division “%(name)s”.")
            yield Fault(
                row=row.number,
                field="divisions",
                value=row["divisions"],
                message=message,
                values={"name": word},
            )


def split_words(text: str) -> list[str]:
    """Several words of one cell."""
    return [part.strip() for part in re.split(r"[;；,，、/]", text) if part.strip()]


def _homeless(rows: Sequence[Row], entries: Entries) -> Iterator[Fault]:
    """People whom a list of teams puts into no team."""
    placed = {person.row for team in entries.teams.values() for person in team.people}
    if not entries.teams and entries.judges:
        return
    for row in rows:
        person = next(
            (
                value
                for name, value in row.values.items()
                if name.startswith(("name", "family", "members")) and value
            ),
            "",
        )
        if person and row.number not in placed and not entries.judges:
            yield Fault(
                row=row.number,
                field="team" if "team" in row.values else "institution",
                value="",
                message=N_("%(name)s has neither a team nor an institution."),
                values={"name": person},
            )


def _crowded(entries: Entries, most: int) -> Iterator[Fault]:
    for team in entries.teams.values():
        if len(team.people) > most:
            yield Fault(
                row=team.row,
                field="team",
                value=team.name,
                message=N_("%(team)s would have %(count)d delegates; this edition has at most %(most)d."),
                values={"team": team.name, "count": len(team.people), "most": most},
            )
