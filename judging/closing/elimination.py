"""The way through the elimination: whom a round is seated from, who advances, and who waits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competition.draw.elimination import Breaking, EliminationRound, RoleRule, next_round, seed_bracket
from competition.draw.model import BadProblem
from competition.editions.public import Edition, divisions_of, split_list
from competition.rounds.public import (
    Draw,
    RoundFacts,
    TableFacts,
    field_teams,
    live_results,
    round_facts,
    seated_results,
    tables_of_draw,
    tables_of_edition,
)
from core.db import db
from core.errors import Conflict, Invalid
from core.localised import N_
from core.roles import ROLES, Role
from judging.closing.break_ import find_break
from judging.closing.elimination_scores import RoleOrder, role_orders
from judging.closing.seeds import seeds_of

ROLE_RULES: tuple[RoleRule, ...] = ("lot", "choice", "balance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A team that is to be seated: its seed, and at which table of the last round it won its place ("" for none)."""

    team_id: int
    team: str
    institution: str
    role: Role | None
    seed: int
    from_table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Everything that seating an elimination round depends on.

    `before` is the elimination round it follows, None for the first one. `places` is how many of each role advance
    (fixed editions only), `most_places` the largest number that can. `orders` are the roles' orders after `before`,
    `left_out` the teams that won a place and do not play any more: the next one moved up.
    """

    facts: RoundFacts
    before: RoundFacts | None
    teams: tuple[Breaking, ...]
    contenders: tuple[Contender, ...]
    last: EliminationRound | None
    results: Mapping[str, int]
    places: int | None
    most_places: int
    orders: Mapping[Role, RoleOrder]
    left_out: tuple[str, ...]
    names: Mapping[int, str]

    @property
    def ties(self) -> dict[Role, tuple[int, ...]]:
        """The level teams across the line of each role: lots are due."""
        if self.places is None:
            return {}
        found = {role: order.tied_across(self.places) for role, order in self.orders.items()}
        return {role: teams for role, teams in found.items() if teams}

    def seated(self, *, seed: int, roles: RoleRule) -> EliminationRound:
        """The tables of the round by the engine. Raises Invalid when the numbers do not fit."""
        try:
            if self.last is None:
                return seed_bracket(self.teams, seed=seed, roles=roles)
            return next_round(
                self.last,
                self.results,
                self.teams,
                seed=seed,
                roles=roles,
                best_of_role=self.places,
            )
        except BadProblem as fault:
            raise Invalid(N_("This round cannot be seated: %(reason)s."), reason=str(fault)) from fault


def chain_of(edition_id: int, division_id: int | None) -> list[RoundFacts]:
    """The elimination rounds of a division (or of everybody) in order."""
    return [
        facts
        for facts in round_facts(edition_id)
        if not facts.is_preliminary and facts.division_id == division_id
    ]


def way_to(edition: Edition, facts: RoundFacts, places: int | None = None) -> Way:
    """What an elimination round is seated from: the published break, or the elimination round before it.

    `places`: how many of each role advance, where teams keep their roles (default: half of the tables). Raises
    Conflict while the break is not published or the round before is not confirmed, Invalid for a preliminary round.
    """
    if facts.is_preliminary:
        raise Invalid(N_("Only elimination rounds are seated from the break."))
    earlier = [one for one in chain_of(edition.id, facts.division_id) if one.number < facts.number]
    if not earlier:
        return _from_break(edition, facts)
    before = earlier[-1]
    if not before.has_results or before.draw_id is None:
        raise Conflict(
            N_("Round %(number)d is not confirmed yet: its results say who advances."), number=before.number
        )
    return _from_round(edition, facts, before, places)


def _from_break(edition: Edition, facts: RoundFacts) -> Way:
    lines = _published_lines(edition, facts)
    playing, names = _playing(edition, facts)
    gone = [line["team"] for line in lines if line["team_id"] not in playing]
    if gone:
        raise Conflict(
            N_("%(teams)s advance but do not play in this round. The director can change the break."),
            teams=", ".join(gone),
        )
    seeds = {line["team_id"]: line["place"] for line in lines}
    return Way(
        facts=facts,
        before=None,
        teams=_breaking(edition, seeds),
        contenders=tuple(_contender(names[team], seed) for team, seed in seeds.items()),
        last=None,
        results={},
        places=None,
        most_places=0,
        orders={},
        left_out=(),
        names={key: team.name for key, team in names.items()},
    )


def _published_lines(edition: Edition, facts: RoundFacts) -> list[dict[str, Any]]:
    """Who advances by the published break into this round."""
    published = find_break(edition.id)
    if published is None:
        raise Conflict(N_("The break is not published yet. It says who is seated in this round."))
    if edition.role_policy == "fixed":
        wanted = [f"role:{role}" for role in ROLES]
    elif facts.division_id is not None:
        code = next(one.code for one in divisions_of(edition.id) if one.id == facts.division_id)
        wanted = [f"division:{code}"]
    else:
        wanted = ["overall"] if "overall" in published.brackets else list(published.brackets)[:2]
    if len(wanted) > 1 and edition.role_policy != "fixed":
        raise Conflict(N_("Several divisions break. Say in the round’s settings which division it is for."))
    found = [line for name in wanted for line in published.brackets.get(name, {}).get("advancing", ())]
    if not found:
        raise Conflict(N_("Nobody advances into this round by the published break."))
    return found


def _from_round(edition: Edition, facts: RoundFacts, before: RoundFacts, places: int | None) -> Way:
    tables = tables_of_draw(before.draw_id or 0)
    playing, names = _playing(edition, facts)
    seeds, byes = seeds_of(edition), byes_of(edition, before, tables)
    is_fixed = edition.role_policy == "fixed"
    orders = role_orders(edition, before, playing) if is_fixed else {}
    results = _numbers(orders) if is_fixed else _placings(edition, before)
    seated = [team for table in tables for team in table.team_ids]
    staying = {team for team in seated if team in playing and team in results}
    last = EliminationRound(
        tables=tuple(
            {role: str(team) if team in staying else None for role, team in table.seats.items()}
            for table in tables
        ),
        byes=tuple(str(team) for team in byes),
    )
    most = len(tables) - 1
    places = (places or max(1, len(tables) // 2)) if is_fixed else None
    if is_fixed and not 1 <= (places or 0) <= most:
        raise Conflict(N_("The final has been held, or so many teams cannot advance from that round."))
    advancing = _advancing(tables, orders, results, seeds, staying, places)
    return Way(
        facts=facts,
        before=before,
        teams=_breaking(edition, {team: seeds.get(team, len(seeds) + 1) for team in [*byes, *staying]}),
        contenders=tuple(
            _contender(names[team], seeds.get(team, len(seeds) + 1), table)
            for team, table in [*((team, "") for team in byes), *advancing]
        ),
        last=last,
        results={str(team): number for team, number in results.items()},
        places=places,
        most_places=most,
        orders=orders,
        left_out=tuple(names[team].name for team in seated if team not in playing and team in names),
        names={key: team.name for key, team in names.items()},
    )


def _playing(edition: Edition, facts: RoundFacts) -> tuple[set[int], dict[int, Any]]:
    """The teams that can be seated in a round, and every team by key."""
    teams = {team.id: team for team in field_teams(edition.id)}
    return {key for key, team in teams.items() if not team.is_stand_in and team.plays_in(facts.number)}, teams


def _numbers(orders: Mapping[Role, RoleOrder]) -> dict[int, int]:
    """The order of each role as numbers, more is better."""
    return {team: -place for order in orders.values() for place, team in enumerate(order.teams)}


def _placings(edition: Edition, before: RoundFacts) -> dict[int, int]:
    """Ranks as numbers, more is better; who was said to advance (in an imported edition, say) goes first."""
    found: dict[int, int] = {}
    for result in seated_results(edition.id, stage="elimination"):
        if result.round_id == before.id:
            place = -result.rank if result.rank is not None else -9
            found[result.team_id] = place + (10 if result.advances else 0)
    return found


def _advancing(
    tables: Sequence[TableFacts],
    orders: Mapping[Role, RoleOrder],
    results: Mapping[int, int],
    seeds: Mapping[int, int],
    staying: set[int],
    places: int | None,
) -> list[tuple[int, str]]:
    """Who won a place, with the table it was won at."""
    table_of = {team: table.name for table in tables for team in table.team_ids}
    if places is not None:
        chosen = [[team for team in order.teams if team in staying][:places] for order in orders.values()]
        return [(team, table_of[team]) for teams in chosen for team in teams]

    def order(team: int) -> tuple[int, int]:
        return -results.get(team, -99), seeds.get(team, 10**6)

    return [
        (team, table.name)
        for table in tables
        for team in sorted((team for team in table.team_ids if team in staying), key=order)[:2]
    ]


def _breaking(edition: Edition, seeds: Mapping[int, int]) -> tuple[Breaking, ...]:
    """The teams as the engine wants them."""
    played = _roles_played(edition.id)
    is_fixed = edition.role_policy == "fixed"
    known = {role.value for role in ROLES}
    return tuple(
        Breaking(
            id=str(team.id),
            seed=seeds[team.id],
            institution=str(team.institution_id) if team.institution_id is not None else None,
            role=team.role if is_fixed else None,
            roles=played[team.id],
            choice=tuple(Role(wish) for wish in split_list(team.wishes) if wish in known),
        )
        for team in field_teams(edition.id)
        if team.id in seeds
    )


def _roles_played(edition_id: int) -> dict[int, Counter[Role]]:
    """How often each team has had each role, both stages."""
    found: dict[int, Counter[Role]] = defaultdict(Counter)
    for table in tables_of_edition(edition_id, states=("released",)):
        for role, team in table.seats.items():
            if team is not None:
                found[team][role] += 1
    return found


def _contender(team: Any, seed: int, from_table: str = "") -> Contender:
    return Contender(
        team_id=team.id,
        team=team.name,
        institution=team.institution,
        role=team.role,
        seed=seed,
        from_table=from_table,
    )


def byes_of(edition: Edition, facts: RoundFacts, tables: Sequence[TableFacts]) -> list[int]:
    """The teams that waited while this round was played, best first.

    They were noted when the round was seated here. A round seated by hand or imported has them where the published
    break is half as large again as its seats.
    """
    draw = db.session.get(Draw, facts.draw_id) if facts.draw_id is not None else None
    if draw is not None and "byes" in draw.report:
        return [int(team) for team in draw.report["byes"]]
    if edition.role_policy == "fixed" or chain_of(edition.id, facts.division_id)[0].id != facts.id:
        return []
    if find_break(edition.id) is None:
        return []
    seated = {team for table in tables for team in table.team_ids}
    lines = _published_lines(edition, facts)
    waiting = [line["team_id"] for line in lines if line["team_id"] not in seated]
    return waiting if 2 * len(waiting) == len(seated) else []


def is_decided(facts: RoundFacts, tables: Sequence[TableFacts]) -> bool:
    """Whether every table of a round with teams has a result."""
    results = live_results(facts.draw_id) if facts.draw_id is not None else {}
    return bool(tables) and all(table.id in results for table in tables if table.team_ids)
