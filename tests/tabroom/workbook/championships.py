"""Small championships of every shape the format allows, made up by a seed, and the many ways to type the same one."""

from __future__ import annotations

import random
import unicodedata
from decimal import Decimal
from typing import Any

from tests.tabroom.workbook.reference import ROLES, Reading, Seat, table_seats

Content = dict[str, list[list[Any]]]
ODD_NAMES = (
    "007",
    "0123456789",
    "=1+1",
    "+44 20",
    "-1",
    "@SUM(A1:A9)",
    "复旦大学 A",
    "北京大学二队",
    "Zoë Å",
    'O\'Brien "Quote"',
    "a,b",
    "semi; colon",
    "🦊 Fox 👩‍👩‍👧",
    "vacant",
    "nan",
    "None",
    "TRUE",
    "1e5",
    "2025-05-17",
    "#N/A",
    "<b>&amp;</b>",
    "_x0041_",
    "%s %(value)s {0}",
    "team: Ash",
    "Ünïcode Ω",
    "x" * 200,
    "١٢٣",
    "７",
    "한국대학교",
    "\\N",
    "-",
    "''",
    "'quoted",
    "T1 / T2",
)
PLAIN_NAMES = tuple(f"Team {n}" for n in range(1, 15)) + tuple(str(n) for n in range(1, 8))
METRICS = ("points", "total_score", "average_score", "firsts", "seconds", "draw_strength", "manual")
KINDS = ("marks", "marks", "marks", "given", "ranks", "scores", "both", "partial", "draft", "none")


