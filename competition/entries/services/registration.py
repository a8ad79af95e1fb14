"""Use cases of registration: a captain's application, the roster, confirming one's own data, the organiser's answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select

from competition.editions.public import Division, Edition, divisions_of, find_notice, is_registration_open
from competition.entries.models import Delegate, Institution, Judge, Team, TeamDivision
from competition.entries.registering.late import find_late_grant
from competition.entries.registering.models import LateGrant
from competition.entries.registering.offers import end_offer, offer_free_places, refuse_beyond_places
from competition.entries.registering.questions import keep_answers
from competition.entries.registering.rules import ANSWERABLE, is_beyond_cap, refuse_beyond_cap
from competition.entries.services import invitations
from competition.entries.services.answers import post_decision
from competition.entries.services.rows import free_code, next_position, record_row
from core.access import Actor
from core.audit import changed_columns, columns_of, edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, NotFound, Stale
from core.forms import folded
from core.links import PrivateLink
from core.localised import N_, chosen_locale
from core.revisions import bump

DELEGATE_PERSONAL = ("contact", "name", "name_local")
"""Columns of a delegate that hold personal data: the record names them, never their values."""
IN_TEAM = tuple(f"delegate.{name}" for name in DELEGATE_PERSONAL)
DECISIONS = {"accept": "registered", "wait": "waiting", "decline": "declined", "ask": "applied"}
NEEDS_REASON = ("decline", "ask")
BEYOND_CAP = N_("Your university has as many teams as one may have, so this one waits for a place.")
"""The reason kept with a team that waits because of its institution's cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelegate:
    """A name and an address as a captain types them."""

    name: str
    name_local: str = ""
    contact: str = ""


def register_team(
    *,
    actor: Actor,
    edition: Edition,
    name: str,
    institution: str,
    captain: NewDelegate,
    members: Sequence[NewDelegate],
    coach: str = "",
    coach_contact: str = "",
    wishes: Sequence[str] = (),
    division_codes: Sequence[str] = (),
    answers: Mapping[int, str] = MappingProxyType({}),
) -> tuple[Team, PrivateLink]:
    """A captain's application: the team waits for the organiser; everybody gets their own link by mail."""
    hold(edition)
    grant = _late_grant(actor, edition)
    if len(members) >= edition.team_size_maximum:
        raise Conflict(N_("A team has at most %(count)d delegates."), count=edition.team_size_maximum)
    refuse_taken_name(edition, name)
    _refuse_repeated_addresses([captain, *members])
    home = find_or_add_institution(edition, institution, is_checked=False) if institution else None
    team = Team(
        edition_id=edition.id,
        name=name,
        institution_id=home.id if home else None,
        coach=coach,
        coach_contact=coach_contact.lower(),
        wishes=";".join(wishes),
        status="applied",
        created_at=utc_now(),
        position=next_position(Team, edition),
    )
    db.session.add(team)
    db.session.flush()
    if is_beyond_cap(team, "registered", "applied"):
        team.status, team.status_reason = "waiting", BEYOND_CAP
    if grant is not None:
        grant.used_at, team.open_until = utc_now(), grant.until
    set_divisions(edition, team, division_codes)
    keep_answers(team, answers)
    link = _add_people(actor, edition, team, captain, members)
    record_row(actor, edition, "register", "team", team.id, ("coach", *IN_TEAM))
    return team, link


def _late_grant(actor: Actor, edition: Edition) -> LateGrant | None:
    """What lets this captain in although registration is closed; None while it is open to all. Raises Conflict."""
    grant = find_late_grant(actor, edition)
    if grant is None and not is_registration_open(edition, utc_now()):
        raise Conflict(N_("Registration for this edition is closed. Ask the organisers; nothing was saved."))
    return grant


def _add_people(
    actor: Actor, edition: Edition, team: Team, captain: NewDelegate, members: Sequence[NewDelegate]
) -> PrivateLink:
    """Captain and members, each with a link of their own by mail; the captain's is returned."""
    link = invitations.captain_link(edition, team, captain.contact.lower())
    _add(edition, team, captain, is_captain=True)
    for member in members:
        invitations.invite_delegate(actor=actor, edition=edition, delegate=_add(edition, team, member))
    invitations.post_captain_link(
        edition, captain.contact, captain.name, link, chosen_locale() if actor.is_link else None
    )
    return link


def refuse_taken_name(edition: Edition, name: str, own_id: int | None = None) -> None:
    """Raise Conflict where another team has the name, also one that only looks the same."""
    rows = db.session.execute(select(Team.id, Team.name).where(Team.edition_id == edition.id))
    wanted = likeness(name)
    if any(likeness(other) == wanted and key != own_id for key, other in rows):
        raise Conflict(N_("A team named “%(name)s” is already registered. Choose another name."), name=name)


