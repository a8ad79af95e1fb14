"""The break: organisers decide and publish it, everybody sees what is published."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from core.access import Permission, current_actor, public, requires
from core.errors import DomainError, Invalid, NotFound, said
from core.forms import folded, lines, whole_number
from core.idempotency import new_key
from core.localised import N_, translated
from judging.closing.alive import alive_tables, rounds_left
from judging.closing.break_ import EditionBreak, break_of, find_break, publications_of
from judging.closing.services import break_ as services
from judging.closing.views.common import attempt, selection_names, typed_seed

blueprint = Blueprint("breaks", __name__, url_prefix="/e/<slug>/break")
BELOW = 4
"""So many teams below the line are shown, to see how near they are."""


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """The break as it stands, what still speaks against publishing it, and what was published."""
    return _page(get_edition(slug))


@blueprint.post("/cap")
@requires(Permission.MANAGE_RESULTS)
def cap(slug: str) -> ResponseReturnValue:
    """Say how many of one institution may advance."""
    edition = get_edition(slug)

    def work() -> str:
        text = request.form.get("cap", "").strip()
        services.set_cap(
            actor=current_actor(),
            edition=edition,
            selection=request.form.get("selection", ""),
            cap=whole_number(text, otherwise=-1) if text else None,
            version=whole_number(request.form.get("version", ""), otherwise=-1),
        )
        flash(_("Saved."), "success")
        return url_for("breaks.show", slug=slug)

    return _attempt(edition, "break_cap", work)


@blueprint.post("/exclude")
@requires(Permission.MANAGE_RESULTS)
def exclude(slug: str) -> ResponseReturnValue:
    """Pass a team over."""
    edition = get_edition(slug)

    def work() -> str:
        services.exclude_team(
            actor=current_actor(),
            edition=edition,
            team_id=request.form.get("team", ""),
            reason=folded(request.form.get("reason", ""))[:300],
        )
        flash(_("The team is passed over; the next one moves up."), "success")
        return url_for("breaks.show", slug=slug)

    return _attempt(edition, "break_exclude", work)


@blueprint.post("/include")
@requires(Permission.MANAGE_RESULTS)
def include(slug: str) -> ResponseReturnValue:
    """Take back that a team is passed over."""
    edition = get_edition(slug)

    def work() -> str:
        services.include_team(actor=current_actor(), edition=edition, team_id=request.form.get("team", ""))
        flash(_("The team is counted again."), "success")
        return url_for("breaks.show", slug=slug)

    return _attempt(edition, "break_include", work)


@blueprint.post("/lot")
@requires(Permission.MANAGE_RESULTS)
def lot(slug: str) -> ResponseReturnValue:
    """Draw a lot among the teams level at a line."""
    edition = get_edition(slug)

    def work() -> str:
        drawn = services.draw_break_lot(
            actor=current_actor(),
            edition=edition,
            selection=request.form.get("selection", ""),
            seed=typed_seed(),
        )
        order = ", ".join(team["team"] for team in drawn.teams)
        flash(
            _("The lot with seed %(seed)s gives this order: %(order)s.", seed=drawn.seed, order=order),
            "success",
        )
        return url_for("breaks.show", slug=slug)

    return _attempt(edition, "break_lot", work)


@blueprint.post("/publish")
@requires(Permission.PUBLISH)
def publish(slug: str) -> ResponseReturnValue:
    """Publish the break, or the change of a published one."""
    edition = get_edition(slug)

    def work() -> str:
        if len(request.form.get("decision", "")) > 1000:
            raise Invalid(N_("Write the decision in at most 1000 characters."))
        services.publish_break(
            actor=current_actor(),
            edition=edition,
            shown=request.form.get("token", ""),
            decision=lines(request.form.get("decision", "")),
        )
        flash(_("The break is published."), "success")
        return url_for("breaks.show", slug=slug)

    return _attempt(edition, "break_publish", work)


@blueprint.get("/alive")
@requires(Permission.MANAGE_RESULTS)
def alive(slug: str) -> ResponseReturnValue:
    """Who can still reach the break."""
    edition = get_edition(slug)
    return render_template(
        "judging/closing/alive.html",
        edition=edition,
        tables=alive_tables(edition),
        left=rounds_left(edition.id),
        names=selection_names(edition),
    )


@blueprint.get("/published")
@public
def published(slug: str) -> ResponseReturnValue:
    """The published break; nothing before there is one, or to outsiders of a hidden edition."""
    edition = get_edition(slug)
    if not (edition.is_public or current_actor().belongs_to(edition.id)):
        raise NotFound()
    live = find_break(edition.id)
    if live is None:
        raise NotFound()
    return render_template(
        "judging/closing/break_published.html",
        edition=edition,
        published=live,
        brackets=live.brackets,
        names=selection_names(edition),
        changes=[one for one in publications_of(edition.id) if one.decision],
    )


def _attempt(edition: Edition, purpose: str, work: Callable[[], str]) -> ResponseReturnValue:
    return attempt(f"{purpose}:{edition.id}", work, lambda fault: (_page(edition, fault), fault.status))


def _page(edition: Edition, fault: DomainError | None = None) -> str:
    found, unknown = _found(edition)
    may_publish = current_actor().may(Permission.PUBLISH, edition_id=edition.id)
    published_now = find_break(edition.id)
    return render_template(
        "judging/closing/break.html",
        edition=edition,
        found=found,
        unknown=unknown,
        blockers=[translated(*each) for each in services.faults_against_publishing(edition, found)]
        if found
        else [],
        published=published_now,
        versions=publications_of(edition.id),
        has_changed=found is not None
        and published_now is not None
        and services.stored_brackets(found) != published_now.brackets,
        names=selection_names(edition),
        below=BELOW,
        may_publish=may_publish,
        may_set_sizes=current_actor().may(Permission.EDIT_EDITION, edition_id=edition.id),
        may_change=may_publish or published_now is None,
        fault=[said(fault), *fault.details] if fault else [],
        key=new_key,
    )


def _found(edition: Edition) -> tuple[EditionBreak | None, str]:
    """The break, or why it cannot be worked out."""
    try:
        return break_of(edition), ""
    except Invalid as fault:
        return None, said(fault)
