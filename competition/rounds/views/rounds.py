"""Pages of an edition's rounds: the way through, making and editing a round, roles by lot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, divisions_of, find_edition, get_edition, to_local
from competition.rounds import queries
from competition.rounds.facts import RoundFacts
from competition.rounds.field import teams_of
from competition.rounds.forms import RoundForm
from competition.rounds.outcomes import result_counts
from competition.rounds.services.drafting import LARGEST_SEED
from competition.rounds.services.role_lots import assign_roles, find_lot, last_lot, publish_lot
from competition.rounds.services.setup import RoundValues, create_round, edit_round, remove_round
from competition.rounds.views.draw_page import local_start, sheets_endpoint
from core.access import Permission, current_actor, public, requires
from core.db import db
from core.errors import Conflict, DomainError, said
from core.forms import whole_number
from core.idempotency import new_key, once

blueprint = Blueprint("rounds", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A round as a line of the overview: its facts, local start, tables with and without a result."""

    facts: RoundFacts
    starts_at: Any
    tables: int
    results: int


@blueprint.get("/e/<slug>/rounds/")
@requires(Permission.MANAGE_ROUNDS)
def index(slug: str) -> ResponseReturnValue:
    """All rounds, and for each the one step that comes next."""
    return _index(get_edition(slug))


def _index(edition: Edition, fault: DomainError | None = None) -> str:
    counts = result_counts(edition.id)
    lines = [
        Progress(
            facts=facts,
            starts_at=local_start(edition, facts),
            tables=counts.get(facts.id, (0, 0))[0],
            results=counts.get(facts.id, (0, 0))[1],
        )
        for facts in queries.round_facts(edition.id)
    ]
    teams = [team for team in teams_of(edition.id) if team.status == "registered"]
    return render_template(
        "rounds/index.html",
        edition=edition,
        lines=lines,
        divisions={division.id: division for division in divisions_of(edition.id)},
        lot=last_lot(edition.id),
        has_lot=find_lot(edition.id) is not None,
        without_role=sum(team.role is None for team in teams),
        team_count=len(teams),
        fault=said(fault) if fault else None,
        sheets_endpoint=sheets_endpoint(),
        new_key=new_key,
    )


@blueprint.get("/e/<slug>/rounds/new")
@requires(Permission.MANAGE_ROUNDS)
def new(slug: str) -> ResponseReturnValue:
    """An empty form for the next round."""
    edition = get_edition(slug)
    number = len(queries.round_facts(edition.id)) + 1
    form = _form(edition, name=_("Round %(number)d", number=number), weight=Decimal(1))
    return render_template("rounds/edit.html", edition=edition, form=form, round=None)


@blueprint.post("/e/<slug>/rounds/new")
@requires(Permission.MANAGE_ROUNDS)
def create(slug: str) -> ResponseReturnValue:
    """Add a round."""
    edition = get_edition(slug)
    form = _form(edition)
    if not form.validate_on_submit():
        return render_template("rounds/edit.html", edition=edition, form=form, round=None), 422

    def work() -> str:
        row = create_round(actor=current_actor(), edition_id=edition.id, values=_values(edition, form))
        flash(_("%(round)s was added.", round=row.name), "success")
        return url_for("rounds.index", slug=slug)

    try:
        return once(current_actor(), f"create_round:{edition.id}", work)
    except DomainError as fault:
        return _again(edition, form, None, fault)


@blueprint.get("/e/<slug>/rounds/<int:number>/edit")
@requires(Permission.MANAGE_ROUNDS)
def edit(slug: str, number: int) -> ResponseReturnValue:
    """The form of a round."""
    edition = get_edition(slug)
    facts = queries.get_round_facts(edition.id, number)
    codes = {division.id: division.code for division in divisions_of(edition.id)}
    form = _form(
        edition,
        version=facts.version,
        name=facts.name,
        name_zh=facts.name_zh,
        stage=facts.stage,
        division=codes.get(facts.division_id or 0, ""),
        weight=facts.weight,
        starts_at=to_local(facts.starts_at, edition.timezone) if facts.starts_at else None,
    )
    return render_template("rounds/edit.html", edition=edition, form=form, round=facts)