def likeness(name: str) -> str:
    """What two names share that readers would take for one: case, width and invisible characters do not count."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def _refuse_repeated_addresses(people: Sequence[NewDelegate]) -> None:
    addresses = [person.contact.lower() for person in people if person.contact]
    for address in addresses:
        if addresses.count(address) > 1:
            raise Invalid(
                N_("Each delegate needs an address of their own: %(address)s is there twice."),
                address=address,
            )


def find_or_add_institution(edition: Edition, code: str, *, is_checked: bool = True) -> Institution:
    """The institution with this name (or code, or local name) in this edition, added when it is new.

    Case and width do not tell two apart. What a captain typed is added unchecked: an organiser keeps or merges it.
    """
    code = folded(code)
    query = select(Institution).where(Institution.edition_id == edition.id).order_by(Institution.id)
    wanted, rows = likeness(code), db.session.scalars(query).all()
    for name in ("code", "name", "name_local"):
        found = next((row for row in rows if likeness(getattr(row, name)) == wanted), None)
        if found is not None:
            return found
    added = Institution(edition_id=edition.id, code=code, name=code, is_checked=is_checked)
    db.session.add(added)
    db.session.flush()
    return added


def set_divisions(edition: Edition, team: Team, codes: Sequence[str]) -> None:
    """Put a team into exactly these divisions."""
    known: Mapping[str, Division] = {row.code: row for row in divisions_of(edition.id)}
    for row in db.session.scalars(select(TeamDivision).where(TeamDivision.team_id == team.id)):
        db.session.delete(row)
    db.session.flush()
    db.session.add_all(
        TeamDivision(team_id=team.id, division_id=known[code].id)
        for code in dict.fromkeys(codes)
        if code in known
    )
    db.session.flush()


def add_delegate(*, actor: Actor, edition: Edition, team: Team, person: NewDelegate) -> Delegate:
    """One more delegate, invited at their own address."""
    hold(edition)
    members = db.session.scalars(select(Delegate).where(Delegate.team_id == team.id)).all()
    if len(members) >= edition.team_size_maximum:
        raise Conflict(N_("A team has at most %(count)d delegates."), count=edition.team_size_maximum)
    if person.contact and any(member.contact.lower() == person.contact.lower() for member in members):
        raise Conflict(N_("%(address)s is in the team already."), address=person.contact)
    delegate = _add(edition, team, person)
    if person.contact:
        invitations.invite_delegate(actor=actor, edition=edition, delegate=delegate)
    record_row(actor, edition, "add", "delegate", delegate.id, DELEGATE_PERSONAL)
    return delegate


def add_substitute(*, actor: Actor, edition: Edition, team: Team, person: NewDelegate) -> Delegate:
    """A delegate in another's place (the size of the team stays), invited where there is an address."""
    delegate = _add(edition, team, person)
    if person.contact:
        invitations.invite_delegate(actor=actor, edition=edition, delegate=delegate)
    record_row(actor, edition, "add", "delegate", delegate.id, DELEGATE_PERSONAL)
    return delegate


def edit_delegate(*, actor: Actor, edition: Edition, delegate: Delegate, person: NewDelegate) -> None:
    """Correct what the roster says; a new address ends the links that went to the earlier one."""
    hold(delegate)
    if delegate.contact != person.contact.lower():
        invitations.end_member_links(actor=actor, edition=edition, delegate=delegate)
    before = columns_of(delegate)
    delegate.name, delegate.name_local = person.name, person.name_local
    delegate.contact = person.contact.lower()
    changed = changed_columns(delegate, before)
    record_row(actor, edition, "edit", "delegate", delegate.id, DELEGATE_PERSONAL, changed)


def make_captain(*, actor: Actor, edition: Edition, team: Team, delegate: Delegate) -> None:
    """Let this delegate look after the team, in the place of whoever did; the earlier captain's link ends."""
    hold(team)
    for member in db.session.scalars(select(Delegate).where(Delegate.team_id == team.id)):
        if member.is_captain and member is not delegate:
            invitations.end_member_links(actor=actor, edition=edition, delegate=member)
        member.is_captain = member is delegate
    record_row(actor, edition, "make_captain", "delegate", delegate.id)


