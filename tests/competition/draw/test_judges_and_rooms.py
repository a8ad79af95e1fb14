"""Judges and rooms: nobody in conflict, gaps filled, strength where it matters."""

from dataclasses import replace

import numpy as np
import pytest

from competition.draw.judges import allocate_judges, place_units
from competition.draw.model import BadProblem
from competition.draw.panels import Allocation, Judge, Panel, TableToJudge
from competition.draw.rooms import Room, TableToHouse, allocate_rooms


def tables(count: int, rng: np.random.Generator, *, level: bool = False) -> list[TableToJudge]:
    names = (
        rng.permutation(4 * count)
        if not level
        else np.stack([4 * rng.permutation(count) + r for r in range(4)], 1).ravel()
    )
    return [
        TableToJudge(
            table=k + 1,
            teams={f"T{i}": f"I{i // 2}" for i in names[4 * k : 4 * k + 4]},
            importance=0 if level else count - k,
        )
        for k in range(count)
    ]


def judges(count: int, rng: np.random.Generator, homes: int) -> list[Judge]:
    return [
        Judge(
            id=f"J{i}",
            strength=float(rng.normal()),
            institution=f"I{rng.integers(homes)}",
            conflicts=frozenset({f"T{rng.integers(2 * homes)}"}),
            is_trainee=i % 11 == 10,
        )
        for i in range(count)
    ]


def seen_after(panel: list[Judge], board: list[TableToJudge], done: Allocation) -> list[Judge]:
    seen = {judge.id: dict(judge.seen) for judge in panel}
    for table, sat in zip(board, done.panels, strict=True):
        for name in (*sat.voting, *sat.trainees):
            seen[name] |= {team: seen[name].get(team, 0) + 1 for team in table.teams}
    return [replace(judge, seen=seen[judge.id]) for judge in panel]


def test_nine_rounds_of_a_hundred_tables_have_no_conflict_and_no_repeat() -> None:
    rng = np.random.default_rng(3)
    panel = judges(330, rng, 200)
    for number in range(9):
        board = tables(100, rng)
        done = allocate_judges(board, panel, seed=number)
        report = done.report
        assert (report.conflicts, report.repeats, report.institution_meetings, report.empty_seats) == (
            0,
            0,
            0,
            0,
        )
        assert all(each.chair is not None and len(each.panellists) == 2 for each in done.panels)
        panel = seen_after(panel, board, done)


def test_strength_follows_importance() -> None:
    rng = np.random.default_rng(4)
    panel = judges(70, rng, 40)
    done = allocate_judges(tables(20, rng), panel)
    strength = {judge.id: judge.strength for judge in panel}
    sums = [sum(strength[name] for name in each.voting) for each in done.panels]
    assert np.corrcoef(sums, range(20))[0, 1] < -0.9


def test_tables_of_one_importance_get_panels_of_one_strength() -> None:
    rng = np.random.default_rng(5)
    panel = [Judge(id=f"J{i}", strength=float(i % 7)) for i in range(63)]
    done = allocate_judges([replace(each, importance=1) for each in tables(21, rng)], panel)
    sums = [sum(int(name[1:]) % 7 for name in each.voting) for each in done.panels]
    assert max(sums) - min(sums) <= 3


def test_a_fixed_edition_is_connected_by_its_second_round() -> None:
    rng = np.random.default_rng(6)
    roles = [frozenset(f"T{i}" for i in range(r, 80, 4)) for r in range(4)]
    panel = judges(64, rng, 40)
    connected = []
    for number in range(2):
        board = tables(20, rng, level=True)
        done = allocate_judges(board, panel, seed=number, connect=roles)
        connected.append(done.report.is_connected)
        panel = seen_after(panel, board, done)
    assert connected == [False, True]


@pytest.mark.parametrize(("count", "size"), [(2, 2), (2, 3), (3, 2), (4, 3), (10, 2)])
def test_even_a_small_fixed_edition_is_connected_by_its_second_round(count: int, size: int) -> None:
    rng = np.random.default_rng([count, size])
    roles = [frozenset(f"T{i}" for i in range(r, 4 * count, 4)) for r in range(4)]
    panel = [Judge(id=f"J{i}") for i in range(size * count)]
    for number in range(2):
        board = tables(count, rng, level=True)
        done = allocate_judges(board, panel, seed=number, size=size, connect=roles)
        panel = seen_after(panel, board, done)
    assert done.report.is_connected
    assert len({name for each in done.panels for name in each.voting}) == size * count


