"""What a round does to the history of the teams that took part in it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from competition.draw.model import Number, Problem, Seats, exact
from core.roles import ROLES


def after(problem: Problem, tables: Iterable[Seats], gained: Mapping[str, Number] | None = None) -> Problem:
    """The problem of the next round's teams: roles, meetings, vacancies and pull-ups of these tables added,
    and the points that each team gained.
    """
    points = {team.id: team.points for team in problem.teams}
    roles = {team.id: dict(team.roles) for team in problem.teams}
    met = {team.id: dict(team.met) for team in problem.teams}
    vacancies = {team.id: team.vacancies for team in problem.teams}
    pull_ups = {team.id: team.pull_ups for team in problem.teams}
    for seats in tables:
        present = [(role, name) for role in ROLES if (name := seats[role]) is not None]
        highest = max(points[name] for _, name in present)
        for role, name in present:
            roles[name][role] = roles[name].get(role, 0) + 1
            vacancies[name] += 4 - len(present)
            pull_ups[name] += points[name] < highest
            for _, other in present:
                if other != name:
                    met[name][other] = met[name].get(other, 0) + 1
    teams = tuple(
        replace(
            team,
            points=exact(team.points) + exact((gained or {}).get(team.id, 0)),
            roles=roles[team.id],
            met=met[team.id],
            vacancies=vacancies[team.id],
            pull_ups=pull_ups[team.id],
        )
        for team in problem.teams
    )
    return replace(problem, teams=teams, locked=())
