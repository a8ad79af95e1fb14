"""Portraits of judges, and whether a case was fair to the four roles."""

from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.roles import Role
from judging.scoring.judges import judge_portraits
from judging.scoring.ratings import Rating, ratings_from
from judging.scoring.reliability import STATISTICS, reliability, reliability_by
from judging.scoring.role_fairness import RoleResult, role_fairness, standardised_within_role


def marked(seed=0, flat_judge=None, favours=None):
    """Eight teams, four judges, three criteria, everybody marks everybody in two rounds."""
    generator = np.random.default_rng(seed)
    level, harder = generator.normal(size=8) * 3, [0, 0, 2, -2]
    rows = []
    for occasion in (1, 2):
        for target in range(8):
            for judge in range(4):
                for criterion in "abc":
                    noise = 0 if judge == flat_judge else generator.normal()
                    gift = 3 if favours == (judge, target) else 0
                    mark = round(70 + level[target] - harder[judge] + noise + gift, 3)
                    rows.append(
                        Rating(target=target, judge=judge, criterion=criterion, occasion=occasion, mark=mark)
                    )
    return ratings_from(rows)


def test_portraits_tell_the_hard_from_the_lenient():
    portraits = judge_portraits(marked())
    assert [round(each.severity) for each in portraits] == [0, 0, 2, -2]
    assert all(each.agreement > 0.8 for each in portraits)
    assert all(0.8 < each.spread < 1.2 for each in portraits)
    assert [each.sheets for each in portraits] == [16, 16, 16, 16]


def test_identical_marks_on_every_criterion_are_flagged_as_halo():
    portraits = judge_portraits(marked(flat_judge=1))
    assert [each.identical_sheets for each in portraits] == [0, 16, 0, 0]
    assert portraits[1].halo == pytest.approx(1)
    assert portraits[0].halo < 0.5


def test_the_same_marks_for_everybody_are_counted_by_occasion():
    marks = {"A": (70, 71), "B": (70, 71), "C": (70, 72)}
    rows = [
        Rating(target=target, judge=judge, occasion=occasion, mark=float(mark + (judge == "K") * len(target)))
        for target, given_marks in marks.items()
        for occasion, mark in enumerate(given_marks)
        for judge in "JK"
    ]
    alone = Rating(target="A", judge="L", occasion=0, mark=70.0)
    portraits = judge_portraits(ratings_from([*rows, alone]))
    assert [(each.judge, each.level_occasions) for each in portraits] == [("J", 1), ("K", 1), ("L", 0)]


def test_marks_for_rivals_of_ones_own_institution_stand_against_the_others():
    rivals = {0: {5, 6}, 1: {5}, 2: {5}}
    portraits = judge_portraits(marked(favours=(0, 5)), rivals)
    assert portraits[0].rivals.difference > 0.5
    assert portraits[0].rivals.n == 4
    assert portraits[1].rivals.difference < 0
    assert portraits[3].rivals is None


def test_a_judge_who_favours_nobody_is_not_notable():
    rivals = {judge: {judge, judge + 1, judge + 2} for judge in range(4)}
    assert [each.rivals.is_notable for each in judge_portraits(marked(seed=2), rivals)] == [False] * 4


def test_one_lonely_judge_has_a_portrait_without_comparisons():
    (portrait,) = judge_portraits(ratings_from([Rating(target="A", judge="J", mark=70.0)]))
    assert (portrait.agreement, portrait.halo, portrait.spread, portrait.rivals) == (None, None, None, None)