def test_the_report_names_the_judges_who_mark_a_rival_of_their_institution() -> None:
    board = [
        TableToJudge(table=1, teams={"T1": "A", "T2": "B"}),
        TableToJudge(table=2, teams={"T3": "C", "T4": "D"}),
    ]
    panel = [Judge(id="J1", institution="A"), Judge(id="J2", institution="C")]
    brackets = [frozenset({"T1", "T3"}), frozenset({"T2", "T4"})]
    done = allocate_judges(board, panel, size=1, connect=brackets)
    assert [each.chair for each in done.panels] == ["J2", "J1"]
    assert done.report.rivals == (("J2", 1, "T1"), ("J1", 2, "T3"))


def test_given_choices_stay_and_only_gaps_are_filled() -> None:
    rng = np.random.default_rng(7)
    board = tables(4, rng)
    panel = [Judge(id=f"J{i}", strength=i) for i in range(12)]
    kept = [Panel(table=2, chair="J3", panellists=("J7",)), Panel(table=4, panellists=("J1",))]
    done = allocate_judges(board, panel, kept=kept)
    assert (done.panels[1].chair, done.panels[1].panellists[0], done.panels[3].panellists[0]) == (
        "J3",
        "J7",
        "J1",
    )
    assert sorted(name for each in done.panels for name in each.voting) == sorted(each.id for each in panel)


def test_a_kept_judge_must_exist_and_sit_once() -> None:
    board = tables(2, np.random.default_rng(8))
    with pytest.raises(BadProblem, match="judge 'X' cannot be kept at table 1"):
        allocate_judges(board, [Judge(id="J1")], kept=[Panel(table=1, chair="X")])
    with pytest.raises(BadProblem, match="two judges have the same id"):
        allocate_judges(board, [Judge(id="J1"), Judge(id="J1")])


def test_a_conflict_is_never_seated_even_when_seats_stay_empty() -> None:
    board = [TableToJudge(table=1, teams={"T1": "A", "T2": None}, language="zh")]
    panel = [
        Judge(id="own", institution="A"),
        Judge(id="declared", conflicts=frozenset({"T2"})),
        Judge(id="former", conflict_institutions=frozenset({"A"})),
        Judge(id="english", languages=frozenset({"en"})),
        Judge(id="absent", is_available=False),
        Judge(id="learner", is_trainee=True),
        Judge(id="good", languages=frozenset({"zh"}), may_chair=False),
    ]
    done = allocate_judges(board, panel)
    assert done.panels == (Panel(table=1, chair=None, panellists=("good",), trainees=("learner",)),)
    assert (done.report.conflicts, done.report.empty_seats) == (0, 2)


def test_rooms_fit_their_tables_and_people_stay_put() -> None:
    rooms = [
        Room(id="small", capacity=4, site="north"),
        Room(id="steps", capacity=40, site="north", quality=9),
        Room(id="ramp", capacity=20, site="south", is_step_free=True),
    ]
    people = [
        TableToHouse(table=1, size=10, people={"T1": "steps", "T2": "steps"}),
        TableToHouse(table=2, size=10, needs_step_free=True),
    ]
    drawn = allocate_rooms([*people, TableToHouse(table=3, size=5)], rooms)
    assert dict(drawn.rooms) == {1: "steps", 2: "ramp", 3: None}
    assert (drawn.moves, drawn.site_changes) == (0, 0)


def test_the_better_room_goes_to_the_table_that_matters() -> None:
    rooms = [Room(id="plain", capacity=9, quality=1), Room(id="hall", capacity=9, quality=5)]
    drawn = allocate_rooms([TableToHouse(table=1, importance=1), TableToHouse(table=2, importance=7)], rooms)
    assert dict(drawn.rooms) == {1: "plain", 2: "hall"}


def test_a_kept_room_stays_and_the_site_is_respected() -> None:
    rooms = [Room(id="a", site="north"), Room(id="b", site="south")]
    drawn = allocate_rooms([TableToHouse(table=1), TableToHouse(table=2, site="south")], rooms, kept={1: "b"})
    assert dict(drawn.rooms) == {1: "b", 2: None}
    with pytest.raises(BadProblem, match="room 'c' cannot be kept for table 1"):
        allocate_rooms([TableToHouse(table=1)], rooms, kept={1: "c"})


def units(*names: str) -> list[Panel]:
    """Preformed panels: `"A B"` has A in the chair and B beside them."""
    return [Panel(table=0, chair=name.split()[0], panellists=tuple(name.split()[1:])) for name in names]


def test_a_formed_panel_sits_as_a_whole_where_none_of_its_judges_is_barred() -> None:
    board = [TableToJudge(table=k, teams={f"T{k}": f"I{k}"}) for k in (1, 2, 3)]
    people = [
        Judge(id="A", institution="I1"),
        Judge(id="B", institution="I2"),
        Judge(id="C"),
        Judge(id="D", seen={"T1": 1}),
    ]
    placed = place_units(board, people, units("A B", "C D"))
    assert {(panel.table, panel.voting, panel.is_whole) for panel in placed} == {
        (3, ("A", "B"), True),
        (2, ("C", "D"), True),
    }


