"""Use cases of an applicant: apply, change, withdraw; a reserve moves up when an accepted person goes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from competition.applications.models import Application, TeamPlan
from competition.applications.queries import find_call, find_plan, is_call_open
from competition.applications.services.letters import post_answer, post_received
from competition.applications.services.records import PERSONAL, hold_version, noted
from competition.editions.public import Edition, find_notice
from core.access import Actor
from core.db import db, hold, utc_now
from core.errors import Conflict
from core.localised import N_

CLOSED = N_("Applications for this edition are closed. Nothing was saved.")


def apply(
    *, actor: Actor, edition: Edition, person_id: int, address: str, values: Mapping[str, str]
) -> Application:
    """A signed-in person's application at the address they have confirmed; a second one changes the first."""
    hold(edition)
    _refuse_closed(edition)
    query = select(Application).where(
        Application.edition_id == edition.id,
        (Application.person_id == person_id) | (Application.contact == address.lower()),
    )
    row = db.session.scalar(query.order_by(Application.id).limit(1))
    if row is not None and row.person_id not in (None, person_id):
        raise Conflict(N_("Somebody else has applied with this address. Ask the organisers."))
    if row is not None and row.state not in ("applied", "withdrawn"):
        raise Conflict(N_("Your application has been answered. Ask the organisers to change anything."))
    notice = find_notice(edition.id)
    if row is None:
        row = Application(edition_id=edition.id, submitted_at=utc_now(), version=0)
        db.session.add(row)
    is_news = row.state != "applied" or not row.version
    for name, value in values.items():
        setattr(row, name, value)
    row.person_id, row.contact = person_id, address.lower()
    row.state, row.reason, row.notice_version = "applied", "", notice.version if notice else None
    row.version += 1
    db.session.flush()
    noted(actor, edition.id, "apply" if is_news else "edit", "application", row.id, PERSONAL)
    if is_news:
        post_received(edition, row)
    return row


def add_applicant(*, actor: Actor, edition: Edition, address: str, values: Mapping[str, str]) -> Application:
    """An application that organisers write down for an address; whoever signs in there can change or withdraw it."""
    row = Application(edition_id=edition.id, contact=address.lower(), submitted_at=utc_now(), **values)
    db.session.add(row)
    db.session.flush()
    noted(actor, edition.id, "add", "application", row.id, PERSONAL)
    return row


def withdraw(*, actor: Actor, edition: Edition, application: Application, version: int) -> Application | None:
    """The applicant does not want to take part after all; returns the reserve who moved up.

    Raises Conflict once they are in a team: then the team's page is the place.
    """
    hold(edition)
    hold_version(application, version)
    if application.state == "withdrawn":
        raise Conflict(N_("This application is withdrawn already."))
    if application.delegate_id is not None:
        raise Conflict(
            N_("You are in a team already. Tell your team and the organisers that you cannot come.")
        )
    was_accepted = application.state == "accepted"
    application.state, application.reserve_rank = "withdrawn", None
    application.version += 1
    db.session.flush()
    noted(actor, edition.id, "withdraw", "application", application.id)
    plan = find_plan(edition.id)
    if not was_accepted or (plan is not None and plan.confirmed_at is not None):
        return None
    reserve = move_up(actor=actor, edition=edition)
    if plan is not None:
        replace_in_plan(plan, application, reserve)
    return reserve


def move_up(*, actor: Actor, edition: Edition) -> Application | None:
    """Accept the first reserve and tell them; None where nobody is left."""
    query = select(Application).where(Application.edition_id == edition.id, Application.state == "reserve")
    order = (Application.reserve_rank.is_(None), Application.reserve_rank, Application.submitted_at)
    reserve = db.session.scalar(query.order_by(*order, Application.id).limit(1))
    if reserve is None:
        return None
    hold(reserve)
    reserve.state, reserve.reserve_rank, reserve.reason = "accepted", None, ""
    reserve.version += 1
    db.session.flush()
    noted(actor, edition.id, "move_up", "application", reserve.id)
    post_answer(edition, reserve)
    return reserve


def replace_in_plan(plan: TeamPlan, gone: Application, reserve: Application | None) -> None:
    """In teams that are still a draft, the reserve takes the place of who went."""
    hold(plan)
    placement = dict(plan.placement)
    team = placement.pop(gone.public_id, None)
    if team is not None and reserve is not None:
        placement[reserve.public_id] = team
    plan.placement = placement
    plan.locked = [one for one in plan.locked if one != gone.public_id]
    plan.undo = []
    plan.version += 1
    db.session.flush()


def _refuse_closed(edition: Edition) -> None:
    if not is_call_open(edition, find_call(edition.id), utc_now()):
        raise Conflict(CLOSED)
