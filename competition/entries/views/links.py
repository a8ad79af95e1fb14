"""Private links in the organiser's hands: the captains' registration link, and those of a team's people."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition, is_registration_open
from competition.entries import queries
from competition.entries.registering.forms import LateForm
from competition.entries.registering.late import grants_of
from competition.entries.services import invitations
from competition.entries.views.blueprint import blueprint
from core.access import CapacityKind, Permission, current_actor, requires
from core.db import utc_now
from core.idempotency import new_key, once
from core.links import address_of


@blueprint.post("/teams/<team_id>/members/<delegate_id>/invite")
@requires(Permission.MANAGE_PEOPLE)
def invite_member(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """Send a captain or delegate a new link; the earlier one ends."""
    edition = get_edition(slug)
    delegate = queries.get_delegate(queries.get_team(edition.id, team_id).id, delegate_id)

    def work() -> str:
        invitations.invite_member(actor=current_actor(), edition=edition, delegate=delegate)
        flash(_("%(name)s has a new link. The earlier one no longer works.", name=delegate.name), "success")
        return url_for("people.team", slug=slug, team_id=team_id)

    return once(current_actor(), f"invite_member:{delegate.id}", work)


@blueprint.post("/teams/<team_id>/members/<delegate_id>/end-link")
@requires(Permission.MANAGE_PEOPLE)
def end_member_link(slug: str, team_id: str, delegate_id: str) -> ResponseReturnValue:
    """End a captain's or delegate's link without a new one."""
    edition = get_edition(slug)
    delegate = queries.get_delegate(queries.get_team(edition.id, team_id).id, delegate_id)
    invitations.end_member_links(actor=current_actor(), edition=edition, delegate=delegate)
    flash(_("The link of %(name)s no longer works.", name=delegate.name), "success")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.get("/links")
@requires(Permission.MANAGE_PEOPLE)
def links(slug: str) -> ResponseReturnValue:
    """The registration link for captains, and who may register late."""
    return show_links(get_edition(slug), LateForm())


@blueprint.post("/teams/<team_id>/coach/invite")
@requires(Permission.MANAGE_PEOPLE)
def invite_coach(slug: str, team_id: str) -> ResponseReturnValue:
    """Send a team's coach a link of their own; an earlier one ends."""
    edition = get_edition(slug)
    team = queries.get_team(edition.id, team_id)

    def work() -> str:
        invitations.invite_coach(actor=current_actor(), edition=edition, team=team)
        flash(_("%(address)s has a link of their own.", address=team.coach_contact), "success")
        return url_for("people.team", slug=slug, team_id=team_id)

    return once(current_actor(), f"invite_coach:{team.id}", work)


def show_links(edition: Edition, form: LateForm) -> str:
    """The page of links, with the form for a late registration as it stands."""
    link = invitations.find_registration_link(edition)
    return render_template(
        "entries/links.html",
        edition=edition,
        link=link,
        ends_at=min(link.expires_at, edition.registration_closes_at or link.expires_at) if link else None,
        is_open=is_registration_open(edition, utc_now()),
        address=address_of(link) if link else "",
        key=new_key(),
        form=form,
        grants=grants_of(edition.id),
        now=utc_now(),
    )


@blueprint.post("/links/registration")
@requires(Permission.MANAGE_PEOPLE)
def renew_registration_link(slug: str) -> ResponseReturnValue:
    """A new registration link; the earlier one ends."""
    edition = get_edition(slug)

    def work() -> str:
        invitations.registration_link(actor=current_actor(), edition=edition)
        flash(_("Here is the new registration link."), "success")
        return url_for("people.links", slug=slug)

    return once(current_actor(), f"registration_link:{edition.id}", work)


@blueprint.post("/links/registration/end")
@requires(Permission.MANAGE_PEOPLE)
def end_registration_link(slug: str) -> ResponseReturnValue:
    """End the registration link without a new one."""
    edition = get_edition(slug)
    invitations.end_links(
        actor=current_actor(), edition=edition, purpose=CapacityKind.REGISTRANT, subject_id=None
    )
    flash(_("The registration link no longer works."), "success")
    return redirect(url_for("people.links", slug=slug), code=303)
