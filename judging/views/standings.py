"""Standings for organisers: live, and stored ones to publish."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.rounds.public import round_facts
from core.access import Permission, current_actor, requires
from core.errors import Invalid, said
from core.forms import whole_number
from core.idempotency import new_key, once
from judging import snapshots
from judging.delegates import delegate_standings, published_delegates
from judging.queries import criteria_of
from judging.services.delegate_ranking import publish_delegates, withdraw_delegates
from judging.standings import StandingsTable, check_round
from judging.views.ranking_labels import labels_of
from judging.views.sparks import Spark, sparks

blueprint = Blueprint("standings", __name__, url_prefix="/e/<slug>/standings")


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """The live standings of one selection, after the last confirmed round or the one asked for."""
    edition = get_edition(slug)
    selection = request.args.get("of", next(iter(labels_of(edition))))
    table, fault = _table(edition, selection)
    stored = snapshots.snapshots_of(edition.id)
    return render_template(
        "judging/standings.html",
        edition=edition,
        found=table,
        spark=_sparks(table),
        fault=fault,
        selection=selection,
        selections=labels_of(edition),
        rounds=[facts for facts in round_facts(edition.id) if facts.is_preliminary],
        snapshots=[(one, snapshots.is_outdated(edition, one)) for one in stored[:5]] if not fault else [],
        may_publish=current_actor().may(Permission.PUBLISH, edition_id=edition.id),
        idempotency_key=new_key(),
    )


@blueprint.get("/delegates")
@requires(Permission.MANAGE_RESULTS)
def delegates(slug: str) -> ResponseReturnValue:
    """Delegates by their averages."""
    edition = get_edition(slug)
    return render_template(
        "judging/delegates.html",
        edition=edition,
        rows=delegate_standings(edition, after_round=_after_round()),
        criteria=[one for one in criteria_of(edition.id) if one.target == "delegate"],
        selections=labels_of(edition),
        published=len(published_delegates(edition.id)),
        may_publish=current_actor().may(Permission.PUBLISH, edition_id=edition.id),
        idempotency_key=new_key(),
    )


@blueprint.post("/delegates/publish")
@requires(Permission.PUBLISH)
def publish_best(slug: str) -> ResponseReturnValue:
    """Let everybody see who the best delegates are, or (with `withdraw`) take that back."""
    edition = get_edition(slug)

    def work() -> str:
        if request.form.get("withdraw"):
            withdraw_delegates(actor=current_actor(), edition=edition)
            flash(_("The ranking of delegates is no longer public."), "success")
        else:
            count = whole_number(request.form.get("count", ""), otherwise=0)
            publish_delegates(actor=current_actor(), edition=edition, count=count)
            flash(_("The best delegates are published."), "success")
        return url_for("standings.delegates", slug=slug)

    return once(current_actor(), f"publish_delegates:{edition.id}", work)


@blueprint.post("/store")
@requires(Permission.MANAGE_RESULTS)
def store(slug: str) -> ResponseReturnValue:
    """Store the standings as they are now."""
    edition = get_edition(slug)

    def work() -> str:
        snapshots.take_snapshot(actor=current_actor(), edition=edition)
        flash(_("The standings are stored as they are now."), "success")
        return url_for("standings.show", slug=slug)

    return once(current_actor(), "store_standings", work)


@blueprint.post("/<snapshot_id>/publish")
@requires(Permission.PUBLISH)
def publish(slug: str, snapshot_id: str) -> ResponseReturnValue:
    """Let everybody see stored standings."""
    edition = get_edition(slug)
    snapshot = snapshots.get_snapshot(edition.id, snapshot_id)

    def work() -> str:
        snapshots.publish_snapshot(actor=current_actor(), snapshot=snapshot)
        flash(_("The standings are published."), "success")
        return url_for("standings.show", slug=slug)

    return once(current_actor(), f"publish_standings:{snapshot.id}", work)


@blueprint.post("/<snapshot_id>/unpublish")
@requires(Permission.PUBLISH)
def unpublish(slug: str, snapshot_id: str) -> ResponseReturnValue:
    """Take published standings back."""
    edition = get_edition(slug)
    snapshot = snapshots.get_snapshot(edition.id, snapshot_id)

    def work() -> str:
        snapshots.unpublish_snapshot(actor=current_actor(), snapshot=snapshot)
        flash(_("The standings are no longer public."), "success")
        return url_for("standings.show", slug=slug)

    return once(current_actor(), f"unpublish_standings:{snapshot.id}", work)


def _table(edition: Edition, selection: str) -> tuple[StandingsTable | None, str]:
    number = _after_round()
    try:
        if number is not None:
            check_round(edition, number)
        return snapshots.standings_of(edition, selection, number), ""
    except Invalid as fault:
        return None, said(fault)


def _sparks(table: StandingsTable | None) -> dict[int, Spark]:
    """What each team got in each round, as a line to draw: points, or scores where points do not rank."""
    if table is None:
        return {}
    by_points = "points" in table.metrics
    cells = {
        row.team_id: {cell.round: cell.points if by_points else cell.score for cell in row.rounds}
        for row in table.rows
    }
    return sparks(cells, table.after_round, shares_scale=by_points)


def _after_round() -> int | None:
    text = request.args.get("round", "")
    return int(text) if text.isdecimal() and len(text) < 6 else None
