"""Seating an elimination round from the break or from the round before it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.rounds.public import RoundFacts, get_round_facts
from core.access import Permission, current_actor, requires
from core.errors import Conflict, DomainError, Invalid, NotFound, said
from core.forms import whole_number
from core.idempotency import new_key
from judging.closing.elimination import Way, way_to
from judging.closing.services import elimination as services
from judging.closing.views.common import attempt, typed_seed

blueprint = Blueprint("seating", __name__, url_prefix="/e/<slug>/rounds/<int:number>/elimination")


@blueprint.get("")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """Who is seated in an elimination round, and how."""
    edition = get_edition(slug)
    return _page(edition, get_round_facts(edition.id, number))


@blueprint.post("")
@requires(Permission.MANAGE_ROUNDS)
def seat(slug: str, number: int) -> ResponseReturnValue:
    """Seat the round: a draft with panels and rooms."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)

    def work() -> str:
        drawn = services.seat_round(
            actor=current_actor(),
            edition=edition,
            facts=facts,
            version=whole_number(request.form.get("version", ""), otherwise=-1),
            roles=request.form.get("roles", "lot"),
            places=_places(),
            seed=typed_seed(),
        )
        flash(_("The round is seated as version %(version)s, a draft.", version=drawn.version), "success")
        return url_for("rounds.show", slug=slug, number=number)

    return _attempt(edition, facts, "seat", work)


@blueprint.post("/lot")
@requires(Permission.MANAGE_ROUNDS)
def lot(slug: str, number: int) -> ResponseReturnValue:
    """Draw a lot among level teams of a role."""
    edition = get_edition(slug)
    facts = get_round_facts(edition.id, number)

    def work() -> str:
        drawn = services.draw_role_lot(
            actor=current_actor(),
            edition=edition,
            facts=facts,
            role=request.form.get("role", ""),
            places=_places(),
            seed=typed_seed(),
        )
        order = ", ".join(team["team"] for team in drawn.teams)
        flash(
            _("The lot with seed %(seed)s gives this order: %(order)s.", seed=drawn.seed, order=order),
            "success",
        )
        return url_for("seating.show", slug=slug, number=number, places=_places())

    return _attempt(edition, facts, "role_lot", work)


def _places() -> int | None:
    """How many of each role advance, None where nobody says."""
    text = request.values.get("places", "").strip()
    return whole_number(text, otherwise=0) or None if text else None


def _attempt(
    edition: Edition, facts: RoundFacts, purpose: str, work: Callable[[], str]
) -> ResponseReturnValue:
    return attempt(
        f"{purpose}:{facts.id}",
        work,
        lambda fault: (_page(edition, get_round_facts(edition.id, facts.number), fault), fault.status),
    )


def _page(edition: Edition, facts: RoundFacts, fault: DomainError | None = None) -> str:
    if facts.is_preliminary:
        raise NotFound()
    way, obstacle = _way(edition, facts)
    return render_template(
        "judging/closing/seat.html",
        edition=edition,
        round=facts,
        way=way,
        obstacle=obstacle,
        tied={role: [way.names[team] for team in teams] for role, teams in way.ties.items()} if way else {},
        fault=[said(fault), *fault.details] if fault else [],
        key=new_key,
    )


def _way(edition: Edition, facts: RoundFacts) -> tuple[Way | None, str]:
    """The way to the round, or what is still in it."""
    if facts.draw_state not in (None, "draft"):
        return None, _("This draw is confirmed. Take it back to a draft before you seat the round again.")
    try:
        way = way_to(edition, facts, _places())
        if not way.ties:
            way.seated(seed=0, roles="lot")
        return way, ""
    except (Conflict, Invalid) as fault:
        return None, said(fault)
