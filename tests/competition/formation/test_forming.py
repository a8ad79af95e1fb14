"""Forming teams: what always holds, whatever the people, and what cannot be done said plainly."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.formation.engine import form_teams
from competition.formation.faults import find_faults
from competition.formation.measures import SOFT, is_kept, least_squares, report
from competition.formation.model import CannotForm, Fault, Person, Problem, Wish

VALUES = {
    "discipline": ["law", "economics", "engineering"],
    "year": ["1", "2", "3", ""],
    "gender": ["f", "m"],
}


def together(first: str, second: str, **values: object) -> Wish:
    return Wish(first=first, second=second, kind="together", is_hard=True, **values)  # type: ignore[arg-type]


def apart(first: str, second: str, **values: object) -> Wish:
    return Wish(first=first, second=second, kind="apart", is_hard=True, **values)  # type: ignore[arg-type]


def people(count: int, **values: str) -> tuple[Person, ...]:
    return tuple(Person(id=f"p{number}", values=values) for number in range(count))


def asked(count: int, teams: int, **values: object) -> Problem:
    return Problem(**{"people": people(count), "teams": teams, "attributes": {}, **values})  # type: ignore[arg-type]


def codes(problem: Problem) -> list[str]:
    with pytest.raises(CannotForm) as caught:
        form_teams(problem)
    return [fault.code for fault in caught.value.faults]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(2, 24))
    teams = draw(st.integers(1, count))
    crowd = tuple(
        Person(id=f"p{n}", values={name: draw(st.sampled_from(words)) for name, words in VALUES.items()})
        for n in range(count)
    )
    ids = [person.id for person in crowd]
    wishes = [
        Wish(first=first, second=second, kind=draw(st.sampled_from(["together", "apart"])))
        for first, second in draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=5))
        if first != second
    ]
    weights = {name: draw(st.integers(0, 3)) for name in VALUES}
    return Problem(
        people=crowd, teams=teams, attributes=weights, wishes=wishes, seed=draw(st.integers(0, 99))
    )


@settings(max_examples=40, deadline=None)
@given(problems())
def test_everybody_is_in_one_team_and_the_sizes_differ_by_at_most_one(problem: Problem) -> None:
    formed = form_teams(problem)
    assert sorted(formed.placement) == sorted(person.id for person in problem.people)
    sizes = [list(formed.placement.values()).count(team) for team in range(problem.teams)]
    assert (tuple(sizes), max(sizes) - min(sizes) <= 1) == (formed.report.sizes, True)


@settings(max_examples=20, deadline=None)
@given(problems())
def test_the_same_seed_forms_the_same_teams(problem: Problem) -> None:
    assert form_teams(problem) == form_teams(problem)


@settings(max_examples=40, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_result_is_never_worse_than_the_start_and_the_bound_is_below_it(problem, dice) -> None:  # type: ignore[no-untyped-def]
    places = [number % problem.teams for number in range(len(problem.people))]
    dice.shuffle(places)
    start = {person.id: place for person, place in zip(problem.people, places, strict=True)}
    begun = Problem(
        people=problem.people,
        teams=problem.teams,
        attributes=problem.attributes,
        wishes=problem.wishes,
        start=start,
        seed=problem.seed,
    )
    assert 0 <= form_teams(begun).report.cost <= report(begun, start).cost


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_report_equals_a_recount(problem: Problem) -> None:
    formed = form_teams(problem)
    cost = 0
    for name, weight in problem.attributes.items():
        known = [(p.values[name], formed.placement[p.id]) for p in problem.people if p.values[name]]
        totals, cells = Counter(value for value, _team in known), Counter(known)
        least = sum(least_squares(total, problem.teams) for total in totals.values())
        cost += weight * (sum(count**2 for count in cells.values()) - least)
    cost += sum(SOFT for wish in problem.wishes if not is_kept(wish, formed.placement))
    assert cost == formed.report.cost
    assert len(formed.report.kept) + len(formed.report.broken) == len(problem.wishes)


def test_one_attribute_alone_reaches_its_bound() -> None:
    crowd = tuple(Person(id=f"p{n}", values={"discipline": "abcd"[n % 7 % 4]}) for n in range(23))
    formed = form_teams(Problem(people=crowd, teams=5, attributes={"discipline": 1}))
    assert (formed.report.is_ideal, formed.report.balances[0].misplaced) == (True, 0)


def test_hard_wishes_and_locks_are_kept() -> None:
    problem = asked(
        12,
        4,
        wishes=[together("p0", "p1"), together("p2", "p1"), apart("p3", "p4")],
        locked={"p0": 2, "p5": 2 - 1},
    )
    placed = form_teams(problem).placement
    assert {placed["p0"], placed["p1"], placed["p2"]} == {2}
    assert (placed["p5"], placed["p3"] == placed["p4"]) == (1, False)


def test_what_does_not_go_together_is_named() -> None:
    trio = [together("p0", "p1"), together("p1", "p2")]
    crowd = [apart(f"p{a}", f"p{b}") for a in range(4) for b in range(a)]
    cases = [
        (asked(2, 3), ["too_few_people"]),
        (asked(1001, 9), ["too_many_people"]),
        (asked(4, 2, wishes=trio), ["group_too_large"]),
        (asked(9, 3, wishes=[*trio, apart("p0", "p2")]), ["contradiction"]),
        (asked(9, 3, wishes=crowd), ["too_many_apart"]),
        (asked(6, 3, wishes=[together("p0", "p1")], locked={"p0": 0, "p1": 1}), ["locked_apart"]),
        (asked(6, 3, wishes=[apart("p0", "p1")], locked={"p0": 0, "p1": 0}), ["locked_together"]),
        (asked(6, 3, locked={"p0": 0, "p1": 0, "p2": 0}), ["locked_too_many"]),
    ]
    assert [[fault.code for fault in find_faults(problem)] for problem, _codes in cases] == [
        expected for _problem, expected in cases
    ]
    assert [codes(problem) for problem, _codes in cases] == [expected for _problem, expected in cases]


def test_three_pairs_do_not_fit_into_two_teams_of_three() -> None:
    pairs = [together("p0", "p1"), together("p2", "p3"), together("p4", "p5")]
    with pytest.raises(CannotForm) as caught:
        form_teams(asked(6, 2, wishes=pairs))
    (fault,) = caught.value.faults
    assert (fault.code, set(fault.people) <= {f"p{n}" for n in range(6)}) == ("no_arrangement", True)


def test_a_fault_names_the_people_and_the_number() -> None:
    problem = asked(4, 2, wishes=[together("p0", "p1"), together("p1", "p2")])
    assert find_faults(problem) == [Fault(code="group_too_large", people=("p0", "p1", "p2"), count=2)]


def test_a_soft_wish_gives_way_to_a_hard_one() -> None:
    wishes = [Wish(first="p0", second="p1", kind="together"), apart("p0", "p1")]
    formed = form_teams(asked(6, 3, wishes=wishes))
    assert formed.report.broken == (wishes[0],)
