"""One table of a draw: its judges, its room, and (in a draft) who sits there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, rooms_of
from competition.rounds.facts import RoundFacts, TableFacts
from competition.rounds.field import FieldTeam, teams_of
from competition.rounds.problem import Seats
from competition.rounds.queries import get_table, live_draw, tables_of_draw
from competition.rounds.services.panels import place_judge
from competition.rounds.services.rooms import set_room
from competition.rounds.services.seating import remove_table, seat_table
from competition.rounds.views.draw_rows import Field, field_before, table_rows, trouble_of
from competition.rounds.views.pages import fetch, shown_version
from competition.rounds.words import trouble_words
from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import DomainError, Invalid, NotFound, said
from core.forms import folded
from core.localised import N_, joined
from core.roles import ROLES

blueprint = Blueprint("panels", __name__, url_prefix="/e/<slug>/rounds/<int:number>/tables")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeChoice:
    """A judge who could sit at a table, with where they sit now and what speaks against it."""

    public_id: str
    name: str
    elsewhere: str
    trouble: str


@blueprint.get("/new")
@requires(Permission.MANAGE_ROUNDS)
def new(slug: str, number: int) -> ResponseReturnValue:
    """An empty table to be seated by hand."""
    edition, facts = fetch(slug, number)
    return _hand_page(edition, facts)


@blueprint.post("/new")
@requires(Permission.MANAGE_ROUNDS)
def create(slug: str, number: int) -> ResponseReturnValue:
    """Seat a new table by hand."""
    edition, facts = fetch(slug, number)
    try:
        seat_table(
            actor=current_actor(),
            round_id=facts.id,
            name=folded(request.form.get("name"))[:60],
            seats=_seats(edition),
            version=shown_version(),
        )
    except DomainError as fault:
        db.session.rollback()
        return _hand_page(edition, facts, fault), fault.status
    flash(_("The table was added."), "success")
    return redirect(url_for("rounds.show", slug=slug, number=number), code=303)


@blueprint.get("/<table_id>")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """A table with everything that can be changed at it."""
    edition, facts = fetch(slug, number)
    return _table_page(edition, facts, _table(facts, table_id))


@blueprint.post("/<table_id>/judges")
@requires(Permission.MANAGE_ROUNDS)
def save_judge(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Seat a judge here, change their position, or take them off."""
    edition, facts = fetch(slug, number)
    table = _table(facts, table_id)
    position = request.form.get("position") or None
    judges = {judge.public_id: judge for judge in field_before(edition.id, number).judges.values()}
    judge = judges.get(request.form.get("judge", ""))
    try:
        if judge is None:
            raise Invalid(N_("Choose a judge."))
        warnings = place_judge(
            actor=current_actor(),
            round_id=facts.id,
            table_id=table.id,
            judge_id=judge.id,
            position=position,
            version=shown_version(),
        )
    except DomainError as fault:
        db.session.rollback()
        return _table_page(edition, facts, table, fault), fault.status
    if warnings:
        words = joined(trouble_words(reason) for reason in warnings)
        flash(_("%(judge)s sits here, but %(reasons)s.", judge=judge.name, reasons=words), "warning")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("panels.show", slug=slug, number=number, table_id=table_id), code=303)


@blueprint.post("/<table_id>/room")
@requires(Permission.MANAGE_ROUNDS)
def save_room(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Put the table into a room."""
    edition, facts = fetch(slug, number)
    table = _table(facts, table_id)
    rooms = {room.public_id: room.id for room in rooms_of(edition.id)}
    chosen = request.form.get("room", "")
    try:
        if chosen and chosen not in rooms:
            raise Invalid(N_("Choose a room of this edition."))
        other = set_room(
            actor=current_actor(),
            round_id=facts.id,
            table_id=table.id,
            room_id=rooms.get(chosen),
            version=shown_version(),
        )
    except DomainError as fault:
        db.session.rollback()
        return _table_page(edition, facts, table, fault), fault.status
    if other is not None:
        flash(_("Saved. Table %(table)s sat there and needs another room.", table=other), "warning")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("panels.show", slug=slug, number=number, table_id=table_id), code=303)


@blueprint.post("/<table_id>/seats")
@requires(Permission.MANAGE_ROUNDS)
def save_seats(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Seat the table anew by hand."""
    edition, facts = fetch(slug, number)
    table = _table(facts, table_id)
    try:
        seat_table(
            actor=current_actor(),
            round_id=facts.id,
            name=folded(request.form.get("name"))[:60],
            seats=_seats(edition),
            table_id=table.id,
            version=shown_version(),
        )
    except DomainError as fault:
        db.session.rollback()
        return _table_page(edition, facts, table, fault), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("panels.show", slug=slug, number=number, table_id=table_id), code=303)


