"""Workbooks for tests: small ones by hand, large ones made up."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.roles import ROLES
from core.spreadsheets import Sheet, WorkbookWriter

Content = dict[str, list[list[Any]]]


def small(**changes: list[list[Any]]) -> Content:
    """A sound edition of one table: four teams, two delegates each, two judges, one round of marks.

    Keyword arguments replace whole sheets (the first list holds the headers).
    """
    teams = ["Ash", "Birch", "Cedar", "Dogwood"]
    marks = [
        [1, "A", "J1", team, delegate, "speech", 60 + place * 5 + extra]
        for place, team in enumerate(teams)
        for extra, delegate in enumerate((f"{team[0]}1", f"{team[0]}2"))
    ]
    content: Content = {
        "Edition": [
            ["key", "value"],
            ["name", "Small"],
            ["slug", "small"],
            ["role_policy", "rotating"],
            ["timezone", "Europe/Berlin"],
            ["team_size_minimum", 2],
        ],
        "Institutions": [["institution", "country"], ["Uni A", "CN"], ["Uni B", "AU"]],
        "Divisions": [["division"], ["students"]],
        "Teams": [["team", "institution", "divisions"], *([team, "Uni A", "students"] for team in teams)],
        "Delegates": [["delegate", "team"], *([f"{team[0]}{n}", team] for team in teams for n in (1, 2))],
        "Judges": [["judge", "name"], ["J1", "Ada"], ["J2", "Bo"]],
        "Rooms": [["room"], ["101"]],
        "Criteria": [
            ["criterion", "target", "minimum", "maximum", "step"],
            ["speech", "delegate", 0, 100, 1],
        ],
        "Rounds": [["round", "stage"], [1, "preliminary"]],
        "Draw": [["round", "table", "room", *ROLES], [1, "A", "101", *teams]],
        "Panels": [
            ["round", "table", "judge", "position"],
            [1, "A", "J1", "chair"],
            [1, "A", "J2", "panellist"],
        ],
        "Marks": [["round", "table", "judge", "team", "delegate", "criterion", "mark"], *marks],
    }
    return {**content, **changes}


def sheets_of(content: Mapping[str, Sequence[Sequence[Any]]]) -> list[Sheet]:
    """The content as the reader sees a file."""
    return [Sheet(name=name, rows=[_trimmed(row) for row in rows]) for name, rows in content.items()]


def _trimmed(row: Sequence[Any]) -> list[Any]:
    cells = [None if cell == "" else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def file_of(content: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """The content as a file."""
    writer = WorkbookWriter(title="test")
    for name, rows in content.items():
        writer.add_sheet(name, [str(cell) for cell in rows[0]], rows[1:])
    return writer.save()


def varied(seed: int) -> Content:
    """An edition with something of everything, different for every seed."""
    dice = random.Random(seed)
    is_fixed = dice.random() < 0.5
    teams = [f"{name} {dice.choice('αβ队組é')}{n}" for n, name in enumerate(dice.sample(NAMES, 11))]
    stand_in, withdrawn = teams[-1], teams[-2]
    delegates = {team: [f"D{at}-{n}" for n in range(dice.randint(2, 4))] for at, team in enumerate(teams)}
    judges = [f"J{n}" for n in range(6)]
    content: Content = {"Edition": _edition(dice, is_fixed)}
    content["Institutions"] = [
        ["institution", "name", "name_local", "country"],
        *(
            [name, f"{name} University", dice.choice(["", "上海大学"]), dice.choice(["", "CN", "AU"])]
            for name in NAMES[:4]
        ),
    ]
    content["Divisions"] = [["division", "name", "name_zh"], ["st", "Students", "学生组"], ["pro", "", ""]]
    content["Teams"] = [
        ["team", "institution", "divisions", "role", "wishes", "coach", "status", "withdrawn_from"]
    ]
    for at, team in enumerate(teams):
        status = {stand_in: "stand_in", withdrawn: "withdrawn"}.get(team, "registered")
        role = ROLES[at % 4].value if is_fixed and at < 8 else ""
        wishes = ";".join(dice.sample([r.value for r in ROLES], dice.randint(0, 4)))
        divisions = dice.choice(["", "st", "st;pro", "pro"])
        content["Teams"].append(
            [
                team,
                dice.choice(["", *NAMES[:4]]),
                divisions,
                role,
                wishes,
                dice.choice(["", "=1+1", "Li Na"]),
                status,
                2 if team == withdrawn else "",
            ]
        )
    content["Delegates"] = [["delegate", "team", "name", "name_local", "contact", "divisions"]]
    content["Delegates"] += [
        [
            each,
            team,
            dice.choice(["", "Zoë", "@home"]),
            dice.choice(["", "王伟"]),
            dice.choice(["", "a@example.org"]),
            dice.choice(["", "pro"]),
        ]
        for team, own in delegates.items()
        for each in own
    ]
    content["Judges"] = [
        ["judge", "name", "name_local", "institution", "contact", "rating", "conflicts", "languages"]
    ]
    content["Judges"] += [
        [
            judge,
            "Sato",
            "佐藤",
            dice.choice(["", NAMES[0]]),
            "",
            dice.choice(["", Decimal("7.25"), 10]),
            ";".join(dice.sample([NAMES[1], teams[0], teams[1]], dice.randint(0, 3))),
            dice.choice(["", "en;zh"]),
        ]
        for judge in judges
    ]
    content["Rooms"] = [
        ["room", "site", "building", "capacity", "step_free", "link"],
        ["101", "Main", "B", 12, "yes", ""],
        ["云室", "", "", "", "no", "https://meet.example.org/a"],
        ["3", "", "", "", "", ""],
    ]
    content["Criteria"] = [
        ["criterion", "name", "name_zh", "target", "minimum", "maximum", "step", "weight", "session"],
        ["speech", "Speech", "演讲", "delegate", 50, 100, Decimal("0.5"), Decimal("0.333333"), "opening"],
        ["outcome", "", "", "team", -5, Decimal("5.5"), "", Decimal("1.5"), ""],
    ]
    _add_rounds(content, dice, is_fixed, teams, delegates, judges)
    content["Breaks"] = [["division", "role", "size", "reserves"], ["st", "", 4, 2], ["", "igo", 1, ""]]
    content["Awards"] = [
        ["award", "kind", "winner", "reason"],
        ["最佳辩手", "delegate", "王伟", "-x\nsecond line"],
        ["Best coach", "", "Li Na", ""],
    ]
    return content


NAMES = [
    "Ash",
    "Birch",
    "Cedar",
    "复旦大学",
    "Elm",
    "Fir",
    "Ginkgo",
    "Hazel",
    "Iroko",
    "Juniper",
    "Kauri",
    "Larch",
]


def _edition(dice: random.Random, is_fixed: bool) -> list[list[Any]]:
    return [
        ["key", "value"],
        ["name", "Varied & Co <b>"],
        ["name_zh", "多样赛"],
        ["slug", "varied"],
        ["role_policy", "fixed" if is_fixed else "rotating"],
        ["timezone", "Asia/Shanghai"],
        ["starts_on", date(2025, 5, 17)],
        ["place", "Shanghai, 上海"],
        ["languages", "en;zh"],
        ["panel_method", dice.choice(["mean", "median", "trimmed_mean"])],
        ["score_decimals", dice.choice([0, 2, 6])],
        ["delegate_marks", dice.choice(["mean", "sum"])],
        ["three_team_points", dice.choice(["2.5;1.5;0.5", "3;1.75;0"])],
        ["team_size_minimum", 2],
        ["minimum_rounds", dice.choice([None, 1])],
    ]


def _add_rounds(
    content: Content,
    dice: random.Random,
    is_fixed: bool,
    teams: list[str],
    delegates: dict[str, list[str]],
    judges: list[str],
) -> None:
    content["Rounds"] = [
        [
            "round",
            "name",
            "name_zh",
            "stage",
            "division",
            "weight",
            "starts_at",
            "draw_state",
            "results_state",
            "draw_method",
            "draw_preset",
            "draw_options",
            "seed",
            "engine",
        ],
        [
            1,
            "First",
            "第一轮",
            "preliminary",
            "",
            Decimal("1.5"),
            datetime(2025, 5, 17, 9, 30),
            "",
            "published",
            "random",
            "fair",
            '{"a": 1}',
            2**60,
            "parley/1",
        ],
        [2, "", "", "preliminary", "", 1, "", "", "", "", "", "", "", ""],
        [3, "", "", "preliminary", "", 1, "", "confirmed", "", "", "", "", "", ""],
        [4, "Semi", "", "elimination", "st", 1, "2025-05-18 14:00", "draft", "", "", "", "", "", ""],
        [5, "", "", "elimination", "", 1, "", "", "", "", "", "", "", ""],
    ]
    content["Draw"] = [["round", "table", "room", "bracket", *ROLES]]
    content["Panels"] = [["round", "table", "judge", "position"]]
    content["Scoresheets"] = [["round", "table", "judge", "state", "version", "reason"]]
    content["Marks"] = [["round", "table", "judge", "team", "delegate", "criterion", "mark"]]
    content["Results"] = [["round", "table", "team", "rank", "score", "advances"]]
    content["Outcomes"] = [
        ["round", "team", "outcome", "reason"],
        [1, teams[7], "absent", "ill"],
        [2, teams[0], "late", ""],
    ]
    content["Lineups"] = [
        ["round", "team", "delegate", "took_part"],
        [1, teams[0], delegates[teams[0]][0], "no"],
    ]
    content["Penalties"] = [
        ["round", "team", "amount", "reason"],
        [1, teams[1], Decimal("0.125"), "late brief"],
        [1, teams[1], 1, ""],
        [2, teams[2], 2, ""],
    ]
    for number, tables in ((1, 2), (2, 2), (3, 2)):
        seated = teams[:8] if is_fixed else dice.sample(teams[:8], 8)
        for table in range(tables):
            four: list[str] = seated[table * 4 : table * 4 + 4]
            if number == 2 and table == 1:
                four[3] = "VACANT"
            if number == 2 and table == 0:
                four[2] = teams[-1]
            name = f"{number}{'AB'[table]}"
            content["Draw"].append(
                [number, name, dice.choice(["", "101", "云室"]), dice.choice(["", "5"]), *four]
            )
            panel = dice.sample(judges, 4)
            positions = ("chair", "panellist", "panellist", "trainee")
            content["Panels"] += [
                [number, name, judge, where] for judge, where in zip(panel, positions, strict=True)
            ]
            if number < 3:
                _mark(content, dice, number, name, four, panel, delegates, teams)
    content["Draw"] += [[4, "S1", "", "", *["", "", "", ""]], [4, "S2", "", "", *["", "", "", ""]]]
    content["Draw"].append([5, "F", "", "", *teams[:4]])
    content["Results"] += [
        [5, "F", teams[0], 1, Decimal("81.333333"), "yes"],
        [5, "F", teams[1], 2, "", "yes"],
        [5, "F", teams[2], 3, 90, "no"],
        [5, "F", teams[3], 4, "", ""],
    ]


def _mark(
    content: Content,
    dice: random.Random,
    number: int,
    name: str,
    four: list[str],
    panel: list[str],
    delegates: dict[str, list[str]],
    teams: list[str],
) -> None:
    for at, judge in enumerate(panel):
        if at == 2:
            content["Scoresheets"].append([number, name, judge, "waived", "", "went home"])
            continue
        content["Scoresheets"].append([number, name, judge, "confirmed", dice.randint(1, 3), ""])
        for team in four:
            if team in ("VACANT", teams[-1]) or (number == 1 and team == teams[7]):
                continue
            speakers = delegates[team][1:] if number == 1 and team == teams[0] else delegates[team][:2]
            content["Marks"] += [
                [number, name, judge, team, each, "speech", Decimal(dice.randint(100, 200)) / 2]
                for each in speakers
            ]
            content["Marks"].append(
                [number, name, judge, team, "", "outcome", Decimal(dice.randint(-500, 550)) / 100]
            )


def large(teams: int = 400, rounds: int = 9, delegates: int = 3, judges: int = 3, seed: int = 1) -> Content:
    """A championship: every team at a table every round, a panel each, marks on two criteria."""
    dice = random.Random(seed)
    names = [f"T{n:03} Team" for n in range(teams)]
    people = {team: [f"D{at:03}-{n}" for n in range(delegates)] for at, team in enumerate(names)}
    panel = [f"J{n:03}" for n in range(teams // 4 * judges)]
    content: Content = {
        "Edition": [
            ["key", "value"],
            ["name", "Large"],
            ["slug", "large"],
            ["role_policy", "rotating"],
            ["timezone", "UTC"],
        ],
        "Teams": [["team"], *([team] for team in names)],
        "Delegates": [["delegate", "team"], *([each, team] for team in names for each in people[team])],
        "Judges": [["judge"], *([judge] for judge in panel)],
        "Criteria": [
            ["criterion", "target", "minimum", "maximum", "step"],
            ["speech", "delegate", 50, 100, 1],
            ["outcome", "team", 0, 20, Decimal("0.5")],
        ],
        "Rounds": [["round", "stage"], *([number, "preliminary"] for number in range(1, rounds + 1))],
        "Draw": [["round", "table", *ROLES]],
        "Panels": [["round", "table", "judge", "position"]],
        "Marks": [["round", "table", "judge", "team", "delegate", "criterion", "mark"]],
    }
    for number in range(1, rounds + 1):
        order = dice.sample(names, teams)
        for at in range(teams // 4):
            name, four = f"{number}-{at + 1}", order[at * 4 : at * 4 + 4]
            own = panel[at * judges : at * judges + judges]
            content["Draw"].append([number, name, *four])
            for place, judge in enumerate(own):
                content["Panels"].append([number, name, judge, "panellist" if place else "chair"])
                for team in four:
                    content["Marks"] += [
                        [number, name, judge, team, each, "speech", dice.randint(60, 90)]
                        for each in people[team]
                    ]
                    content["Marks"].append(
                        [number, name, judge, team, "", "outcome", Decimal(dice.randint(0, 40)) / 2]
                    )
    return content
