"""Small builders of rows for tests; each makes the least that is valid and flushes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from flask.testing import FlaskClient

from accounts.models import Person, User
from competition.editions.models import Division, Edition, Organiser, Room
from competition.entries.models import Delegate, Institution, Judge, Team
from competition.rounds.models import Round
from core.db import Base, db

NOW = datetime(2026, 5, 16, 9, 0, tzinfo=UTC)
T = TypeVar("T", bound=Base)
_counter = iter(range(1, 10**9))


def add(row: T) -> T:
    """Put a row into the session and give it its key."""
    db.session.add(row)
    db.session.flush()
    return row


def make_person(name: str = "Ada Obi", **values: Any) -> Person:
    return add(Person(**{"name": name, "created_at": NOW, **values}))


def make_user(email: str | None = None, person: Person | None = None, **values: Any) -> User:
    person = person or make_person()
    email = email or f"person{next(_counter)}@example.org"
    return add(
        User(
            **{"person_id": person.id, "email": email, "email_confirmed_at": NOW, "created_at": NOW, **values}
        )
    )


def make_edition(slug: str | None = None, **values: Any) -> Edition:
    slug = slug or f"edition-{next(_counter)}"
    defaults = {
        "slug": slug,
        "name": slug.title(),
        "role_policy": "rotating",
        "timezone": "UTC",
        "created_at": NOW,
    }
    return add(Edition(**{**defaults, **values}))


def make_organiser(edition: Edition, person: Person, capacity: str = "director") -> Organiser:
    return add(Organiser(edition_id=edition.id, person_id=person.id, capacity=capacity))


def make_division(edition: Edition, code: str = "students", **values: Any) -> Division:
    return add(Division(edition_id=edition.id, code=code, **values))


def make_room(edition: Edition, name: str | None = None, **values: Any) -> Room:
    return add(Room(edition_id=edition.id, name=name or f"Room {next(_counter)}", **values))


def make_institution(edition: Edition, code: str | None = None, **values: Any) -> Institution:
    return add(Institution(edition_id=edition.id, code=code or f"University {next(_counter)}", **values))


def make_team(edition: Edition, name: str | None = None, **values: Any) -> Team:
    name = name or f"Team {next(_counter)}"
    return add(Team(**{"edition_id": edition.id, "name": name, "created_at": NOW, **values}))


def make_delegate(team: Team, name: str = "Lin Wei", **values: Any) -> Delegate:
    code = values.pop("code", f"D{next(_counter)}")
    return add(Delegate(edition_id=team.edition_id, team_id=team.id, code=code, name=name, **values))


def make_judge(edition: Edition, name: str = "Judge Sato", **values: Any) -> Judge:
    code = values.pop("code", f"J{next(_counter)}")
    return add(Judge(edition_id=edition.id, code=code, name=name, **values))


def make_round(edition: Edition, number: int = 1, **values: Any) -> Round:
    defaults = {"number": number, "stage": "preliminary", "name": f"Round {number}"}
    return add(Round(**{"edition_id": edition.id, **defaults, **values}))


def sign_in(client: FlaskClient, user: User, *, has_second_factor: bool = True) -> None:
    """Make `client` a browser in which `user` is signed in."""
    from accounts.sessions import COOKIE_FIELD, start_session

    token = start_session(user, device="test", has_second_factor=has_second_factor)
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie[COOKIE_FIELD] = token
