"""What other features may use: people by key or address, making them, and the registry of one's own data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from accounts.addresses import find_normalised, normalised_address
from accounts.erasure import eraser, erasure_objection
from accounts.invitations import invited_address_provider
from accounts.models import Person, User
from accounts.own_data import own_data_provider
from accounts.passwords import set_password
from accounts.people import add_person, add_user
from core.access import Actor
from core.db import db, utc_now
from core.errors import NotFound
from core.localised import DEFAULT_LOCALE

__all__ = [
    "PersonCard",
    "UserCard",
    "confirmed_address",
    "create_person",
    "create_user",
    "eraser",
    "erasure_objection",
    "find_person",
    "find_user_by_email",
    "get_people",
    "get_person",
    "invited_address_provider",
    "normalised_address",
    "own_data_provider",
    "person",
    "user_account",
]

person = Person.__table__
user_account = User.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """A person as they write themselves."""

    person_id: int
    public_id: str
    name: str
    name_local: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCard:
    """Who signs in with an address. It is theirs only once `email_confirmed_at` is set."""

    user_id: int
    person_id: int
    email: str
    email_confirmed_at: datetime | None
    is_operator: bool
    is_demo: bool


def find_person(person_id: int) -> PersonCard | None:
    """The person with this key."""
    return get_people([person_id]).get(person_id)


def get_person(person_id: int) -> PersonCard:
    """The person with this key; raises NotFound."""
    card = find_person(person_id)
    if card is None:
        raise NotFound
    return card


def get_people(person_ids: Iterable[int]) -> dict[int, PersonCard]:
    """Several persons at once, by key; those that do not exist are left out."""
    rows = db.session.execute(_people().where(Person.id.in_(set(person_ids))))
    return {row.person_id: PersonCard(**row._mapping) for row in rows}


def find_user_by_email(email: str) -> UserCard | None:
    """Who has this address, in any spelling, confirmed or not."""
    address = find_normalised(email)
    query = select(
        User.id.label("user_id"),
        User.person_id,
        User.email,
        User.email_confirmed_at,
        User.is_operator,
        User.is_demo,
    ).where(User.email == address)
    row = db.session.execute(query).one_or_none() if address else None
    return UserCard(**row._mapping) if row else None


def confirmed_address(person_id: int) -> str | None:
    """The address that a person has confirmed as theirs."""
    query = select(User.email).where(User.person_id == person_id, User.email_confirmed_at.is_not(None))
    return db.session.scalar(query)


def create_person(
    *, actor: Actor, name: str, name_local: str = "", locale: str = DEFAULT_LOCALE
) -> PersonCard:
    """A new person without an account."""
    row = add_person(actor=actor, name=name, name_local=name_local, locale=locale)
    return PersonCard(
        person_id=row.id,
        public_id=row.public_id,
        name=row.name,
        name_local=row.name_local,
        locale=row.locale,
    )


def create_user(
    *,
    actor: Actor,
    person_id: int,
    email: str,
    is_confirmed: bool = False,
    is_operator: bool = False,
    is_demo: bool = False,
    password: str | None = None,
) -> UserCard:
    """Give a person an address to sign in with; it counts once confirmed.

    Only for an address that the person gave as theirs: a roster's contact address never becomes one.
    Raises Conflict when the address is somebody's already, Invalid when it is none or the password too weak.
    """
    owner = db.session.get(Person, person_id)
    if owner is None:
        raise NotFound
    user = add_user(
        actor=actor,
        person=owner,
        email=email,
        confirmed_at=utc_now() if is_confirmed else None,
        is_operator=is_operator,
        is_demo=is_demo,
    )
    if password is not None:
        set_password(actor=actor, user=user, person=owner, password=password)
    return UserCard(
        user_id=user.id,
        person_id=user.person_id,
        email=user.email,
        email_confirmed_at=user.email_confirmed_at,
        is_operator=user.is_operator,
        is_demo=user.is_demo,
    )


def _people() -> Select[int, str, str, str, str]:
    return select(
        Person.id.label("person_id"), Person.public_id, Person.name, Person.name_local, Person.locale
    )
