"""The scoring engine: what the severity adjustment gains in simulated editions, and the CPU it takes.

python -m benchmarks.scoring            the quick form, ten editions a scenario
python -m benchmarks.scoring --full     four hundred editions a scenario, and a million marks

"Best" is what nobody could beat without being told the levels: generalised least squares with the true variances of
teams, days and sheets, judges fixed. It is given where every judge and every team is in one comparison.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # matrices of this size: more threads only wait for each other

import numpy as np
from scipy.stats import kendalltau

from judging.scoring.ratings import Ratings, ratings_from_columns
from judging.scoring.reliability import reliability
from judging.scoring.severity import estimate_severity

Simulated = tuple[Ratings, Any]
DAY, SHEET = 0.5, 0.7


def fixed_edition(
    generator: np.random.Generator,
    *,
    per_role: int = 17,
    rounds: int = 3,
    panel: int = 2,
    severity: float = 1.0,
    by_role: float = 0.0,
    missing: float = 0.0,
    ceiling: float | None = None,
    stays: bool = False,
    harsh_on_top: bool = False,
    overall: bool = False,
    day: float = DAY,
    sheet: float = SHEET,
) -> Simulated:
    """One edition in which every table has a team of each role; the unit is the teams' standard deviation.

    A team's day varies by `day`, a sheet by `sheet`. `harsh_on_top` seats teams by rank within their role and the
    hardest judges at the first tables; `ceiling` cuts marks off above it; `overall` ranks all teams together.
    """
    level = generator.normal(size=(4, per_role))
    harder = generator.normal(size=per_role * panel) * severity
    by_role_harder = generator.normal(size=(per_role * panel, 4)) * by_role
    panels = generator.permutation(per_role * panel).reshape(per_role, panel)
    so_far = np.zeros((4, per_role))
    rows: list[tuple[int, int, int, float]] = []
    for number in range(rounds):
        if harsh_on_top:
            panels = np.argsort(-harder).reshape(per_role, panel)
        elif not stays:
            panels = generator.permutation(per_role * panel).reshape(per_role, panel)
        for role in range(4):
            order = generator.permutation(per_role)
            if harsh_on_top and number:
                order = order[np.argsort(-so_far[role, order], kind="stable")]
            for table, team in enumerate(order):
                form = level[role, team] + generator.normal() * day
                for judge in panels[table]:
                    mark = form - harder[judge] - by_role_harder[judge, role] + generator.normal() * sheet
                    mark = mark if ceiling is None else min(mark, ceiling)
                    so_far[role, team] += mark
                    if generator.random() >= missing:
                        rows.append((role * per_role + int(team), int(judge), number, 70 + 3 * mark))
    targets, judges, occasions, marks = zip(*rows, strict=True)
    ratings = ratings_from_columns(
        target=targets,
        judge=judges,
        occasion=occasions,
        mark=marks,
        group=None if overall else [target // per_role for target in targets],
    )
    return ratings, 70 + 3 * (level.ravel() - harder[np.unique(judges)].mean())


@dataclass(frozen=True, slots=True)
class Outcome:
    """(champions, tau) of raw means, estimates, the ranking in use and the best possible; coverage, all adjusted.

    The ranking in use keeps raw means where the judges cannot be told apart (`judges_are_alike`).
    """

    raw: tuple[float, float]
    adjusted: tuple[float, float]
    used: tuple[float, float]
    best: tuple[float, float]
    covered: float
    is_adjusted: bool


def compared(ratings: Ratings, truth: Any, day: float = DAY, sheet: float = SHEET) -> Outcome:
    """How close raw, adjusted and best possible estimates come to the truth."""
    found = estimate_severity(ratings)
    places = np.array([int(str(each.target)) for each in found.targets])
    true = truth[places]
    adjusted = np.array([each.estimate for each in found.targets])
    errors = np.array([each.standard_error for each in found.targets])
    is_adjusted = np.array([each.is_adjusted for each in found.targets])
    inside = np.abs(adjusted - true) <= 1.96 * errors

    def judged(values: Any) -> tuple[float, float]:
        right, taus = [], []
        for group in np.unique(ratings.group_of_target):
            here = ratings.group_of_target == group
            right.append(np.argmax(values[here]) == np.argmax(true[here]))
            taus.append(kendalltau(values[here], true[here])[0])
        return float(np.mean(right)), float(np.mean(taus))

    raw = np.array([each.raw for each in found.targets])
    return Outcome(
        raw=judged(raw),
        adjusted=judged(adjusted),
        used=judged(raw if found.judges_are_alike else adjusted),
        best=judged(best_possible(ratings, day, sheet)),
        covered=float(inside[is_adjusted].mean()) if is_adjusted.any() else float("nan"),
        is_adjusted=bool(is_adjusted.all()),
    )


def best_possible(ratings: Ratings, day: float, sheet: float) -> Any:
    """The teams' effects by generalised least squares with the variances the edition was made with."""
    target, count = ratings.target, len(ratings)
    same_team = target[:, None] == target
    same_day = same_team & (ratings.occasion[:, None] == ratings.occasion)
    inverse = np.linalg.inv(same_team + day**2 * same_day + sheet**2 * np.eye(count))
    fixed = np.hstack(
        [
            np.equal.outer(ratings.group_of_target[target], np.arange(len(ratings.groups))),
            np.equal.outer(ratings.judge, np.arange(1, len(ratings.judges))),
        ]
    ).astype(float)
    weighted = fixed.T @ inverse
    rest = ratings.mark - fixed @ (np.linalg.pinv(weighted @ fixed) @ (weighted @ ratings.mark))
    return np.bincount(target, inverse @ rest)


