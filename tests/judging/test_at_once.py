"""Two organisers at the very same moment, each in a transaction of their own: one confirms, the other is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from competition.editions.public import get_edition_by_id
from competition.rounds.models import TableResult
from competition.rounds.public import get_table
from core.db import Base, db, unit_of_work
from core.errors import Conflict
from judging.board import board_of_table
from judging.services.tables import confirm_table
from tests.judging.scene import ORGANISER, Scene, make_scene, submit


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Scene]:
    """A scene with both sheets handed in, seen by every connection, and everything removed afterwards."""
    with bare_app.app_context():
        scene = make_scene()
        submit(scene, scene.chair, [9, 7, 5, 3])
        submit(scene, scene.panellist, [8, 8, 5, 2])
        db.session.commit()
        yield scene
        db.session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()


def test_of_two_organisers_confirming_at_the_same_moment_one_is_told(
    bare_app: Flask, committed: Scene
) -> None:
    edition_id, table_id = committed.edition.id, committed.table.public_id
    token = board_of_table(committed.edition, committed.facts).token
    db.session.rollback()
    together = Barrier(2)

    def confirm() -> str:
        with bare_app.app_context():
            together.wait(timeout=10)
            try:
                with unit_of_work():
                    edition = get_edition_by_id(edition_id)
                    table = get_table(edition_id, table_id)
                    confirm_table(actor=ORGANISER, edition=edition, table=table, shown=token)
            except Conflict as told:
                return told.text
            return "confirmed"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(future.result(timeout=30) for future in [pool.submit(confirm), pool.submit(confirm)])
    assert answers == ["Table 1 was already confirmed. Nothing was changed.", "confirmed"]
    results = select(func.count(TableResult.id)).where(TableResult.table_id == committed.table.id)
    assert db.session.scalar(results) == 1
