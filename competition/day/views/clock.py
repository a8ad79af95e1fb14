"""The session clock: the hall's controls for organisers, the projector, a table's own clock, how long sessions take."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import get_people
from competition.cases.public import cases_of, find_round_case
from competition.day import showing
from competition.day.agenda import reader_of
from competition.day.forms import SessionsForm
from competition.day.plan import minutes_of, parts_of
from competition.day.queries import SESSIONS, find_sessions, plan_of, round_title
from competition.day.seats import vacancies_of
from competition.day.services import clocks
from competition.editions.public import Edition, find_edition, get_edition
from competition.rounds.public import (
    RoundFacts,
    TableFacts,
    find_round_facts,
    get_round_facts,
    tables_of_draw,
)
from core.access import Permission, current_actor, public, requires
from core.db import db, utc_now
from core.errors import DomainError, said
from core.forms import whole_number
from core.localised import chosen_locale
from core.markdown import safe_html

blueprint = Blueprint("clock", __name__)
MOST_SECONDS = 3600


@blueprint.get("/e/<slug>/rounds/<int:number>/clock")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """The hall's clock with its buttons, tables with one of their own, and what was pressed."""
    edition = get_edition(slug)
    return _desk(edition, get_round_facts(edition.id, number))


@blueprint.post("/e/<slug>/rounds/<int:number>/clock")
@requires(Permission.MANAGE_ROUNDS)
def press(slug: str, number: int) -> ResponseReturnValue:
    """Press a button of the hall's clock."""
    edition = get_edition(slug)
    return _press(edition, get_round_facts(edition.id, number), None)


