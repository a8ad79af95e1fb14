"""Looking at a draw: the organiser's page, two versions side by side, on paper, and in public."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from competition.editions.public import Edition, find_edition, get_edition
from competition.rounds.facts import RoundFacts
from competition.rounds.models import Draw
from competition.rounds.queries import draws_of, find_round_facts, live_draw, tables_of_draw
from competition.rounds.views.draw_page import draw_page, figures_of, local_start
from competition.rounds.views.draw_rows import differences, field_before, table_rows
from competition.rounds.views.pages import fetch
from competition.rounds.views.rounds import blueprint
from core.access import Permission, public, requires
from core.forms import whole_number


@blueprint.get("/e/<slug>/rounds/<int:number>/")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """The draw of a round with its report, its warnings and what can be done next."""
    return draw_page(get_edition(slug), number)


@blueprint.get("/e/<slug>/rounds/<int:number>/versions/<int:version>")
@requires(Permission.MANAGE_ROUNDS)
def version(slug: str, number: int, version: int) -> ResponseReturnValue:
    """A version of a draw beside another one, the present one unless `with` names it, and who sits elsewhere there."""
    edition, facts = fetch(slug, number)
    versions = {draw.version: draw for draw in draws_of(facts.id)}
    draw = versions.get(version)
    wanted = request.args.get("with", "")
    other = versions.get(whole_number(wanted, otherwise=0)) if wanted else live_draw(facts.id)
    if draw is None or (wanted and other is None):
        abort(404)
    field, tables = field_before(edition.id, number), tables_of_draw(draw.id)
    others = tables_of_draw(other.id) if other is not None else []
    return render_template(
        "rounds/version.html",
        edition=edition,
        round=facts,
        draw=draw,
        other=other,
        versions=sorted(versions),
        rows=table_rows(tables, field),
        figures=_side_by_side(draw, other, edition.role_policy),
        moved=differences(tables, others, field),
    )


def _side_by_side(draw: Draw, other: Draw | None, role_policy: str) -> list[tuple[str, float, float | None]]:
    """Each figure of a version's report with that of the other one (None where it has none)."""
    beside = (
        {
            one.label: one.value
            for one in figures_of(other.report, method=other.method, role_policy=role_policy)
        }
        if other is not None
        else {}
    )
    return [
        (one.label, one.value, beside.get(one.label))
        for one in figures_of(draw.report, method=draw.method, role_policy=role_policy)
    ]


@blueprint.get("/e/<slug>/rounds/<int:number>/print")
@requires(Permission.MANAGE_ROUNDS)
def print_draw(slug: str, number: int) -> ResponseReturnValue:
    """The draw on paper."""
    edition, facts = fetch(slug, number)
    draw = live_draw(facts.id)
    if draw is None:
        abort(404)
    return render_template("rounds/print.html", draw=draw, **_plain(edition, facts, draw.id))


@blueprint.get("/e/<slug>/draw/<int:number>")
@public
def public_draw(slug: str, number: int) -> ResponseReturnValue:
    """The released draw of a public edition; nothing at all otherwise."""
    edition = find_edition(slug)
    facts = find_round_facts(edition.id, number) if edition is not None and edition.is_public else None
    if edition is None or facts is None or not facts.is_released or facts.draw_id is None:
        abort(404)
    return render_template("rounds/public.html", **_plain(edition, facts, facts.draw_id))


def _plain(edition: Edition, facts: RoundFacts, draw_id: int) -> dict[str, object]:
    return {
        "edition": edition,
        "round": facts,
        "rows": table_rows(tables_of_draw(draw_id), field_before(edition.id, facts.number)),
        "starts_at": local_start(edition, facts),
    }
