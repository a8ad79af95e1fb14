"""The board of a draft: pick up a team or a judge, see what a move would change, and do it or leave it.

Every step is an address, so that it works by tap, by keyboard and by drag alike, and without script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition
from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldJudge, FieldTeam
from competition.rounds.queries import get_round, get_round_facts, get_table, live_draw, tables_of_draw
from competition.rounds.services.history import last_change, undo_change
from competition.rounds.services.panels import place_judge
from competition.rounds.services.seating import (
    SeatAt,
    lock_table,
    preview_figures,
    reseated,
    seat_team,
    swap_seats,
)
from competition.rounds.views.draw_rows import Field, TableRow, field_before, table_rows, trouble_of
from competition.rounds.views.pages import fetch, shown_version
from competition.rounds.words import FIGURES, role_words
from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import Conflict, DomainError, Invalid, NotFound, said
from core.idempotency import new_key, once
from core.localised import N_
from core.roles import ROLES, Role

blueprint = Blueprint("board", __name__, url_prefix="/e/<slug>/rounds/<int:number>/board")
POSITIONS = ("chair", "panellist", "trainee")
NOWHERE = N_("Choose what to move, and where to.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What was picked up: a team (with its seat, or from the tray) or a judge (with their table, or free)."""

    token: str
    name: str
    team: FieldTeam | None = None
    judge: FieldJudge | None = None
    seat: SeatAt | None = None
    table: TableFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a move would do: its words, the figures that change, what speaks against it before and after."""

    title: str
    target: str
    figures: Sequence[tuple[str, str, str, bool]] = field(default=())
    new_warnings: Sequence[str] = field(default=())
    gone_warnings: Sequence[str] = field(default=())
    positions: Sequence[tuple[str, str]] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A draft's tables with everybody who has no place."""

    edition: Edition
    facts: RoundFacts
    tables: Sequence[TableFacts]
    field: Field

    @property
    def rows(self) -> list[TableRow]:
        return table_rows(self.tables, self.field)

    @property
    def unseated(self) -> list[FieldTeam]:
        seated = {team for table in self.tables for team in table.team_ids}
        return [
            team
            for team in self.field.teams.values()
            if team.id not in seated and (team.is_stand_in or team.plays_in(self.facts.number))
        ]

    @property
    def free_judges(self) -> list[FieldJudge]:
        busy = {place.judge_id for table in self.tables for place in table.panel}
        return [
            judge
            for judge in self.field.judges.values()
            if judge.id not in busy and self.facts.number not in judge.absent_in
        ]

    def table(self, public_id: str) -> TableFacts:
        """One table by its public id; raises Invalid."""
        found = next((table for table in self.tables if table.public_id == public_id), None)
        if found is None:
            raise Invalid(NOWHERE)
        return found

    def seat(self, token: str) -> tuple[TableFacts, Role]:
        """A seat `table.role`; raises Invalid."""
        public_id, _dot, role = token.rpartition(".")
        if role not in {known.value for known in ROLES}:
            raise Invalid(NOWHERE)
        return self.table(public_id), Role(role)

    def picked(self, token: str) -> Picked:
        """What a token names; raises Invalid for anything that is not on this board."""
        kind, _colon, rest = token.partition(":")
        if kind == "seat":
            table, role = self.seat(rest)
            team = self.field.teams.get(table.seats[role] or 0)
            if team is None:
                raise Invalid(NOWHERE)
            seat = SeatAt(table_id=table.id, role=role)
            return Picked(token=token, name=team.name, team=team, seat=seat, table=table)
        if kind == "team":
            team = next((one for one in self.unseated if one.public_id == rest), None)
            if team is not None:
                return Picked(token=token, name=team.name, team=team)
        if kind == "judge":
            judge = next((one for one in self.field.judges.values() if one.public_id == rest), None)
            if judge is not None:
                own = [t for t in self.tables if any(place.judge_id == judge.id for place in t.panel)]
                return Picked(token=token, name=judge.name, judge=judge, table=own[0] if own else None)
        raise Invalid(NOWHERE)


def board_of(edition: Edition, facts: RoundFacts) -> Board:
    """The board of a round's live draw; raises NotFound without one, Conflict once it is not a draft any more."""
    draw = live_draw(facts.id)
    if draw is None:
        raise NotFound(N_("This round has no draw yet. Draft one first."))
    if draw.state != "draft":
        raise Conflict(N_("This draw is not a draft any more. Take it back to a draft before you change it."))
    return Board(
        edition=edition,
        facts=facts,
        tables=tables_of_draw(draw.id),
        field=field_before(edition.id, facts.number),
    )


