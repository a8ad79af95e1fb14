"""The demo's talent pool: participants who consented, and employers."""

from __future__ import annotations

from competition.editions.public import Edition
from tabroom.demo.people import SignIn


def fill_pool(edition: Edition) -> list[SignIn]:
    return []