@blueprint.post("/e/<slug>/rounds/<int:number>/clock/table/<table_id>")
@requires(Permission.MANAGE_ROUNDS)
def press_table(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """Press a button of a table's own clock."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    table = next((one for one in _tables(facts) if one.public_id == table_id), None)
    if table is None:
        abort(404)
    return _press(edition, facts, table.id)


@blueprint.post("/e/<slug>/rounds/<int:number>/clock/follow")
@requires(Permission.MANAGE_ROUNDS)
def follow(slug: str, number: int) -> ResponseReturnValue:
    """Bring every table back to the hall's clock."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    clocks.follow_hall(actor=current_actor(), facts=facts, table_id=None, now=utc_now())
    flash(_("Every table follows the hall."), "success")
    return redirect(url_for("clock.show", slug=slug, number=number), code=303)


@blueprint.get("/e/<slug>/rounds/<int:number>/sessions")
@requires(Permission.MANAGE_ROUNDS)
def sessions(slug: str, number: int) -> ResponseReturnValue:
    """How long each session takes."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    row = find_sessions(facts.id)
    plan = plan_of(row)
    values: dict[str, Any] = {name: getattr(plan, name) for name in SESSIONS}
    values |= {"version": row.version if row else 0, "is_automatic": bool(row and row.is_automatic)}
    return _sessions(edition, facts, SessionsForm(data=values))


@blueprint.post("/e/<slug>/rounds/<int:number>/sessions")
@requires(Permission.MANAGE_ROUNDS)
def save_sessions(slug: str, number: int) -> ResponseReturnValue:
    """Say how long each session takes."""
    edition, form = get_edition(slug), SessionsForm()
    facts = get_round_facts(edition.id, number)
    if not form.validate_on_submit():
        return _sessions(edition, facts, form), 422
    try:
        clocks.set_sessions(
            actor=current_actor(),
            facts=facts,
            version=form.version.number,
            minutes={name: form[name].data or 0 for name in SESSIONS},
            is_automatic=form.is_automatic.data,
        )
    except DomainError as fault:
        form.form_errors.append(said(fault))
        return _sessions(edition, facts, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("clock.show", slug=slug, number=number), code=303)


@blueprint.get("/e/<slug>/draw/<int:number>/clock")
@public
def projector(slug: str, number: int) -> ResponseReturnValue:
    """The clock for the wall, as anybody in the hall may see it."""
    edition, facts = _seen(slug, number)
    return render_template("day/projector.html", **_page(edition, facts, None))


@blueprint.get("/e/<slug>/draw/<int:number>/clock.json")
@public
def state(slug: str, number: int) -> ResponseReturnValue:
    """What the clock shows now, of the hall or (`table`) of a table."""
    _edition, facts = _seen(slug, number)
    name = request.args.get("table", "")[:16]
    table = next((one for one in _tables(facts) if one.public_id == name), None) if name else None
    return jsonify(showing.as_json(showing.clock_view(facts, utc_now(), table.id if table else None)))


@blueprint.get("/e/<slug>/clock/<int:number>")
@requires(Permission.TAKE_PART)
def own(slug: str, number: int) -> ResponseReturnValue:
    """The clock of my table."""
    edition = get_edition(slug)
    return _own(edition, get_round_facts(edition.id, number))


@blueprint.post("/e/<slug>/clock/<int:number>")
@requires(Permission.TAKE_PART)
def press_own(slug: str, number: int) -> ResponseReturnValue:
    """A judge of the table presses a button of its clock."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)
    table = _own_table(edition, facts)
    if table is None or not _may_press(edition, table):
        abort(403)
    return _press(edition, facts, table.id, back="clock.own")


def _press(
    edition: Edition, facts: RoundFacts, table_id: int | None, back: str = "clock.show"
) -> ResponseReturnValue:
    action = request.form.get("action", "")
    if action == "follow":
        clocks.follow_hall(actor=current_actor(), facts=facts, table_id=table_id, now=utc_now())
        return redirect(url_for(back, slug=edition.slug, number=facts.number), code=303)
    minus, text = request.form.get("seconds", "").startswith("-"), request.form.get("seconds", "").lstrip("-")
    seconds = min(whole_number(text, otherwise=0), MOST_SECONDS)
    try:
        clocks.press(
            actor=current_actor(),
            facts=facts,
            table_id=table_id,
            action=action,
            version=whole_number(request.form.get("version", ""), otherwise=-1),
            now=utc_now(),
            seconds=-seconds if minus else seconds,
            reason=request.form.get("reason", "")[:300],
        )
    except DomainError as fault:
        db.session.rollback()
        page = _desk if back == "clock.show" else _own
        return page(edition, facts, said(fault)), fault.status
    return redirect(url_for(back, slug=edition.slug, number=facts.number), code=303)


def _desk(edition: Edition, facts: RoundFacts, fault: str = "") -> str:
    rows, now, vacancies = clocks.own_clocks(facts.id), utc_now(), vacancies_of(facts)
    own = [
        (
            table,
            showing.view_of(
                facts,
                rows[table.id],
                now,
                vacancies,
                version=rows[table.id].version,
                table_id=table.id,
                has_own=True,
            ),
        )
        for table in _tables(facts)
        if table.id in rows
    ]
    log = clocks.log_of(facts.id)
    tables = {table.id: table.name for table in _tables(facts)}
    return render_template(
        "day/clock.html",
        fault=fault,
        own=own,
        following=[table for table in _tables(facts) if table.id not in rows],
        log=log,
        tables=tables,
        kinds=showing.kind_names(),
        people=get_people(one.person_id for one in log if one.person_id is not None),
        **_page(edition, facts, None),
    )


def _own(edition: Edition, facts: RoundFacts, fault: str = "") -> str:
    table = _own_table(edition, facts)
    if table is None and not facts.is_released:
        abort(404)
    return render_template(
        "day/own_clock.html",
        fault=fault,
        table=table,
        may_press=table is not None and _may_press(edition, table),
        **_page(edition, facts, table),
    )


def _page(edition: Edition, facts: RoundFacts, table: TableFacts | None) -> dict[str, Any]:
    view = showing.clock_view(facts, utc_now(), table.id if table else None)
    return {
        "edition": edition,
        "round": facts,
        "round_name": round_title(facts, chosen_locale()),
        "view": view,
        "in_both": showing.in_both,
        "title_of": showing.title_of,
        "who_of": showing.who_of,
        "state_url": url_for(
            "clock.state", slug=edition.slug, number=facts.number, table=table.public_id if table else None
        ),
        "state": showing.as_json(view),
    }


def _sessions(edition: Edition, facts: RoundFacts, form: SessionsForm) -> str:
    row = find_round_case(facts.id)
    plan = plan_of(find_sessions(facts.id))
    return render_template(
        "day/sessions.html",
        edition=edition,
        round=facts,
        round_name=round_title(facts, chosen_locale()),
        form=form,
        total=minutes_of(plan),
        slots=[part for part in parts_of(plan) if part.kind == "bilateral"],
        case=next((one for one in cases_of(edition.id) if row and one.id == row.case_id), None),
        safe_html=safe_html,
    )


def _seen(slug: str, number: int) -> tuple[Edition, RoundFacts]:
    """The round whose clock may be seen: of a public edition once released, else by its own people."""
    edition = find_edition(slug)
    facts = find_round_facts(edition.id, number) if edition is not None else None
    if edition is None or facts is None:
        abort(404)
    actor = current_actor()
    if actor.may(Permission.SEE_EDITION, edition_id=edition.id):
        return edition, facts
    is_own = actor.may(Permission.TAKE_PART, edition_id=edition.id)
    if not (facts.is_released and (edition.is_public or is_own)):
        abort(404)
    return edition, facts


def _tables(facts: RoundFacts) -> list[TableFacts]:
    return tables_of_draw(facts.draw_id) if facts.draw_id is not None else []


def _own_table(edition: Edition, facts: RoundFacts) -> TableFacts | None:
    """Where the reader sits or judges in this round, once it is released."""
    if not facts.is_released:
        return None
    reader = reader_of(current_actor(), edition)
    for table in _tables(facts):
        if any(table.role_of(key) for key in reader.team_ids):
            return table
        if any(place.judge_id == reader.judge_id for place in table.panel):
            return table
    return None


def _may_press(edition: Edition, table: TableFacts) -> bool:
    """Whether the reader is a judge of the table, other than in training."""
    judge_id = reader_of(current_actor(), edition).judge_id
    return any(place.judge_id == judge_id and place.position != "trainee" for place in table.panel)
