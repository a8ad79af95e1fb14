"""The resolutions of a round for its organisers: who has written and confirmed what, the window, the export."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition, to_local
from competition.resolutions.export import resolutions_workbook
from competition.resolutions.forms import WindowForm
from competition.resolutions.queries import find_window, texts_of_table
from competition.resolutions.services import set_window
from competition.resolutions.standing import standing_of, standings_of
from competition.resolutions.wording import loaded
from competition.rounds.public import RoundFacts, find_table, get_round_facts, tables_of_draw
from core.access import Permission, current_actor, requires
from core.audit import edition_scope, record
from core.db import db
from core.errors import DomainError, said
from core.spreadsheets import MIMETYPE

blueprint = Blueprint("resolutions", __name__, url_prefix="/e/<slug>")


@blueprint.get("/rounds/<int:number>/resolutions")
@requires(Permission.MANAGE_RESULTS)
def index(slug: str, number: int) -> ResponseReturnValue:
    """Every table of a round with its resolution."""
    edition = get_edition(slug)
    return _page(edition, get_round_facts(edition.id, number))


@blueprint.post("/rounds/<int:number>/resolutions/window")
@requires(Permission.MANAGE_ROUNDS)
def window(slug: str, number: int) -> ResponseReturnValue:
    """Set from when until when the tables may write."""
    edition = get_edition(slug)
    facts, form = get_round_facts(edition.id, number), WindowForm(zone=edition.timezone)
    if not form.validate_on_submit():
        return _page(edition, facts, form), 422
    try:
        set_window(actor=current_actor(), edition=edition, facts=facts, **form.moments)
    except DomainError as fault:
        db.session.rollback()
        return _page(edition, facts, form, fault), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("resolutions.index", slug=slug, number=number), code=303)


@blueprint.get("/rounds/<int:number>/resolutions/<table_id>")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str, number: int, table_id: str) -> ResponseReturnValue:
    """The resolution of one table with every text that was written."""
    edition = get_edition(slug)
    facts, table = get_round_facts(edition.id, number), find_table(edition.id, table_id)
    if table is None or table.round_id != facts.id:
        abort(404)
    return render_template(
        "resolutions/table.html",
        edition=edition,
        round=facts,
        table=table,
        standing=standing_of(table),
        earlier=[
            (text, loaded(text.outcome, text.items, text.remark), to_local(text.written_at, edition.timezone))
            for text in texts_of_table(table.id)[1:]
        ],
    )


@blueprint.post("/resolutions/export")
@requires(Permission.EXPORT_EDITION)
def export(slug: str) -> ResponseReturnValue:
    """The resolutions of every round as a spreadsheet (a POST: it goes on record)."""
    edition = get_edition(slug)
    scope = edition_scope(edition.id)
    record(current_actor(), "resolution.exported", "edition", edition.id, scope=scope)
    headers = {
        "Content-Disposition": f'attachment; filename="{edition.slug}-resolutions.xlsx"',
        "Cache-Control": "no-store",
    }
    return Response(resolutions_workbook(edition), mimetype=MIMETYPE, headers=headers)


def _page(
    edition: Edition, facts: RoundFacts, form: WindowForm | None = None, fault: DomainError | None = None
) -> str:
    tables = tables_of_draw(facts.draw_id) if facts.draw_id is not None and facts.is_released else []
    standings = standings_of(tables)
    row = find_window(facts.id)
    moments = {
        name: to_local(moment, edition.timezone)
        if row is not None and (moment := getattr(row, name))
        else None
        for name in ("opens_at", "closes_at")
    }
    return render_template(
        "resolutions/index.html",
        edition=edition,
        round=facts,
        lines=[(table, standings[table.id]) for table in tables],
        form=form or WindowForm(formdata=None, zone=edition.timezone, **moments),
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        fault=said(fault) if fault else "",
    )
