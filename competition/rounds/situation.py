"""A round that is to be drawn, everything its draw depends on, and the engine's problem made from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from competition.editions.public import Edition, get_edition_by_id
from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldTeam, division_members, teams_of
from competition.rounds.models import Round
from competition.rounds.outcomes import seated_results
from competition.rounds.problem import Seats, histories, team_states
from competition.rounds.queries import round_facts, tables_of_edition
from core.errors import Invalid
from core.localised import N_
from core.roles import ROLES

if TYPE_CHECKING:
    from competition.draw.model import Measures, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How a round is to be drawn."""

    method: str
    preset: str
    seed: int
    effort: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A round, its edition, the field and the tables of the preliminary rounds before it."""

    edition: Edition
    facts: RoundFacts
    rounds: list[RoundFacts]
    teams: list[FieldTeam]
    tables: list[TableFacts]

    @property
    def playing(self) -> list[FieldTeam]:
        """The teams to be seated, without stand-ins."""
        return [team for team in self.teams if team.plays_in(self.facts.number)]

    @property
    def preliminaries(self) -> list[RoundFacts]:
        """The preliminary rounds of the same division, in order."""
        return [
            facts
            for facts in self.rounds
            if facts.is_preliminary and facts.division_id == self.facts.division_id
        ]

    @property
    def earlier(self) -> list[RoundFacts]:
        """The preliminary rounds before this one."""
        return [facts for facts in self.preliminaries if facts.number < self.facts.number]

    @property
    def ever_playing(self) -> list[FieldTeam]:
        """The teams of a schedule: those that play now, those that are only absent now, and those that withdrew
        after they had sat.
        """
        sat = {team for table in self.tables for team in table.team_ids}
        number = self.facts.number
        return [
            team
            for team in self.teams
            if not team.is_stand_in and (team.plays_in(number) or number in team.absent_in or team.id in sat)
        ]


def situation_of(row: Round) -> Situation:
    """The situation of a round as it is now."""
    rounds = round_facts(row.edition_id)
    before = {other.number for other in rounds if other.is_preliminary and other.number < row.number}
    members = division_members(row.division_id) if row.division_id is not None else None
    return Situation(
        edition=get_edition_by_id(row.edition_id),
        facts=next(facts for facts in rounds if facts.id == row.id),
        rounds=rounds,
        teams=[team for team in teams_of(row.edition_id) if members is None or team.id in members],
        tables=[table for table in tables_of_edition(row.edition_id) if table.round_number in before],
    )


def problem_of(situation: Situation, choice: Choice, teams: Sequence[FieldTeam]) -> Problem:
    """The engine's problem for these teams; raises Invalid in words an organiser can act on."""
    from competition.draw.model import BadProblem, Options, Problem

    results = seated_results(situation.edition.id, up_to_round=situation.facts.number - 1)
    past = histories(situation.teams, situation.tables, results)
    numbers = [facts.number for facts in situation.preliminaries]
    try:
        return Problem(
            role_policy=situation.edition.role_policy,  # type: ignore[arg-type]
            method=choice.method,  # type: ignore[arg-type]
            preset=choice.preset,  # type: ignore[arg-type]
            seed=choice.seed,
            round=numbers.index(situation.facts.number) + 1,
            rounds=len(numbers),
            teams=team_states(teams, past),
            options=Options(effort=choice.effort),
        )
    except BadProblem as fault:
        raise Invalid(N_("This draw cannot be made: %(reason)s."), reason=str(fault)) from fault


def measures_of(situation: Situation, tables: Iterable[Seats]) -> Measures:
    """The engine's figures for any seats of this round, as they stand (stand-ins count as vacant)."""
    from competition.draw.measures import measure

    teams = situation.ever_playing
    known = {team.id for team in teams}
    problem = problem_of(situation, Choice(method="random", preset="balanced", seed=0), teams)
    return measure(
        problem,
        [{role: str(team) if (team := seats[role]) in known else None for role in ROLES} for seats in tables],
    )
