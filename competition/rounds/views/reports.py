"""A draw explained: the organisers' report with its spreadsheet, "how was this draw made" for everybody, the file
to make it again, the projector's view and the sheets for the doors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, find_edition
from competition.rounds.facts import RoundFacts
from competition.rounds.models import Draw
from competition.rounds.queries import find_round_facts, live_draw, round_facts, tables_of_draw
from competition.rounds.report import DrawReport, report_of, warnings_of, widths
from competition.rounds.views.draw_page import figures_of, form_words, local_start
from competition.rounds.views.draw_rows import field_before, table_rows
from competition.rounds.views.pages import fetch
from competition.rounds.words import FIGURES, role_words
from core.access import Permission, current_actor, public, requires
from core.db import utc_now
from core.filters import Page
from core.localised import translated
from core.spreadsheets import MIMETYPE, Value, WorkbookWriter, csv_for_people

blueprint = Blueprint("draw_reports", __name__)
WALL_LINES = 40
"""Teams that are read from the back of a hall at one time."""
WALL_SECONDS = 15


@blueprint.get("/e/<slug>/rounds/<int:number>/report")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """Measures with their bounds, every team's balance, who met whom, and how wide the tables are."""
    edition, facts, draw = _drawn(slug, number)
    report = report_of(facts)
    return render_template(
        "rounds/report.html",
        edition=edition,
        round=facts,
        draw=draw,
        report=report,
        warnings=[translated(text, values) for text, values in warnings_of(report)],
        figures=figures_of(draw.report, method=draw.method, role_policy=edition.role_policy),
        widths=sorted(widths(report).items()),
        form_words=form_words(),
        role_words=role_words,
        is_fixed=edition.role_policy == "fixed",
    )


@blueprint.get("/e/<slug>/rounds/<int:number>/report.xlsx")
@requires(Permission.MANAGE_ROUNDS)
def workbook(slug: str, number: int) -> ResponseReturnValue:
    """The draw and its report as a workbook: one sheet for each part of the page."""
    edition, facts, draw = _drawn(slug, number)
    report = report_of(facts)
    writer = WorkbookWriter(title=f"{edition.slug} {facts.number}")
    header, rows = _draw_lines(edition, facts, draw)
    writer.add_sheet(_("Draw"), header, rows)
    bounds: Mapping[str, Any] = draw.report.get("lower_bounds", {})
    lines: list[list[Value]] = [
        [label(), draw.report[name], bounds.get(name)] for name, label in FIGURES if name in draw.report
    ]
    writer.add_sheet(_("Measures"), [_("Measure"), _("This draw"), _("At least")], lines)
    writer.add_sheet(_("Balance"), *_balance_lines(report))
    pairs: list[list[Value]] = [
        [one.one.name, one.other.name, len(one.rounds), " ".join(map(str, one.rounds))]
        for one in report.repeated
    ]
    writer.add_sheet(_("Meetings"), [_("Team"), _("Team met"), _("Times"), _("In rounds")], pairs)
    spreads: list[list[Value]] = [
        [one.table.name, one.highest, one.lowest, one.width] for one in report.spreads
    ]
    writer.add_sheet(_("Tables"), [_("Table"), _("Highest"), _("Lowest"), _("Difference")], spreads)
    name = f"{edition.slug}-draw-{facts.number}.xlsx"
    return _download(writer.save(), MIMETYPE, name)


@blueprint.get("/e/<slug>/rounds/<int:number>/draw.csv")
@requires(Permission.MANAGE_ROUNDS)
def csv(slug: str, number: int) -> ResponseReturnValue:
    """The draw as CSV."""
    edition, facts, draw = _drawn(slug, number)
    header, rows = _draw_lines(edition, facts, draw)
    return _download(
        csv_for_people([header, *rows]).encode(),
        "text/csv; charset=utf-8",
        f"{edition.slug}-draw-{facts.number}.csv",
    )


@blueprint.get("/e/<slug>/rounds/<int:number>/doors")
@requires(Permission.MANAGE_ROUNDS)
def doors(slug: str, number: int) -> ResponseReturnValue:
    """One sheet of paper for each door: the table, the room, who sits in which role."""
    edition, facts, draw = _drawn(slug, number)
    return render_template(
        "rounds/doors.html",
        edition=edition,
        round=facts,
        draw=draw,
        rows=table_rows(tables_of_draw(draw.id), field_before(edition.id, facts.number)),
        starts_at=local_start(edition, facts),
    )


@blueprint.get("/e/<slug>/rounds/<int:number>/replay.json")
@requires(Permission.MANAGE_ROUNDS)
def replay(slug: str, number: int) -> ResponseReturnValue:
    """What the engine was asked, for organisers: anybody who has the file can make the same draw again."""
    edition, facts, draw = _drawn(slug, number)
    return _problem(edition, facts, draw)


