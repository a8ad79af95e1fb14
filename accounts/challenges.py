"""One-time sign-ins: made, found, tried and used up. Link and code are derived, never stored.

Both are HMACs of the challenge's random nonce under the server's secret; the browser that asked holds only the
`handle`, which opens nothing by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, func, select, update

from accounts.models import SignInChallenge, User
from accounts.people import add_person, add_user, find_user
from core.access import ANONYMOUS, Actor
from core.audit import record
from core.db import db, utc_now
from core.links import public_address

LIFETIME = timedelta(minutes=15)
MOST_ATTEMPTS = 5
MOST_ATTEMPTS_A_DAY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account that will be made when its address is confirmed."""

    email: str
    name: str
    name_local: str = ""
    locale: str = "en"


def start_challenge(address: str, user: User | None, new: NewAccount | None = None) -> SignInChallenge:
    """A one-time sign-in for `user`, or for the account to be made, or (with neither) for nobody.

    From now on it is the only one of that address that counts.
    """
    now = utc_now()
    ended = update(SignInChallenge).where(
        SignInChallenge.address == address, SignInChallenge.consumed_at.is_(None)
    )
    db.session.execute(ended.values(consumed_at=now), execution_options={"synchronize_session": "fetch"})
    challenge = SignInChallenge(
        address=address,
        user_id=user.id if user else None,
        new_name=new.name if new else "",
        new_name_local=new.name_local if new else "",
        new_locale=new.locale if new else "en",
        handle=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(challenge)
    db.session.flush()
    return challenge


def link_of(challenge: SignInChallenge) -> str:
    """The full address that signs in once, after a deliberate click."""
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build("auth.open_sign_in_link", {"token": _token(challenge)}))


def code_of(challenge: SignInChallenge) -> str:
    """The six digits that sign in once, in the browser that asked."""
    return f"{int.from_bytes(_derived('sign-in-code', challenge)[:8], 'big') % 1_000_000:06d}"


def is_live(challenge: SignInChallenge) -> bool:
    """Whether a challenge is neither used, replaced nor expired."""
    return challenge.consumed_at is None and utc_now() < challenge.expires_at


def find_by_token(token: str, *, for_update: bool = False) -> SignInChallenge | None:
    """The live challenge whose link this is; None for unknown, used and expired alike. Changes nothing."""
    key, _dot, _mac = token.partition(".")
    if not key.isascii() or not key.isdigit() or len(key) > 9:
        return None
    challenge = _find_live(SignInChallenge.id == int(key), for_update=for_update)
    if challenge is None or not _opens_something(challenge):
        return None
    return challenge if hmac.compare_digest(_token(challenge).encode(), token.encode()) else None


def find_by_handle(handle: str, *, for_update: bool = False) -> SignInChallenge | None:
    """The live challenge that this browser asked for."""
    return _find_live(SignInChallenge.handle == handle, for_update=for_update)


def check_code(challenge: SignInChallenge, code: str) -> bool:
    """Whether `code` opens the challenge. Every wrong try counts; after five only the link opens it."""
    is_right = hmac.compare_digest(code_of(challenge).encode(), code.encode())
    is_right = is_right and _opens_something(challenge)
    is_right = is_right and challenge.attempts < MOST_ATTEMPTS and not _is_tried_out(challenge)
    if not is_right:
        challenge.attempts += 1
        db.session.flush()
    return is_right


def use_up(challenge: SignInChallenge) -> User:
    """Consume a live challenge: its holder reads the mail of that address, which is thereby confirmed."""
    challenge.consumed_at = utc_now()
    user = db.session.get(User, challenge.user_id) if challenge.user_id else find_user(challenge.address)
    if user is None:
        user = _make_account(challenge)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = utc_now()
        record(Actor(person_id=user.person_id, user_id=user.id), "confirm_address", "user", user.id)
    db.session.flush()
    return user


def _make_account(challenge: SignInChallenge) -> User:
    person = add_person(
        actor=ANONYMOUS,
        name=challenge.new_name,
        name_local=challenge.new_name_local,
        locale=challenge.new_locale,
    )
    return add_user(actor=Actor(person_id=person.id), person=person, email=challenge.address)


def _find_live(condition: ColumnElement[bool], *, for_update: bool) -> SignInChallenge | None:
    query = select(SignInChallenge).where(condition)
    challenge = db.session.scalar(query.with_for_update() if for_update else query)
    return challenge if challenge is not None and is_live(challenge) else None


def _opens_something(challenge: SignInChallenge) -> bool:
    return challenge.user_id is not None or bool(challenge.new_name or challenge.new_name_local)


def _is_tried_out(challenge: SignInChallenge) -> bool:
    """Whether so many codes were wrong within a day that only the link helps: a million codes are not many."""
    since = utc_now() - timedelta(days=1)
    wrong: Any = func.coalesce(func.sum(SignInChallenge.attempts), 0)
    query = select(wrong).where(
        SignInChallenge.address == challenge.address, SignInChallenge.created_at > since
    )
    return int(db.session.scalar(query) or 0) >= MOST_ATTEMPTS_A_DAY


def _token(challenge: SignInChallenge) -> str:
    return f"{challenge.id}.{_derived('sign-in-link', challenge)[:24].hex()}"


def _derived(purpose: str, challenge: SignInChallenge) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{purpose}:{challenge.nonce}".encode(), hashlib.sha256).digest()
