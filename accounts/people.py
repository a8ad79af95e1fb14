"""Persons and their users: made, named and given an address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from accounts.addresses import normalised_address
from accounts.models import Person, User
from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, Invalid
from core.forms import folded
from core.localised import DEFAULT_LOCALE, LOCALES


def find_user(email: str) -> User | None:
    """The user with this normalised address."""
    return db.session.scalar(select(User).where(User.email == email))


def add_person(*, actor: Actor, name: str, name_local: str = "", locale: str = DEFAULT_LOCALE) -> Person:
    """A new person, written as they write themselves."""
    now = utc_now()
    person = Person(name="", name_local="", locale=_known(locale), created_at=now)
    _name(person, name, name_local)
    db.session.add(person)
    db.session.flush()
    record(actor, "create", "person", person.id)
    return person


def rename_person(*, actor: Actor, person: Person, name: str, name_local: str) -> None:
    """Write a person as they write themselves now."""
    before = (person.name, person.name_local)
    _name(person, name, name_local)
    changed = [
        column
        for column, old, new in zip(
            ("name", "name_local"), before, (person.name, person.name_local), strict=True
        )
        if old != new
    ]
    if changed:
        record(actor, "change", "person", person.id, personal=changed)
    db.session.flush()


def choose_locale(*, actor: Actor, person: Person, locale: str) -> None:
    """Remember in which language a person reads pages and mail."""
    person.locale = _known(locale)
    record(actor, "change", "person", person.id, details={"locale": person.locale})
    db.session.flush()


def add_user(
    *,
    actor: Actor,
    person: Person,
    email: str,
    confirmed_at: datetime | None = None,
    is_operator: bool = False,
    is_demo: bool = False,
) -> User:
    """Give a person an address to sign in with. Raises Conflict when it is somebody's, or they have one."""
    address = normalised_address(email)
    if find_user(address) is not None:
        raise Conflict("This address already belongs to an account.")
    if db.session.scalar(select(User.id).where(User.person_id == person.id)) is not None:
        raise Conflict("This person already has an account.")
    user = User(
        person_id=person.id,
        email=address,
        email_confirmed_at=confirmed_at,
        is_operator=is_operator,
        is_demo=is_demo,
        created_at=utc_now(),
    )
    db.session.add(user)
    db.session.flush()
    record(
        actor,
        "create",
        "user",
        user.id,
        details={"is_operator": is_operator, "is_demo": is_demo},
        personal=["email"],
    )
    return user


def _name(person: Person, name: str, name_local: str) -> None:
    name, name_local = folded(name), folded(name_local)
    if not name and not name_local:
        raise Invalid("Give a name in at least one script.")
    if max(len(name), len(name_local)) > 200:
        raise Invalid("A name may have at most 200 characters.")
    person.name, person.name_local = name, name_local


def _known(locale: str) -> str:
    return locale if locale in LOCALES else DEFAULT_LOCALE