@blueprint.get("")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """The board; with `pick` something is in the hand, with `to` the move is shown before it is made."""
    edition, facts = fetch(slug, number)
    board = board_of(edition, facts)
    try:
        picked = board.picked(request.args["pick"]) if request.args.get("pick") else None
        preview = preview_of(board, picked, request.args["to"]) if picked and request.args.get("to") else None
    except Invalid as fault:
        return _page(board, fault=fault), fault.status
    return _page(board, picked=picked, preview=preview)


@blueprint.post("/move")
@requires(Permission.MANAGE_ROUNDS)
def move(slug: str, number: int) -> ResponseReturnValue:
    """Make the move that was shown."""
    edition, facts = fetch(slug, number)

    def work(board: Board) -> str:
        picked = board.picked(request.form.get("pick", ""))
        _move(board, picked, request.form.get("to", ""))
        flash(_("%(name)s was moved.", name=picked.name), "success")
        return url_for("board.show", slug=slug, number=number)

    return _changed(edition, facts, "move", work)


@blueprint.post("/lock/<table_id>")
@requires(Permission.MANAGE_ROUNDS)
def lock(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Lock or unlock a table."""
    edition, facts = fetch(slug, number)
    if get_table(edition.id, table_id).round_id != facts.id:
        raise NotFound(N_("There is no such table in this draw."))

    def work(board: Board) -> str:
        table = board.table(table_id)
        lock_table(
            actor=current_actor(),
            round_id=facts.id,
            table_id=table.id,
            is_locked=request.form.get("is_locked") == "1",
            version=shown_version(),
        )
        return url_for("board.show", slug=slug, number=number, _anchor=f"table-{table_id}")

    return _changed(edition, facts, "lock", work)


@blueprint.post("/undo")
@requires(Permission.MANAGE_ROUNDS)
def undo(slug: str, number: int) -> ResponseReturnValue:
    """Take the last change back."""
    edition, facts = fetch(slug, number)

    def work(_board: Board) -> str:
        label = undo_change(actor=current_actor(), round_id=facts.id, version=shown_version())
        flash(_("Taken back: %(change)s", change=label), "success")
        return url_for("board.show", slug=slug, number=number)

    return _changed(edition, facts, "board-undo", work)


def _changed(edition: Edition, facts: RoundFacts, purpose: str, work) -> ResponseReturnValue:  # type: ignore[no-untyped-def]
    try:
        return once(current_actor(), f"{purpose}:{facts.id}", lambda: work(board_of(edition, facts)))
    except NotFound:
        raise
    except DomainError as fault:
        db.session.rollback()
        now = get_round_facts(edition.id, facts.number)
        return _page(board_of(edition, now), fault=fault), fault.status


def _move(board: Board, picked: Picked, target: str) -> None:
    """Carry a move out by the service that fits it."""
    common = {"actor": current_actor(), "round_id": board.facts.id, "version": shown_version()}
    kind, _colon, rest = target.partition(":")
    if picked.team is not None and kind == "seat":
        table, role = board.seat(rest)
        seat = SeatAt(table_id=table.id, role=role)
        if picked.seat is not None:
            swap_seats(first=picked.seat, second=seat, **common)  # type: ignore[arg-type]
        else:
            seat_team(team_id=picked.team.id, seat=seat, **common)  # type: ignore[arg-type]
    elif picked.team is not None and target == "tray" and picked.seat is not None:
        seat_team(team_id=picked.team.id, seat=None, **common)  # type: ignore[arg-type]
    elif picked.judge is not None and kind == "table":
        position = request.form.get("position", "panellist")
        table_id = board.table(rest).id
        place_judge(table_id=table_id, judge_id=picked.judge.id, position=position, **common)  # type: ignore[arg-type]
    elif picked.judge is not None and target == "tray" and picked.table is not None:
        place_judge(table_id=picked.table.id, judge_id=picked.judge.id, position=None, **common)  # type: ignore[arg-type]
    else:
        raise Invalid(NOWHERE)


def preview_of(board: Board, picked: Picked, target: str) -> Preview:
    """What a move would change; raises Invalid for one that makes no sense here."""
    if picked.team is not None:
        return _seat_preview(board, picked, target)
    return _judge_preview(board, picked, target)


def _seat_preview(board: Board, picked: Picked, target: str) -> Preview:
    assert picked.team is not None
    before = {table.id: dict(table.seats) for table in board.tables}
    if target == "tray":
        if picked.seat is None:
            raise Invalid(NOWHERE)
        after = reseated(before, picked.team.id, None)
        title = _("%(team)s loses its seat", team=picked.name)
    else:
        table, role = board.seat(target.removeprefix("seat:"))
        place = _("table %(table)s, %(role)s", table=table.name, role=role_words(role))
        other = board.field.teams.get(table.seats[role] or 0)
        if board.edition.role_policy == "fixed" and picked.team.role not in (None, role):
            raise Invalid(N_("Teams keep their role here: swap two seats of the same role."))
        after = reseated(before, picked.team.id, SeatAt(table_id=table.id, role=role))
        if picked.seat is not None and other is not None:
            after[picked.seat.table_id][picked.seat.role] = other.id
            title = _("%(one)s and %(other)s change places", one=picked.name, other=other.name)
        elif other is not None:
            title = _(
                "%(one)s takes the seat of %(other)s at %(place)s",
                one=picked.name,
                other=other.name,
                place=place,
            )
        else:
            title = _("%(one)s goes to %(place)s", one=picked.name, place=place)
    return Preview(
        title=title,
        target=target,
        figures=_figure_lines(
            preview_figures(get_round(board.facts.id), list(before.values()), list(after.values()))
        ),
        **_warnings(board, after),  # type: ignore[arg-type]
    )


def _figure_lines(
    figures: Mapping[str, tuple[int | float, int | float]],
) -> list[tuple[str, str, str, bool]]:
    """Label, before, after, and whether it got better (every figure is better when lower)."""
    return [
        (label(), f"{figures[name][0]:g}", f"{figures[name][1]:g}", figures[name][1] < figures[name][0])
        for name, label in FIGURES
        if name in figures
    ]


def _warnings(board: Board, after: Mapping[int, Mapping[Role, int | None]]) -> dict[str, list[str]]:
    """The warnings of the tables that change: those that come and those that go, conflicts of judges included."""
    changed = [table for table in board.tables if dict(table.seats) != dict(after[table.id])]
    moved = [_with_seats(table, after[table.id]) for table in changed]
    old, new = _said_of(changed, board.field), _said_of(moved, board.field)
    return {
        "new_warnings": [line for line in new if line not in old],
        "gone_warnings": [line for line in old if line not in new],
    }


def _with_seats(table: TableFacts, seats: Mapping[Role, int | None]) -> TableFacts:
    return replace(table, seats=dict(seats))


def _said_of(tables: Sequence[TableFacts], field: Field) -> list[str]:
    lines = []
    for row in table_rows(tables, field):
        lines += [
            _("Table %(table)s: %(warning)s", table=row.facts.name, warning=one) for one in row.warnings
        ]
        lines += [
            _(
                "Table %(table)s: %(judge)s %(trouble)s.",
                table=row.facts.name,
                judge=cell.judge.name,
                trouble=cell.trouble,
            )
            for cell in row.judges
            if cell.trouble
        ]
    return lines


def _judge_preview(board: Board, picked: Picked, target: str) -> Preview:
    assert picked.judge is not None
    if target == "tray":
        if picked.table is None:
            raise Invalid(NOWHERE)
        return Preview(
            title=_("%(judge)s leaves table %(table)s", judge=picked.name, table=picked.table.name),
            target=target,
            new_warnings=_left_alone(picked),
        )
    table = board.table(target.removeprefix("table:"))
    teams = [board.field.teams[key] for key in table.team_ids if key in board.field.teams]
    trouble = trouble_of(picked.judge, teams, board.field)
    warnings = [_("%(judge)s %(trouble)s.", judge=picked.name, trouble=trouble)] if trouble else []
    if picked.table is not None and picked.table.id != table.id:
        warnings += _left_alone(picked)
    words = {
        "chair": _("Seat as chair"),
        "panellist": _("Seat as panellist"),
        "trainee": _("Seat as trainee"),
    }
    first = "panellist" if table.chair_id is not None else "chair"
    order = [first, *(one for one in POSITIONS if one != first)]
    return Preview(
        title=_("%(judge)s goes to table %(table)s", judge=picked.name, table=table.name),
        target=target,
        new_warnings=warnings,
        positions=[(position, words[position]) for position in order],
    )


def _left_alone(picked: Picked) -> list[str]:
    """What a judge leaves behind: a table without a judge, or without a chair."""
    assert picked.judge is not None
    if picked.table is None:
        return []
    left = [place for place in picked.table.panel if place.judge_id != picked.judge.id]
    if not left:
        return [_("Table %(table)s has no judge.", table=picked.table.name)]
    if picked.table.chair_id == picked.judge.id:
        return [_("Table %(table)s has no chair.", table=picked.table.name)]
    return []


def _page(
    board: Board,
    *,
    picked: Picked | None = None,
    preview: Preview | None = None,
    fault: DomainError | None = None,
) -> str:
    draw = live_draw(board.facts.id)
    change = last_change(draw.id) if draw is not None else None
    return render_template(
        "rounds/board.html",
        edition=board.edition,
        round=board.facts,
        rows=board.rows,
        unseated=board.unseated,
        free_judges=board.free_judges,
        picked=picked,
        preview=preview,
        fault=[said(fault), *fault.details] if fault else [],
        last_change=change.label if change is not None else "",
        is_fixed=board.edition.role_policy == "fixed",
        new_key=new_key,
    )
