"""The demo's two editions as edition workbooks: real universities, invented people and results (pure)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from competition.draw.engine import schedule
from competition.draw.model import Plan, Problem
from core.roles import ROLES
from core.spreadsheets import WorkbookWriter
from tabroom.demo.names import invent
from tabroom.demo.universities import UNIVERSITIES

SEED = 20250517
TEAM_CRITERIA = (
    ("interests", "Interests understood", "理解各方利益", "opening statements"),
    ("options", "Options created", "创造解决方案", "bilateral"),
    ("agreement", "Quality of the agreement", "协议质量", "quadrilateral"),
)
DELEGATE_CRITERIA = (
    ("argument", "Law and argument", "法律与论证", ""),
    ("diplomacy", "Diplomatic style", "外交风度", ""),
)
SHEETS: dict[str, tuple[str, ...]] = {
    "Institutions": ("institution", "name", "name_local", "country"),
    "Divisions": ("division", "name", "name_zh"),
    "Teams": ("team", "institution", "divisions", "role", "coach", "status"),
    "Delegates": ("delegate", "team", "name", "name_local", "contact"),
    "Judges": ("judge", "name", "name_local", "institution", "contact", "rating", "languages"),
    "Rooms": ("room", "building", "capacity", "step_free"),
    "Criteria": ("criterion", "name", "name_zh", "target", "minimum", "maximum", "step", "weight", "session"),
    "Rounds": (
        "round", "name", "name_zh", "stage", "starts_at",
        "draw_state", "results_state", "draw_method", "seed", "engine",
    ),
    "Draw": ("round", "table", "room", *(role.value for role in ROLES)),
    "Panels": ("round", "table", "judge", "position"),
    "Marks": ("round", "table", "judge", "team", "delegate", "criterion", "mark"),
    "Breaks": ("role", "size"),
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A workbook in the making: settings and rows by sheet, with what the invented world knows behind them."""

    settings: dict[str, str]
    dice: random.Random
    rows: dict[str, list[Sequence[Any]]] = field(default_factory=lambda: {name: [] for name in SHEETS})
    strength: dict[str, float] = field(default_factory=dict)
    severity: dict[str, float] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    scores: dict[str, list[Decimal]] = field(default_factory=dict)

    def add(self, sheet: str, *values: Any) -> None:
        self.rows[sheet].append(values)

    def save(self) -> bytes:
        """The finished workbook file."""
        writer = WorkbookWriter(title=self.settings["name"])
        writer.add_sheet("Edition", ("key", "value"), list(self.settings.items()))
        for name, headers in SHEETS.items():
            if self.rows[name]:
                writer.add_sheet(name, headers, self.rows[name])
        return writer.save()


def fixed_edition() -> bytes:
    """Shape of the May 2025 event: 68 universities, fixed roles, 17 tables, three rounds and a semi-final to mark."""
    draft = Draft(
        settings={
            "name": "4th Inclusive International Negotiation Competition",
            "name_zh": "第四届包容性国际谈判大赛",
            "slug": "shanghai-2025",
            "role_policy": "fixed",
            "timezone": "Asia/Shanghai",
            "starts_on": "2025-05-17",
            "ends_on": "2025-05-18",
            "place": "Shanghai",
            "languages": "en;zh-Hans",
            "standings_metrics": "average_score",
            "minimum_rounds": "2",
            "elimination_basis": "round_raw",
        },
        dice=random.Random(SEED),  # noqa: S311 - a repeatable invented world, no secret
    )
    universities = list(UNIVERSITIES)
    draft.dice.shuffle(universities)
    teams = [
        _add_team(draft, university, role=ROLES[place % 4].value)
        for place, university in enumerate(universities)
    ]
    _add_rubric(draft)
    judges = _add_judges(draft, 40)
    _add_rooms(draft, 17)
    plans = schedule(_problem("fixed", "scheduled", teams, rounds=3))
    for number, drawn in enumerate(plans, start=1):
        starts = f"2025-05-17 {9 + (number - 1) * 3:02d}:00"
        _add_round(
            draft, number, f"Preliminary round {number}", f"预赛第{number}轮", "preliminary", starts, drawn
        )
        _play(draft, number, drawn, judges)
    _add_semi_final(draft, teams, judges)
    for role in ROLES:
        draft.add("Breaks", role.value, 4)
    return draft.save()


