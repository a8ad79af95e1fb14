"""The break as it stands now: who advances from each ranking, who waits, who is passed over, where lots are due."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from competition.editions.public import BreakRule, Edition, break_rules_of, divisions_of
from competition.entries.public import team_table
from competition.rounds.public import RoundFacts, round_facts
from core.db import db
from core.errors import NotFound
from core.localised import N_
from core.roles import ROLES
from judging.closing.lots import lots_on, numbers_of
from judging.closing.models import BreakChoice, BreakExclusion, BreakPublication, Lot
from judging.scoring.breaks import Break, break_from
from judging.scoring.breaks import BreakRule as Rule
from judging.scoring.standings import Standing
from judging.snapshots import standings_of
from judging.standings import StandingsRow

ADVANCES, WAITS, TIED, PASSED, BELOW = "advancing", "reserve", "tied", "passed", "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRow:
    """One team of a ranking under the break.

    `state` is advancing, reserve, tied (a lot decides), passed (over) or below; `why` says why it was passed over:
    `unranked`, `minimum_rounds`, `institution_cap`, `breaks_elsewhere` or `excluded` (then `reason` has the words).
    """

    row: StandingsRow
    state: str
    place: int | None = None
    lot: Decimal | None = None
    why: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """The break of one ranking: a division, a role bracket, or everybody."""

    selection: str
    size: int
    reserves: int
    minimum_rounds: int
    institution_cap: int | None
    version: int
    rows: tuple[BreakRow, ...]
    lots: tuple[Lot, ...]

    @property
    def advancing(self) -> tuple[BreakRow, ...]:
        return tuple(row for row in self.rows if row.state == ADVANCES)

    @property
    def waiting(self) -> tuple[BreakRow, ...]:
        return tuple(row for row in self.rows if row.state == WAITS)

    @property
    def tied(self) -> tuple[BreakRow, ...]:
        """The level teams across the line among which a lot has to be drawn."""
        return tuple(row for row in self.rows if row.state == TIED)

    @property
    def passed(self) -> tuple[BreakRow, ...]:
        return tuple(row for row in self.rows if row.state == PASSED and row.why != "unranked")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionBreak:
    """Every bracket of an edition, after which round, by which metrics, and the rounds that are still open."""

    brackets: tuple[Bracket, ...]
    after_round: int
    metrics: tuple[str, ...]
    notes: tuple[str, ...]
    open_rounds: tuple[RoundFacts, ...]

    @property
    def token(self) -> str:
        """Changes whenever anything changes in who advances or waits."""
        parts = [
            f"{bracket.selection}:{row.state}:{row.place}:{row.row.team_id}:{row.row.rank}:{row.why}:{row.reason}"
            for bracket in self.brackets
            for row in bracket.rows
        ]
        return hashlib.sha256("|".join([str(self.after_round), *parts]).encode()).hexdigest()[:24]


def selection_of(rule: BreakRule, codes: Mapping[int, str]) -> str:
    """The ranking that a stored rule is about, as standings name it."""
    if rule.role:
        return f"role:{rule.role}"
    return f"division:{codes[rule.division_id]}" if rule.division_id is not None else "overall"


def rules_of(edition: Edition) -> dict[str, BreakRule]:
    """The rules that apply, by ranking: roles in their order where teams keep theirs, divisions in theirs."""
    codes = {division.id: division.code for division in divisions_of(edition.id)}
    stored = {selection_of(rule, codes): rule for rule in break_rules_of(edition.id)}
    roles = [f"role:{role}" for role in ROLES] if edition.role_policy == "fixed" else []
    order = [*roles, *(f"division:{code}" for code in codes.values()), "overall"]
    return {selection: stored[selection] for selection in order if selection in stored}


def preliminary_rounds(edition_id: int) -> list[RoundFacts]:
    """The preliminary rounds in order."""
    return [facts for facts in round_facts(edition_id) if facts.is_preliminary]


def minimum_rounds_of(edition: Edition, rounds: Sequence[RoundFacts]) -> int:
    """How many rounds a team must have played to advance: as the edition says, otherwise all but one."""
    if edition.minimum_rounds is not None:
        return edition.minimum_rounds
    return max(0, len(rounds) - 1)


def break_of(edition: Edition) -> EditionBreak:
    """The break from the standings as they are now; no brackets where no sizes are set.

    Raises Invalid when the standings cannot be worked out (a metric that is named but not available).
    """
    rounds = preliminary_rounds(edition.id)
    minimum = minimum_rounds_of(edition, rounds)
    choices, excluded = choices_of(edition.id), exclusions_of(edition.id)
    homes = _institutions(edition.id)
    brackets: list[Bracket] = []
    after, metrics, notes = 0, (), ()  # type: tuple[int, tuple[str, ...], tuple[str, ...]]
    taken: set[int] = set()
    for selection, rule in rules_of(edition).items():
        table = standings_of(edition, selection)
        after, metrics, notes = table.after_round, table.metrics, table.notes
        choice, lots = choices.get(selection), lots_on(edition.id, f"break:{selection}")
        cap = choice.institution_cap if choice else None
        found = break_from(
            [_standing(row) for row in table.rows],
            Rule(size=rule.size, reserves=rule.reserves or 0, minimum_rounds=minimum, institution_cap=cap),
            institution_of=homes,
            lots=numbers_of(lots),
            not_eligible=frozenset(excluded.keys() | taken),
        )
        bracket = Bracket(
            selection=selection,
            size=rule.size,
            reserves=rule.reserves or 0,
            minimum_rounds=minimum,
            institution_cap=cap,
            version=choice.version if choice else 0,
            rows=tuple(_rows(table.rows, found, excluded)),
            lots=tuple(lots),
        )
        taken |= {row.row.team_id for row in bracket.advancing}
        brackets.append(bracket)
    return EditionBreak(
        brackets=tuple(brackets),
        after_round=after,
        metrics=metrics,
        notes=notes,
        open_rounds=tuple(facts for facts in rounds if not facts.has_results),
    )


def _standing(row: StandingsRow) -> Standing:
    return Standing(
        team=row.team_id,
        rank=row.rank,
        is_shared=row.is_shared,
        values=dict(row.values),
        rounds_played=row.rounds_played,
    )


def _rows(
    rows: Sequence[StandingsRow], found: Break, excluded: Mapping[int, BreakExclusion]
) -> list[BreakRow]:
    """The ranking's lines with what the break says of each, in the order of the break and then of the ranking."""
    taken = {each.team: (ADVANCES, each) for each in found.advancing}
    taken |= {each.team: (WAITS, each) for each in found.reserves}
    listed: list[BreakRow] = []
    for row in rows:
        if row.team_id in taken:
            state, each = taken[row.team_id]
            listed.append(BreakRow(row=row, state=state, place=each.place, lot=each.lot))
        elif row.team_id in found.open_tie:
            listed.append(BreakRow(row=row, state=TIED))
        elif (why := found.passed_over.get(row.team_id)) is not None:
            exclusion = excluded.get(row.team_id)
            words = {"not_eligible": "excluded" if exclusion else "breaks_elsewhere"}.get(why, why)
            listed.append(
                BreakRow(row=row, state=PASSED, why=words, reason=exclusion.reason if exclusion else "")
            )
        else:
            listed.append(BreakRow(row=row, state=BELOW))
    return sorted(listed, key=lambda line: (line.row.rank or 10**9, line.place or 10**9))


