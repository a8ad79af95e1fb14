"""A draw as rows for the screen: names resolved, and what deserves a second look in plain words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from flask_babel import gettext as _

from competition.likeness.searching import spoken
from competition.rounds.facts import TableFacts, Turn
from competition.rounds.field import FieldJudge, FieldTeam, judges_of, teams_of
from competition.rounds.languages import unspoken_by, voting_judges, working_languages
from competition.rounds.queries import tables_of_edition
from competition.rounds.turns import turns_of
from competition.rounds.words import role_words, trouble_words
from core.languages import language_name
from core.roles import ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCell:
    """One seat; `team` is None at a vacant one."""

    role: Role
    team: FieldTeam | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeCell:
    """A judge on a panel, with the reason why they should not sit there, if there is one."""

    judge: FieldJudge
    position: str
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A table as a line of the draw."""

    facts: TableFacts
    seats: tuple[SeatCell, ...]
    judges: tuple[JudgeCell, ...]
    warnings: tuple[str, ...]
    turn: Turn | None = None

    @property
    def words(self) -> str:
        """Further words the line can be found by."""
        judges = [cell.judge for cell in self.judges]
        teams = [cell.team for cell in self.seats if cell.team]
        heard = [name for one in judges for name in (one.name, one.name_local)]
        heard += [name for one in teams for name in (one.name, one.institution)]
        return " ".join(
            [one.institution for one in teams] + [one.name_local for one in judges] + [spoken(*heard)]
        ).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Everybody in an edition by key, and who has met whom before a round."""

    teams: Mapping[int, FieldTeam]
    judges: Mapping[int, FieldJudge]
    met: frozenset[frozenset[int]]
    seen: frozenset[tuple[int, int]]
    languages: frozenset[str] = frozenset()


def field_before(edition_id: int, round_number: int) -> Field:
    """The field of an edition with the meetings of the live draws before a round."""
    met: set[frozenset[int]] = set()
    seen: set[tuple[int, int]] = set()
    teams = {team.id: team for team in teams_of(edition_id)}
    for table in tables_of_edition(edition_id):
        if table.round_number >= round_number:
            continue
        real = [team for team in table.team_ids if not (team in teams and teams[team].is_stand_in)]
        met.update(frozenset(pair) for pair in combinations(real, 2))
        seen.update((place.judge_id, team) for place in table.panel for team in real)
    judges = {judge.id: judge for judge in judges_of(edition_id)}
    return Field(
        teams=teams,
        judges=judges,
        met=frozenset(met),
        seen=frozenset(seen),
        languages=working_languages(edition_id),
    )


def table_rows(tables: Iterable[TableFacts], field: Field) -> list[TableRow]:
    """The tables of a draw as lines."""
    listed = list(tables)
    turns = turns_of(listed)
    return [replace(_row(table, field), turn=turns.get(table.id)) for table in listed]


def _row(table: TableFacts, field: Field) -> TableRow:
    seats = tuple(
        SeatCell(role=role, team=field.teams.get(key) if (key := table.seats[role]) is not None else None)
        for role in ROLES
    )
    teams = [cell.team for cell in seats if cell.team is not None]
    judges = tuple(
        JudgeCell(
            judge=field.judges[place.judge_id],
            position=place.position,
            trouble=trouble_of(field.judges[place.judge_id], teams, field),
        )
        for place in table.panel
        if place.judge_id in field.judges
    )
    warnings = [
        *_pair_warnings(teams, field),
        *_seat_warnings(table, seats),
        *_language_warnings(table, field),
    ]
    return TableRow(facts=table, seats=seats, judges=judges, warnings=tuple(warnings))


def _pair_warnings(teams: Sequence[FieldTeam], field: Field) -> list[str]:
    said = []
    for one, other in combinations([team for team in teams if not team.is_stand_in], 2):
        names = {"one": one.name, "other": other.name}
        if frozenset({one.id, other.id}) in field.met:
            said.append(_("%(one)s and %(other)s meet again.", **names))
        if one.institution_id is not None and one.institution_id == other.institution_id:
            said.append(_("%(one)s and %(other)s are of one institution.", **names))
    return said


def _seat_warnings(table: TableFacts, seats: Sequence[SeatCell]) -> list[str]:
    vacant = sum(cell.team is None for cell in seats)
    if vacant == len(seats):
        return [_("Nobody sits here yet.")]
    if vacant:
        return [_("One seat is vacant.") if vacant == 1 else _("%(count)s seats are vacant.", count=vacant)]
    return []


def _language_warnings(table: TableFacts, field: Field) -> list[str]:
    silent = unspoken_by(voting_judges(table, dict(field.judges)), field.languages)
    return [_("Nobody on the panel speaks %(language)s.", language=language_name(code)) for code in silent]


def trouble_of(judge: FieldJudge, teams: Iterable[FieldTeam], field: Field) -> str:
    """Why a judge should not mark these teams, in words; empty when nothing speaks against it."""
    for team in teams:
        reason = judge.conflict_with(team)
        if reason is not None:
            return trouble_words(reason) + " (" + team.name + ")"
    again = [team.name for team in teams if (judge.id, team.id) in field.seen]
    return _("has judged %(team)s before", team=again[0]) if again else ""


def differences(
    old: Sequence[TableFacts], new: Sequence[TableFacts], field: Field
) -> list[tuple[str, str, str]]:
    """Who sits elsewhere in `new` than in `old`: team, place before, place now."""
    before, after = _places(old), _places(new)
    moved: dict[str, tuple[str, str]] = defaultdict(lambda: ("", ""))
    for team in sorted({*before, *after}):
        one, other = before.get(team), after.get(team)
        if one != other and team in field.teams:
            moved[field.teams[team].name] = (_place_words(one), _place_words(other))
    return [(name, *places) for name, places in sorted(moved.items())]


def _places(tables: Iterable[TableFacts]) -> dict[int, tuple[str, Role]]:
    return {
        team: (table.name, role) for table in tables for role, team in table.seats.items() if team is not None
    }


def _place_words(place: tuple[str, Role] | None) -> str:
    if place is None:
        return _("no seat")
    return _("table %(table)s, %(role)s", table=place[0], role=role_words(place[1]))