def rotating_edition() -> bytes:
    """48 teams in rotating roles, two rounds played and a third that is ready to draw."""
    draft = Draft(
        settings={
            "name": "Yangtze Delta Open",
            "name_zh": "长三角公开赛",
            "slug": "delta-open",
            "role_policy": "rotating",
            "timezone": "Asia/Shanghai",
            "starts_on": "2025-11-08",
            "ends_on": "2025-11-09",
            "place": "Shanghai",
            "languages": "en;zh-Hans",
        },
        dice=random.Random(SEED + 1),  # noqa: S311 - a repeatable invented world, no secret
    )
    draft.add("Divisions", "students", "Students", "学生组")
    draft.add("Divisions", "young", "Young professionals", "青年职业组")
    entries = [*UNIVERSITIES[:30], *UNIVERSITIES[:18]]
    teams = [
        _add_team(draft, entry, division="young" if i % 6 == 5 else "students")
        for i, entry in enumerate(entries)
    ]
    _add_rubric(draft)
    judges = _add_judges(draft, 26)
    _add_rooms(draft, 12)
    plans = schedule(_problem("rotating", "scheduled", teams, rounds=4))[:2]
    for number, drawn in enumerate(plans, start=1):
        starts = f"2025-11-08 {9 + (number - 1) * 4:02d}:00"
        _add_round(draft, number, f"Round {number}", f"第{number}轮", "preliminary", starts, drawn)
        _play(draft, number, drawn, judges)
    draft.add(
        "Rounds", 3, "Round 3", "第3轮", "preliminary", "2025-11-09 09:00", None, None, None, None, None
    )
    return draft.save()


def _add_team(
    draft: Draft, university: tuple[str, str, str], *, role: str = "", division: str = ""
) -> tuple[str, str]:
    name, name_local, country = university
    if all(row[0] != name for row in draft.rows["Institutions"]):
        draft.add("Institutions", name, name, name_local, country)
    letter = "AB"[sum(row[1] == name for row in draft.rows["Teams"])]
    team = name if draft.settings["role_policy"] == "fixed" else f"{name} {letter}"
    coach, _local = invent(draft.dice, country)
    draft.add("Teams", team, name, division or None, role or None, coach, "registered")
    draft.strength[team] = draft.dice.gauss(0, 1)
    draft.members[team] = []
    for _place in range(4 if role else 3):
        code = f"D{len(draft.rows['Delegates']) + 1:03d}"
        draft.add("Delegates", code, team, *invent(draft.dice, country), f"{code.lower()}@example.org")
        draft.members[team].append(code)
    return team, name


def _add_rubric(draft: Draft) -> None:
    for code, name, name_zh, session in TEAM_CRITERIA:
        draft.add("Criteria", code, name, name_zh, "team", 0, 20, Decimal("0.5"), 1, session)
    for code, name, name_zh, session in DELEGATE_CRITERIA:
        draft.add("Criteria", code, name, name_zh, "delegate", 0, 20, Decimal("0.5"), 1, session)


def _add_judges(draft: Draft, count: int) -> list[str]:
    codes = []
    for place in range(count):
        name, _name_local, country = UNIVERSITIES[(place * 7) % len(UNIVERSITIES)]
        known = any(row[0] == name for row in draft.rows["Institutions"])
        code = f"J{place + 1:03d}"
        rating = Decimal(draft.dice.randint(10, 20)) / 2
        address = f"{code.lower()}@example.org"
        draft.add(
            "Judges",
            code,
            *invent(draft.dice, country),
            name if known else None,
            address,
            rating,
            "en;zh-Hans",
        )
        draft.severity[code] = draft.dice.gauss(0, 0.9)
        codes.append(code)
    return codes


def _add_rooms(draft: Draft, count: int) -> None:
    for place in range(count):
        draft.add(
            "Rooms",
            f"{'ABC'[place % 3]}{place // 3 + 1:02d}",
            "Law Building",
            24,
            "yes" if place % 4 else "no",
        )


def _add_round(
    draft: Draft, number: int, name: str, name_zh: str, stage: str, starts: str, drawn: Plan
) -> None:
    draft.add(
        "Rounds", number, name, name_zh, stage, starts, "released", "published",
        "scheduled", drawn.report.seed, drawn.report.engine,
    )  # fmt: skip


