"""An import and somebody's edit at the very same moment: the edit waits, so that neither is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from core.access import SYSTEM
from core.audit import edition_scope
from core.db import Base, db
from tabroom.workbook import service
from tabroom.workbook.service import import_file
from tabroom.workbook.stored import read_edition
from tests.tabroom.workbook.build import file_of, small


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Flask]:
    """The small edition, seen by every connection, and everything removed afterwards."""
    with bare_app.app_context():
        import_file(actor=SYSTEM, source=file_of(small()))
        yield bare_app
        db.session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.commit()


EDITS = {
    "edition": "UPDATE edition SET name = 'Edited' WHERE slug = 'small'",
    "a part of it": "UPDATE revision SET number = number + 1 WHERE scope = :scope",
}


@pytest.mark.parametrize("what", EDITS)
def test_nobody_changes_the_edition_between_the_check_and_the_writing(
    committed: Flask, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    engine = create_engine(committed.config["SQLALCHEMY_DATABASE_URI"])
    impatient = {"postgresql": "SET lock_timeout = '200ms'", "sqlite": "PRAGMA busy_timeout = 200"}
    refused, plans = [], []

    def read_while_somebody_edits(edition_id: int) -> object:
        stored = read_edition(edition_id)
        plans.append(edition_id)
        if len(plans) == 2:
            with engine.connect() as other:
                other.exec_driver_sql(impatient[engine.dialect.name])
                with pytest.raises(OperationalError) as told:
                    other.execute(
                        text(EDITS[what]), {"scope": edition_scope(edition_id)} if "part" in what else {}
                    )
                refused.append(told.value)
        return stored

    monkeypatch.setattr(service, "read_edition", read_while_somebody_edits)
    content = small()
    content["Edition"].append(["name_zh", "小型"])
    report = import_file(actor=SYSTEM, source=file_of(content))
    engine.dispose()
    assert (report.counts["Edition"]["changed"] > 0, len(plans), len(refused)) == (True, 2, 1)
