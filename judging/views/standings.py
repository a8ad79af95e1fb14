"""Standings: live for organisers, stored ones to publish, and the page that everybody sees then."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, divisions_of, get_edition
from competition.rounds.public import round_facts
from core.access import Permission, current_actor, public, requires
from core.errors import Invalid, NotFound, said
from core.idempotency import new_key, once
from core.localised import chosen_locale, in_language
from judging import snapshots
from judging.delegates import delegate_standings
from judging.publicity import SCORE_METRICS, teams_with_hidden_scores
from judging.queries import criteria_of
from judging.standings import StandingsTable, check_round

blueprint = Blueprint("standings", __name__, url_prefix="/e/<slug>/standings")


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """The live standings of one selection, after the last confirmed round or the one asked for."""
    edition = get_edition(slug)
    selection = request.args.get("of", next(iter(_labels(edition))))
    table, fault = _table(edition, selection)
    stored = snapshots.snapshots_of(edition.id)
    return render_template(
        "judging/standings.html",
        edition=edition,
        found=table,
        spark=_sparks(table),
        scales=_scales(table),
        spoken=_spoken(table),
        fault=fault,
        selection=selection,
        selections=_labels(edition),
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
        selections=_labels(edition),
    )


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


@blueprint.get("/published")
@public
def published(slug: str) -> ResponseReturnValue:
    """The published standings; nothing at all before there are any, or to outsiders of a hidden edition."""
    edition = get_edition(slug)
    if not (edition.is_public or current_actor().belongs_to(edition.id)):
        raise NotFound()
    snapshot = snapshots.find_published(edition.id)
    if snapshot is None:
        raise NotFound()
    hides = {snapshots.OVERALL} if edition.role_policy == "fixed" else set()
    labels = {
        key: label for key, label in _labels(edition).items() if key in snapshot.tables and key not in hides
    }
    selection = request.args.get("of", next(iter(labels), ""))
    if selection not in labels:
        raise NotFound()
    page = render_template(
        "judging/published.html",
        edition=edition,
        snapshot=snapshot,
        metrics=snapshot.metrics.split(";"),
        rows=snapshot.tables[selection],
        selection=selection,
        selections=labels,
        hidden=teams_with_hidden_scores(edition.id, snapshot.after_round),
        score_metrics=SCORE_METRICS,
    )
    return Response(page)


def _table(edition: Edition, selection: str) -> tuple[StandingsTable | None, str]:
    number = _after_round()
    try:
        if number is not None:
            check_round(edition, number)
        return snapshots.standings_of(edition, selection, number), ""
    except Invalid as fault:
        return None, said(fault)


def _sparks(table: StandingsTable | None) -> dict[int, list[float | None]]:
    """What each team got in each round, as a line to draw: points, or scores where points do not rank."""
    if table is None:
        return {}
    by_points = "points" in table.metrics
    lines: dict[int, list[float | None]] = {}
    for row in table.rows:
        cells = {cell.round: cell.points if by_points else cell.score for cell in row.rounds}
        values = [cells.get(number) for number in range(1, table.after_round + 1)]
        lines[row.team_id] = [None if value is None else float(value) for value in values]
    return lines


def _scales(table: StandingsTable | None) -> dict[int, tuple[float, float]]:
    """The ends of each line's scale: points on one scale for all; scores, which lie close together, each on its own."""
    lines = _sparks(table)
    known = {team: [value for value in line if value is not None] for team, line in lines.items()}
    if table is not None and "points" in table.metrics:
        every = [value for values in known.values() for value in values]
        return dict.fromkeys(known, (min(every, default=0), max(every, default=1)))
    return {team: _own_scale(values) for team, values in known.items()}


def _own_scale(values: list[float]) -> tuple[float, float]:
    """From the lowest to the highest, at least two marks apart so that a hair's breadth looks like one."""
    low, high = min(values, default=0), max(values, default=1)
    missing = max(0, 2 - (high - low)) / 2
    return low - missing, high + missing


def _spoken(table: StandingsTable | None) -> dict[int, str]:
    """The same lines in words."""
    return {
        team: ", ".join("–" if value is None else format(value, "g") for value in values)
        for team, values in _sparks(table).items()
    }


def _after_round() -> int | None:
    text = request.args.get("round", "")
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _labels(edition: Edition) -> dict[str, str]:
    """What each selection is called, the one to open first; where roles are fixed, everybody together comes last.

    Roles keep their code, the page draws their shape.
    """
    names = {
        f"division:{division.code}": in_language(division.name, division.name_zh, chosen_locale())
        or division.code
        for division in divisions_of(edition.id)
    }
    keys = sorted(
        snapshots.selections(edition), key=lambda key: key == "overall" and edition.role_policy == "fixed"
    )
    return {key: names.get(key, _("Overall") if key == "overall" else key) for key in keys}
