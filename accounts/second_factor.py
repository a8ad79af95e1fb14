"""The second factor: a time-based code (RFC 6238) from the person's phone, and recovery codes for when it is lost.

The database holds a random nonce, the secret itself is its HMAC under the server's secret: a stolen database
makes no codes. A step that was used is never taken again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
from flask import current_app
from sqlalchemy import delete, func, select

from accounts.models import RecoveryCode, User, UserSession
from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Invalid
from core.localised import N_

CodeWork = Callable[[str], bool]
STEP_SECONDS = 30
DRIFT = (-1, 0, 1)
RECOVERY_CODES = 10
MOST_FAILURES = 10
PAUSE = timedelta(minutes=15)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
WRONG = N_("This code is not right, or it was used before. Wait for the next one and try again.")
PAUSED = N_("There were too many wrong codes. Wait fifteen minutes, then try again.")


def new_nonce() -> str:
    """What a second factor that is being set up is made from."""
    return secrets.token_urlsafe(32)


def secret_of(nonce: str) -> str:
    """The shared secret in base 32, as the phone's app wants it."""
    return base64.b32encode(_derived("totp", nonce)[:20]).decode()


def address_for_app(user: User, nonce: str) -> str:
    """The otpauth:// address that the picture holds."""
    return pyotp.TOTP(secret_of(nonce)).provisioning_uri(name=user.email, issuer_name="Parley")


def set_up(*, actor: Actor, user: User, row: UserSession, nonce: str, code: str) -> list[str]:
    """Confirm a new second factor by its first code; returns the recovery codes, which are shown this once.

    Raises Invalid for a wrong code; this session counts as confirmed from now on.
    """
    if user.totp_confirmed_at is not None:
        raise Invalid("Your second step is already set up. Turn it off before you set up another one.")
    step = _matching_step(nonce, code, after=None)
    if step is None:
        raise Invalid(WRONG)
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = nonce, utc_now(), step
    _forgive(user)
    row.second_factor_at = utc_now()
    record(actor, "set_up_second_factor", "user", user.id)
    return make_recovery_codes(actor=actor, user=user)


def confirm(*, user: User, row: UserSession, code: str) -> bool:
    """Confirm this session by a code of the app or a recovery code; every wrong one counts.

    Raises Invalid while there is a pause after too many wrong ones.
    """
    if not _takes(user, code):
        return False
    row.second_factor_at = utc_now()
    db.session.flush()
    return True


def turn_off(*, actor: Actor, user: User, code: str) -> bool:
    """Forget the second factor and its recovery codes, if `code` shows that it is still in the person's hands."""
    if not _takes(user, code):
        return False
    forget(actor=actor, user=user)
    return True


def forget(*, actor: Actor, user: User) -> None:
    """Forget a second factor and its recovery codes; the sessions that it confirmed have to confirm again."""
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    _forgive(user)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    for row in db.session.scalars(select(UserSession).where(UserSession.user_id == user.id)):
        row.second_factor_at = None
    record(actor, "forget_second_factor", "user", user.id)
    db.session.flush()


def renew_recovery_codes(*, actor: Actor, user: User, code: str) -> list[str] | None:
    """New recovery codes instead of the old ones, for a right code; None for a wrong one."""
    return make_recovery_codes(actor=actor, user=user) if _takes(user, code) else None


def make_recovery_codes(*, actor: Actor, user: User) -> list[str]:
    """Ten new codes, the only ones from now on; only their hashes are kept."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hashed(code)) for code in codes)
    record(actor, "make_recovery_codes", "user", user.id)
    db.session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def count_recovery_codes(user: User) -> int:
    """How many recovery codes are left."""
    query = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(query) or 0


def _takes(user: User, code: str) -> bool:
    """Whether the code is one of the app (of a later step than the last) or an unused recovery code."""
    db.session.refresh(user, with_for_update=True)
    if user.totp_secret is None or user.totp_confirmed_at is None:
        return False
    if _is_paused(user, utc_now()):
        raise Invalid(PAUSED)
    typed = "".join(character for character in code.lower() if character.isalnum())
    step = _matching_step(user.totp_secret, typed, after=user.totp_last_step)
    if step is not None:
        user.totp_last_step = step
    elif not _use_recovery_code(user, typed):
        user.totp_failures, user.totp_failed_at = user.totp_failures + 1, utc_now()
        db.session.flush()
        return False
    _forgive(user)
    db.session.flush()
    return True


def _matching_step(nonce: str, code: str, *, after: int | None) -> int | None:
    app = pyotp.TOTP(secret_of(nonce), interval=STEP_SECONDS)
    now = int(utc_now().timestamp()) // STEP_SECONDS
    for step in (now + drift for drift in DRIFT):
        is_same = hmac.compare_digest(app.generate_otp(step).encode(), code.replace(" ", "").encode())
        if is_same and (after is None or step > after):
            return step
    return None


def _use_recovery_code(user: User, code: str) -> bool:
    row = db.session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hashed(code),
            RecoveryCode.used_at.is_(None),
        )
    )
    if row is None:
        return False
    row.used_at = utc_now()
    record(Actor(person_id=user.person_id, user_id=user.id), "use_recovery_code", "user", user.id)
    return True


def _is_paused(user: User, now: datetime) -> bool:
    failed_at = user.totp_failed_at
    return user.totp_failures >= MOST_FAILURES and failed_at is not None and now < failed_at + PAUSE


def _forgive(user: User) -> None:
    user.totp_failures, user.totp_failed_at = 0, None


def _hashed(code: str) -> str:
    return _derived("recovery-code", code).hex()


def _derived(purpose: str, text: str) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()
