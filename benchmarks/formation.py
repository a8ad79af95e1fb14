"""Forming teams: CPU time and balance for one campus (30 into 8), and for 300 people into 60 teams.

python -m benchmarks.formation
"""

import random
from time import process_time

from competition.formation.engine import form_teams
from competition.formation.model import Person, Problem, Wish

WORDS = {
    "discipline": (["law", "economics", "relations", "environment", "engineering"], [5, 4, 3, 2, 2]),
    "year": (["1", "2", "3", "4"], [1, 1, 1, 1]),
    "culture": (["zh", "en", "fr", "ja", "es"], [6, 3, 1, 1, 1]),
    "experience": (["0", "1", "2"], [5, 3, 2]),
    "gender": (["f", "m"], [1, 1]),
}
TARGET = 2.0
"""Seconds of CPU that 300 people into 60 teams may take."""


def problem(count: int, teams: int, wishes: int, hard: int, seed: int) -> Problem:
    """Invented people with `wishes` random wishes, the first `hard` of them hard."""
    dice = random.Random(seed)
    crowd = [
        Person(id=f"p{n}", values={k: dice.choices(words, odds)[0] for k, (words, odds) in WORDS.items()})
        for n in range(count)
    ]
    pairs = [dice.sample(range(count), 2) for _wish in range(wishes)]
    return Problem(
        people=crowd,
        teams=teams,
        attributes={"discipline": 2, "year": 1, "culture": 2, "experience": 1, "gender": 1},
        wishes=[
            Wish(
                first=f"p{a}", second=f"p{b}", kind=dice.choice(["together", "apart"]), is_hard=number < hard
            )
            for number, (a, b) in enumerate(pairs)
        ],
        seed=seed,
    )


def main() -> None:
    """Print one line per size: the slowest of five seeds, people misplaced over all attributes, wishes broken."""
    print(f"{'people':>7} {'teams':>6} {'wishes':>7} {'CPU s':>7} {'misplaced':>10} {'broken':>7}")
    for count, teams, wishes, hard in ((30, 8, 6, 2), (300, 60, 0, 0), (300, 60, 40, 20), (298, 60, 40, 20)):
        seconds, misplaced, broken = [], 0, 0
        for seed in range(5):
            asked = problem(count, teams, wishes, hard, seed)
            begun = process_time()
            found = form_teams(asked).report
            seconds.append(process_time() - begun)
            misplaced += sum(balance.misplaced for balance in found.balances)
            broken += len(found.broken)
        print(
            f"{count:>7} {teams:>6} {wishes:>7} {max(seconds):>7.2f} {misplaced / 5:>10.1f} {broken / 5:>7.1f}"
        )
        if max(seconds) > TARGET:
            print(f"        slower than {TARGET} s")


if __name__ == "__main__":
    main()
