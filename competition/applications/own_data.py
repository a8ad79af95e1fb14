"""What applications hold about a person, for their request for their own data."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from accounts.public import eraser, own_data_provider
from competition.applications.models import Application, Review, ReviewCriterion, Reviewer
from competition.applications.queries import own_applications
from competition.editions.public import get_edition_by_id
from core.db import db

FIELDS = (
    "contact", "name", "name_local", "institution", "discipline", "year", "culture", "experience", "gender",
    "motivation", "wishes_together", "wishes_apart", "state", "reason", "submitted_at",
)  # fmt: skip


@own_data_provider("applications")
def application_data(person_id: int) -> list[Any]:
    """Applications with what reviewers gave and wrote ("Reviewer A"), and the person's own work as a reviewer."""
    return [*map(_application, own_applications(person_id)), *_reviewed(person_id)]


def _application(row: Application) -> dict[str, Any]:
    edition = get_edition_by_id(row.edition_id)
    query = select(ReviewCriterion.public_id, ReviewCriterion.name)
    names = dict(db.session.execute(query.where(ReviewCriterion.edition_id == row.edition_id)).all())
    reviews = db.session.scalars(
        select(Review)
        .where(Review.application_id == row.id, Review.is_conflict.is_(False))
        .order_by(Review.id)
    )
    return {
        "edition": edition.slug,
        **{name: getattr(row, name) for name in FIELDS},
        "reviews": [
            {
                "reviewer": f"Reviewer {chr(65 + place % 26)}",
                "marks": {names.get(key, key): mark for key, mark in review.marks.items()},
                "comment": review.comment,
            }
            for place, review in enumerate(reviews)
        ],
    }


def _reviewed(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Reviewer).where(Reviewer.person_id == person_id).order_by(Reviewer.id))
    return [
        {
            "edition": get_edition_by_id(row.edition_id).slug,
            "reviewer": row.name,
            "institution": row.institution,
            "done_at": row.done_at,
        }
        for row in rows
    ]


@eraser
def erase_applications(person_id: int, address: str) -> None:
    """Applications and reviews stay as numbers; names, addresses and words go."""
    for row in db.session.scalars(select(Application).where(Application.person_id == person_id)).all():
        row.name, row.name_local, row.contact, row.person_id = f"Applicant #{row.id}", "", f"#{row.id}", None
        row.institution = row.discipline = row.year = row.culture = row.experience = row.gender = ""
        row.motivation = row.wishes_together = row.wishes_apart = ""
        row.version += 1
    for reviewer in db.session.scalars(select(Reviewer).where(Reviewer.person_id == person_id)).all():
        reviewer.name, reviewer.contact, reviewer.person_id = (
            f"Reviewer #{reviewer.id}",
            f"#{reviewer.id}",
            None,
        )
    db.session.flush()