def measured(editions: int, **options: Any) -> list[Outcome]:
    """The outcomes of so many simulated editions, the same ones whenever it is asked."""
    generator = np.random.default_rng(20250501)
    known = {name: options[name] for name in ("day", "sheet") if name in options}
    return [compared(*fixed_edition(generator, **options), **known) for _ in range(editions)]


SCENARIOS: dict[str, dict[str, Any]] = {
    "steady teams (day 0.3), 2 rounds": {"rounds": 2, "day": 0.3},
    "steady teams (day 0.3), 3 rounds": {"rounds": 3, "day": 0.3},
    "steady teams (day 0.3), 4 rounds": {"rounds": 4, "day": 0.3},
    "severity as wide as teams, 2 rounds": {"rounds": 2},
    "severity as wide as teams, 3 rounds": {"rounds": 3},
    "severity as wide as teams, 4 rounds": {"rounds": 4},
    "a quarter of that, 2 rounds": {"severity": 0.25, "rounds": 2},
    "a quarter of that, 3 rounds": {"severity": 0.25},
    "no severity, 2 rounds": {"severity": 0.0, "rounds": 2},
    "no severity, 3 rounds": {"severity": 0.0},
    "panels stay together": {"stays": True},
    "three sheets in ten missing": {"missing": 0.3},
    "judges harder on one role": {"by_role": 0.5},
    "harsh judges at the top tables": {"harsh_on_top": True},
    "a ceiling one mark in four would pass": {"ceiling": 1.0},
    "a ceiling one mark in nine would pass": {"ceiling": 2.0},
    "eight teams, a ceiling, 4 rounds": {"ceiling": 1.0, "per_role": 2, "rounds": 4, "overall": True},
    "eight teams ranked together, 2 rounds": {"per_role": 2, "rounds": 2, "overall": True},
    "eight teams ranked together, 4 rounds": {"per_role": 2, "rounds": 4, "overall": True},
    "eight teams, no severity, 4 rounds": {"per_role": 2, "rounds": 4, "overall": True, "severity": 0.0},
}


def large(teams: int, rounds: int, panel: int, criteria: int) -> Ratings:
    """A rotating edition of this size with every sheet complete."""
    generator = np.random.default_rng(1)
    tables = teams // 4
    level, harder = generator.normal(size=teams) * 2, generator.normal(size=tables * panel) * 2
    columns = []
    for number in range(rounds):
        seated = generator.permutation(teams).reshape(tables, 4)
        panels = generator.permutation(tables * panel).reshape(tables, panel)
        team = np.repeat(seated.ravel(), panel * criteria)
        judge = np.repeat(np.repeat(panels, 4, axis=0).ravel(), criteria)
        columns.append((team, judge, np.tile(np.arange(criteria), teams * panel), np.full(len(team), number)))
    team, judge, criterion, occasion = (np.concatenate(each) for each in zip(*columns, strict=True))
    marks = np.round(70 + level[team] - harder[judge] + generator.normal(size=len(team)), 1)
    return ratings_from_columns(
        target=team.tolist(),
        judge=judge.tolist(),
        criterion=criterion.tolist(),
        occasion=occasion.tolist(),
        mark=marks.tolist(),
    )


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU the work takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> None:
    """Prints every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="four hundred editions a scenario, and a million marks"
    )
    options = parser.parse_args()
    editions = 400 if options.full else 10
    heading = f"scenario ({editions} editions)"
    print("raw > ranking in use; estimates with severity removed; (best possible)")
    print(f"{heading:<40} champions raw>used est(best)    tau raw>used   est  (best)    gain  cover adjusted")
    for name, scenario in SCENARIOS.items():
        found = measured(editions, **scenario)
        raw, adjusted, used, best = (
            np.mean([getattr(each, which) for each in found], axis=0)
            for which in ("raw", "adjusted", "used", "best")
        )
        covered = float(np.nanmean([each.covered for each in found]))
        print(
            f"{name:<40} {raw[0]:9.2f} > {used[0]:4.2f} {adjusted[0]:4.2f} ({best[0]:4.2f}) "
            f"{raw[1]:6.3f} > {used[1]:5.3f} {adjusted[1]:5.3f} "
            f"({best[1]:5.3f}) {used[1] - raw[1]:+6.3f} {covered:6.3f} "
            f"{sum(each.is_adjusted for each in found):6d}",
            flush=True,
        )
    estimate_severity(large(40, 3, 2, 2))
    sizes = [("65,000 marks", (260, 10, 5, 5)), ("960,000 marks", (1000, 12, 4, 20))]
    for name, size in sizes if options.full else sizes[:1]:
        ratings = large(*size)
        print(f"{'severity, ' + name:<40} {cpu(lambda r=ratings: estimate_severity(r)):8.2f} s CPU")
        print(f"{'reliability, ' + name:<40} {cpu(lambda r=ratings: reliability(r)):8.2f} s CPU")


if __name__ == "__main__":
    main()
