"""The standings of a workbook worked out a second time, naively, from the words of the format alone.

Nothing of the program is used here: fractions instead of decimals, lists instead of its lookups. What it says is
compared with what an import and the standings command say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

ROLES = ("government", "enterprise", "local_ngo", "igo")
COLUMNS = ("points", "total_score", "average_score", "adjusted_score", "firsts", "seconds")
Content = dict[str, list[list[Any]]]
Sheets = dict[str, dict[str, Fraction]]
Nets = dict[tuple[str, int], Fraction]


@dataclass
class Seat:
    """A team's part in one round: `rank` counts among those ranked at the table; both None where it was absent."""

    team: str
    round: int
    table: str
    rank: int | None = None
    is_shared: bool = False
    points: Fraction = Fraction(0)
    score: Fraction | None = None


@dataclass
class Line:
    """A team's line: `rank` as the command writes it, empty where unranked; values by metric."""

    team: str
    rank: str
    values: dict[str, Fraction | None] = field(default_factory=dict)


class Tie(ValueError):
    """Teams are level at a table of an edition that forbids it."""


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Rounded to so many decimals, halves away from zero."""
    scaled = abs(value) * 10**decimals
    rounded = Fraction(floor(scaled + Fraction(1, 2)), 10**decimals)
    return rounded if value >= 0 else -rounded


def number(cell: Any) -> Fraction:
    return Fraction(str(cell))


class Reading:
    """A workbook's content as lists of dictionaries, an empty cell as None."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._read: dict[str, list[dict[str, Any]]] = {}
        self.settings = {row[0]: row[1] for row in content["Edition"][1:] if row[1] not in (None, "")}
        self.teams = {row["team"]: row for row in self.rows("Teams")}
        self.criteria = {row["criterion"]: row for row in self.rows("Criteria")}
        self.rounds = {row["round"]: row for row in self.rows("Rounds")}

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        if sheet not in self._read:
            headers, *rows = self.content.get(sheet, [[]])
            self._read[sheet] = [
                {name: None if cell == "" else cell for name, cell in zip(headers, row, strict=True)}
                for row in rows
            ]
        return self._read[sheet]

    def setting(self, key: str, default: Any) -> Any:
        return self.settings.get(key, default)

    def scale(self, key: str, default: str) -> list[Fraction]:
        return [number(part) for part in str(self.setting(key, default)).split(";")]


def sheet_scores(book: Reading, number_: int, table: str, judge: str) -> dict[str, Fraction]:
    """Sheet score of every team on one judge's sheet."""
    out = {
        (row["round"], row["delegate"])
        for row in book.rows("Lineups")
        if row.get("took_part") in (None, "no", False)
    }
    team_part: dict[str, Fraction] = {}
    of_delegates: dict[str, dict[str, Fraction]] = {}
    for row in book.rows("Marks"):
        if (row["round"], row["table"], row["judge"]) != (number_, table, judge):
            continue
        weight = book.criteria[row["criterion"]].get("weight")
        worth = (Fraction(1) if weight is None else number(weight)) * number(row["mark"])
        if row.get("delegate") is None:
            team_part[row["team"]] = team_part.get(row["team"], Fraction(0)) + worth
        elif (number_, row["delegate"]) not in out:
            own = of_delegates.setdefault(row["team"], {})
            own[row["delegate"]] = own.get(row["delegate"], Fraction(0)) + worth
    scores = {}
    for team in {*team_part, *of_delegates}:
        score = team_part.get(team, Fraction(0))
        if each := list(of_delegates.get(team, {}).values()):
            score += sum(each) if book.setting("delegate_marks", "mean") == "sum" else sum(each) / len(each)
        score -= sum(
            number(row["amount"])
            for row in book.rows("Penalties")
            if (row["round"], row["team"]) == (number_, team)
        )
        scores[team] = score
    return scores


def panel_score(book: Reading, scores: Sequence[Fraction]) -> Fraction:
    ordered, method = sorted(scores), book.setting("panel_method", "mean")
    if method == "median":
        middle = len(ordered) // 2
        value = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    elif method == "trimmed_mean" and len(ordered) >= 3:
        value = sum(ordered[1:-1], Fraction(0)) / (len(ordered) - 2)
    else:
        value = sum(ordered, Fraction(0)) / len(ordered)
    return half_up(value, int(book.setting("score_decimals", 2)))


