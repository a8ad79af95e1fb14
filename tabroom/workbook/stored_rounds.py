"""The rounds of a stored edition as rows of its workbook: live draws, live scoresheets, live results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Select, case, select

from core.db import db
from tabroom.workbook.layout import ROLE_WORDS, VACANT
from tabroom.workbook.tables import table
from tabroom.workbook.values import name_text, stored_sentence, stored_text

Values = dict[str, Any]
DRAW_COLUMNS = {
    "draw_method": "method",
    "draw_preset": "preset",
    "draw_options": "options",
    "seed": "seed",
    "engine": "engine",
}
PLAN_COLUMNS = {"seed": "draw_seed", "engine": "draw_engine"}


def _live_tables(edition_id: int, *columns: Any) -> Select[Any]:
    """Select from round, its live draw and that draw's tables, in order."""
    round_, draw, place = table("round"), table("draw"), table("negotiation_table")
    return (
        select(round_.c.number.label("round"), place.c.name.label("table"), *columns)
        .select_from(round_)
        .join(draw, (draw.c.round_id == round_.c.id) & (draw.c.state != "superseded"))
        .join(place, place.c.draw_id == draw.c.id)
        .where(round_.c.edition_id == edition_id)
        .order_by(round_.c.number, place.c.position, place.c.id)
    )


def _names(name: str, edition_id: int, column: str = "code") -> dict[int, str]:
    target = table(name)
    query = select(target.c.id, target.c[column]).where(target.c.edition_id == edition_id)
    return {key: name_text(each) for key, each in db.session.execute(query)}


def _rounds(edition_id: int) -> Iterator[Values]:
    round_, draw = table("round"), table("draw")
    divisions = _names("division", edition_id)
    drawn = select(draw, round_.c.number).join(round_, round_.c.id == draw.c.round_id)
    live = {
        row["number"]: row
        for row in db.session.execute(
            drawn.where(round_.c.edition_id == edition_id, draw.c.state != "superseded")
        ).mappings()
    }
    query = select(round_).where(round_.c.edition_id == edition_id).order_by(round_.c.number)
    for row in db.session.execute(query).mappings():
        drawn_row = live.get(row["number"])
        yield {
            "round": row["number"],
            "name": stored_text(row["name"]),
            "name_zh": stored_text(row["name_zh"]),
            "stage": row["stage"],
            "division": divisions.get(row["division_id"]),
            "weight": row["weight"],
            "starts_at": row["starts_at"].replace(microsecond=0) if row["starts_at"] else None,
            "draw_state": drawn_row["state"] if drawn_row else None,
            "results_state": row["results_state"],
            **{name: _how_drawn(row, drawn_row, name) for name in DRAW_COLUMNS},
        }


def _how_drawn(row: Any, drawn: Any, name: str) -> Any:
    """How the live draw was made; before there is one, how it is to be made."""
    value = drawn[DRAW_COLUMNS[name]] if drawn is not None else None
    if value in (None, ""):
        value = row[PLAN_COLUMNS.get(name, name)]
    return stored_text(value) if isinstance(value, str) else value


def _draw(edition_id: int) -> Iterator[Values]:
    place, seat = table("negotiation_table"), table("seat")
    teams, rooms = _names("team", edition_id, "name"), _names("room", edition_id, "name")
    query = _live_tables(
        edition_id,
        place.c.id,
        place.c.bracket,
        place.c.room_id,
        seat.c.role,
        seat.c.team_id,
        seat.c.id.label("seat_id"),
    )
    query = query.outerjoin(seat, seat.c.table_id == place.c.id)
    rows: dict[int, Values] = {}
    for row in db.session.execute(query).mappings():
        values = rows.setdefault(
            row["id"],
            {
                "round": row["round"],
                "table": stored_text(row["table"]),
                "room": rooms.get(row["room_id"]),
                "bracket": stored_text(row["bracket"]),
                **dict.fromkeys(ROLE_WORDS),
            },
        )
        if row["seat_id"] is not None:
            values[row["role"]] = teams[row["team_id"]] if row["team_id"] is not None else VACANT
    yield from rows.values()


