"""Two organisers in the same moment, on two connections of a real database."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import delete

from competition.editions.models import Edition
from competition.entries.models import Team
from competition.rounds.models import Round
from competition.rounds.public import confirm_draw, draft_draw, live_draw
from core.access import SYSTEM
from core.db import db, unit_of_work
from core.errors import Stale
from tests.competition.rounds.builders import make_field
from tests.factories import make_edition, make_round


@pytest.fixture
def round_id(bare_app: Flask) -> Iterator[int]:
    """A drafted round that is really committed, and removed afterwards."""
    with bare_app.app_context():
        with unit_of_work():
            edition = make_edition("at-once")
            make_field(edition, 8)
            row = make_round(edition)
            draft_draw(actor=SYSTEM, round_id=row.id)
        yield row.id
        with unit_of_work():
            for model in (Round, Team):
                db.session.execute(delete(model).where(model.edition_id == edition.id))
            db.session.execute(delete(Edition).where(Edition.id == edition.id))


def test_only_one_of_two_simultaneous_confirmations_counts(bare_app: Flask, round_id: int) -> None:
    seen = db.session.get_one(Round, round_id).version
    db.session.remove()
    start, outcomes = Barrier(2), []

    def organiser() -> None:
        with bare_app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    confirm_draw(actor=SYSTEM, round_id=round_id, version=seen)
                outcomes.append("confirmed")
            except Stale:
                outcomes.append("told")

    threads = [Thread(target=organiser) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["confirmed", "told"]
    draw = live_draw(round_id)
    assert draw is not None
    assert draw.state == "confirmed"