def counted_sheets(book: Reading, number_: int, table: str) -> dict[str, dict[str, Fraction]] | None:
    """Position -> sheet scores of the sheets that count; None where a sheet is still open or none counts."""
    states = {
        (row["round"], row["table"], row["judge"]): row.get("state") or "confirmed"
        for row in book.rows("Scoresheets")
    }
    marked = {(row["round"], row["table"], row["judge"]) for row in book.rows("Marks")}
    found = {}
    for row in book.rows("Panels"):
        key = row["round"], row["table"], row["judge"]
        if key[:2] != (number_, table) or row["position"] == "trainee":
            continue
        state = states.get(key, "confirmed" if key in marked else None)
        if state in ("draft", "submitted"):
            return None
        if state == "confirmed" and key in marked:
            found["chair" if row["position"] == "chair" else row["judge"]] = sheet_scores(book, *key)
    return found or None


def outcome_of(book: Reading, number_: int, team: str) -> str | None:
    for row in book.rows("Outcomes"):
        if (row["round"], row["team"]) == (number_, team):
            return str(row["outcome"])
    return None


def table_seats(book: Reading, draw: dict[str, Any]) -> list[Seat] | None:
    """What every team at the table got; None where the table has no result."""
    number_, table = draw["round"], draw["table"]
    seated = [draw[role] for role in ROLES if draw[role] not in (None, "VACANT")]
    seats = {team: Seat(team, number_, table) for team in seated}
    given = [row for row in book.rows("Results") if (row["round"], row["table"]) == (number_, table)]
    ranked = [
        team
        for team in seated
        if book.teams[team].get("status") != "stand_in" and outcome_of(book, number_, team) != "absent"
    ]
    order: dict[str, Any] = {}
    sheets = counted_sheets(book, number_, table)
    if given:
        for team in ranked:
            if own := [each[team] for each in (sheets or {}).values() if team in each]:
                seats[team].score = panel_score(book, own)
        for row in given:
            if row.get("score") is not None:
                seats[row["team"]].score = number(row["score"])
            if row.get("rank") is not None and row["team"] in ranked:
                order[row["team"]] = -row["rank"]
        if not order:
            order = {team: seats[team].score for team in ranked}
    elif sheets is None:
        return None
    else:
        for team in list(ranked):
            own = [scores[team] for scores in sheets.values() if team in scores]
            if not own and outcome_of(book, number_, team) == "left":
                ranked.remove(team)
                continue
            seats[team].score = panel_score(book, own)
            chair = sheets.get("chair", {}) if book.setting("table_ties", "shared") == "chair" else {}
            order[team] = (seats[team].score, chair.get(team, Fraction(0)))
    if book.setting("table_ties", "shared") == "forbidden" and not all(
        sum(other == each for other in order.values()) == 1 for each in order.values()
    ):
        raise Tie(table)
    scale = (
        book.scale("table_points", "3;2;1;0")
        if len(order) == 4
        else book.scale("three_team_points", "2.5;1.5;0.5")
    )
    raw_weight = book.rounds[number_].get("weight")
    weight = Fraction(1) if raw_weight is None else number(raw_weight)
    for team, strength in order.items():
        before = sum(other > strength for other in order.values())
        level = sum(other == strength for other in order.values())
        seat = seats[team]
        seat.rank, seat.is_shared = before + 1, level > 1
        seat.points = half_up(sum(scale[before : before + level], Fraction(0)) / level * weight, 6)
    return list(seats.values())


