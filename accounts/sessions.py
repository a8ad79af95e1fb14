"""Signed-in browsers: the cookie holds a random token, the row its hash, and the row decides."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin
from sqlalchemy import select, update

from accounts.models import Person, User, UserSession
from core.access import (
    NEEDS_SECOND_FACTOR,
    SAFE_METHODS,
    Actor,
    Capacity,
    CapacityKind,
    actor_loader,
    capacities_of_person,
    capacity_provider,
    forget_actor,
)
from core.db import db, utc_now

COOKIE_FIELD = "token"
LIFETIME = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=5)

login_manager = LoginManager()
login_manager.session_protection = None  # phones change their network address all day


@dataclass(frozen=True, slots=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]
    """User, person and session row behind the cookie of a request (Flask-Login's `current_user`)."""

    user: User
    person: Person
    session: UserSession

    @property
    def is_half_way(self) -> bool:
        """Whether the second factor this user has set up is still owed."""
        return self.user.totp_confirmed_at is not None and self.session.second_factor_at is None


def start_session(user: User, *, device: str, has_second_factor: bool) -> str:
    """Begin a session of `user` and return the token that belongs in `flask.session[COOKIE_FIELD]`."""
    token, now = secrets.token_urlsafe(32), utc_now()
    row = UserSession(
        user_id=user.id,
        token_hash=_hashed(token),
        device=device[:120],
        created_at=now,
        seen_at=now,
        expires_at=now + LIFETIME,
        second_factor_at=now if has_second_factor else None,
    )
    db.session.add(row)
    db.session.flush()
    return token


def is_welcome(user: User) -> bool:
    """Whether a user may be let in here: demo people, whose passwords were shown, only where the demo may live."""
    may_hold_demo: bool = current_app.extensions["parley_settings"].may_hold_demo
    return may_hold_demo or not user.is_demo


def find_session(token: str) -> UserSession | None:
    """The live session with this token; None for unknown, expired and revoked alike."""
    found = _find_signed_in(token)
    return found.session if found else None


def find_own_sessions(user_id: int) -> list[UserSession]:
    """The live sessions of one user, last seen first."""
    query = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > utc_now(),
    )
    return list(db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())))


def revoke_session(row: UserSession) -> None:
    """End one session at once."""
    row.revoked_at = row.revoked_at or utc_now()
    db.session.flush()


def revoke_all(user: User, except_token: str | None = None) -> None:
    """End every session of `user`, but not the one with `except_token`."""
    ended = update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    if except_token is not None:
        ended = ended.where(UserSession.token_hash != _hashed(except_token))
    db.session.execute(ended.values(revoked_at=utc_now()), execution_options={"synchronize_session": "fetch"})


def enter(token: str) -> None:
    """Make this browser the one with `token`; whatever it was before is forgotten, but not its language."""
    leave()
    session[COOKIE_FIELD] = token
    session.permanent = True


def leave() -> None:
    """Make this browser an anonymous one that keeps its language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    g.pop("_login_user", None)
    forget_actor()


@login_manager.request_loader  # type: ignore[untyped-decorator]
def load_signed_in(_request: object = None) -> SignedIn | None:
    """Who is signed in in the browser of this request, the second factor perhaps still owed."""
    token = session.get(COOKIE_FIELD)
    return _find_signed_in(token) if isinstance(token, str) else None


@actor_loader
def load_user_actor() -> Actor | None:
    """The actor of a signed-in request; nobody while a second factor that was set up is still owed."""
    signed_in = load_signed_in()
    if signed_in is None or signed_in.is_half_way:
        return None
    _note_seen(signed_in.session)
    user, person = signed_in.user, signed_in.person
    everything = capacities_of_person(person.id)
    has_factor = user.is_demo or signed_in.session.second_factor_at is not None
    counting = everything if has_factor else _without_second_factor(everything)
    return Actor(
        name=person.name or person.name_local,
        person_id=person.id,
        user_id=user.id,
        capacities=counting,
        withheld=everything - counting,
    )


@capacity_provider
def operator_capacity(person_id: int) -> Iterable[Capacity]:
    """Being the operator is a mark on the user."""
    query = select(User.id).where(User.person_id == person_id, User.is_operator.is_(True))
    return [Capacity(kind=CapacityKind.OPERATOR, subject_id=key) for key in db.session.scalars(query)]


def _find_signed_in(token: str) -> SignedIn | None:
    query = (
        select(User, Person, UserSession)
        .join(UserSession, UserSession.user_id == User.id)
        .join(Person, Person.id == User.person_id)
        .where(
            UserSession.token_hash == _hashed(token),
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > utc_now(),
        )
    )
    row = db.session.execute(query).one_or_none()
    return SignedIn(*row) if row and is_welcome(row[0]) else None


def _without_second_factor(capacities: frozenset[Capacity]) -> frozenset[Capacity]:
    return frozenset(capacity for capacity in capacities if capacity.kind not in NEEDS_SECOND_FACTOR)


def _note_seen(row: UserSession) -> None:
    """Reading writes nothing, so a session is seen when it changes something."""
    is_writing = has_request_context() and request.method not in SAFE_METHODS
    if is_writing and utc_now() - row.seen_at > SEEN_EVERY:
        row.seen_at = utc_now()


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
