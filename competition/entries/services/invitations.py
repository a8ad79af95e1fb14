"""Private links and mails that invite captains, delegates and judges, and claiming a place at one's own address."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import force_locale, gettext
from sqlalchemy import func, select

from accounts.public import invited_address_provider
from competition.editions.public import (
    INVITATION,
    Edition,
    end_of_captains_link,
    end_of_registration_link,
)
from competition.entries.models import Delegate, Judge, Team
from competition.entries.queries import find_captain
from core import outbox
from core.access import Actor, CapacityKind
from core.audit import AuditEntry, edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict
from core.links import Landing, PrivateLink, create_link, find_links, find_live_link, landing, revoke_link
from core.localised import N_, chosen_locale, in_language

WITHOUT_END_DATE = timedelta(days=120)
DAY_AFTER = timedelta(days=1)
ONE_DAY = timedelta(days=1)
MOST_LETTERS_A_DAY = 4
"""How many invitations go to one delegate within a day when a captain asks for them, the first one included."""
MOST_LETTERS_OF_A_CAPTAIN = 60
LATEST = date(9000, 1, 1)


CLAIMABLE = (CapacityKind.DELEGATE, CapacityKind.CAPTAIN, CapacityKind.JUDGE, CapacityKind.COACH)


class CoachPlace:
    """The place of a team's coach, who has no row of their own: claimed like a delegate's or a judge's."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.id, self.edition_id, self.name = team.id, team.edition_id, team.coach or team.name

    @property
    def person_id(self) -> int | None:
        return self.team.coach_person_id

    @person_id.setter
    def person_id(self, value: int) -> None:
        self.team.coach_person_id = value
        self.team.version += 1


Place = Delegate | Judge | CoachPlace


def registration_link(*, actor: Actor, edition: Edition) -> PrivateLink:
    """A new link with which captains register a team, valid until registration closes; the earlier one ends."""
    expires = end_of_registration_link(edition.registration_closes_at, utc_now())
    link = create_link(
        purpose=CapacityKind.REGISTRANT, edition_id=edition.id, subject_id=None, expires_at=expires
    )
    record(actor, "create_link", "registration", None, scope=edition_scope(edition.id))
    return link


def find_registration_link(edition: Edition) -> PrivateLink | None:
    """The registration link that works now."""
    return find_live_link(purpose=CapacityKind.REGISTRANT, edition_id=edition.id, subject_id=None)


def captain_link(edition: Edition, team: Team, address: str) -> PrivateLink:
    """A new link for a team's captain, until the deadline (and at least as long as an invitation)."""
    return create_link(
        purpose=CapacityKind.CAPTAIN,
        edition_id=edition.id,
        subject_id=team.id,
        expires_at=end_of_captains_link(edition.registration_closes_at, utc_now()),
        bound_address=address,
    )


def present_captain_link(edition: Edition, team: Team, address: str) -> PrivateLink:
    """The link that the captain has, good for another while, so that a mail does not end what they have open."""
    link = find_live_link(purpose=CapacityKind.CAPTAIN, edition_id=edition.id, subject_id=team.id)
    if link is None or link.bound_address.lower() != address.lower():
        return captain_link(edition, team, address)
    link.expires_at = max(link.expires_at, utc_now() + INVITATION)
    return link


def invite_delegate(*, actor: Actor, edition: Edition, delegate: Delegate) -> PrivateLink:
    """A fresh invitation for a delegate, mailed to the address on the roster.

    A captain's letters come in the language the captain reads, the organisers' in the edition's first.
    """
    link = create_link(
        purpose=CapacityKind.DELEGATE,
        edition_id=edition.id,
        subject_id=delegate.id,
        expires_at=utc_now() + INVITATION,
        bound_address=delegate.contact,
    )
    if delegate.contact:
        locale = chosen_locale() if actor.is_link else edition_locale(edition)
        _post_invitation(edition, delegate.contact, delegate.name, link, "delegate", locale, delegate)
    record(actor, "invite", "delegate", delegate.id, scope=edition_scope(edition.id))
    return link


