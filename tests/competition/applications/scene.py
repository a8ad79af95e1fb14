"""An edition with a call and people who applied, for the tests of applications."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from competition.applications.models import Application
from competition.applications.queries import criteria_of
from competition.applications.services import reviewing
from competition.applications.services.applying import apply
from competition.applications.services.call import save_call
from competition.editions.models import Edition
from competition.editions.services import write_notice
from core.access import SYSTEM
from core.db import utc_now
from tests.competition.editions.test_services import NOTICE
from tests.factories import make_edition, make_person

ANSWERS = {
    "name": "Lin Wei",
    "discipline": "law",
    "year": "b2",
    "culture": "zh",
    "experience": "none",
    "motivation": "To listen.",
}


def open_call(edition: Edition | None = None, **values: Any) -> Edition:
    """An edition where people apply alone."""
    edition = edition or make_edition(minimum_age=0)
    write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    usual: dict[str, Any] = {
        "is_on": True,
        "closes_at": utc_now() + timedelta(days=7),
        "places": 4,
        "reserves": 2,
    }
    save_call(actor=SYSTEM, edition=edition, version=0, values={**usual, **values})
    return edition


def applicant(edition: Edition, number: int, **values: str) -> Application:
    """Somebody who applied at their own address."""
    person = make_person(f"Person {number}")
    answers = {**ANSWERS, "name": f"Person {number:02d}", **values}
    return apply(
        actor=SYSTEM,
        edition=edition,
        person_id=person.id,
        address=f"p{number}@example.org",
        values=answers,
    )


def scored(edition: Edition, *marks: int) -> list[Application]:
    """People with these marks on every criterion, given by one reviewer."""
    reviewer = reviewing.add_reviewer(
        actor=SYSTEM, edition=edition, name="Rae", contact="rae@example.org", institution=""
    )
    rows = [applicant(edition, number) for number in range(len(marks))]
    for row, mark in zip(rows, marks, strict=True):
        reviewing.save_review(
            actor=SYSTEM,
            edition=edition,
            reviewer=reviewer,
            application=row,
            marks={each.public_id: mark for each in criteria_of(edition.id)},
            comment="",
            is_conflict=False,
        )
    return rows