def remove_delegate(*, actor: Actor, edition: Edition, team: Team, public_id: str) -> None:
    """Take a delegate off the roster; the captain and delegates with marks stay."""
    delegate = db.session.scalar(
        select(Delegate).where(Delegate.team_id == team.id, Delegate.public_id == public_id)
    )
    if delegate is None:
        raise NotFound(N_("There is no such delegate in this team."))
    if delegate.is_captain:
        raise Conflict(N_("The captain stays. Ask the organisers to name another captain first."))
    _refuse_if_marked(delegate)
    for link in invitations.find_live_links(delegate):
        link.revoked_at = utc_now()
    db.session.delete(delegate)
    record_row(actor, edition, "remove", "delegate", delegate.id, DELEGATE_PERSONAL, team=team.id)


def _refuse_if_marked(delegate: Delegate) -> None:
    mark = db.metadata.tables["mark"]
    if db.session.scalar(select(mark.c.id).where(mark.c.delegate_id == delegate.id).limit(1)) is not None:
        raise Conflict(N_("%(name)s has been marked and stays on the roster."), name=delegate.name)


def confirm_delegate(
    *,
    actor: Actor,
    edition: Edition,
    delegate: Delegate,
    name: str,
    name_local: str,
    is_of_age: bool = True,
    answers: Mapping[int, str] = MappingProxyType({}),
) -> None:
    """A delegate confirms their own data, having read the privacy notice in force, and being old enough.

    Only the age that was asked for is kept, never a date of birth.
    """
    if edition.minimum_age and not is_of_age:
        raise Invalid(
            N_("Only people who are %(age)d or older on the first day can take part."),
            age=edition.minimum_age,
        )
    notice = find_notice(edition.id)
    delegate.name, delegate.name_local = name, name_local
    delegate.confirmed_at = utc_now()
    delegate.notice_version = notice.version if notice else None
    delegate.age_confirmed = edition.minimum_age or None
    keep_answers(delegate, answers)
    record(
        actor,
        "confirm",
        "delegate",
        delegate.id,
        scope=edition_scope(edition.id),
        personal=("name", "name_local"),
    )
    bump(edition_scope(edition.id))


def confirm_judge(*, actor: Actor, edition: Edition, judge: Judge, name: str, name_local: str) -> None:
    """A judge accepts, confirms their own data and having read the privacy notice in force."""
    notice = find_notice(edition.id)
    judge.name, judge.name_local = name, name_local
    judge.accepted_at = utc_now()
    judge.version += 1
    judge.notice_version = notice.version if notice else None
    record(
        actor, "accept", "judge", judge.id, scope=edition_scope(edition.id), personal=("name", "name_local")
    )
    bump(edition_scope(edition.id))


def decide_team(
    *, actor: Actor, edition: Edition, team: Team, version: int, decision: str, reason: str = ""
) -> None:
    """The organiser's answer to an application (accept, wait, ask for changes, decline); no and "change this" need
    a reason. Accepting is refused beyond the places and beyond the cap of an institution.
    """
    hold(edition)
    hold(team)
    if team.version != version:
        raise Stale(N_("Somebody else has decided about this team in the meantime. Look at it again."))
    if team.status not in ANSWERABLE:
        raise Conflict(N_("This team takes part already."))
    if decision in NEEDS_REASON and not reason:
        raise Invalid(N_("Say why, so that the team understands."))
    if decision == "accept":
        refuse_beyond_cap(edition, team)
        refuse_beyond_places(edition, team, utc_now())
    if decision != "wait":
        end_offer(team, utc_now())
    team.status, team.status_reason = DECISIONS[decision], reason
    team.asked_at = utc_now() if decision == "ask" else None
    team.version += 1
    record_row(actor, edition, decision, "team", team.id)
    post_decision(edition, team)


def withdraw_team(
    *, actor: Actor, edition: Edition, team: Team, version: int, from_round: int | None
) -> None:
    """A team leaves; what it has achieved stands, and it is listed unranked."""
    hold(team)
    if team.version != version:
        raise Stale(N_("Somebody else has changed this team in the meantime. Look at it again."))
    team.status, team.withdrawn_from = "withdrawn", from_round
    team.version += 1
    record_row(actor, edition, "withdraw", "team", team.id)
    offer_free_places(actor=actor, edition=edition, now=utc_now())


def _add(edition: Edition, team: Team, person: NewDelegate, *, is_captain: bool = False) -> Delegate:
    position = next_position(Delegate, edition)
    delegate = Delegate(
        edition_id=edition.id,
        team_id=team.id,
        code=free_code(Delegate, edition, position),
        name=person.name,
        name_local=person.name_local,
        contact=person.contact.lower(),
        is_captain=is_captain,
        position=position,
    )
    db.session.add(delegate)
    db.session.flush()
    return delegate
