"""A whole judged edition for tests of the analysis: teams of known strength, judges of known severity, real sheets."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from competition.editions.models import Edition
from competition.entries.models import Delegate, Judge, Team
from competition.rounds.models import NegotiationTable, Round
from competition.rounds.public import record_results
from core.db import db
from core.roles import ROLES
from judging.bulk import NewMark, NewSheet, insert_marks, insert_sheets, results_from_sheets
from judging.models import Criterion
from tests.factories import make_delegate, make_edition, make_judge, make_round, make_team
from tests.judging.scene import ORGANISER, make_criterion, make_draw, make_table, seat_judge

Severity = Callable[[int], int]


@dataclass
class Judged:
    """The rows of the edition; `strength` is what every team is worth before a judge's severity is taken off."""

    edition: Edition
    teams: list[Team]
    delegates: dict[int, list[Delegate]]
    judges: list[Judge]
    criteria: list[Criterion]
    strength: dict[int, int]
    rounds: list[Round] = field(default_factory=list)
    tables: dict[int, list[NegotiationTable]] = field(default_factory=dict)

    @property
    def by_role(self) -> dict[str, list[Team]]:
        return {role.value: [team for team in self.teams if team.role == role.value] for role in ROLES}


def make_judged(
    *,
    tables: int = 4,
    rounds: int = 3,
    panel: int = 3,
    severity: Severity = lambda judge: 0,
    strength: Callable[[int], int] = lambda number: 40 + 3 * number,
    results_state: str = "confirmed",
    shuffled: bool = True,
    noise: int = 0,
    **values: object,
) -> Judged:
    """Four teams a table, one of each role; team number n of each is worth `strength(n)` marks, and judge number n
    takes `severity(n)` from everybody.

    `shuffled` False keeps the judges at the same tables and the teams of a table together, so that nothing connects
    the tables. `noise` lets every mark vary by up to so much.
    """
    dice = random.Random(7)
    edition = make_edition(**{"role_policy": "fixed", **values})
    teams = [
        make_team(
            edition,
            f"{role.value} {number}",
            role=role.value if edition.role_policy == "fixed" else None,
        )
        for number in range(1, tables + 1)
        for role in ROLES
    ]
    made = Judged(
        edition=edition,
        teams=teams,
        delegates={
            team.id: [make_delegate(team, f"{team.name} {letter}") for letter in "ab"] for team in teams
        },
        judges=[make_judge(edition, f"Judge {number}") for number in range(tables * panel)],
        criteria=[
            make_criterion(edition, "case", "team", maximum=Decimal(100), weight=Decimal("0.5")),
            make_criterion(edition, "reply", "team", maximum=Decimal(100)),
            make_criterion(edition, "speech", "delegate", maximum=Decimal(100), step=Decimal("0.5")),
        ],
        strength={team.id: strength(at // 4) for at, team in enumerate(teams)},
    )
    for number in range(1, rounds + 1):
        _play(made, number, tables, panel, severity, dice, shuffled, noise)
        made.rounds[-1].results_state = results_state
    record_results(actor=ORGANISER, source="sheets", recorded=results_from_sheets(edition.id))
    db.session.flush()
    return made


def _play(
    made: Judged,
    number: int,
    tables: int,
    panel: int,
    severity: Severity,
    dice: random.Random,
    shuffled: bool,
    noise: int,
) -> None:
    a_round = make_round(made.edition, number)
    made.rounds.append(a_round)
    draw = make_draw(a_round)
    judges = list(enumerate(made.judges))
    columns = [made.teams[at::4] for at in range(4)]
    if shuffled:
        dice.shuffle(judges)
        for column in columns:
            dice.shuffle(column)
    for at in range(tables):
        seated = [column[at] for column in columns]
        table = make_table(draw, list(seated), str(at + 1), position=at)
        made.tables.setdefault(number, []).append(table)
        own = judges[at * panel : (at + 1) * panel]
        for place, (_at, judge) in enumerate(own):
            seat_judge(table, judge, "chair" if place == 0 else "panellist")
        sheets = insert_sheets([NewSheet(table_id=table.id, judge_id=judge.id) for _at, judge in own])
        for sheet, (judge_at, _judge) in zip(sheets, own, strict=True):
            insert_marks(
                [
                    mark
                    for team in seated
                    for mark in _marks(made, sheet, team, severity(judge_at), dice, noise)
                ]
            )


def _marks(
    made: Judged, sheet: int, team: Team, taken: int, dice: random.Random, noise: int
) -> list[NewMark]:
    lines = []
    for one in made.criteria:
        for delegate in made.delegates[team.id] if one.target == "delegate" else [None]:
            mark = made.strength[team.id] - taken + (dice.randint(-noise, noise) if noise else 0)
            lines.append(
                NewMark(
                    scoresheet_id=sheet,
                    team_id=team.id,
                    criterion_id=one.id,
                    mark=Decimal(mark),
                    delegate_id=None if delegate is None else delegate.id,
                )
            )
    return lines