def test_reliability_by_round_and_by_criterion():
    ratings = marked()
    by_round = reliability_by(ratings, "occasion")
    by_criterion = reliability_by(ratings, "criterion")
    assert list(by_round) == [1, 2]
    assert list(by_criterion) == ["a", "b", "c"]
    assert all(set(found) == set(STATISTICS) and None not in found.values() for found in by_round.values())
    assert all(found["icc_3_1"] > found["icc_2_1"] > 0.3 for found in by_criterion.values())


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_marks_changes_no_portrait_and_no_reliability(random):
    generator = np.random.default_rng(3)
    rows = [
        Rating(target=target, judge=judge, criterion=criterion, mark=float(generator.integers(60, 80)))
        for target in range(5)
        for judge in range(3)
        for criterion in "ab"
    ]
    shuffled = ratings_from(random.sample(rows, len(rows)))
    assert judge_portraits(shuffled) == judge_portraits(ratings_from(rows))
    assert reliability(shuffled) == reliability(ratings_from(rows))


def rotating(advantage, seed=0, teams=24):
    generator = np.random.default_rng(seed)
    return [
        RoleResult(
            team=team,
            role=role,
            value=D(f"{70 + team / 4 + advantage.get(role, 0) + generator.normal():.3f}"),
        )
        for team in range(teams)
        for role in Role
    ]


def test_an_easy_role_is_found_and_named():
    found = role_fairness(rotating({Role.IGO: 2}))
    assert max(found.effects, key=lambda each: each.effect).role == Role.IGO
    assert found.effects[3].is_clear
    assert found.effects[3].low < 1.5 < found.effects[3].high
    assert found.text.startswith("It was easier for the IGO, by about 1.")
    assert sum(each.effect for each in found.effects) == pytest.approx(0)


def test_a_hard_role_is_called_hard():
    assert role_fairness(rotating({Role.GOVERNMENT: -3})).text.startswith(
        "It was harder for the government, by about "
    )


def test_a_fair_case_is_called_fair():
    found = role_fairness(rotating({}, seed=3))
    assert found.p_value > 0.05
    assert found.text.startswith("No role was clearly easier or harder: the largest difference, 0.")


def test_chance_alone_calls_a_fair_case_unfair_one_time_in_twenty():
    alarms = [role_fairness(rotating({}, seed=seed, teams=8)).p_value < 0.05 for seed in range(200)]
    assert 0.01 <= np.mean(alarms) <= 0.10


def test_with_fixed_roles_the_teams_are_the_units():
    results = [
        RoleResult(team=f"{role}{team}", role=role, value=D(70 + team))
        for role in Role
        for team in range(5)
        for _ in range(3)
    ]
    found = role_fairness(results)
    assert [each.n for each in found.effects] == [5, 5, 5, 5]
    assert [round(each.effect, 9) for each in found.effects] == [0, 0, 0, 0]
    assert found.p_value == pytest.approx(1)
    assert (
        found.caution == "Every team kept one role, so good teams in a role cannot be told from an easy role."
    )


def test_teams_that_changed_roles_are_compared_with_themselves():
    assert role_fairness(rotating({})).is_within_teams
    assert role_fairness(rotating({})).caution == ""


@pytest.mark.parametrize(
    ("gift", "start"), [(0, "No role was clearly easier"), (2, "It was easier for the IGO, by about 1.50")]
)
def test_results_without_any_chance_in_them(gift, start):
    results = [
        RoleResult(team=team, role=role, value=D(70 + team + (gift if role == Role.IGO else 0)))
        for team in range(4)
        for role in Role
    ]
    assert role_fairness(results).text.startswith(start)


@pytest.mark.parametrize("results", [[], rotating({})[:1], rotating({})[:4]])
def test_too_few_results_give_no_answer(results):
    assert role_fairness(results).text == "There are too few results to compare the roles."


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 100)), min_size=1, max_size=20))
def test_standardising_gives_every_role_the_same_mean(pairs):
    results = [
        RoleResult(team=number, role=role, value=D(value)) for number, (role, value) in enumerate(pairs)
    ]
    standard = standardised_within_role(results)
    overall = sum(value for _, value in pairs) / D(len(pairs))
    for role in Role:
        own = [value for (each, _), value in zip(pairs, standard, strict=True) if each == role]
        if own:
            assert abs(sum(own) / len(own) - overall) < D("0.00001")
