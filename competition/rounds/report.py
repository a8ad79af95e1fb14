"""A draw looked at from all sides: every team's balance, who met whom, how wide the tables are. Facts for pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldTeam
from competition.rounds.outcomes import seated_results
from competition.rounds.problem import histories
from competition.rounds.queries import get_round, live_draw, tables_of_draw
from competition.rounds.situation import Situation, situation_of
from core.localised import N_
from core.roles import ROLES, Role

WIDE = 4
"""A table wider than this is said in red in the last two rounds (as the engine does)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamBalance:
    """A team after this round: times each role, points before it, old opponents it meets again, pull-ups, vacancies."""

    team: FieldTeam
    points: Decimal
    roles: Mapping[Role, int]
    repeats: tuple[str, ...]
    pull_ups: int
    vacancies: int

    @property
    def is_uneven(self) -> bool:
        """Whether the most and the least played role differ by more than one."""
        return max(self.roles.values()) - min(self.roles.values()) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpread:
    """A table's points before the round: bracket (highest), lowest, and their difference."""

    table: TableFacts
    highest: Decimal
    lowest: Decimal

    @property
    def width(self) -> Decimal:
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Two teams that met more than once up to this round, with how often and in which rounds."""

    one: FieldTeam
    other: FieldTeam
    rounds: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawReport:
    """Everything of one draw; `order` lists the teams by points before the round, `met` counts meetings of pairs of
    places in that order up to and with this round.
    """

    balances: tuple[TeamBalance, ...]
    spreads: tuple[TableSpread, ...]
    repeated: tuple[Meeting, ...]
    order: tuple[FieldTeam, ...]
    met: Mapping[tuple[int, int], int]
    has_points: bool
    kin: tuple[tuple[FieldTeam, FieldTeam], ...] = ()
    """Pairs of one institution at one table of this round."""
    is_late: bool = False
    """Whether wide tables matter: power-paired by points, among the last two preliminary rounds."""

    @property
    def wide(self) -> tuple[TableSpread, ...]:
        """The tables that should be narrower so late."""
        return tuple(spread for spread in self.spreads if self.is_late and spread.width > WIDE)

    @property
    def cells(self) -> dict[int, str]:
        """The heat map as one path per count: unit squares at (place, place), both halves."""
        paths: dict[int, list[str]] = {}
        for (i, j), count in sorted(self.met.items()):
            squares = paths.setdefault(min(count, 4), [])
            squares += [f"M{i} {j}h1v1h-1z", f"M{j} {i}h1v1h-1z"]
        return {count: "".join(squares) for count, squares in sorted(paths.items())}


def warnings_of(report: DrawReport) -> list[tuple[str, dict[str, object]]]:
    """What must be said in red, as source texts and what fills them; with the seats as they are now."""
    found: list[tuple[str, dict[str, object]]] = []
    if report.wide:
        tables = ", ".join(spread.table.name for spread in report.wide)
        found.append(
            (N_("Tables more than %(most)s points wide: %(tables)s"), {"most": WIDE, "tables": tables})
        )
    if report.kin:
        pairs = "; ".join(f"{one.name} – {other.name}" for one, other in report.kin)
        found.append((N_("Teams of one institution meet: %(pairs)s"), {"pairs": pairs}))
    return found


def report_of(facts: RoundFacts) -> DrawReport:
    """The report of a round's live draw; every figure counted from its seats as they are now."""
    situation = situation_of(get_round(facts.id))
    now = tables_of_draw(facts.draw_id) if facts.draw_id is not None else []
    results = seated_results(facts.edition_id, up_to_round=facts.number - 1)
    before = histories(situation.teams, situation.tables, results)
    after = histories(situation.teams, [*situation.tables, *now], results)
    teams = {team.id: team for team in situation.teams if not team.is_stand_in}
    seated = [teams[key] for table in now for key in table.team_ids if key in teams]
    order = sorted(seated, key=lambda team: (-before[team.id].points, team.name))
    rounds = _rounds_of_pairs(situation, now, teams)
    places = {team.id: place for place, team in enumerate(order)}
    company = {key: set(table.team_ids) for table in now for key in table.team_ids}
    return DrawReport(
        balances=tuple(
            TeamBalance(
                team=team,
                points=before[team.id].points,
                roles={role: after[team.id].roles[role] for role in ROLES},
                repeats=tuple(
                    teams[other].name
                    for other in sorted(before[team.id].met)
                    if other in company[team.id] and other in teams
                ),
                pull_ups=after[team.id].pull_ups,
                vacancies=after[team.id].vacancies,
            )
            for team in order
        ),
        spreads=tuple(_spreads(now, {team.id: before[team.id].points for team in seated})),
        repeated=tuple(
            Meeting(one=teams[one], other=teams[other], rounds=tuple(numbers))
            for (one, other), numbers in sorted(rounds.items(), key=lambda pair: (-len(pair[1]), pair[0]))
            if len(numbers) > 1
        ),
        order=tuple(order),
        met={
            (min(places[one], places[other]), max(places[one], places[other])): len(numbers)
            for (one, other), numbers in rounds.items()
            if one in places and other in places
        },
        has_points=any(before[team.id].points for team in order),
        kin=tuple(_kin(now, teams)),
        is_late=_is_late(situation),
    )


def _is_late(situation: Situation) -> bool:
    draw = live_draw(situation.facts.id)
    is_paired = draw is not None and draw.method == "power_paired"
    last = [each.id for each in situation.preliminaries[-2:]]
    return is_paired and situation.edition.role_policy == "rotating" and situation.facts.id in last


def _kin(
    tables: Sequence[TableFacts], teams: Mapping[int, FieldTeam]
) -> Iterator[tuple[FieldTeam, FieldTeam]]:
    for table in tables:
        for one, other in combinations([teams[key] for key in table.team_ids if key in teams], 2):
            if one.institution_id is not None and one.institution_id == other.institution_id:
                yield one, other


def _rounds_of_pairs(
    situation: Situation, now: Sequence[TableFacts], teams: Mapping[int, FieldTeam]
) -> dict[tuple[int, int], list[int]]:
    met: dict[tuple[int, int], list[int]] = {}
    for table in [*situation.tables, *now]:
        real = sorted(key for key in table.team_ids if key in teams)
        for pair in combinations(real, 2):
            met.setdefault(pair, []).append(table.round_number)
    return met


def _spreads(tables: Sequence[TableFacts], points: Mapping[int, Decimal]) -> list[TableSpread]:
    found = []
    for table in tables:
        own = [points[key] for key in table.team_ids if key in points]
        if own:
            found.append(TableSpread(table=table, highest=max(own), lowest=min(own)))
    return found


def widths(report: DrawReport) -> Counter[Decimal]:
    """How many tables are how wide."""
    return Counter(spread.width for spread in report.spreads)
