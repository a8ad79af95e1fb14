"""Form keys: a form that is sent twice does its work once, and the second sender sees the first one's outcome."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from flask import redirect, request
from sqlalchemy import String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.wrappers import Response

from core.access import Actor
from core.db import Base, Keyed, db, utc_now
from core.errors import Conflict

FIELD = "idempotency_key"


class IdempotencyKey(Base, Keyed):
    """A key that has been used, by whom and for what, and where its sender was led."""

    __tablename__ = "idempotency_key"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]


def new_key() -> str:
    """A key for a form that is being shown (made by the server: phones on plain http cannot make their own)."""
    return secrets.token_urlsafe(18)


def once(actor: Actor, purpose: str, work: Callable[[], str]) -> Response:
    """Run `work` (which returns the address to go to) once for the key in the form; redirect there every time.

    The key row is inserted first, in the same transaction: a second sender waits for the first one's commit,
    finds the row and is led to the same place. Without a key in the form the work is refused.
    """
    key = request.form.get(FIELD, "")
    if not 16 <= len(key) <= 64:
        raise Conflict("This form has no key. Reload the page and send it again; nothing was changed.")
    stored = _hashed(actor, key)
    if (earlier := _find(stored)) is not None:
        return _answer(earlier, purpose)
    try:
        with db.session.begin_nested():
            row = IdempotencyKey(key=stored, purpose=purpose, created_at=utc_now())
            db.session.add(row)
    except IntegrityError:
        earlier = _find(stored)
        if earlier is None:
            raise
        return _answer(earlier, purpose)
    row.location = work()
    return redirect(row.location, code=303)  # type: ignore[return-value]


def _answer(earlier: IdempotencyKey, purpose: str) -> Response:
    if earlier.purpose != purpose:
        raise Conflict("This form was already used for something else. Reload the page; nothing was changed.")
    return redirect(earlier.location, code=303)  # type: ignore[return-value]


def _find(stored: str) -> IdempotencyKey | None:
    return db.session.scalar(select(IdempotencyKey).where(IdempotencyKey.key == stored))


def _hashed(actor: Actor, key: str) -> str:
    return hashlib.sha256(f"{actor.user_id}|{actor.link_id}|{key}".encode()).hexdigest()