def test_a_formed_panel_that_is_barred_everywhere_or_has_no_table_left_waits() -> None:
    board = [TableToJudge(table=1, teams={"T1": "I1"})]
    people = [Judge(id="A", institution="I1"), Judge(id="B"), Judge(id="C"), Judge(id="D")]
    assert place_units(board, people, units("A B")) == ()
    assert len(place_units(board, people, units("B", "C", "D"))) == 1
    assert place_units((), people, units("B")) == place_units(board, people, []) == ()


def test_the_stronger_formed_panel_sits_where_it_matters_more() -> None:
    board = [TableToJudge(table=k, teams={f"T{k}": None}, importance=k) for k in (1, 2, 3)]
    people = [Judge(id=name, strength=strength) for name, strength in (("A", 9), ("B", 2), ("C", 5))]
    placed = place_units(board, people, units("A", "B", "C"))
    assert {panel.table: panel.chair for panel in placed} == {1: "B", 2: "C", 3: "A"}


def test_a_panel_that_is_whole_gets_nobody_else() -> None:
    board = [TableToJudge(table=k, teams={f"T{k}": None}) for k in (1, 2)]
    people = [Judge(id=name) for name in "ABCDEF"]
    done = allocate_judges(board, people, kept=[Panel(table=1, chair="A", is_whole=True)])
    first, second = done.panels
    assert (first, len(second.voting)) == (Panel(table=1, chair="A", is_whole=True), 3)
    assert done.report.empty_seats == 0


def test_each_panel_has_a_judge_for_each_of_its_languages_where_that_can_be() -> None:
    board = [
        TableToJudge(table=k, teams={f"T{k}": None}, languages=frozenset({"en", "zh"})) for k in range(1, 5)
    ]
    english = [Judge(id=f"E{i}", strength=9, languages=frozenset({"en"})) for i in range(4)]
    chinese = [Judge(id=f"C{i}", strength=1, languages=frozenset({"zh"})) for i in range(4)]
    for seed in range(5):
        done = allocate_judges(board, [*english, *chinese], size=2, seed=seed)
        assert done.report.unspoken == ()
        assert (done.report.empty_seats, done.report.conflicts) == (0, 0)


def test_a_judge_who_speaks_both_languages_goes_where_one_would_be_missing() -> None:
    board = [TableToJudge(table=k, teams={f"T{k}": None}, languages=frozenset({"en", "zh"})) for k in (1, 2)]
    people = [
        Judge(id="both", strength=5, languages=frozenset({"en", "zh"})),
        Judge(id="silent", strength=5),
        Judge(id="E1", strength=5, languages=frozenset({"en"})),
        Judge(id="E2", strength=5, languages=frozenset({"en"})),
    ]
    for seed in range(5):
        done = allocate_judges(board, people, size=2, seed=seed)
        assert done.report.unspoken == ()
        assert {len({"both", "silent"} & set(panel.voting)) for panel in done.panels} == {1}


def test_a_language_that_nobody_speaks_is_said_and_fills_the_panel_all_the_same() -> None:
    board = [TableToJudge(table=1, teams={"T1": None}, languages=frozenset({"en", "zh"}))]
    people = [Judge(id=f"E{i}", languages=frozenset({"en"})) for i in range(3)]
    done = allocate_judges(board, people)
    assert (done.report.unspoken, done.report.empty_seats) == (((1, "zh"),), 0)


@pytest.mark.parametrize(
    ("languages", "left_out"),
    [(frozenset({"en", "zh"}), "C D"), (frozenset({"en"}), "E F"), (frozenset(), "E F")],
    ids=["two languages", "the one that all speak", "none named"],
)
def test_of_more_formed_panels_than_tables_those_that_lack_a_language_wait(
    languages: frozenset[str], left_out: str
) -> None:
    board = [TableToJudge(table=k, teams={f"T{k}": None}, languages=languages) for k in (1, 2)]
    english, both = frozenset({"en"}), frozenset({"en", "zh"})
    people = [
        Judge(id="A", strength=5, languages=english),
        Judge(id="B", strength=5, languages=both),
        Judge(id="C", strength=5, languages=english),
        Judge(id="D", strength=5, languages=english),
        Judge(id="E", strength=5, languages=both, seen={"T1": 1, "T2": 1}),
        Judge(id="F", strength=5, languages=english),
    ]
    placed = place_units(board, people, units("A B", "C D", "E F"))
    seated = {" ".join(panel.voting) for panel in placed}
    assert {"A B", "C D", "E F"} - seated == {left_out}
