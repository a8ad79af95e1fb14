"""From accepted applications to the formation engine's problem: attributes, and whose wishes count how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from competition.applications.models import Application, ApplicationCall, PairWish, TeamPlan
from competition.applications.vocabulary import ATTRIBUTES, DEFAULT_WEIGHTS
from competition.editions.public import Edition, split_list
from competition.formation.model import Person, Problem, Wish

TABLE = 4


def attributes_asked(call: ApplicationCall) -> list[str]:
    """What teams can be balanced by: what applicants were asked."""
    hidden = {"gender": call.asks_gender, "institution": call.asks_institution}
    return [name for name in ATTRIBUTES if hidden.get(name, True)]


def usual_weights(call: ApplicationCall) -> dict[str, int]:
    """How much the even spread of each attribute matters until somebody says otherwise."""
    return {name: DEFAULT_WEIGHTS[name] for name in attributes_asked(call)}


def usual_teams(edition: Edition, people: int) -> int:
    """A number of teams that fits the edition's team size, full tables of four where that can be."""
    least, most = edition.team_size_minimum, edition.team_size_maximum
    fitting = [n for n in range(1, people + 1) if least * n <= people <= most * n]
    full = [n for n in fitting if n % TABLE == 0]
    return (full or fitting or [max(1, people // max(1, least))])[0]


def people_of(applications: Sequence[Application], attributes: Sequence[str]) -> list[Person]:
    """Applicants as the engine sees them."""
    return [
        Person(id=row.public_id, values={name: _value(row, name) for name in attributes})
        for row in applications
    ]


def _value(row: Application, name: str) -> str:
    value: str = getattr(row, name)
    return value.casefold() if name == "institution" else value


def wishes_of(applications: Sequence[Application], pairs: Sequence[PairWish]) -> list[Wish]:
    """The organisers' wishes, then the applicants' own, which are always soft; a wish both have counts twice."""
    by_key = {row.id: row.public_id for row in applications}
    by_address = {row.contact.lower(): row.public_id for row in applications}
    found = [
        Wish(
            first=by_key[pair.first_id],
            second=by_key[pair.second_id],
            kind="together" if pair.kind == "together" else "apart",
            is_hard=pair.is_hard,
            weight=2,
        )
        for pair in pairs
        if pair.first_id in by_key and pair.second_id in by_key
    ]
    weights: dict[tuple[str, str, str], int] = {}
    for row in applications:
        for kind, addresses in (("together", row.wishes_together), ("apart", row.wishes_apart)):
            for address in split_list(addresses):
                other = by_address.get(address.lower())
                if other is not None and other != row.public_id:
                    key = (min(row.public_id, other), max(row.public_id, other), kind)
                    weights[key] = weights.get(key, 0) + 1
    own = [
        Wish(first=first, second=second, kind="together" if kind == "together" else "apart", weight=weight)
        for (first, second, kind), weight in weights.items()
    ]
    return [*found, *own]


def problem_of(
    applications: Sequence[Application],
    pairs: Sequence[PairWish],
    *,
    teams: int,
    seed: int,
    weights: Mapping[str, int],
    plan: TeamPlan | None = None,
) -> Problem:
    """The problem of forming teams; locked people of `plan` stay where they are."""
    placement = plan.placement if plan is not None else {}
    locked = set(plan.locked) if plan is not None else set()
    return Problem(
        people=people_of(applications, list(weights)),
        teams=teams,
        attributes=weights,
        wishes=wishes_of(applications, pairs),
        locked={one: team for one, team in placement.items() if one in locked and team < teams},
        start=placement,
        seed=seed,
    )