@blueprint.post("/e/<slug>/rounds/<int:number>/edit")
@requires(Permission.MANAGE_ROUNDS)
def save(slug: str, number: int) -> ResponseReturnValue:
    """Save a round."""
    edition = get_edition(slug)
    facts = queries.get_round_facts(edition.id, number)
    form = _form(edition)
    if not form.validate_on_submit():
        return render_template("rounds/edit.html", edition=edition, form=form, round=facts), 422
    version = whole_number(form.version.data or "", otherwise=-1)
    try:
        edit_round(actor=current_actor(), round_id=facts.id, values=_values(edition, form), version=version)
    except DomainError as fault:
        return _again(edition, form, facts, fault)
    flash(_("Saved."), "success")
    return redirect(url_for("rounds.index", slug=slug), code=303)


@blueprint.post("/e/<slug>/rounds/<int:number>/remove")
@requires(Permission.MANAGE_ROUNDS)
def remove(slug: str, number: int) -> ResponseReturnValue:
    """Remove the last round while it is not drawn."""
    edition = get_edition(slug)
    facts = queries.get_round_facts(edition.id, number)
    version = whole_number(request.form.get("version", ""), otherwise=-1)
    try:
        remove_round(actor=current_actor(), round_id=facts.id, version=version)
    except Conflict as fault:
        db.session.rollback()
        return _index(edition, fault), fault.status
    flash(_("The round was removed."), "success")
    return redirect(url_for("rounds.index", slug=slug), code=303)


@blueprint.post("/e/<slug>/rounds/roles")
@requires(Permission.MANAGE_ROUNDS)
def draw_lots(slug: str) -> ResponseReturnValue:
    """Give every team its role by lot."""
    edition = get_edition(slug)
    text = request.form.get("seed", "").strip()
    seed = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None

    def work() -> str:
        lot = assign_roles(actor=current_actor(), edition=edition, seed=seed)
        flash(
            _(
                "Roles were drawn with seed %(seed)s: %(count)s teams got another role.",
                seed=lot.seed,
                count=lot.changed,
            ),
            "success",
        )
        return url_for("rounds.index", slug=slug)

    try:
        if text and (seed is None or seed > LARGEST_SEED):
            raise Conflict(_("A seed is a whole number from 0 to %(largest)s.", largest=LARGEST_SEED))
        return once(current_actor(), f"roles:{edition.id}", work)
    except DomainError as fault:
        db.session.rollback()
        return _index(edition, fault), fault.status


def _form(edition: Edition, **values: Any) -> RoundForm:
    divisions = [(division.code, division.name or division.code) for division in divisions_of(edition.id)]
    return RoundForm(zone=edition.timezone, divisions=divisions, **values)


def _values(edition: Edition, form: RoundForm) -> RoundValues:
    keys = {division.code: division.id for division in divisions_of(edition.id)}
    return RoundValues(
        name=form.name.data,
        name_zh=form.name_zh.data,
        stage=form.stage.data,
        division_id=keys.get(form.division.data),
        weight=form.weight.data or Decimal(0),
        starts_at=form.starts_at_utc,
    )


def _again(
    edition: Edition, form: RoundForm, facts: RoundFacts | None, fault: DomainError
) -> ResponseReturnValue:
    """The form with everything typed still in it, and the version that saving would now be measured against."""
    db.session.rollback()
    if facts is not None:
        facts = queries.get_round_facts(edition.id, facts.number)
        form.version.raw_data, form.version.data = None, facts.version
    lines = [said(fault), *fault.details]
    page = render_template("rounds/edit.html", edition=edition, form=form, round=facts, fault=lines)
    return page, fault.status


@blueprint.post("/e/<slug>/rounds/roles/publish")
@requires(Permission.MANAGE_ROUNDS)
def publish_lots(slug: str) -> ResponseReturnValue:
    """Let everybody see how the roles were drawn, or only organisers."""
    edition = get_edition(slug)
    is_published = request.form.get("is_published") == "1"
    publish_lot(actor=current_actor(), edition=edition, is_published=is_published)
    flash(
        _("Everybody can see the lot of the roles now.")
        if is_published
        else _("Only organisers see it now."),
        "success",
    )
    return redirect(url_for("rounds.lots", slug=slug), code=303)


@blueprint.get("/e/<slug>/roles")
@public
def lots(slug: str) -> ResponseReturnValue:
    """How the roles were drawn, with the proof: for organisers, and for everybody once it is published."""
    edition = find_edition(slug)
    lot = find_lot(edition.id) if edition is not None else None
    if edition is None or lot is None:
        abort(404)
    may_manage = current_actor().may(Permission.MANAGE_ROUNDS, edition_id=edition.id)
    if not may_manage and not (edition.is_public and lot.is_published):
        abort(404)
    return render_template(
        "rounds/lots.html",
        edition=edition,
        lot=lot,
        counts=Counter(line["role"] for line in lot.lines),
        may_manage=may_manage,
    )
