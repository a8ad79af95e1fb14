"""Fixtures of the closing's tests: browsers of organisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from competition.editions.models import Edition
from tests.factories import make_organiser, make_person, make_user, sign_in


@pytest.fixture
def organiser(client: Any, new_client: Any) -> Callable[..., Any]:
    """Signs a new organiser of an edition in, in a browser of their own from the second one on."""
    browsers = iter([client])

    def enter(edition: Edition, capacity: str = "tab") -> Any:
        browser = next(browsers, None) or new_client()
        person = make_person(f"Organiser {capacity}")
        make_organiser(edition, person, capacity)
        sign_in(browser, make_user(person=person))
        return browser

    return enter
