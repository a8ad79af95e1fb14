"""What can be seen before searching: hard wishes, locks and sizes that contradict each other."""

from collections import Counter
from collections.abc import Iterator, Mapping

from competition.formation.model import Fault, Problem, Wish

MOST_PEOPLE = 1000
MOST_TEAMS = 300


def find_faults(problem: Problem) -> list[Fault]:
    """Everything that makes the problem impossible, as far as it can be seen at a glance."""
    count = len(problem.people)
    if problem.teams < 1 or count < problem.teams or problem.teams > MOST_TEAMS:
        return [Fault(code="too_few_people", count=problem.teams)]
    if count > MOST_PEOPLE:
        return [Fault(code="too_many_people", count=MOST_PEOPLE)]
    groups = groups_of(problem)
    return [
        *_large_groups(problem, groups),
        *_contradictions(problem, groups),
        *_locked(problem, groups),
        *_crowds(problem, groups),
    ]


def hard(problem: Problem, kind: str) -> Iterator[Wish]:
    """The hard wishes of one kind between people who are there."""
    known = {person.id for person in problem.people}
    for wish in problem.wishes:
        if wish.is_hard and wish.kind == kind and wish.first in known and wish.second in known:
            yield wish


def largest_size(problem: Problem) -> int:
    """How many people the larger teams have."""
    return -(-len(problem.people) // problem.teams)


def groups_of(problem: Problem) -> dict[str, tuple[str, ...]]:
    """Person -> everybody who must be in their team, themselves included, in the order of the people."""
    parent = {person.id: person.id for person in problem.people}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for wish in hard(problem, "together"):
        parent[root(wish.first)] = root(wish.second)
    members: dict[str, list[str]] = {}
    for person in problem.people:
        members.setdefault(root(person.id), []).append(person.id)
    return {person.id: tuple(members[root(person.id)]) for person in problem.people}


def _distinct(groups: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(groups.values()))


def _large_groups(problem: Problem, groups: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    most = largest_size(problem)
    for group in _distinct(groups):
        if len(group) > most:
            yield Fault(code="group_too_large", people=group, count=most)


def _contradictions(problem: Problem, groups: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for wish in hard(problem, "apart"):
        if groups[wish.first] == groups[wish.second]:
            yield Fault(code="contradiction", people=(wish.first, wish.second))


def _locked(problem: Problem, groups: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for group in _distinct(groups):
        held = [one for one in group if one in problem.locked]
        if len({problem.locked[one] for one in held}) > 1:
            yield Fault(code="locked_apart", people=tuple(held))
    for wish in hard(problem, "apart"):
        first, second = problem.locked.get(wish.first), problem.locked.get(wish.second)
        if first is not None and first == second:
            yield Fault(code="locked_together", people=(wish.first, wish.second))
    known = {person.id for person in problem.people}
    sizes = Counter(team for one, team in problem.locked.items() if one in known)
    for team, size in sorted(sizes.items()):
        if size > largest_size(problem):
            people = tuple(one for one, place in problem.locked.items() if place == team)
            yield Fault(code="locked_too_many", people=people, count=largest_size(problem))


def _crowds(problem: Problem, groups: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    """More people than teams who must all be apart from one another, found greedily."""
    apart: dict[str, set[str]] = {}
    for wish in hard(problem, "apart"):
        apart.setdefault(groups[wish.first][0], set()).add(groups[wish.second][0])
        apart.setdefault(groups[wish.second][0], set()).add(groups[wish.first][0])
    for one in sorted(apart, key=lambda each: -len(apart[each])):
        crowd = [one]
        for other in sorted(apart[one], key=lambda each: -len(apart[each])):
            if all(other in apart[member] for member in crowd):
                crowd.append(other)
        if len(crowd) > problem.teams:
            yield Fault(code="too_many_apart", people=tuple(crowd), count=problem.teams)
            return