def invite_again(*, actor: Actor, edition: Edition, delegate: Delegate) -> PrivateLink:
    """A captain has an invitation sent again: a few times a day for one delegate, however often they press.

    Raises Conflict once the day's letters to this delegate are sent.
    """
    hold(delegate)
    links = find_links(purpose=CapacityKind.DELEGATE, edition_id=edition.id, subject_id=delegate.id)
    yesterday = utc_now() - ONE_DAY
    if sum(link.created_at > yesterday for link in links) >= MOST_LETTERS_A_DAY:
        raise Conflict(
            N_(
                "%(name)s has been invited %(count)d times within a day. Ask them to look for the e-mail, "
                "also among the unwanted ones, or try again tomorrow."
            ),
            name=delegate.name,
            count=MOST_LETTERS_A_DAY,
        )
    return invite_delegate(actor=actor, edition=edition, delegate=delegate)


def refuse_too_many_letters(actor: Actor, edition: Edition) -> None:
    """Raise Conflict for who has had so many invitations sent within a day that no team needs them."""
    sent = select(func.count()).where(
        AuditEntry.scope == edition_scope(edition.id),
        AuditEntry.verb == "invite",
        AuditEntry.at > utc_now() - ONE_DAY,
        AuditEntry.link_id == actor.link_id if actor.is_link else AuditEntry.person_id == actor.person_id,
    )
    if (db.session.scalar(sent) or 0) >= MOST_LETTERS_OF_A_CAPTAIN:
        raise Conflict(N_("You have had very many invitations sent today. Try again tomorrow."))


def invite_judge(*, actor: Actor, edition: Edition, judge: Judge) -> PrivateLink:
    """A fresh private link for a judge (until a day after the edition ends), mailed where there is an address."""
    link = create_link(
        purpose=CapacityKind.JUDGE,
        edition_id=edition.id,
        subject_id=judge.id,
        expires_at=_end_of_judging(edition),
        bound_address=judge.contact,
    )
    if judge.contact:
        _post_invitation(edition, judge.contact, judge.name, link, "judge")
    record(actor, "invite", "judge", judge.id, scope=edition_scope(edition.id))
    return link


def invite_coach(*, actor: Actor, edition: Edition, team: Team) -> PrivateLink:
    """A fresh private link for a team's coach (until a day after the edition ends), mailed to their address."""
    if not team.coach_contact:
        raise Conflict(N_("%(name)s has no address of a coach."), name=team.name)
    link = create_link(
        purpose=CapacityKind.COACH,
        edition_id=edition.id,
        subject_id=team.id,
        expires_at=_end_of_judging(edition),
        bound_address=team.coach_contact,
    )
    _post_invitation(edition, team.coach_contact, team.coach or team.name, link, "coach")
    record(actor, "invite", "coach", team.id, scope=edition_scope(edition.id))
    return link


def change_coach(*, actor: Actor, edition: Edition, team: Team, contact: str) -> None:
    """Write a coach's address; a new one ends the links and the claim of whoever had the earlier one."""
    if team.coach_contact != contact:
        end_links(actor=actor, edition=edition, purpose=CapacityKind.COACH, subject_id=team.id)
        team.coach_contact, team.coach_person_id = contact, None


def invite_member(*, actor: Actor, edition: Edition, delegate: Delegate) -> PrivateLink:
    """A fresh link for anybody of a team: a captain gets back to the team with it, a delegate to their own page."""
    if not delegate.is_captain:
        return invite_delegate(actor=actor, edition=edition, delegate=delegate)
    team = db.session.get_one(Team, delegate.team_id)
    link = captain_link(edition, team, delegate.contact)
    if delegate.contact:
        post_captain_link(edition, delegate.contact, delegate.name, link)
    record(actor, "invite", "captain", delegate.id, scope=edition_scope(edition.id))
    return link


def end_links(*, actor: Actor, edition: Edition, purpose: CapacityKind, subject_id: int | None) -> None:
    """End every link for one purpose and subject, and the browser sessions that came through them."""
    for link in find_links(purpose=purpose, edition_id=edition.id, subject_id=subject_id):
        if link.is_usable(utc_now()):
            revoke_link(link)
            record(actor, "end_link", purpose.value, subject_id, scope=edition_scope(edition.id))