def _panels(edition_id: int) -> Iterator[Values]:
    place, panel = table("negotiation_table"), table("panel_judge")
    judges = _names("judge", edition_id)
    query = _live_tables(edition_id, panel.c.judge_id, panel.c.position).join(
        panel, panel.c.table_id == place.c.id
    )
    order = case((panel.c.position == "chair", 0), (panel.c.position == "panellist", 1), else_=2)
    for row in db.session.execute(query.order_by(order, panel.c.id)).mappings():
        yield {
            "round": row["round"],
            "table": stored_text(row["table"]),
            "judge": judges[row["judge_id"]],
            "position": row["position"],
        }


def _of_rounds(name: str, edition_id: int) -> Iterator[Any]:
    round_, target = table("round"), table(name)
    query = (
        select(round_.c.number.label("round"), target)
        .join(target, target.c.round_id == round_.c.id)
        .where(round_.c.edition_id == edition_id)
        .order_by(round_.c.number, target.c.id)
    )
    return iter(db.session.execute(query).mappings())


def _outcomes(edition_id: int) -> Iterator[Values]:
    teams = _names("team", edition_id, "name")
    for row in _of_rounds("outcome", edition_id):
        yield {
            "round": row["round"],
            "team": teams[row["team_id"]],
            "outcome": row["outcome"],
            "reason": stored_sentence(row["reason"]),
        }


def _lineups(edition_id: int) -> Iterator[Values]:
    teams, delegates = _names("team", edition_id, "name"), _names("delegate", edition_id)
    for row in _of_rounds("lineup", edition_id):
        yield {
            "round": row["round"],
            "team": teams[row["team_id"]],
            "delegate": delegates[row["delegate_id"]],
            "took_part": row["took_part"],
        }


def _penalties(edition_id: int) -> Iterator[Values]:
    teams = _names("team", edition_id, "name")
    for row in _of_rounds("penalty", edition_id):
        yield {
            "round": row["round"],
            "team": teams[row["team_id"]],
            "amount": row["amount"],
            "reason": stored_sentence(row["reason"]),
        }


def _sheets(edition_id: int, *columns: Any) -> Select[Any]:
    place, sheet = table("negotiation_table"), table("scoresheet")
    return (
        _live_tables(edition_id, sheet.c.judge_id, *columns)
        .join(sheet, (sheet.c.table_id == place.c.id) & (sheet.c.state != "superseded"))
        .order_by(sheet.c.id)
    )


def _scoresheets(edition_id: int) -> Iterator[Values]:
    """Live sheets; where a table waits for a judge who has not begun, that sheet is written as a draft."""
    sheet, place = table("scoresheet"), table("negotiation_table")
    judges, waiting = _names("judge", edition_id), _waiting_judges(edition_id)
    given: dict[int, list[Values]] = defaultdict(list)
    query = _sheets(edition_id, place.c.id.label("table_id"), sheet.c.state, sheet.c.version, sheet.c.reason)
    for row in db.session.execute(query).mappings():
        given[row["table_id"]].append(
            {
                "round": row["round"],
                "table": stored_text(row["table"]),
                "judge": judges[row["judge_id"]],
                "state": row["state"],
                "version": row["version"],
                "reason": stored_sentence(row["reason"]),
            }
        )
    for table_id, rows in given.items():
        yield from rows
        if all(row["state"] in ("confirmed", "waived") for row in rows):
            for judge_id in waiting.get(table_id, ()):
                yield {**rows[0], "judge": judges[judge_id], "state": "draft", "version": 1, "reason": None}