class Maker:
    """One championship in the making: the dice, the people, and the sheets so far."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.is_fixed = self.dice.random() < 0.35
        self.has_marks = self.dice.random() < 0.8
        self.slug = f"c{seed}"
        self.content: Content = {}

    def make(self) -> Content:
        self._settings()
        self._people()
        self._rubric()
        self._rounds()
        return {name: rows for name, rows in self.content.items() if len(rows) > 1}

    def _settings(self) -> None:
        dice = self.dice
        ties = dice.choice(["", "shared", "shared", "chair", "chair", "forbidden"])
        metrics = dice.choice(["", ";".join(dice.sample(METRICS, dice.randint(1, len(METRICS))))])
        self.content["Edition"] = [
            ["key", "value"],
            ["name", dice.choice(["Cup", "=杯", "2025"])],
            ["slug", self.slug],
            ["role_policy", "fixed" if self.is_fixed else "rotating"],
            ["timezone", dice.choice(["Asia/Shanghai", "UTC", "America/New_York"])],
            ["table_points", dice.choice(["", "3;2;1;0", "4;3;2;1", "10;5.5;2.25;-1"])],
            ["three_team_points", dice.choice(["", "3;1.5;0", "2;1;0.333333"])],
            ["standings_metrics", metrics],
            ["panel_method", dice.choice(["", "mean", "median", "trimmed_mean"])],
            ["score_decimals", dice.choice(["", 0, 1, 3, 6])],
            ["delegate_marks", dice.choice(["", "mean", "sum"])],
            ["table_ties", ties],
            ["minimum_rounds", dice.choice(["", 1, 2])],
            ["team_size_minimum", dice.choice(["", 1, 2])],
            ["team_size_maximum", dice.choice(["", 3, 4])],
        ]

    def _people(self) -> None:
        dice, content = self.dice, self.content
        count = dice.randint(4, 14)
        self.teams = dice.sample([*ODD_NAMES, *PLAIN_NAMES], count + 2)
        self.stand_ins = self.teams[count : count + dice.randint(0, 2)]
        self.teams = self.teams[:count]
        institutions = dice.sample([name for name in ODD_NAMES if ";" not in name], 3)
        divisions = dice.sample(["st", "pro", "初级", "07"], dice.randint(0, 3))
        content["Institutions"] = [["institution", "name_local"], *([each, "大学"] for each in institutions)]
        content["Divisions"] = [["division", "name"], *([each, each] for each in divisions)]
        content["Teams"] = [["team", "institution", "divisions", "role", "status", "withdrawn_from"]]
        content["Delegates"] = [["delegate", "team", "name", "name_local"]]
        self.delegates: dict[str, list[str]] = {}
        self.status: dict[str, str] = {}
        for at, team in enumerate([*self.teams, *self.stand_ins]):
            status = dice.choice(["", "", "registered", "registered", "registered", "withdrawn", "waiting"])
            status = "stand_in" if team in self.stand_ins else status
            self.status[team] = status
            own = ";".join(dice.sample(divisions, dice.randint(0, len(divisions))))
            role = ROLES[at % 4] if self.is_fixed and status != "stand_in" else ""
            withdrawn = 2 if status == "withdrawn" and dice.random() < 0.5 else ""
            content["Teams"].append([team, dice.choice(["", *institutions]), own, role, status, withdrawn])
            self.delegates[team] = [f"{at:02}-{n}" for n in range(dice.randint(1, 4))]
            for each in self.delegates[team]:
                content["Delegates"].append([each, team, dice.choice(["", "Ana"]), dice.choice(["", "王伟"])])
        self.judges = [f"{n:03}" if n % 2 else f"J{n}" for n in range(count // 4 * 5 + 5)]
        content["Judges"] = [["judge", "name"], *([judge, "Sato"] for judge in self.judges)]

    def _rubric(self) -> None:
        dice = self.dice
        speech = ["speech", "delegate", 0, 100, dice.choice([1, Decimal("0.5"), Decimal("0.1")])]
        team = ["outcome", "team", -10, 10, dice.choice(["", Decimal("0.25")])]
        style = ["style", "delegate", 0, 10, 1]
        rubric = dice.choice([[speech], [team], [speech, team], [speech, style], [speech, style, team]])
        weights = ("", 1, 2, Decimal("0.333333"), 0, Decimal("1.5"))
        self.content["Criteria"] = [["criterion", "target", "minimum", "maximum", "step", "weight"]]
        self.content["Criteria"] += [[*each, dice.choice(weights)] for each in rubric]
        self.rubric = rubric

    def _rounds(self) -> None:
        dice, content = self.dice, self.content
        content["Rounds"] = [["round", "stage", "weight", "results_state"]]
        content["Draw"] = [["round", "table", *ROLES]]
        content["Panels"] = [["round", "table", "judge", "position"]]
        content["Outcomes"] = [["round", "team", "outcome"]]
        content["Lineups"] = [["round", "team", "delegate", "took_part"]]
        content["Penalties"] = [["round", "team", "amount"]]
        content["Scoresheets"] = [["round", "table", "judge", "state"]]
        content["Marks"] = [["round", "table", "judge", "team", "delegate", "criterion", "mark"]]
        content["Results"] = [["round", "table", "team", "rank", "score", "advances"]]
        for number in range(1, dice.randint(1, 5)):
            state = dice.choice(["", "", "", "confirmed", "published", "open"])
            weight = dice.choice(["", 1, 2, 3, Decimal("0.5"), Decimal("1.333333"), 0])
            content["Rounds"].append([number, "preliminary", weight, state])
            self._round(number)
        if dice.random() < 0.4:
            number = len(content["Rounds"])
            content["Rounds"].append([number, "elimination", "", ""])
            four = dice.sample(self.teams, 4)
            content["Draw"].append([number, "Final", *four])
            content["Results"] += [
                [number, "Final", team, rank, "", dice.choice(["", "yes", "no"])]
                for rank, team in enumerate(four, 1)
            ]

    def _round(self, number: int) -> None:
        """Four teams a table; seats that are left over go to a stand-in, stay vacant, or the teams rest."""
        order = self.teams[:]
        self.dice.shuffle(order)
        if self.is_fixed and self.dice.random() < 0.5:
            order.sort(key=lambda team: self.teams.index(team) // 4)
        free = self.stand_ins[:]
        is_quiet = self.dice.random() < 0.5
        self.free_judges = self.dice.sample(self.judges, len(self.judges))
        for at in range(0, len(order), 4):
            four: list[str] = order[at : at + 4]
            if len(four) < 4 and free:
                four.append(free.pop())
            if len(four) == 3:
                four.append("VACANT")
            if len(four) < 4:
                continue
            if self.dice.random() < 0.5:
                self.dice.shuffle(four)
            table = f"{at // 4 + 1:02}" if number % 2 else f"T{at // 4 + 1}"
            self.content["Draw"].append([number, table, *four])
            self._table(number, table, [team for team in four if team != "VACANT"], is_quiet=is_quiet)

    def _table(self, number: int, table: str, seated: list[str], *, is_quiet: bool) -> None:
        dice, content = self.dice, self.content
        for team in seated:
            if dice.random() < 0.06:
                outcome = dice.choice(["late", "absent", "left"])
                content["Outcomes"].append([number, team, outcome])
            if dice.random() < 0.1 and len(self.delegates[team]) > 1:
                row = [number, team, dice.choice(self.delegates[team]), dice.choice(["", "no"])]
                content["Lineups"].append(row)
            if dice.random() < 0.1:
                amount = dice.choice([1, Decimal("0.5"), Decimal("0.000001"), 7])
                content["Penalties"].append([number, team, amount])
        kinds = KINDS if self.has_marks else ("given", "ranks", "scores")
        kind = dice.choice([each for each in kinds if each not in ("draft", "none")] if is_quiet else kinds)
        if kind in ("given", "ranks", "scores"):
            self._results(number, table, seated, kind)
        elif kind != "none":
            self._panel(number, table, seated, is_draft=kind == "draft")
            if kind == "both":
                self._agreeing(number, table)
            elif kind == "partial":
                there = [
                    team
                    for team in seated
                    if self.status[team] != "stand_in" and self._outcome(number, team) in ("", "late")
                ]
                self._results(number, table, seated, "ranks")
                self._take_marks_of(number, there[0])

    def _outcome(self, number: int, team: str) -> str:
        rows = self.content["Outcomes"][1:]
        return next((row[2] for row in rows if row[:2] == [number, team]), "")

    def _results(self, number: int, table: str, seated: list[str], kind: str) -> None:
        """A result without scoresheets: ranks that need not follow the scores, shared ones too, some left out."""
        dice = self.dice
        ranked = [
            team
            for team in seated
            if self._outcome(number, team) != "absent" and self.status[team] != "stand_in"
        ]
        ranks = dice.sample(range(1, 5), len(ranked))
        if dice.random() < 0.2:
            ranks = [1, 1, 3, 3][: len(ranked)]
        for team, rank in zip(ranked, ranks, strict=True):
            score = Decimal(dice.randint(100_000_000, 200_000_000)) / 1_000_000
            score = dice.choice([score, Decimal(150), Decimal("150.5")])
            row = [number, table, team, "" if kind == "scores" else rank, "" if kind == "ranks" else score]
            self.content["Results"].append([*row, ""])

    def _take_marks_of(self, number: int, team: str) -> None:
        """Marks of one team were lost: the table's result is told by `Results`."""
        rows = self.content["Marks"]
        self.content["Marks"] = [row for row in rows if (row[0], row[3]) != (number, team)]

    def _panel(self, number: int, table: str, seated: list[str], *, is_draft: bool) -> None:
        dice = self.dice
        size = dice.choice([1, 1, 2, 3, 3, 5])
        own = [self.free_judges.pop() for _ in range(min(size, len(self.free_judges)))]
        positions = ["chair", *dice.choices(["panellist", "panellist", "trainee"], k=4)]
        has_handed_in = [at == 0 or dice.random() < 0.8 for at in range(len(own))]
        for judge, position, has_sheet in zip(own, positions, has_handed_in, strict=False):
            self.content["Panels"].append([number, table, judge, position])
            if not has_sheet:
                if dice.random() < 0.3:
                    self.content["Scoresheets"].append([number, table, judge, "waived"])
                continue
            if is_draft and position != "trainee":
                self.content["Scoresheets"].append(
                    [number, table, judge, dice.choice(["draft", "submitted"])]
                )
            elif dice.random() < 0.3:
                self.content["Scoresheets"].append([number, table, judge, "confirmed"])
            self._sheet(number, table, judge, seated)

    def _sheet(self, number: int, table: str, judge: str, seated: list[str]) -> None:
        """Marks of one judge: few levels, so that ties are common."""
        dice = self.dice
        for team in seated:
            if self._outcome(number, team) in ("absent", "left") or self.status[team] == "stand_in":
                continue
            out = [row[2] for row in self.content["Lineups"] if row[:2] == [number, team]]
            there = [each for each in self.delegates[team] if each not in out]
            spoke = dice.sample(there, dice.randint(1, len(there))) + dice.choice([[], out])
            for code, target, low, high, step in self.rubric:
                for each in spoke if target == "delegate" else [""]:
                    steps = dice.choice([1, 2, 3]) * 3
                    mark = Decimal(low) + steps * (Decimal(str(step)) if step else Decimal("0.7"))
                    if dice.random() < 0.3:
                        mark = Decimal(high)
                    self.content["Marks"].append([number, table, judge, team, each, code, mark])

    def _agreeing(self, number: int, table: str) -> None:
        """The same result said twice: by the scoresheets and by `Results`."""
        book = Reading(self.content)
        draw = next(row for row in book.rows("Draw") if (row["round"], row["table"]) == (number, table))
        try:
            seats = table_seats(book, draw)
        except ValueError:
            return
        for seat in seats or ():
            if seat.rank is not None:
                self.content["Results"].append([number, table, seat.team, seat.rank, self._score(seat), ""])

    def _score(self, seat: Seat) -> Any:
        if seat.score is None or self.dice.random() < 0.5:
            return ""
        return Decimal(seat.score.numerator) / Decimal(seat.score.denominator)