def standings(
    content: Content,
    *,
    division: str | None = None,
    role: str | None = None,
    upto: int | None = None,
    adjustment: Callable[[dict[tuple[int, str], Sheets], int], Nets] | None = None,
) -> list[Line]:
    """The lines, best first; teams that share a rank in any order.

    `adjustment` says what the judges' severity is worth to each (team, round), given the counted sheets of every
    (round, table): the estimation itself is not done a second time here.
    """
    book = Reading(content)
    sheets: dict[tuple[int, str], Sheets] = {}
    results: dict[int, list[list[Seat]]] = {}
    confirmed = [0]
    for number_, row in book.rounds.items():
        draws = [draw for draw in book.rows("Draw") if draw["round"] == number_]
        tables = [table_seats(book, draw) for draw in draws]
        state = row.get("results_state")
        is_over = state != "open" if state else bool(tables) and all(table is not None for table in tables)
        if row["stage"] == "preliminary":
            for draw in draws:
                found = counted_sheets(book, number_, draw["table"])
                sheets[number_, draw["table"]] = by_judge(book, number_, draw["table"], found or {})
            results[number_] = [table for table in tables if table is not None]
            if is_over:
                confirmed.append(number_)
    last = max(confirmed) if upto is None else upto
    tables = [table for number_, held in results.items() if number_ <= last for table in held]
    is_early = sum(0 < number_ <= last for number_ in confirmed) < 2
    nets: Nets = {}
    if adjustment is not None and not is_early:
        nets = adjustment({key: each for key, each in sheets.items() if key[0] <= last}, last)
    chosen = [name for name in book.teams if is_chosen(book, name, division, role)]
    has_adjusted = is_adjusted(book, chosen, tables, nets)
    metrics = [part.strip() for part in str(book.setting("standings_metrics", "")).split(";") if part.strip()]
    if not metrics:
        is_fixed = book.settings["role_policy"] == "fixed"
        fixed = ["adjusted_score", "average_score"] if has_adjusted else ["average_score"]
        metrics = fixed if is_fixed else ["points", "total_score", "firsts", "seconds"]
    lines: list[tuple[bool, list[Fraction], Line]] = []
    for name in chosen:
        status = book.teams[name].get("status") or "registered"
        values = team_values(name, tables)
        if has_adjusted:
            values["adjusted_score"] = adjusted_score(name, tables, nets)
        keys = [values[metric] or Fraction(0) for metric in metrics]
        shown = {metric: values[metric] for metric in dict.fromkeys((*COLUMNS, *metrics))}
        lines.append((status == "registered", keys, Line(name, "", shown)))
    ranked = [keys for is_ranked, keys, _ in lines if is_ranked]
    for is_ranked, keys, line in lines:
        if is_ranked:
            line.rank = f"{1 + sum(other > keys for other in ranked)}{'=' * (ranked.count(keys) > 1)}"
    lines.sort(key=lambda each: each[1], reverse=True)
    return [line for each, _, line in lines if each] + [line for each, _, line in lines if not each]


def is_chosen(book: Reading, name: str, division: str | None, role: str | None) -> bool:
    team = book.teams[name]
    divisions = [part.strip() for part in str(team.get("divisions") or "").split(";")]
    if (team.get("status") or "registered") == "waiting" or (division and division not in divisions):
        return False
    return not role or team.get("role") == role


def by_judge(book: Reading, number_: int, table: str, found: Sheets) -> Sheets:
    """The same sheets with the chair's under the chair's own id."""
    chairs = [
        row["judge"]
        for row in book.rows("Panels")
        if (row["round"], row["table"], row["position"]) == (number_, table, "chair")
    ]
    return {chairs[0] if judge == "chair" else judge: scores for judge, scores in found.items()}


def is_adjusted(book: Reading, chosen: list[str], tables: list[list[Seat]], nets: Nets) -> bool:
    """Whether there are scores, and every score of every ranked team has its severity removed."""
    ranked = {name for name in chosen if (book.teams[name].get("status") or "registered") == "registered"}
    scored = [seat for table in tables for seat in table if seat.team in ranked and seat.score is not None]
    return bool(scored) and all((seat.team, seat.round) in nets for seat in scored)


def adjusted_score(team: str, tables: list[list[Seat]], nets: Nets) -> Fraction:
    own = [
        seat.score + nets[team, seat.round]
        for table in tables
        for seat in table
        if seat.team == team and seat.score is not None and (team, seat.round) in nets
    ]
    return half_up(sum(own, Fraction(0)) / len(own), 6) if own else Fraction(0)


def team_values(team: str, tables: list[list[Seat]]) -> dict[str, Fraction | None]:
    """Every metric of one team."""
    own = [seat for table in tables for seat in table if seat.team == team]
    scores = [seat.score for seat in own if seat.score is not None]
    met = [
        other.team
        for table in tables
        if any(seat.team == team and was_there(seat) for seat in table)
        for other in table
        if other.team != team and was_there(other)
    ]
    return {
        "points": sum((seat.points for seat in own), Fraction(0)),
        "total_score": sum(scores, Fraction(0)),
        "average_score": half_up(sum(scores, Fraction(0)) / len(scores), 6) if scores else Fraction(0),
        "adjusted_score": None,
        "firsts": Fraction(sum(seat.rank == 1 and not seat.is_shared for seat in own)),
        "seconds": Fraction(sum(seat.rank == 2 and not seat.is_shared for seat in own)),
        "draw_strength": sum(
            (seat.points for other in met for table in tables for seat in table if seat.team == other),
            Fraction(0),
        ),
        "manual": Fraction(0),
    }


def was_there(seat: Seat) -> bool:
    return seat.rank is not None or seat.score is not None
