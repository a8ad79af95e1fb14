"""Tables of people and their credentials: Person, User, sessions, one-time sign-ins, recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Public


class Person(Base, Public):
    """A human being as they write their name. Editions point here once somebody has confirmed who they are."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(200), default="")
    name_local: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(10), default="en")
    created_at: Mapped[datetime]


class User(Base, Public):
    """The credentials of one person. An address belongs to one user and is theirs only once confirmed."""

    __tablename__ = "user_account"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    email_confirmed_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    totp_failures: Mapped[int] = mapped_column(default=0)
    totp_failed_at: Mapped[datetime | None]
    is_operator: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class UserSession(Base, Public):
    """A browser in which somebody is signed in; the cookie holds the token, this row its hash."""

    __tablename__ = "user_session"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInChallenge(Base, Keyed):
    """A one-time sign-in sent by e-mail: a link and a six-digit code, fifteen minutes, single use.

    One without a user makes an account under the new name when it is confirmed; with neither, nothing opens it
    (the address has no account and was not invited), and nobody can tell.
    """

    __tablename__ = "sign_in_challenge"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts"),)

    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    new_name: Mapped[str] = mapped_column(String(200), default="")
    new_name_local: Mapped[str] = mapped_column(String(200), default="")
    new_locale: Mapped[str] = mapped_column(String(10), default="en")
    handle: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None]


class RecoveryCode(Base, Keyed):
    """A single-use way past a lost second factor, stored hashed."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