@blueprint.get("/e/<slug>/draw/<int:number>/how")
@public
def how(slug: str, number: int) -> ResponseReturnValue:
    """How the released draw of a public edition was made, in plain words."""
    edition, facts, draw = _public(slug, number)
    return render_template(
        "rounds/how.html",
        edition=edition,
        round=facts,
        draw=draw,
        figures=figures_of(draw.report, method=draw.method, role_policy=edition.role_policy),
        form_words=form_words(),
        may_replay=_may_replay(facts, draw),
        by_hand=int(draw.report.get("changed_by_hand", 0)),
        amended=sum(one.get("state") == "released" for one in draw.report.get("amendments", [])),
    )


@blueprint.get("/e/<slug>/draw/<int:number>/replay.json")
@public
def public_replay(slug: str, number: int) -> ResponseReturnValue:
    """The same file for everybody, once the results that it holds are public."""
    edition, facts, draw = _public(slug, number)
    if not _may_replay(facts, draw):
        abort(404)
    return _problem(edition, facts, draw)


@blueprint.get("/e/<slug>/draw/<int:number>/screen")
@public
def screen(slug: str, number: int) -> ResponseReturnValue:
    """The released draw for a projector: by team, large; more than a wall holds goes by page after page."""
    edition, facts, draw = _public(slug, number)
    rows = table_rows(tables_of_draw(draw.id), field_before(edition.id, facts.number))
    lines = sorted(
        (
            (cell.team.name, row.facts.name, row.facts.room, cell.role)
            for row in rows
            for cell in row.seats
            if cell.team is not None
        ),
        key=lambda line: line[0].casefold(),
    )
    part = wall(len(lines), request.args, utc_now())
    is_part = request.headers.get("HX-Request") == "true"
    return render_template(
        "rounds/_screen_lines.html" if is_part else "rounds/screen.html",
        edition=edition,
        round=facts,
        lines=part.cut(lines),
        part=part,
        seconds=WALL_SECONDS,
        starts_at=local_start(edition, facts),
    )


def wall(count: int, arguments: Mapping[str, str], now: datetime) -> Page:
    """The page that is asked for, or the one whose turn it is (the same on all walls of a hall); all about as long."""
    pages = max(1, -(-count // WALL_LINES))
    turn = {"page": str(int(now.timestamp()) // WALL_SECONDS % pages + 1)}
    return Page.of({**turn, **arguments}, total=count, per_page=max(1, -(-count // pages)))


def _drawn(slug: str, number: int) -> tuple[Edition, RoundFacts, Draw]:
    edition, facts = fetch(slug, number)
    draw = live_draw(facts.id)
    if draw is None:
        abort(404)
    return edition, facts, draw


def _public(slug: str, number: int) -> tuple[Edition, RoundFacts, Draw]:
    """A released draw of a public edition, or of one's own; nothing at all otherwise."""
    edition = find_edition(slug)
    facts = find_round_facts(edition.id, number) if edition is not None else None
    if edition is None or facts is None or not facts.is_released:
        abort(404)
    may_see = edition.is_public or current_actor().may(Permission.SEE_EDITION, edition_id=edition.id)
    draw = live_draw(facts.id)
    if not may_see or draw is None:
        abort(404)
    return edition, facts, draw


def _may_replay(facts: RoundFacts, draw: Draw) -> bool:
    """The file holds every team's points before the round: only when those results are public."""
    if draw.problem is None:
        return False
    before = [one for one in round_facts(facts.edition_id) if one.number < facts.number]
    return all(one.results_state == "published" for one in before)


def _problem(edition: Edition, facts: RoundFacts, draw: Draw) -> Response:
    if draw.problem is None:
        abort(404)
    data = json.dumps(draw.problem, ensure_ascii=False, indent=1).encode()
    return _download(data, "application/json", f"{edition.slug}-replay-{facts.number}.json")


def _download(data: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, content_type=mimetype, headers=headers)


def _draw_lines(edition: Edition, facts: RoundFacts, draw: Draw) -> tuple[list[str], list[list[Value]]]:
    """The draw as a header and lines; judges with the chair first."""
    rows = table_rows(tables_of_draw(draw.id), field_before(edition.id, facts.number))
    words = [role_words(cell.role) for cell in rows[0].seats] if rows else []
    header = [_("Table"), _("Room"), _("Bracket"), *words, _("Chair"), _("Panellists"), _("Trainees")]
    lines: list[list[Value]] = []
    for row in rows:
        by_position = {
            position: ", ".join(cell.judge.name for cell in row.judges if cell.position == position)
            for position in ("chair", "panellist", "trainee")
        }
        teams = [cell.team.name if cell.team else "" for cell in row.seats]
        lines.append([row.facts.name, row.facts.room, row.facts.bracket, *teams, *by_position.values()])
    return header, lines


def _balance_lines(report: DrawReport) -> tuple[list[str], list[list[Value]]]:
    roles = list(report.balances[0].roles) if report.balances else []
    header = [
        _("Team"),
        _("Points before"),
        *(role_words(role) for role in roles),
        _("Meets again"),
        _("Pull-ups"),
        _("Vacant seats met"),
    ]
    lines: list[list[Value]] = [
        [
            one.team.name,
            one.points,
            *one.roles.values(),
            ", ".join(one.repeats),
            one.pull_ups,
            one.vacancies,
        ]
        for one in report.balances
    ]
    return header, lines
