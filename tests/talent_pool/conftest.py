"""Browsers and people of this feature's tests: each request in a context of its own, as on a server."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import Context
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accounts.models import User
from core.access import SYSTEM, Actor, capacities_of_person
from core.db import db
from talent_pool.facts import Facts
from talent_pool.models import Employer, PoolProfile
from talent_pool.public import Choices, apply_employer, approve_employer, join_pool, save_profile
from tests.factories import make_person, make_user, sign_in

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FIELD = re.compile(r'name="(csrf_token|idempotency_key|version|notice)"[^>]*value="([^"]+)"')

JOINING = {"consent": "y", "is_adult": "y", "audience": "all", "new_employers": "at_once"}
"""What the join page sends once its first two boxes are ticked."""


class Browser:
    """A signed-in person's browser, which sends forms with the hidden fields their page shows."""

    def __init__(self, app: Flask, user: User | None = None) -> None:
        self.client = app.test_client()
        if user is not None:
            sign_in(self.client, user)

    def get(self, address: str, **options: Any) -> TestResponse:
        return self.open("GET", address, **options)

    def post(self, address: str, page: str, **fields: Any) -> TestResponse:
        hidden = {name: unescape(value) for name, value in reversed(FIELD.findall(self.get(page).text))}
        return self.open("POST", address, data={**hidden, **fields})

    def open(self, method: str, address: str, **options: Any) -> TestResponse:
        db.session.commit()
        response = Context().run(lambda: self.client.open(address, method=method, **options))
        db.session.expire_all()
        return response


@pytest.fixture
def browser(app: Flask) -> Callable[..., Browser]:
    return lambda user=None: Browser(app, user)


def actor_of(user: User) -> Actor:
    """The person acting for themselves, as the demo and the tests do."""
    return Actor(person_id=user.person_id, user_id=user.id, capacities=capacities_of_person(user.person_id))


def make_card(headline: str = "Negotiator", name: str = "Ada Obi", **values: Any) -> tuple[User, PoolProfile]:
    """A person in the pool with a saved card."""
    user = make_user(
        person=make_person(
            name, **{key: values.pop(key) for key in ("name_local", "locale") if key in values}
        )
    )
    choices = values.pop("choices", Choices(allows_abroad=True, new_employers="at_once"))
    join_pool(actor=actor_of(user), choices=choices)
    facts = {key: values.pop(key) for key in Facts.__dataclass_fields__ if key in values}
    return user, save_profile(actor=actor_of(user), headline=headline, facts=facts, **values)


def make_employer(
    name: str = "Harbour Authority",
    *,
    is_approved: bool = True,
    country: str = "CN",
    kind: str = "government",
) -> tuple[User, Employer]:
    """An organisation with its member, who applied for it; approved long ago, so that nobody waits to see it."""
    user = make_user(person=make_person("Mo Recruiter"))
    employer = apply_employer(
        actor=actor_of(user),
        name=name,
        kind=kind,
        website="www.example.org",
        purpose="Staff",
        country=country,
    )
    if is_approved:
        approve_employer(actor=SYSTEM, employer=employer)
        employer.approved_at = LONG_AGO
        db.session.flush()
    return user, employer
