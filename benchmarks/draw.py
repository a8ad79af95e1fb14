"""The draw engine against its floor: simulated competitions, and real championships drawn again.

python -m benchmarks.draw            the quick form, under half a minute on two free cores
python -m benchmarks.draw --full     every row with 6 to 24 seeds, and every preset on the championships

The simulations run side by side, one per core; the CPU figures are those of each draw alone.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from itertools import combinations
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

import numpy as np

from competition.draw.__main__ import main as command_line
from competition.draw.edits import what_if
from competition.draw.engine import plan
from competition.draw.history import after
from competition.draw.judges import allocate_judges
from competition.draw.measures import measure, violates
from competition.draw.model import Options, Problem, Seats, TeamState
from competition.draw.panels import Judge, TableToJudge
from competition.draw.scheduled import scheduled
from core.roles import ROLES

DATA = Path(__file__).parents[2] / "shared" / "data" / "bp_tabs"
ROUNDS = 9


@dataclass(frozen=True)
class Run:
    """The figures of one simulated competition."""

    violations: int
    institutions: int
    repeats_4: int
    repeats_9: int
    spread_ratio: float
    widest: float
    widest_4: float
    widest_last: float
    most_pulled_up: int
    cpu: float
    slowest: float


def field(n: int, rng: np.random.Generator) -> tuple[TeamState, ...]:
    """n teams of institutions with one to three teams."""
    teams: list[TeamState] = []
    institution = 0
    while len(teams) < n:
        for _ in range(min(int(rng.integers(1, 4)), n - len(teams))):
            teams.append(TeamState(id=f"T{len(teams)}", institution=f"I{institution}"))
        institution += 1
    return tuple(teams)


def results(tables: list[Seats], strength: dict[str, float], rng: np.random.Generator) -> dict[str, int]:
    """3, 2, 1, 0 points a table, by strength plus noise of one standard deviation."""
    points: dict[str, int] = {}
    for seats in tables:
        names = sorted(
            (name for name in seats.values() if name), key=lambda name: strength[name] + rng.normal()
        )
        points |= {name: place + 4 - len(names) for place, name in enumerate(names)}
    return points


def simulate(n: int, preset: Any, seed: int, rounds: int = ROUNDS) -> Run:
    """One competition: round 1 random, the others power-paired."""
    rng = np.random.default_rng([seed, n])
    teams = field(n, rng)
    strength = {team.id: float(rng.normal()) for team in teams}
    problem = Problem(
        role_policy="rotating", method="random", teams=teams, seed=seed, rounds=rounds, preset=preset
    )
    met: Counter[tuple[str, str]] = Counter()
    ever: set[str] = set()
    repeats, reports = [], []
    for number in range(1, rounds + 1):
        problem = replace(problem, round=number, method="random" if number == 1 else "power_paired")
        drawn = plan(problem)
        tables = [table.seats for table in drawn.tables]
        met.update(pair for table in drawn.tables for pair in combinations(sorted(table.teams), 2))
        repeats.append(sum(times > 1 for times in met.values()))
        reports.append(drawn.report)
        problem = after(problem, tables, results(tables, strength, rng))
        ever |= {team.id for team in problem.teams if violates(team)}
    return Run(
        violations=len(ever),
        institutions=sum(report.institution_meetings for report in reports),
        repeats_4=repeats[3],
        repeats_9=repeats[-1],
        spread_ratio=float(
            sum(r.spread for r in reports) / max(1, sum(r.lower_bounds.spread for r in reports))
        ),
        widest=float(max(r.widest for r in reports)),
        widest_4=float(max(r.widest for r in reports[:4])),
        widest_last=float(max(r.widest for r in reports[-2:])),
        most_pulled_up=max(team.pull_ups for team in problem.teams),
        cpu=mean(r.cpu_seconds for r in reports),
        slowest=max(r.cpu_seconds for r in reports),
    )


@dataclass(frozen=True)
class Replay:
    """A championship drawn again round by round from its real history: sums over the rounds, real against ours."""

    name: str
    teams: int
    rounds: int
    real: dict[str, float]
    ours: dict[str, float]
    cpu: float


POSITIONS = dict(zip(("OG", "OO", "CG", "CO"), ROLES, strict=True))
MEASURES = ("role_violations", "repeat_meetings", "institution_meetings", "spread", "widest", "pull_ups")


def institution_of(name: str) -> str:
    """The institution a published team name begins with: without its last word where that only tells teams apart."""
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 1 and len(words[-1]) <= 2 else name


def rounds_of(folder: Path) -> tuple[Problem, list[list[Seats]], list[dict[str, int]]]:
    """The teams of a championship, the seats of its rounds and the points each round gave."""
    with (folder / "teams.csv").open(encoding="utf-8") as file:
        teams = tuple(
            TeamState(id=row["team_id"], institution=row["institution"] or institution_of(row["team_name"]))
            for row in csv.DictReader(file)
        )
    with (folder / "round_weights.csv").open(encoding="utf-8") as file:
        weights = {row["round"]: int(row["weight"]) for row in csv.DictReader(file)}
    seats: dict[str, dict[str, dict[Any, str | None]]] = {}
    points: dict[str, dict[str, int]] = {}
    with (folder / "results_prelim.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            room = seats.setdefault(row["round"], {}).setdefault(row["room"], dict.fromkeys(ROLES))
            room[POSITIONS[row["position"]]] = row["team_id"]
            points.setdefault(row["round"], {})[row["team_id"]] = weights[row["round"]] * int(row["points"])
    order = sorted(seats, key=int)
    problem = Problem(role_policy="rotating", method="power_paired", teams=teams, seed=7, rounds=len(order))
    return problem, [list(seats[number].values()) for number in order], [points[number] for number in order]


def replay(folder: Path, preset: Any) -> Replay:
    """Every round drawn from the real history before it, over the teams that really sat in it."""
    problem, rounds, gained = rounds_of(folder)
    real, ours = Counter[str](), Counter[str]()
    cpu = []
    for number, (tables, points) in enumerate(zip(rounds, gained, strict=True), 1):
        present = {name for table in tables for name in table.values()}
        teams = tuple(
            replace(team, met={n: k for n, k in team.met.items() if n in present})
            for team in problem.teams
            if team.id in present
        )
        method: Any = "random" if number == 1 else "power_paired"
        current = replace(problem, teams=teams, round=number, preset=preset, method=method)
        drawn = plan(current).report
        was = measure(current, tables)
        for name in MEASURES:
            real[name] += getattr(was, name)
            ours[name] += getattr(drawn, name)
        cpu.append(drawn.cpu_seconds)
        problem = after(problem, tables, points)
    return Replay(folder.name, len(problem.teams), len(rounds), dict(real), dict(ours), mean(cpu))


def championships() -> Iterator[Path]:
    """The folders of real tabs beside the checkout; none where the data are absent."""
    yield from sorted(path.parent for path in DATA.glob("*/results_prelim.csv"))


FLOOR = {
    (48, "fair"): "0 | 0 | 0.1, 29 | 3.3 | 15 | 0.6",
    (48, "balanced"): "6 | 0 | 3.5, 98 | 1.54 | 6 | 0.4",
    (88, "fair"): "0 | 0 | 0, 14 | 2.7 | 10 | 0.7",
    (88, "balanced"): "7 | 0 | 1, 45 | 1.8 | 5 | 0.4",
    (200, "fair"): "0 | 0 | 0, 6 | 2.5 | 8 | 0.6",
    (200, "strict"): "- | 1 | -, 28 | 1.00 | - | -",
    (400, "fair"): "0 | 0 | 0, 2.5 | 3.0 | 6 | 0.5",
    (400, "balanced"): "0 | 0 | 0, 13 | 2.6 | 5 | 0.4",
    (400, "strict"): "- | 1 | -, 28 | 1.00 | - | -",
    (2000, "fair"): "0 | 0 | 0, 0 | 4.6 | 4 | 1.0",
}
QUICK = {(48, "fair"): 2, (48, "balanced"): 2, (88, "balanced"): 1, (400, "fair"): 1, (2000, "fair"): 1}
FULL = {row: 24 if row[0] <= 200 else 12 for row in FLOOR} | {(400, "strict"): 6, (2000, "fair"): 6}


def line(n: int, preset: str, runs: list[Run]) -> str:
    """One row of the floor table, measured."""

    def of(name: str) -> float:
        return mean(getattr(run, name) for run in runs)

    return (
        f"{n:5} {preset:9} {len(runs):2}  {of('violations'):5.1f} {of('institutions'):5.1f} "
        f"{of('repeats_4'):6.1f} {of('repeats_9'):6.1f}  {of('spread_ratio'):5.2f}  "
        f"{of('widest_4'):4.1f} {of('widest'):4.1f} {max(run.widest for run in runs):4.0f}  "
        f"{of('cpu'):5.2f} {max(run.slowest for run in runs):5.2f}   {FLOOR[n, preset]}"
    )


def judged(tables: int, count: int, rounds: int) -> tuple[float, int, int]:
    """Judges allocated round by round to drawn tables: CPU seconds of the slowest round, conflicts, and teams
    seen again.
    """
    rng = np.random.default_rng(3)
    panel = [
        Judge(
            id=f"J{i}",
            strength=float(rng.normal()),
            institution=f"I{rng.integers(2 * tables)}",
            conflicts=frozenset({f"T{rng.integers(4 * tables)}"}),
            is_trainee=i % 11 == 10,
        )
        for i in range(count)
    ]
    slowest, conflicts, repeats = 0.0, 0, 0
    for number in range(rounds):
        names = rng.permutation(4 * tables).reshape(-1, 4)
        board = [
            TableToJudge(table=k, teams={f"T{i}": f"I{i // 2}" for i in row}, importance=tables - k)
            for k, row in enumerate(names.tolist(), 1)
        ]
        started = process_time()
        done = allocate_judges(board, panel, seed=number)
        slowest = max(slowest, process_time() - started)
        conflicts += done.report.conflicts
        repeats += done.report.repeats
        seen = {judge.id: dict(judge.seen) for judge in panel}
        for table, sat in zip(board, done.panels, strict=True):
            for name in (*sat.voting, *sat.trainees):
                seen[name] |= {team: seen[name].get(team, 0) + 1 for team in table.teams}
        panel = [replace(judge, seen=seen[judge.id]) for judge in panel]
    return slowest, conflicts, repeats


def operations() -> Iterator[tuple[str, float, float]]:
    """What a person waits for besides a draw: its name, CPU milliseconds measured, and the most allowed."""
    teams = tuple(TeamState(id=f"T{i}", institution=f"I{i // 3}", points=i % 4) for i in range(2000))
    problem = Problem(role_policy="rotating", method="power_paired", teams=teams, seed=7, rounds=9)
    tables = plan(replace(problem, options=Options(effort=0))).tables
    started = process_time()
    what_if(problem, tables, [((1, ROLES[0]), (500, ROLES[0]))])
    yield "what an exchange changes, 2,000 teams", 1000 * (process_time() - started), 20
    started = process_time()
    scheduled(replace(problem, method="scheduled"), 9)
    yield "nine rounds scheduled, 2,000 teams", 1000 * (process_time() - started), 100
    flood = b'{"teams":[' + b"1," * 10**6 + b"1]}"
    started = process_time()
    answer = command_line(["plan"], BytesIO(flood), StringIO(), StringIO())
    yield f"a million teams refused (exit {answer})", 1000 * (process_time() - started), 1000
    for count, available, rounds, most in ((100, 330, 9, 200), (500, 1650, 1, 5000)):
        slowest, conflicts, repeats = judged(count, available, rounds)
        yield (
            f"{available} judges at {count} tables, slowest of {rounds} rounds: "
            f"{conflicts} conflicts, {repeats} seen again",
            1000 * slowest,
            most,
        )


def main(*, full: bool) -> None:
    """Prints all tables."""
    print("CPU milliseconds of single operations (most allowed)")
    for name, spent, most in operations():
        print(f"{spent:8.1f} ({most:g})  {name}", flush=True)
    print()
    print(
        "Simulated competitions, nine rounds; floor: violations | institutions | repeats R4, R9 | ratio | widest | cpu"
    )
    print("    N preset  seeds viol  inst  rep R4 rep R9  ratio  R4 widest max    cpu   max   floor")
    with ProcessPoolExecutor() as pool:
        rows = {
            row: [pool.submit(simulate, *row, seed) for seed in range(seeds)]
            for row, seeds in (FULL if full else QUICK).items()
        }
        replays = [
            (preset, pool.submit(replay, folder, preset))
            for folder in championships()
            for preset in (("fair", "balanced", "strict") if full else ("fair",))
        ]
        for (n, preset), runs in rows.items():
            print(line(n, preset, [run.result() for run in runs]), flush=True)
        print("\nReal championships drawn again from their real history, sums over the rounds (real -> ours)")
        print("goal of fair: violations at most a quarter, repeats a third, institutions no more")
        if not replays:
            print(f"SKIPPED: no championships at {DATA}")
        for preset, waiting in replays:
            done = waiting.result()
            figures = "  ".join(f"{name} {done.real[name]:g} -> {done.ours[name]:g}" for name in MEASURES)
            print(
                f"{done.name} ({done.teams} teams, {done.rounds} rounds) {preset:9} {figures}  cpu {done.cpu:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="more seeds, every row")
    main(full=parser.parse_args().full)