def end_member_links(*, actor: Actor, edition: Edition, delegate: Delegate) -> None:
    """End the link of anybody of a team."""
    purpose = CapacityKind.CAPTAIN if delegate.is_captain else CapacityKind.DELEGATE
    subject_id = delegate.team_id if delegate.is_captain else delegate.id
    end_links(actor=actor, edition=edition, purpose=purpose, subject_id=subject_id)


def post_captain_link(
    edition: Edition, address: str, name: str, link: PrivateLink, locale: str | None = None
) -> None:
    """Mail a captain the way back to their team."""
    _post_invitation(edition, address, name, link, "captain", locale)


def edition_locale(edition: Edition) -> str:
    """The language in which an edition writes to people whose own it does not know."""
    return "zh_Hans" if edition.languages.startswith("zh") else "en"


def _end_of_judging(edition: Edition) -> datetime:
    """A day after the last day, as its place counts days; a link made later still lives for a day."""
    if edition.ends_on is None:
        return utc_now() + WITHOUT_END_DATE
    midnight = datetime.combine(
        min(edition.ends_on, LATEST) + DAY_AFTER, time.min, ZoneInfo(edition.timezone)
    )
    return max(midnight.astimezone(UTC), utc_now()) + DAY_AFTER


def _post_invitation(
    edition: Edition,
    address: str,
    name: str,
    link: PrivateLink,
    kind: str,
    locale: str | None = None,
    unconfirmed: Delegate | None = None,
) -> None:
    locale = locale or edition_locale(edition)
    place = outbox.secret("link", link.id)
    with force_locale(locale):
        title = in_language(edition.name, edition.name_zh, locale)
        subjects = {
            "delegate": gettext("%(edition)s: confirm your place", edition=title),
            "judge": gettext("%(edition)s: your judge's link", edition=title),
            "captain": gettext("%(edition)s: your team's page", edition=title),
            "coach": gettext("%(edition)s: your page as a coach", edition=title),
        }
        body = _body(name, title, place, unconfirmed)
    outbox.post(
        to=address,
        subject=subjects[kind],
        body=body,
        kind=f"invite_{kind}",
        scope=edition_scope(edition.id),
        locale=locale,
        secrets=[place],
    )


def _body(name: str, edition: str, link: str, delegate: Delegate | None) -> str:
    """What an invitation says: to a delegate who has not confirmed, with whom they are registered and what to do."""
    team = db.session.get(Team, delegate.team_id) if delegate and not delegate.confirmed_at else None
    if team is None:
        return gettext(
            "Dear %(name)s,\n\nthis is your personal link to %(edition)s:\n\n%(link)s\n\n"
            "Please do not pass it on: whoever opens it acts in your name.",
            name=name,
            edition=edition,
            link=link,
        )
    return gettext(
        "Dear %(name)s,\n\nyou are on the list of the team “%(team)s” for %(edition)s. "
        "Please check your name and confirm; it takes a minute:\n\n%(link)s\n\n"
        "Please do not pass it on: whoever opens it acts in your name.",
        name=name,
        team=team.name,
        edition=edition,
        link=link,
    )


def invited_addresses(edition_id: int) -> set[str]:
    """The addresses at which somebody has an invitation to this edition that still works, in small letters."""
    links = db.session.scalars(
        select(PrivateLink).where(
            PrivateLink.edition_id == edition_id,
            PrivateLink.purpose.in_(CLAIMABLE),
            PrivateLink.bound_address != "",
            PrivateLink.revoked_at.is_(None),
        )
    )
    return {link.bound_address.lower() for link in links if link.is_usable(utc_now())}


def find_live_links(delegate: Delegate) -> list[PrivateLink]:
    """The invitations of a delegate that still work."""
    links = find_links(purpose=CapacityKind.DELEGATE, edition_id=delegate.edition_id, subject_id=delegate.id)
    return [link for link in links if link.is_usable(utc_now())]


