"""What an organiser does about places and deadlines: offer free places, let somebody register or change a team late."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, UnclearLocalTime, get_edition, to_utc
from competition.entries import queries
from competition.entries.registering import late, offers
from competition.entries.registering.forms import LateForm, OwnDeadlineForm
from competition.entries.views.blueprint import blueprint
from competition.entries.views.links import show_links
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import Invalid, said
from core.idempotency import once
from core.localised import N_

UNCLEAR = N_("Clocks change in that hour: it does not exist or exists twice.")


@blueprint.post("/teams/offer")
@requires(Permission.MANAGE_PEOPLE)
def offer_places(slug: str) -> ResponseReturnValue:
    """Offer every free place to the next waiting team."""
    edition = get_edition(slug)
    made = offers.offer_free_places(actor=current_actor(), edition=edition, now=utc_now())
    flash(_("Places offered: %(count)d.", count=len(made)), "success" if made else "warning")
    return redirect(url_for("people.teams", slug=slug, status="waiting"), code=303)


@blueprint.post("/links/late")
@requires(Permission.MANAGE_PEOPLE)
def grant_late(slug: str) -> ResponseReturnValue:
    """Let one address register a team after the deadline."""
    edition, form = get_edition(slug), LateForm()
    if not form.validate_on_submit():
        return show_links(edition, form), 422

    def work() -> str:
        grant = late.grant_late(
            actor=current_actor(),
            edition=edition,
            address=form.address.data,
            until=_moment(edition, form.until.data),
        )
        flash(_("%(address)s has a link of their own.", address=grant.address), "success")
        return url_for("people.links", slug=slug, _anchor="late")

    try:
        return once(current_actor(), f"grant_late:{edition.id}", work)
    except Invalid as fault:
        form.until.errors = [said(fault)]
        return show_links(edition, form), fault.status


@blueprint.post("/links/late/<grant_id>/end")
@requires(Permission.MANAGE_PEOPLE)
def end_grant(slug: str, grant_id: str) -> ResponseReturnValue:
    """Take a late registration back."""
    edition = get_edition(slug)
    late.end_grant(actor=current_actor(), edition=edition, public_id=grant_id)
    flash(_("The link no longer works."), "success")
    return redirect(url_for("people.links", slug=slug, _anchor="late"), code=303)


@blueprint.post("/teams/<team_id>/open-until")
@requires(Permission.MANAGE_PEOPLE)
def let_change(slug: str, team_id: str) -> ResponseReturnValue:
    """Let a captain change the team until a moment of its own."""
    edition, form = get_edition(slug), OwnDeadlineForm()
    team = queries.get_team(edition.id, team_id)
    if not form.validate_on_submit():
        flash(_("Nothing was saved. Write a date and a time, or leave it empty."), "warning")
    else:
        until = _moment(edition, form.until.data) if form.until.data else None
        late.let_change(actor=current_actor(), edition=edition, team=team, until=until)
        flash(_("Saved."), "success")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


def _moment(edition: Edition, local: datetime) -> datetime:
    try:
        return to_utc(local, edition.timezone)
    except UnclearLocalTime:
        raise Invalid(UNCLEAR) from None