def _institutions(edition_id: int) -> dict[Hashable, Hashable]:
    """The institution of each team that has one."""
    query = select(team_table.c.id, team_table.c.institution_id).where(
        team_table.c.edition_id == edition_id, team_table.c.institution_id.is_not(None)
    )
    return {row.id: row.institution_id for row in db.session.execute(query)}


def choices_of(edition_id: int) -> dict[str, BreakChoice]:
    """What organisers chose, by ranking."""
    rows = db.session.scalars(select(BreakChoice).where(BreakChoice.edition_id == edition_id))
    return {row.selection: row for row in rows}


def exclusions_of(edition_id: int) -> dict[int, BreakExclusion]:
    """The teams that do not advance, by key."""
    query = select(BreakExclusion).where(BreakExclusion.edition_id == edition_id)
    return {row.team_id: row for row in db.session.scalars(query.order_by(BreakExclusion.id))}


def bracket_named(found: EditionBreak, selection: str) -> Bracket:
    """The bracket of a ranking; raises NotFound where no team breaks from it."""
    bracket = next((one for one in found.brackets if one.selection == selection), None)
    if bracket is None:
        raise NotFound(N_("Nobody breaks from this ranking."))
    return bracket


def find_break(edition_id: int) -> BreakPublication | None:
    """The break as it is published now."""
    query = select(BreakPublication).where(
        BreakPublication.edition_id == edition_id, BreakPublication.is_live
    )
    return db.session.scalar(query)


def publications_of(edition_id: int) -> Sequence[BreakPublication]:
    """Every published version, newest first."""
    query = select(BreakPublication).where(BreakPublication.edition_id == edition_id)
    return db.session.scalars(query.order_by(BreakPublication.version.desc())).all()
