"""What an employer does to a card while its person leaves: one outcome, and never an error of the server."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db, unit_of_work, utc_now
from core.errors import DomainError
from talent_pool import caps
from talent_pool.consent import get_employer, get_visible_profile
from talent_pool.employer_models import PoolListEntry, PoolMark, PoolShown
from talent_pool.models import ContactRequest, PoolProfile
from talent_pool.public import count_shown, leave_pool
from talent_pool.services import asking, lists
from tests.talent_pool.conftest import actor_of, make_card, make_employer
from tests.talent_pool.test_asking import make_offer
from tests.talent_pool.test_reveals import real_app

__all__ = ["real_app"]
LONG_ENOUGH = 0.4
"""Seconds in which the second of two acts certainly reaches the row that the first one holds."""


def second_waits_for_first(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> str:
    """Run `second` while the transaction of `first` is still open; what became of `second`."""
    has_begun, outcome = threading.Event(), [""]

    def run() -> None:
        with app.app_context():
            has_begun.wait()
            try:
                with unit_of_work():
                    second()
                outcome[0] = "done"
            except DomainError as fault:
                outcome[0] = fault.word
            except Exception as fault:
                outcome[0] = type(fault).__name__
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    with unit_of_work():
        first()
        db.session.flush()
        has_begun.set()
        thread.join(LONG_ENOUGH)
    thread.join(60)
    db.session.remove()
    return outcome[0]


@pytest.mark.parametrize("deed", ["list", "mark", "ask", "shown", "view"])
def test_a_card_that_leaves_meanwhile_is_not_there_any_more(real_app: Flask, deed: str) -> None:
    with unit_of_work():
        person, profile = make_card()
        searcher, _employer = make_employer()
        member, own, handle, key = actor_of(searcher), actor_of(person), profile.handle, profile.id
        offer = make_offer(searcher).public_id
        shortlist = lists.add_list(actor=member, name="Port").public_id

    def view() -> object:
        seen, employer = get_visible_profile(member, handle), get_employer(member)
        return caps.look_at(actor=member, employer=employer, profile=seen)

    deeds: dict[str, Callable[[], object]] = {
        "list": lambda: lists.put_on_list(actor=member, public_id=shortlist, handles=[handle]),
        "mark": lambda: lists.save_mark(
            actor=member, handle=handle, note="x", tags="", contacted_on=None, version=0
        ),
        "ask": lambda: asking.ask_people(actor=member, handles=[handle], opportunity=offer, message="Come"),
        "shown": lambda: count_shown([key], utc_now().date()),
        "view": view,
    }
    outcome = second_waits_for_first(real_app, lambda: leave_pool(actor=own), deeds[deed])
    assert outcome in ({"shown": ("done",), "view": ("done", "not_found")}.get(deed, ("not_found", "stale")))
    left = [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (PoolProfile, PoolListEntry, PoolMark, ContactRequest, PoolShown)
    ]
    assert left == [0] * 5


def test_a_card_shown_on_a_page_that_left_before_it_was_counted_is_not_counted(app: Flask) -> None:
    (person, gone), (_stays, other) = make_card("One"), make_card("Two")
    keys = [gone.id, other.id]
    leave_pool(actor=actor_of(person))
    count_shown(keys, utc_now().date())
    assert [row.profile_id for row in db.session.scalars(select(PoolShown))] == [other.id]
