"""The published standings that everybody sees, from a cache, and how a rank came about for the public."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from threading import Lock
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from competition.editions.public import Edition, divisions_of, get_edition
from core.access import current_actor, public
from core.errors import Invalid, NotFound
from core.localised import chosen_locale
from judging import snapshots
from judging.analysis.explained import Explanation, public_explanation_of
from judging.analysis.policy import agreed_changes
from judging.delegates import published_delegates
from judging.models import StandingsSnapshot
from judging.publicity import SCORE_METRICS, teams_with_hidden_scores
from judging.views.explanation_words import opened
from judging.views.ranking_labels import labels_of
from judging.views.sparks import Spark, sparks
from judging.views.standings import blueprint

KEPT = 64


class Fragments:
    """Parts of pages as this process rendered them last, the least recently used forgotten first."""

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, Lock()
        self._parts: OrderedDict[Hashable, Markup] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], str]) -> Markup:
        """The part under `key`, made now where it is not kept."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                return self._parts[key]
        part = Markup(make())  # noqa: S704 - a rendered template, escaped where it was made
        with self._lock:
            self._parts[key] = part
            while len(self._parts) > self._size:
                self._parts.popitem(last=False)
        return part


fragments = Fragments(KEPT)


@blueprint.get("/published")
@public
def published(slug: str) -> ResponseReturnValue:
    """The published standings; nothing at all before there are any, or to outsiders of a hidden edition.

    The ranking itself is rendered once and kept until another snapshot is published, one is taken back, or the
    edition's settings change.
    """
    edition = _visible(slug)
    key = snapshots.published_key(edition.id)
    if key is None:
        raise NotFound()
    selection = request.args.get("of", "")
    part = fragments.get(
        (key, edition.version, _division_versions(edition), selection, chosen_locale()),
        lambda: _ranking(edition, selection),
    )
    return Response(render_template("judging/published.html", edition=edition, ranking=part))


@blueprint.get("/delegates/published")
@public
def published_best(slug: str) -> ResponseReturnValue:
    """The best delegates: names and ranks, no marks; nothing before they are published."""
    edition = _visible(slug)
    rows = published_delegates(edition.id)
    if not rows:
        raise NotFound()
    return Response(render_template("judging/delegates_published.html", edition=edition, rows=rows))


@blueprint.get("/published/<team_id>")
@public
def explained(slug: str, team_id: str) -> ResponseReturnValue:
    """How one team's published rank came about: points and places, and scores where they hide no single judge."""
    edition = _visible(slug)
    snapshot = _snapshot(edition)
    labels = _public_labels(edition, snapshot)
    selection = request.args.get("of", next(iter(labels), ""))
    stored = next(
        (row for row in snapshot.tables.get(selection, ()) if row["team_public_id"] == team_id), None
    )
    if selection not in labels or stored is None:
        raise NotFound()
    found = _as_published(edition, snapshot, selection, stored)
    return render_template(
        "judging/analysis/explained.html",
        edition=edition,
        snapshot=snapshot,
        row=stored,
        selection=selection,
        selection_name=labels[selection],
        found=found,
        hidden=teams_with_hidden_scores(edition.id, snapshot.after_round),
        tree_parts=opened(edition, found.root).parts if found else (),
    )


def _visible(slug: str) -> Edition:
    edition = get_edition(slug)
    if not (edition.is_public or current_actor().belongs_to(edition.id)):
        raise NotFound()
    return edition


def _snapshot(edition: Edition) -> StandingsSnapshot:
    snapshot = snapshots.find_published(edition.id)
    if snapshot is None:
        raise NotFound()
    return snapshot


def _public_labels(edition: Edition, snapshot: StandingsSnapshot) -> dict[str, str]:
    """The rankings that are public: where roles are fixed, teams of different roles are never ranked together."""
    hides = {snapshots.OVERALL} if edition.role_policy == "fixed" else set()
    return {
        key: label for key, label in labels_of(edition).items() if key in snapshot.tables and key not in hides
    }


def _division_versions(edition: Edition) -> tuple[tuple[int, int], ...]:
    return tuple((division.id, division.version) for division in divisions_of(edition.id))


def _ranking(edition: Edition, selection: str) -> str:
    snapshot = _snapshot(edition)
    labels = _public_labels(edition, snapshot)
    selection = selection or next(iter(labels), "")
    if selection not in labels:
        raise NotFound()
    hidden = teams_with_hidden_scores(edition.id, snapshot.after_round)
    return render_template(
        "judging/_published_ranking.html",
        edition=edition,
        snapshot=snapshot,
        metrics=snapshot.metrics.split(";"),
        rows=snapshot.tables[selection],
        selection=selection,
        selections=labels,
        hidden=hidden,
        policy_changes=agreed_changes(edition.id),
        score_metrics=SCORE_METRICS,
        spark=_sparks(snapshot, snapshot.tables[selection], hidden),
    )


def _sparks(snapshot: StandingsSnapshot, rows: list[dict[str, Any]], hidden: set[int]) -> dict[int, Spark]:
    """Each team's line: points, or scores where points do not rank and no single judge's marks would show."""
    by_points = "points" in snapshot.metrics.split(";")
    what = "points" if by_points else "score"
    return sparks(
        {
            row["team_id"]: {cell["round"]: _number(cell, what) for cell in row["rounds"]}
            for row in rows
            if by_points or row["team_id"] not in hidden
        },
        snapshot.after_round,
        shares_scale=by_points,
    )


def _number(cell: Mapping[str, Any], what: str) -> Decimal | None:
    text = cell.get(what)
    return None if text is None else Decimal(text)


def _as_published(
    edition: Edition, snapshot: StandingsSnapshot, selection: str, stored: Mapping[str, Any]
) -> Explanation | None:
    """The explanation, if it still explains what was published: results may have been corrected since."""
    try:
        found = public_explanation_of(edition, stored["team_public_id"], selection, snapshot.after_round)
    except (Invalid, NotFound):
        return None
    now = snapshots.stored_row(found.row)
    is_same = all(now[name] == stored[name] for name in ("rank", "is_shared", "values"))
    return found if is_same and ";".join(found.table.metrics) == snapshot.metrics else None
