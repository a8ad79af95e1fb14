"""What is deleted six months after an edition, and what stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import delete, select

from competition.entries.models import Delegate, Team
from competition.entries.registering import questions
from competition.entries.registering.models import Answer
from competition.entries.registering.purge import is_over_for_long, purge_registrations
from competition.entries.services import invitations
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import Base, db, unit_of_work
from core.links import PrivateLink
from tests.competition.entries.registering.test_entry import ask
from tests.factories import make_delegate, make_edition, make_team


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Flask]:
    """The application; everything that the test commits is removed afterwards."""
    with bare_app.app_context():
        yield bare_app
        db.session.remove()
        with unit_of_work():
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))


@pytest.mark.parametrize(
    ("ends_on", "now", "expected"),
    [
        (date(2026, 5, 17), datetime(2026, 11, 16, 15, 59, tzinfo=UTC), False),
        (date(2026, 5, 17), datetime(2026, 11, 16, 16, 0, tzinfo=UTC), True),
        (date(2026, 8, 31), datetime(2027, 2, 28, 12, 0, tzinfo=UTC), False),
        (date(2026, 8, 31), datetime(2027, 3, 1, 12, 0, tzinfo=UTC), True),
        (None, datetime(2099, 1, 1, tzinfo=UTC), False),
    ],
)
def test_six_months_are_counted_where_the_event_was(
    app: Flask, ends_on: date | None, now: datetime, expected: bool
) -> None:
    edition = make_edition(timezone="Asia/Shanghai", ends_on=ends_on)
    assert is_over_for_long(edition, now) is expected


def test_the_demo_keeps_its_invented_applications(app: Flask) -> None:
    edition = make_edition(is_demo=True, ends_on=date(2025, 5, 17))
    assert is_over_for_long(edition, datetime(2026, 11, 30, tzinfo=UTC)) is False


def test_rejected_applications_and_sensitive_answers_go_and_the_rest_stays(committed: Flask) -> None:
    with unit_of_work():
        edition = make_edition("old", ends_on=date(2026, 5, 17))
        other = make_edition("new", ends_on=date(2026, 11, 1))
        diet, shirt = ask(edition, is_sensitive=True), ask(edition, label="Shirt")
        for place in (edition, other):
            for status in ("applied", "waiting", "declined", "registered", "withdrawn"):
                team = make_team(place, status, status=status)
                delegate = make_delegate(team, status, contact=f"{status}@example.org", is_captain=True)
                invitations.captain_link(place, team, delegate.contact)
        kept = db.session.scalars(
            select(Delegate).where(Delegate.edition_id == edition.id, Delegate.name == "registered")
        ).one()
        questions.keep_answers(kept, {diet.id: "no nuts", shirt.id: "L"})
        keys = (edition.id, other.id)
    early, late = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC)
    purge_registrations(early)
    assert len(db.session.scalars(select(Team.id)).all()) == 10
    for _ in range(2):
        purge_registrations(late)
    left = {
        key: list(db.session.scalars(select(Team.name).where(Team.edition_id == key).order_by(Team.id)))
        for key in keys
    }
    assert left == {
        keys[0]: ["registered", "withdrawn"],
        keys[1]: ["applied", "waiting", "declined", "registered", "withdrawn"],
    }
    assert db.session.scalars(select(Answer.text)).all() == ["L"]
    links = select(PrivateLink.bound_address).where(PrivateLink.edition_id == keys[0])
    assert sorted(db.session.scalars(links)) == ["registered@example.org", "withdrawn@example.org"]
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "purge")).all()
    assert (entry.details, entry.person_id) == ({"applications": 3, "sensitive_answers": 1}, SYSTEM.person_id)
