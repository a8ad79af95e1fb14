"""The waiting list: freed places are offered to the next team, with a deadline, until briefs are out.

Whether an offer stands is worked out when it is read; the sweep only sees to it that the next team hears of a place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import func, select

from competition.editions.public import Edition
from competition.entries.models import Team
from competition.entries.queries import find_captain
from competition.entries.registering.models import RegistrationRules, TeamOffer
from competition.entries.registering.rules import rules_of, save_rules, taking_part
from competition.entries.services.invitations import present_captain_link
from competition.entries.services.letters import moment_in_letter, post_letter
from core.access import SYSTEM, Actor
from core.audit import edition_scope, record
from core.db import db, hold, unit_of_work, utc_now
from core.errors import Conflict
from core.localised import N_
from core.revisions import bump
from core.roles import ROLES
from core.worker import purge_step

DECLINED = N_("The captain has declined the place that was offered.")
"""The reason kept with a team that did not want its place."""
Stop = Callable[[int, datetime], bool]
_stops: list[Stop] = []


def offer_stop(function: Stop) -> Stop:
    """Register `(edition, now) -> whether nothing may be offered any more`."""
    if function not in _stops:
        _stops.append(function)
    return function


def are_stopped(edition_id: int, now: datetime) -> bool:
    """Whether it is too late for somebody new: briefs are out."""
    return any(stop(edition_id, now) for stop in _stops)


def open_offers(edition_id: int, now: datetime) -> Sequence[TeamOffer]:
    """The offers that stand at `now`."""
    query = select(TeamOffer).where(
        TeamOffer.edition_id == edition_id, TeamOffer.outcome.is_(None), TeamOffer.expires_at > now
    )
    return db.session.scalars(query.order_by(TeamOffer.id)).all()


def find_open_offer(team: Team, now: datetime) -> TeamOffer | None:
    """The offer that a team can answer at `now`."""
    if team.status != "waiting" or are_stopped(team.edition_id, now):
        return None
    return next((row for row in open_offers(team.edition_id, now) if row.team_id == team.id), None)


def free_places(edition_id: int, now: datetime, *, besides: int | None = None) -> int | None:
    """Places that nobody has and nobody is offered (but the team `besides`); None where places are not counted."""
    places = rules_of(edition_id).places
    if places is None:
        return None
    offered = sum(row.team_id != besides for row in open_offers(edition_id, now))
    return places - taking_part(edition_id) - offered


def refuse_beyond_places(edition: Edition, team: Team, now: datetime) -> None:
    """Raise Conflict where every place is taken, or offered to another team."""
    left = free_places(edition.id, now, besides=team.id)
    if left is not None and left <= 0:
        raise Conflict(
            N_("All %(count)d places are taken or offered. Put the team on the waiting list."),
            count=rules_of(edition.id).places,
        )


def vacated_roles(taken: Mapping[str, int], offered: Mapping[str, int]) -> list[str]:
    """The roles that lack a team beside the others, the one that lacks most first; none while no role is given."""
    most = max((taken.get(role.value, 0) for role in ROLES), default=0)
    lacking = {role.value: most - taken.get(role.value, 0) - offered.get(role.value, 0) for role in ROLES}
    found: list[str] = []
    while any(count > 0 for count in lacking.values()):
        role = max(lacking, key=lambda name: lacking[name])
        found.append(role)
        lacking[role] -= 1
    return found


def offer_free_places(*, actor: Actor, edition: Edition, now: datetime) -> list[TeamOffer]:
    """Offer every free place to the next waiting team whose institution is below its cap; returns the new offers."""
    hold(edition)
    _settle_expired(edition, now)
    if edition.archived_at is not None or are_stopped(edition.id, now):
        return []
    free = free_places(edition.id, now) or 0
    roles = _free_roles(edition, now) if free > 0 else []
    made: list[TeamOffer] = []
    for team in _line(edition, now) if free > 0 else ():
        if len(made) == free:
            break
        if not _has_room_for(team, now):
            continue
        made.append(_offer(actor, edition, team, roles.pop(0) if roles else None, now))
    return made


def _settle_expired(edition: Edition, now: datetime) -> None:
    query = select(TeamOffer).where(
        TeamOffer.edition_id == edition.id, TeamOffer.outcome.is_(None), TeamOffer.expires_at <= now
    )
    for row in db.session.scalars(query):
        row.outcome = "expired"
    db.session.flush()


def _line(edition: Edition, now: datetime) -> Sequence[Team]:
    """The waiting teams that hold no offer: who let fewer offers pass comes first, then who registered first."""
    held = [row.team_id for row in open_offers(edition.id, now)]
    missed = (
        select(func.count(TeamOffer.id))
        .where(TeamOffer.team_id == Team.id, TeamOffer.outcome == "expired")
        .scalar_subquery()
    )
    query = select(Team).where(Team.edition_id == edition.id, Team.status == "waiting", Team.id.not_in(held))
    return db.session.scalars(query.order_by(missed, Team.created_at, Team.id)).all()


def place_in_line(team: Team) -> int:
    """The place of a waiting team in line, from 1: by who registered first."""
    query = select(Team.id).where(Team.edition_id == team.edition_id, Team.status == "waiting")
    return list(db.session.scalars(query.order_by(Team.created_at, Team.id))).index(team.id) + 1


def _has_room_for(team: Team, now: datetime) -> bool:
    """Whether the cap of its institution leaves room for the team, open offers counted."""
    cap = rules_of(team.edition_id).per_institution
    if cap is None or team.institution_id is None:
        return True
    held = [row.team_id for row in open_offers(team.edition_id, now)]
    query = select(func.count(Team.id)).where(
        Team.edition_id == team.edition_id,
        Team.institution_id == team.institution_id,
        (Team.status == "registered") | Team.id.in_(held),
    )
    return (db.session.scalar(query) or 0) < cap


def _free_roles(edition: Edition, now: datetime) -> list[str]:
    if edition.role_policy != "fixed":
        return []
    query = (
        select(Team.role, func.count(Team.id))
        .where(Team.edition_id == edition.id, Team.status == "registered", Team.role.is_not(None))
        .group_by(Team.role)
    )
    taken = {role: count for role, count in db.session.execute(query) if role is not None}
    offered = Counter(row.role for row in open_offers(edition.id, now) if row.role is not None)
    return vacated_roles(taken, offered) if taken else []


def _offer(actor: Actor, edition: Edition, team: Team, role: str | None, now: datetime) -> TeamOffer:
    hours = rules_of(edition.id).offer_hours
    offer = TeamOffer(
        edition_id=edition.id,
        team_id=team.id,
        role=role,
        offered_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    db.session.add(offer)
    db.session.flush()
    _post_offer(edition, team, offer)
    _record(actor, edition, "offer_place", team)
    return offer


def _post_offer(edition: Edition, team: Team, offer: TeamOffer) -> None:
    captain = find_captain(team.id)
    if captain is None or not captain.contact:
        return

    def write(title: str, link: str) -> tuple[str, Sequence[str]]:
        names = {
            "government": gettext("Government"),
            "enterprise": gettext("Enterprise"),
            "local_ngo": gettext("Local NGO"),
            "igo": gettext("IGO"),
        }
        until = moment_in_letter(edition, offer.expires_at)
        return gettext("%(edition)s: a place for your team", edition=title), (
            gettext("Dear %(name)s,", name=captain.name),
            gettext("a place in %(edition)s has become free for %(team)s.", edition=title, team=team.name),
            gettext("It is the place of a team in the role %(role)s.", role=names[offer.role])
            if offer.role
            else "",
            gettext("Accept or decline it until %(moment)s; then it goes to the next team.", moment=until),
            gettext("Your team's page: %(link)s", link=link),
        )

    link = present_captain_link(edition, team, captain.contact)
    post_letter(edition, to=captain.contact, kind="place_offer", link=link, write=write)


def answer_offer(
    *, actor: Actor, edition: Edition, team: Team, public_id: str, is_accepted: bool, now: datetime
) -> None:
    """A captain accepts or declines an offered place; answering the same again changes nothing.

    Raises Conflict for an offer that has passed, was answered otherwise, or came too late because briefs are out.
    """
    hold(edition)
    query = select(TeamOffer).where(TeamOffer.team_id == team.id, TeamOffer.public_id == public_id)
    offer = db.session.scalar(query)
    if offer is None:
        raise Conflict(N_("There is no such offer to your team."))
    hold(offer)
    hold(team)
    wanted = "accepted" if is_accepted else "declined"
    if offer.outcome == wanted:
        return
    _refuse_closed(offer, edition, now)
    offer.outcome, offer.answered_at = wanted, now
    if is_accepted:
        team.status, team.status_reason = "registered", ""
        team.role = offer.role or team.role
    else:
        team.status, team.status_reason = "declined", DECLINED
    team.version += 1
    _record(actor, edition, f"offer.{wanted}", team)
    if not is_accepted:
        offer_free_places(actor=SYSTEM, edition=edition, now=now)


def _refuse_closed(offer: TeamOffer, edition: Edition, now: datetime) -> None:
    if offer.outcome not in (None, "expired"):
        raise Conflict(N_("This offer has been answered already. Look at your team's page."))
    if offer.outcome == "expired" or offer.expires_at <= now:
        raise Conflict(
            N_("The offer ended on %(moment)s, and the place goes to the next team. You stay on the list."),
            moment=moment_in_letter(edition, offer.expires_at),
        )
    if are_stopped(edition.id, now):
        raise Conflict(N_("The confidential briefs are out, so no team can join any more."))


def end_offer(team: Team, now: datetime) -> None:
    """A team got its place, or left, without answering: its offer ends."""
    query = select(TeamOffer).where(TeamOffer.team_id == team.id, TeamOffer.outcome.is_(None))
    for row in db.session.scalars(query):
        row.outcome, row.answered_at = "ended", now
    db.session.flush()


def set_rules(*, actor: Actor, edition: Edition, version: int, values: Mapping[str, Any]) -> None:
    """Write the rules of registration; places that they add are offered at once."""
    save_rules(actor=actor, edition=edition, version=version, values=values)
    offer_free_places(actor=actor, edition=edition, now=utc_now())


@purge_step
def offer_what_expired(now: datetime) -> None:
    """In every edition that counts its places, offer those whose offers have passed to the next team."""
    keys = db.session.scalars(
        select(RegistrationRules.edition_id).where(RegistrationRules.places.is_not(None))
    ).all()
    for key in keys:
        with unit_of_work():
            edition = db.session.get(Edition, key)
            if edition is not None:
                offer_free_places(actor=SYSTEM, edition=edition, now=now)


def _record(actor: Actor, edition: Edition, verb: str, team: Team) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, "team", team.id, scope=scope)
    bump(scope)
