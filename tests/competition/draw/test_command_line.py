"""The command line: JSON in, JSON out, one clear line and exit 2 for a bad problem."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.competition.draw.builders import problem, team

ROOT = Path(__file__).parents[3]


def run(command: str, text: str | bytes) -> tuple[int, str, str]:
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(
        [sys.executable, "-m", "competition.draw", command],
        input=data,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def answers_in_process(text: bytes) -> tuple[int, str, str]:
    """The same entry without a new process (for the many bad problems)."""
    from io import BytesIO, StringIO

    from competition.draw.__main__ import main

    out, err = StringIO(), StringIO()
    return main(["plan"], BytesIO(text), out, err), out.getvalue(), err.getvalue()


def test_plan_answers_with_every_key_of_the_contract() -> None:
    code, out, err = run("plan", json.dumps(problem(16)))
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert [table["table"] for table in answer["tables"]] == [1, 2, 3, 4]
    assert list(answer["tables"][0]["seats"]) == ["government", "enterprise", "local_ngo", "igo"]
    figures = ["repeat_meetings", "institution_meetings", "role_violations", "spread", "widest", "pull_ups"]
    figures.append("most_pulled_up")
    assert list(answer) == ["tables", "report"]
    assert list(answer["tables"][0]) == ["table", "bracket", "seats"]
    assert list(answer["report"]["lower_bounds"]) == figures
    rest = ["lower_bounds", "proved_optimal", "seed", "engine", "cpu_seconds"]
    assert list(answer["report"]) == [*figures, *rest]
    assert (answer["report"]["seed"], answer["report"]["engine"]) == (7, "parley/4")


def test_the_same_seed_gives_the_same_tables_in_two_processes() -> None:
    text = json.dumps(problem(30, method="power_paired"))
    first, second = (json.loads(run("plan", text)[1])["tables"] for _ in range(2))
    assert first == second


def test_schedule_answers_with_all_rounds_and_plan_with_one_of_them() -> None:
    code, out, _ = run("schedule", json.dumps(problem(20, method="scheduled")))
    rounds = json.loads(out)["rounds"]
    third = json.loads(run("plan", json.dumps(problem(20, method="scheduled", round=3)))[1])
    assert (code, len(rounds)) == (0, 4)
    assert third["tables"] == rounds[2]["tables"]


def test_points_may_be_fractions_and_stay_exact() -> None:
    teams = [team(i, points=p, institution=None) for i, p in enumerate([0.1, 0.2, 0.3, 0.4])]
    _, out, _ = answers_in_process(json.dumps(problem(method="power_paired", teams=teams)).encode())
    assert json.loads(out)["report"]["spread"] == 0.3


def test_a_plan_of_wide_tables_in_the_last_round_warns_on_standard_error() -> None:
    teams = [team(i, points=9 if i == 0 else 0, institution=None) for i in range(8)]
    text = json.dumps(problem(teams, method="power_paired", round=4, rounds=4)).encode()
    code, out, err = answers_in_process(text)
    assert (code, err) == (0, "warning: Tables more than 4 points wide: 1\n")
    assert json.loads(out)["report"]["widest"] == 9


def test_ids_in_any_script_are_written_whatever_the_machine_speaks() -> None:
    text = json.dumps(problem([team(i) | {"id": f"队{i}"} for i in range(4)]))
    done = subprocess.run(
        [sys.executable, "-m", "competition.draw", "plan"],
        input=text.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    (table,) = json.loads(done.stdout)["tables"]
    assert sorted(table["seats"].values()) == ["队0", "队1", "队2", "队3"]


BAD = {
    "an unknown key": (lambda p: p | {"colour": 1}, "the problem has an unknown key 'colour'"),
    "a missing key": (
        lambda p: {k: v for k, v in p.items() if k != "seed"},
        "the problem lacks the key 'seed'",
    ),
    "three teams": (
        lambda p: p | {"teams": p["teams"][:3]},
        "there are 3 teams; a draw needs between 4 and 5000",
    ),
    "two of one id": (lambda p: p | {"teams": [*p["teams"], p["teams"][0]]}, "two teams have the id 'T0'"),
    "a word for a seed": (lambda p: p | {"seed": "7"}, "seed must be a whole number, not a text"),
    "another format": (lambda p: p | {"format": 2}, "format must be 1"),
    "true for a format": (
        lambda p: p | {"format": True},
        "format must be a whole number, not true or false",
    ),
    "another method": (
        lambda p: p | {"method": "lots"},
        "method must be one of random, scheduled, power_paired, not 'lots'",
    ),
    "a round too many": (lambda p: p | {"round": 9}, "round 9 lies outside the 4 rounds"),
    "a role missing in a fixed edition": (
        lambda p: p | {"role_policy": "fixed"},
        "team 'T0' has no role, but every team keeps one in a fixed edition",
    ),
    "an unknown option": (lambda p: p | {"options": {"speed": 9}}, "options has an unknown key 'speed'"),
    "a list": (lambda p: [p], "the problem must be an object, not a list"),
    "teams that are no list": (lambda p: p | {"teams": {}}, "teams must be a list, not an object"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_problem_is_refused_in_one_clear_line(fault: str) -> None:
    spoil, line = BAD[fault]
    assert answers_in_process(json.dumps(spoil(problem())).encode()) == (2, "", line + "\n")


BAD_TEAMS = {
    "an unknown opponent": ({"met": {"T99": 1}}, "team 'T0' has met an unknown team 'T99'"),
    "itself as an opponent": ({"met": {"T0": 1}}, "team 'T0' has met itself"),
    "negative points": ({"points": -1}, "points of team 'T0' must lie between 0 and 1000000000"),
    "points that are no number": ({"points": "7"}, "points of team 'T0' must be a number, not a text"),
    "points beyond all bounds": ({"points": 10**400}, None),
    "no id": ({"id": ""}, "the id of team number 1 must not be empty"),
    "half a character for an id": ({"id": "\ud800"}, "the id of team number 1 holds half a character"),
    "a negative count": ({"pull_ups": -1}, "pull_ups of team 'T0' must lie between 0 and 1000000000"),
    "an unknown role": (
        {"role": "press"},
        "the role of team 'T0' must be one of government, enterprise, local_ngo, igo, not 'press'",
    ),
    "a role that nobody has": ({"roles": {"press": 1}}, "roles of team 'T0' has an unknown key 'press'"),
    "an unknown key": ({"captain": "A"}, "team number 1 has an unknown key 'captain'"),
    "true for a count": (
        {"vacancies": True},
        "vacancies of team 'T0' must be a whole number, not true or false",
    ),
}


@pytest.mark.parametrize("fault", BAD_TEAMS)
def test_a_bad_team_is_refused_in_one_clear_line(fault: str) -> None:
    changes, line = BAD_TEAMS[fault]
    bad = problem()
    bad["teams"][0] |= changes
    code, out, err = answers_in_process(json.dumps(bad).encode())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert line is None or err == line + "\n"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no json",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b'{"points": 1e999999999999}',
        b"1" * 10_000,
    ],
)
def test_what_is_not_json_is_refused_in_one_line(text: bytes) -> None:
    code, out, err = answers_in_process(text)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_a_million_teams_are_refused_before_any_is_looked_at() -> None:
    few = (
        b'{"role_policy":"rotating","method":"random","preset":"fair","seed":1,"round":1,"teams":['
        + b"1," * 10**6
    )
    assert answers_in_process(few + b"1]}") == (
        2,
        "",
        "teams has 1000001 elements, at most 5000 are accepted\n",
    )
    many = answers_in_process(b'[{"id": "a team with a name of some length"},' * 10**6)
    assert many == (2, "", "the problem is larger than 32 MB: too many teams\n")


def test_a_command_that_does_not_exist_is_refused() -> None:
    assert run("draw", "{}")[0] == 2
