"""One's own data: every feature says what it holds about a person, and the person downloads all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from accounts.models import Person, User, UserSession
from core.db import db

Provider = Callable[[int], Mapping[str, Any] | list[Any]]
_providers: dict[str, Provider] = {}


def own_data_provider(section: str) -> Callable[[Provider], Provider]:
    """Register `person_id -> what this feature holds about them`; times may be aware datetimes."""

    def register(function: Provider) -> Provider:
        _providers[section] = function
        return function

    return register


def own_data(person_id: int) -> dict[str, Any]:
    """Everything every feature holds about one person, by section."""
    return {section: provide(person_id) for section, provide in sorted(_providers.items())}


@own_data_provider("account")
def account_data(person_id: int) -> dict[str, Any]:
    """The person, their credentials (never a secret) and their sessions."""
    person = db.session.get_one(Person, person_id)
    user = db.session.scalar(select(User).where(User.person_id == person_id))
    return {
        "person": {
            "id": person.public_id,
            "name": person.name,
            "name_local": person.name_local,
            "locale": person.locale,
            "created_at": person.created_at,
        },
        "user": _user_data(user) if user else None,
        "sessions": [_session_data(row) for row in _sessions(user.id)] if user else [],
    }


def _sessions(user_id: int) -> list[UserSession]:
    return list(
        db.session.scalars(select(UserSession).where(UserSession.user_id == user_id).order_by(UserSession.id))
    )


def _user_data(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "email_confirmed_at": user.email_confirmed_at,
        "has_password": user.password_hash is not None,
        "second_factor_since": user.totp_confirmed_at,
        "is_operator": user.is_operator,
        "created_at": user.created_at,
    }


def _session_data(row: UserSession) -> dict[str, Any]:
    return {
        "device": row.device,
        "created_at": row.created_at,
        "seen_at": row.seen_at,
        "expires_at": row.expires_at,
        "ended_at": row.revoked_at,
    }