def _waiting_judges(edition_id: int) -> dict[int, list[int]]:
    """Table without a result -> judges whose marks count and who have no sheet."""
    place, panel, sheet, result = (
        table(name) for name in ("negotiation_table", "panel_judge", "scoresheet", "table_result")
    )
    query = (
        _live_tables(edition_id, place.c.id, panel.c.judge_id)
        .join(panel, panel.c.table_id == place.c.id)
        .outerjoin(
            sheet,
            (sheet.c.table_id == place.c.id)
            & (sheet.c.judge_id == panel.c.judge_id)
            & (sheet.c.state != "superseded"),
        )
        .outerjoin(result, (result.c.table_id == place.c.id) & result.c.is_live)
        .where(panel.c.position != "trainee", sheet.c.id.is_(None), result.c.id.is_(None))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in db.session.execute(query.order_by(panel.c.id)).mappings():
        found[row["id"]].append(row["judge_id"])
    return found


def _marks(edition_id: int) -> Iterator[Values]:
    sheet, mark = table("scoresheet"), table("mark")
    judges, teams = _names("judge", edition_id), _names("team", edition_id, "name")
    delegates, criteria = _names("delegate", edition_id), _names("criterion", edition_id)
    names: dict[str, str] = {}
    query = _sheets(edition_id, mark.c.team_id, mark.c.delegate_id, mark.c.criterion_id, mark.c.mark)
    query = query.join(mark, mark.c.scoresheet_id == sheet.c.id).order_by(mark.c.id)
    for number, place, judge, team, delegate, criterion, value in db.session.execute(query):
        yield {
            "round": number,
            "table": names.get(place) or names.setdefault(place, name_text(place)),
            "judge": judges[judge],
            "team": teams[team],
            "delegate": delegates.get(delegate),
            "criterion": criteria[criterion],
            "mark": value,
        }


def _results(edition_id: int) -> Iterator[Values]:
    """Results that scoresheets alone do not say: those given, and those that say who advances."""
    place, result, team_result = table("negotiation_table"), table("table_result"), table("team_result")
    teams = _names("team", edition_id, "name")
    wanted = ("team_id", "rank", "score", "advances")
    query = (
        _live_tables(edition_id, place.c.id, result.c.source, *(team_result.c[name] for name in wanted))
        .join(result, (result.c.table_id == place.c.id) & result.c.is_live)
        .join(team_result, team_result.c.table_result_id == result.c.id)
        .order_by(team_result.c.id)
    )
    of_table: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query).mappings():
        of_table[row["id"]].append(row)
    for rows in of_table.values():
        if rows[0]["source"] != "given" and all(row["advances"] is None for row in rows):
            continue
        for row in rows:
            values = {name: row[name] for name in ("rank", "score", "advances")}
            if any(value is not None for value in values.values()):
                yield {
                    "round": row["round"],
                    "table": stored_text(row["table"]),
                    "team": teams[row["team_id"]],
                    **values,
                }


READERS: dict[str, Callable[[int], Iterator[Values]]] = {
    "Rounds": _rounds,
    "Draw": _draw,
    "Panels": _panels,
    "Outcomes": _outcomes,
    "Lineups": _lineups,
    "Scoresheets": _scoresheets,
    "Marks": _marks,
    "Penalties": _penalties,
    "Results": _results,
}


def stored_outcomes(edition_id: int) -> dict[tuple[int, str, str], Any]:
    """(round, table, team) -> (rank, score, advances) of every live result."""
    place, result, team_result = table("negotiation_table"), table("table_result"), table("team_result")
    teams = _names("team", edition_id, "name")
    wanted = (team_result.c[name] for name in ("team_id", "rank", "score", "advances"))
    query = (
        _live_tables(edition_id, *wanted)
        .join(result, (result.c.table_id == place.c.id) & result.c.is_live)
        .join(team_result, team_result.c.table_result_id == result.c.id)
    )
    return {
        (number, name_text(name), teams[team]): (rank, score, advances)
        for number, name, team, rank, score, advances in db.session.execute(query)
    }