@blueprint.post("/<table_id>/remove")
@requires(Permission.MANAGE_ROUNDS)
def remove(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Remove the table from the draft."""
    edition, facts = fetch(slug, number)
    table = _table(facts, table_id)
    try:
        remove_table(actor=current_actor(), round_id=facts.id, table_id=table.id, version=shown_version())
    except DomainError as fault:
        db.session.rollback()
        return _table_page(edition, facts, table, fault), fault.status
    flash(_("Table %(table)s was removed. Its teams have no seat now.", table=table.name), "success")
    return redirect(url_for("rounds.show", slug=slug, number=number), code=303)


def _table(facts: RoundFacts, public_id: str) -> TableFacts:
    table = get_table(facts.edition_id, public_id)
    if table.round_id != facts.id:
        raise NotFound(N_("There is no such table in this draw."))
    return table


def _seats(edition: Edition) -> Seats:
    """The teams chosen per role; an empty choice is a vacant seat."""
    keys = {team.public_id: team.id for team in teams_of(edition.id)}
    chosen = {role: request.form.get(role.value, "") for role in ROLES}
    if any(value and value not in keys for value in chosen.values()):
        raise Invalid(N_("Choose teams of this edition."))
    return {role: keys.get(value) for role, value in chosen.items()}


def _hand_page(edition: Edition, facts: RoundFacts, fault: DomainError | None = None) -> str:
    draw = live_draw(facts.id)
    tables = tables_of_draw(draw.id) if draw is not None else []
    return render_template(
        "rounds/new_table.html",
        edition=edition,
        round=facts,
        name=request.form.get("name", str(len(tables) + 1)),
        teams=_seatable(edition, facts),
        chosen={role.value: request.form.get(role.value, "") for role in ROLES},
        seated={team for table in tables for team in table.team_ids},
        fault=[said(fault), *fault.details] if fault else [],
    )


def _table_page(
    edition: Edition, facts: RoundFacts, table: TableFacts, fault: DomainError | None = None
) -> str:
    field = field_before(edition.id, facts.number)
    tables = tables_of_draw(table.draw_id)
    (row,) = table_rows([table], field)
    return render_template(
        "rounds/table.html",
        edition=edition,
        round=facts,
        row=row,
        judges=_choices(field, table, tables),
        rooms=rooms_of(edition.id),
        taken={other.room_id: other.name for other in tables if other.room_id is not None},
        teams=_seatable(edition, facts),
        seated={team for other in tables for team in other.team_ids},
        fault=[said(fault), *fault.details] if fault else [],
    )


def _seatable(edition: Edition, facts: RoundFacts) -> list[FieldTeam]:
    return [team for team in teams_of(edition.id) if team.is_stand_in or team.plays_in(facts.number)]


def _choices(field: Field, table: TableFacts, tables: list[TableFacts]) -> list[JudgeChoice]:
    """The judges who do not sit here: the free and untroubled ones first."""
    here = {place.judge_id for place in table.panel}
    busy = {place.judge_id: other.name for other in tables for place in other.panel}
    teams = [field.teams[team] for team in table.team_ids if team in field.teams]
    choices = [
        JudgeChoice(
            public_id=judge.public_id,
            name=judge.name,
            elsewhere=busy.get(judge.id, ""),
            trouble=trouble_of(judge, teams, field),
        )
        for judge in field.judges.values()
        if judge.id not in here
    ]
    return sorted(choices, key=lambda choice: (bool(choice.trouble), bool(choice.elsewhere)))