def open_invitations(address: str) -> list[tuple[PrivateLink, Place]]:
    """Places to which `address` was invited and that nobody has claimed yet."""
    links = db.session.scalars(
        select(PrivateLink).where(
            PrivateLink.bound_address == address.lower(),
            PrivateLink.purpose.in_(CLAIMABLE),
        )
    )
    found: list[tuple[PrivateLink, Place]] = []
    for link in links:
        row = _invited(link)
        if link.is_usable(utc_now()) and row is not None and row.person_id is None:
            found.append((link, row))
    return found


@invited_address_provider
def invited_name(address: str) -> str | None:
    """The name under which an address was invited, so that an invited person can sign in there at once."""
    found = open_invitations(address)
    return found[0][1].name if found else None


def claim(*, actor: Actor, link: PrivateLink, address: str) -> Place | None:
    """Make the invited place the actor's own: only signed in, only at the confirmed address it was sent to."""
    row = _invited(link)
    if row is not None:
        hold(row.team if isinstance(row, CoachPlace) else row)
    if row is None or actor.person_id is None or not address or link.bound_address.lower() != address.lower():
        return None
    if row.person_id not in (None, actor.person_id):
        return None
    row.person_id = actor.person_id
    db.session.flush()
    record(actor, "claim", link.purpose, row.id, scope=edition_scope(row.edition_id))
    return row


def _invited(link: PrivateLink) -> Place | None:
    if link.purpose == CapacityKind.COACH.value:
        team = db.session.get(Team, link.subject_id)
        return CoachPlace(team) if team is not None else None
    if link.purpose == CapacityKind.CAPTAIN.value:
        return find_captain(link.subject_id)
    if link.purpose == CapacityKind.DELEGATE.value:
        return db.session.get(Delegate, link.subject_id)
    return db.session.get(Judge, link.subject_id)


def _edition_of(link: PrivateLink) -> Edition:
    edition = db.session.get(Edition, link.edition_id)
    if edition is None:
        raise LookupError(f"private link {link.id} has lost its edition")
    return edition


@landing(CapacityKind.REGISTRANT)
def land_registrant(link: PrivateLink) -> Landing:
    """Where the registration link leads."""
    edition = _edition_of(link)
    title = in_language(edition.name, edition.name_zh, chosen_locale())
    url = url_for("registration.register", slug=edition.slug)
    return Landing(title, url, edition.timezone, is_shared=True, ends_at=edition.registration_closes_at)


@landing(CapacityKind.CAPTAIN)
def land_captain(link: PrivateLink) -> Landing:
    """Where a captain's link leads."""
    team = db.session.get(Team, link.subject_id)
    edition = _edition_of(link)
    title = in_language(edition.name, edition.name_zh, chosen_locale())
    page = url_for("own_team.show", slug=edition.slug)
    return Landing(team.name if team else "", page, edition.timezone, about=title)


@landing(CapacityKind.DELEGATE)
def land_delegate(link: PrivateLink) -> Landing:
    """Where a delegate's link leads: who has not confirmed yet is asked to at once."""
    delegate, edition = db.session.get(Delegate, link.subject_id), _edition_of(link)
    if delegate is None:
        return Landing("", url_for("participant.show", slug=edition.slug), edition.timezone)
    page = "participant.show" if delegate.confirmed_at else "participant.details"
    team, title = (
        db.session.get(Team, delegate.team_id),
        in_language(edition.name, edition.name_zh, chosen_locale()),
    )
    about = " · ".join(part for part in (team.name if team else "", title) if part)
    name = delegate.name or delegate.name_local
    return Landing(name, url_for(page, slug=edition.slug), edition.timezone, about=about)


@landing(CapacityKind.COACH)
def land_coach(link: PrivateLink) -> Landing:
    """Where a coach's link leads."""
    team, edition = db.session.get(Team, link.subject_id), _edition_of(link)
    name = (team.coach or team.name) if team else ""
    title = in_language(edition.name, edition.name_zh, chosen_locale())
    return Landing(name, url_for("coach.show", slug=edition.slug), edition.timezone, about=title)
