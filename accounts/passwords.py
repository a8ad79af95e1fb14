"""Passwords: argon2id, a short list of rules, and the same work for an account that is not there."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.models import Person, User
from core.access import Actor
from core.audit import record
from core.db import db
from core.errors import Invalid

MINIMUM, MAXIMUM = 10, 200
TOO_COMMON = (
    "password",
    "passwort",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "1q2w3e4r",
    "1qaz2wsx",
    "iloveyou",
    "letmein",
    "welcome",
    "administrator",
    "woaini",
    "parley",
    "negotiation",
)
hasher = PasswordHasher()


def matches(user: User | None, password: str) -> bool:
    """Whether `password` is the user's. One hash is computed in every case: also for nobody, also without one."""
    stored = user.password_hash if user is not None else None
    try:
        hasher.verify(stored or _decoy(), password[:MAXIMUM])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def set_password(*, actor: Actor, user: User, person: Person, password: str) -> None:
    """Give a user a password. Raises Invalid with the rule it breaks."""
    check_password(password, user=user, person=person)
    user.password_hash = hasher.hash(password)
    record(actor, "set_password", "user", user.id)
    db.session.flush()


def check_password(password: str, *, user: User, person: Person) -> None:
    """Raise Invalid when a password is short, everybody's, or the person's own name or address."""
    if len(password) < MINIMUM:
        raise Invalid(
            "Use at least %(count)s characters. A few words in a row are easy to remember.", count=MINIMUM
        )
    if len(password) > MAXIMUM:
        raise Invalid("Use at most %(count)s characters.", count=MAXIMUM)
    if _is_common(password):
        raise Invalid("This password is one of the first that anybody would try. Choose another one.")
    if _plain(password) in {_plain(text) for text in _own_words(user, person)}:
        raise Invalid("Your password must not be your name or your address. Choose another one.")


def _own_words(user: User, person: Person) -> list[str]:
    return [user.email, user.email.split("@")[0], person.name, person.name_local]


def _is_common(password: str) -> bool:
    """A common word with digits around it, one or two characters repeated, or a plain run of digits."""
    text = _plain(password)
    core = text.strip("0123456789")
    return len(set(text)) <= 2 or core in {"", *TOO_COMMON} or core in {word * 2 for word in TOO_COMMON}


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


@cache
def _decoy() -> str:
    return hasher.hash("nobody has this password")