def championship(seed: int) -> Content:
    """The championship of this seed: names as they are compared, cells as they mean."""
    return Maker(seed).make()


def retyped(content: Content, seed: int) -> Content:
    """The same championship as other people would type it: order, headers, blanks, numbers as text, NFD."""
    dice = random.Random(seed)
    sheets = list(content)
    dice.shuffle(sheets)
    return {dice.choice([name, name.upper(), f" {name} "]): _sheet(content[name], dice) for name in sheets}


def _sheet(rows: list[list[Any]], dice: random.Random) -> list[list[Any]]:
    places = list(range(len(rows[0])))
    dice.shuffle(places)
    headers = [_header(str(rows[0][place]), dice) for place in places]
    typed: list[list[Any]] = [headers]
    for row in rows[1:]:
        if dice.random() < 0.05:
            typed.append([None] * len(places))
        typed.append([_cell(row[place], dice) for place in places])
    return typed


def _header(name: str, dice: random.Random) -> str:
    return dice.choice([name, name.upper(), f"  {name.title()} ", name.replace("_", " ")])


def _cell(value: Any, dice: random.Random) -> Any:
    if value in ("", None):
        return dice.choice([None, "", "  "])
    if isinstance(value, (int, Decimal)):
        return dice.choice([value, value, format(value, "f"), f" {value} "])
    if value in ("yes", "no"):
        return dice.choice([value, value.upper(), value == "yes"])
    if value.isascii() and value.isdigit() and not value.startswith("0") and dice.random() < 0.3:
        return int(value)
    spaced = dice.choice([value, f" {value}", f"{value}\u00a0 ", value.replace(" ", " \t ")])
    return dice.choice([spaced, unicodedata.normalize("NFD", spaced)])
