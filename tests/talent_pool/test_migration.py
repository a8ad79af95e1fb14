"""The migration to the person's side of the pool on a filled database of either kind."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import create_app
from core.db import db
from tests.checks.migration_drift import differences_of
from tests.conftest import make_settings

THEN = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def empty_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database of its own: the suite's shared one has its tables already."""
    if database_url.startswith("sqlite"):
        yield from _application(f"sqlite:///{tmp_path / 'migrated.sqlite'}", tmp_path)
        return
    name = f"migrated_{secrets.token_hex(6)}"
    admin = sa.create_engine(database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield from _application(admin.url.set(database=name).render_as_string(hide_password=False), tmp_path)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(make_settings(folder, url))
    with app.app_context():
        yield app
        db.session.remove()
        downgrade(revision="base")
        db.engine.dispose()


def fill() -> None:
    """A person with a card of the old kind, a consent, an approved employer and its request."""
    metadata = sa.MetaData()
    with db.engine.begin() as connection:
        names = ("person", "pool_consent", "pool_profile", "employer", "contact_request", "pool_token")
        metadata.reflect(connection, only=names)
        rows = {
            "person": {"id": 1, "public_id": "p" * 16, "name": "Ada", "name_local": "", "locale": "en"},
            "pool_consent": {"id": 1, "person_id": 1, "text_version": "old", "given_at": THEN},
            "pool_profile": {
                "id": 1, "person_id": 1, "handle": "7KQM-X3PD", "headline": "Mediator", "about": "", "skills": "law",
                "languages": "zh,fr", "looking_for": "research", "shows_results": True, "is_listed": True,
                "card": {"headline": "Mediator"}, "updated_at": THEN, "version": 1,
            },
            "employer": {
                "id": 1, "public_id": "e" * 16, "name": "House", "name_local": "", "kind": "igo", "website": "",
                "purpose": "", "state": "approved", "decided_at": THEN,
            },
            "contact_request": {
                "id": 1, "public_id": "c" * 16, "employer_id": 1, "profile_id": 1, "message": "Come",
                "state": "accepted",
            },
            "pool_token": {"profile_id": 1, "position": 0, "token": "law"},
        }  # fmt: skip
        for name, values in rows.items():
            table = metadata.tables[name]
            if "created_at" in table.c:
                values["created_at"] = THEN
            connection.execute(sa.insert(table).values(values))


def row_of(name: str) -> dict[str, object]:
    """The one row of a table, times in UTC."""
    with db.engine.connect() as connection:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        row = connection.execute(sa.select(table)).mappings().one()
    return {key: _aware(value) for key, value in row.items()}


def _aware(value: object) -> object:
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def test_consents_requests_and_choices_are_kept_and_cards_wait_for_their_person(empty_app: Flask) -> None:
    upgrade(revision="0001")
    fill()
    upgrade(revision="0002")
    consent, profile = row_of("pool_consent"), row_of("pool_profile")
    request, employer = row_of("contact_request"), row_of("employer")
    assert (consent["confirmed_at"], consent["allows_abroad"]) == (THEN, False)
    assert (profile["headline"], profile["is_listed"], profile["audience"]) == ("Mediator", False, "all")
    assert (profile["facts"], profile["card"]) == ({"languages": {"zh": "", "fr": ""}}, {})
    assert profile["audience_at"] == THEN
    assert (request["state"], request["expires_at"]) == ("accepted", THEN + timedelta(days=14))
    assert (employer["country"], employer["approved_at"]) == ("", THEN)
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pool_token")) == 0
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE contact_request SET state = 'revoked'"))
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE contact_request SET state = 'nonsense'"))
    downgrade(revision="0001")
    assert (row_of("contact_request")["state"], row_of("pool_profile")["languages"]) == ("declined", "")


def test_the_migrations_make_what_the_models_say_on_either_kind_of_database(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        assert differences_of(connection) == []


WORDS_FOUND = {
    "sqlite": "SELECT count(*) FROM pool_words WHERE pool_words MATCH 'port'",
    "postgresql": "SELECT count(*) FROM {table} WHERE words @@ CAST('''port''' AS tsquery)",
}


BEFORE = (("port law", "sea 港口"), ("'law':2 'port':1", "'law':2 'port':1 'sea':4 '港口':5"))
MOVED = (("_port _law", "port law _ sea 港口"), BEFORE[1])
"""Headline and words of one card on SQLite and on PostgreSQL, when they stood beside the facets and since."""


def found(table: str) -> tuple[int, int]:
    """How many cards hold the word, and how many changes there have been."""
    with db.engine.connect() as connection:
        query = WORDS_FOUND[connection.dialect.name].format(table=table)
        return (
            connection.scalar(sa.text(query)),
            connection.scalar(sa.text("SELECT count(*) FROM pool_change")),
        )


def run(statement: str, **values: object) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def test_the_words_of_cards_move_to_a_table_of_their_own_and_back(empty_app: Flask) -> None:
    upgrade(revision="0020")
    fill_with_words()
    assert found("pool_index") == (1, 1)
    upgrade(revision="0021")
    assert found("pool_text") == (1, 1)
    downgrade(revision="0020")
    assert (found("pool_index"), row_of("pool_index")["seed"]) == ((1, 1), 5)
    assert headline_and_words("pool_index") in BEFORE
    run("UPDATE pool_index SET seed = 6")
    assert found("pool_index") == (1, 2)
    upgrade(revision="0021")
    assert headline_and_words("pool_text") in MOVED
    run("UPDATE pool_index SET seed = 7")
    assert found("pool_text") == (1, 3)
    run("DELETE FROM pool_profile")
    assert found("pool_text") == (0, 4)


def headline_and_words(table: str) -> tuple[object, object]:
    row = row_of(table)
    return row["headline"], row["words"]


def fill_with_words() -> None:
    """A person with a card that is listed and in the index as it was when the words stood beside the facets."""
    headline, words = BEFORE[db.engine.dialect.name == "postgresql"]
    run(
        "INSERT INTO person (id, public_id, name, name_local, locale, created_at) "
        "VALUES (1, :public_id, 'Ada', '', 'en', :then)",
        public_id="p" * 16,
        then=THEN.isoformat(),
    )
    with db.engine.begin() as connection:
        table = sa.Table("pool_profile", sa.MetaData(), autoload_with=connection)
        values = {
            "id": 1, "person_id": 1, "handle": "7KQM-X3PD", "card": {}, "facts": {}, "is_listed": True,
            "updated_at": THEN, "audience_at": THEN, "new_employers": "at_once", "version": 1,
            "headline": "", "about": "", "shows_results": False,
        }  # fmt: skip
        connection.execute(sa.insert(table).values(values))
    run(
        "INSERT INTO pool_index (profile_id, facets, confirmed_on, seed, headline, words) "
        "VALUES (1, 'role:igo', '2026-05-01', 5, CAST(:headline AS {kind}), CAST(:words AS {kind}))".format(
            kind="tsvector" if db.engine.dialect.name == "postgresql" else "text"
        ),
        headline=headline,
        words=words,
    )