def _problem(policy: str, method: str, teams: Sequence[tuple[str, str]], *, rounds: int) -> Problem:
    return Problem.from_json(
        {
            "format": 1,
            "role_policy": policy,
            "method": method,
            "preset": "balanced",
            "seed": SEED,
            "round": 1,
            "rounds": rounds,
            "teams": [
                {
                    "id": team,
                    "institution": institution,
                    "points": 0,
                    "role": ROLES[place % 4].value if policy == "fixed" else None,
                    "roles": {role.value: 0 for role in ROLES},
                    "met": {},
                }
                for place, (team, institution) in enumerate(teams)
            ],
        }
    )


def _play(draft: Draft, number: int, drawn: Plan, judges: Sequence[str]) -> None:
    """Seat the teams of a drawn round, put two judges at each table and mark everybody."""
    seats = [{role.value: table.seats[role] for role in ROLES} for table in drawn.tables]
    for name, table, panel in _seated(draft, number, seats, judges):
        for judge in panel:
            for team in table.values():
                _mark(draft, number, name, judge, str(team))
        _score(draft, panel, table.values())


def _seated(
    draft: Draft, number: int, tables: Sequence[Mapping[str, str | None]], judges: Sequence[str]
) -> list[tuple[str, Mapping[str, str | None], list[str]]]:
    institution = {row[0]: row[1] for row in draft.rows["Teams"]}
    home = {row[0]: row[3] for row in draft.rows["Judges"]}
    free = list(judges)
    draft.dice.shuffle(free)
    seated = []
    for place, table in enumerate(tables):
        there = {institution[team] for team in table.values() if team}
        panel = [judge for judge in free if home[judge] not in there][:2]
        free = [judge for judge in free if judge not in panel]
        name = f"T{place + 1:02d}"
        draft.add("Draw", number, name, draft.rows["Rooms"][place][0], *table.values())
        for judge, position in zip(panel, ("chair", "panellist"), strict=False):
            draft.add("Panels", number, name, judge, position)
        seated.append((name, table, panel))
    return seated


def _mark(draft: Draft, number: int, table: str, judge: str, team: str) -> None:
    level = 14 + 1.6 * draft.strength[team] - draft.severity[judge]
    for code, *_rest in TEAM_CRITERIA:
        draft.add("Marks", number, table, judge, team, None, code, _number(draft, level))
    for member in draft.members[team]:
        for code, *_rest in DELEGATE_CRITERIA:
            draft.add("Marks", number, table, judge, team, member, code, _number(draft, level))


def _number(draft: Draft, level: float) -> Decimal:
    value = min(20.0, max(0.0, draft.dice.gauss(level, 1.2)))
    return Decimal(round(value * 2)) / 2


def _score(draft: Draft, panel: Sequence[str], teams: Iterable[str | None]) -> None:
    """Keep each team's table score, worked out as the rules say, to know who reaches the semi-final."""
    marks = draft.rows["Marks"]
    for team in teams:
        own = [row for row in marks[-len(panel) * 4 * 11 :] if row[3] == team]
        size = len(draft.members[str(team)])
        sheets = [
            sum((row[6] for row in own if row[2] == judge and row[4] is None), Decimal(0))
            + sum((row[6] for row in own if row[2] == judge and row[4]), Decimal(0)) / size
            for judge in panel
        ]
        mean = sum(sheets, Decimal(0)) / len(sheets)
        draft.scores.setdefault(str(team), []).append(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _add_semi_final(draft: Draft, teams: Sequence[tuple[str, str]], judges: Sequence[str]) -> None:
    """Four tables, the four best of each role, one of each role a table; released and still to be marked."""
    best = {
        role.value: sorted(
            (team for place, (team, _home) in enumerate(teams) if ROLES[place % 4] is role),
            key=lambda team: (-sum(draft.scores[team]), team),
        )[:4]
        for role in ROLES
    }
    tables = [
        {role.value: best[role.value][(place + shift) % 4] for shift, role in enumerate(ROLES)}
        for place in range(4)
    ]
    draft.add(
        "Rounds", 4, "Semi-final", "半决赛", "elimination", "2025-05-18 14:00", "released", "open", None, None, None
    )  # fmt: skip
    _seated(draft, 4, tables, judges)
