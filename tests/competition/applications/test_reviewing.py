"""Reviewers score alone, never their own people, and their scores stand once they are done."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition.applications import queries
from competition.applications.models import Application, Reviewer
from competition.applications.own_data import application_data
from competition.applications.services import reviewing
from competition.editions.models import Edition
from core.access import SYSTEM, CapacityKind
from core.db import db
from core.errors import Conflict, Invalid
from core.links import find_links, find_live_link
from core.outbox import OutboxMessage
from tests.competition.applications.scene import applicant, open_call, scored


def reviewer(edition: Edition, institution: str = "", contact: str = "rae@example.org") -> Reviewer:
    return reviewing.add_reviewer(
        actor=SYSTEM, edition=edition, name="Rae", contact=contact, institution=institution
    )


def review(edition: Edition, who: Reviewer, row: Application, mark: int = 3, **values: object) -> None:
    usual = {
        "marks": {each.public_id: mark for each in queries.criteria_of(edition.id)},
        "comment": "",
        "is_conflict": False,
    }
    reviewing.save_review(
        actor=SYSTEM,
        edition=edition,
        reviewer=who,
        application=row,
        **{**usual, **values},  # type: ignore[arg-type]
    )


def test_a_guest_is_mailed_a_link_and_is_there_once(app: Flask) -> None:
    edition = open_call()
    row = reviewer(edition)
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reviewer_link")).one()
    assert (mail.to_address, "[[link:" in mail.body) == ("rae@example.org", True)
    with pytest.raises(Conflict, match="already"):
        reviewer(edition, contact="RAE@example.org")
    reviewing.remove_reviewer(actor=SYSTEM, edition=edition, reviewer=row)
    assert find_live_link(purpose=CapacityKind.REVIEWER, edition_id=edition.id, subject_id=row.id) is None
    assert len(find_links(purpose=CapacityKind.REVIEWER, edition_id=edition.id, subject_id=row.id)) == 1


def test_nobody_scores_people_of_their_own_institution_or_themselves(app: Flask) -> None:
    edition = open_call(asks_institution=True)
    theirs = applicant(edition, 1, institution="Fudan  University")
    other = applicant(edition, 2, institution="Tongji University")
    who = reviewer(edition, institution="复旦大学")
    with pytest.raises(Conflict, match="own institution"):
        review(edition, who, theirs)
    review(edition, who, other)
    myself = reviewer(edition, contact="p2@example.org")
    with pytest.raises(Conflict, match="own institution"):
        review(edition, myself, other)


def test_without_institutions_everybody_of_one_campus_can_be_scored(app: Flask) -> None:
    edition = open_call()
    assert not reviewing.has_conflict(reviewer(edition), applicant(edition, 1))


def test_a_declared_conflict_drops_the_marks(app: Flask) -> None:
    edition = open_call()
    row, who = applicant(edition, 1), reviewer(edition)
    review(edition, who, row)
    review(edition, who, row, is_conflict=True)
    (line,) = queries.ranking(edition.id)
    assert (line.score, line.reviews) == (None, 0)


@pytest.mark.parametrize("marks", [{}, {"x": 3}])
def test_every_criterion_needs_a_mark_within_its_scale(app: Flask, marks: dict[str, int]) -> None:
    edition = open_call()
    row, who = applicant(edition, 1), reviewer(edition)
    with pytest.raises(Invalid, match="0 to 5"):
        review(edition, who, row, marks=marks)
    with pytest.raises(Invalid, match="0 to 5"):
        review(edition, who, row, 6)


def test_scores_stand_once_the_reviewer_is_done_until_an_organiser_reopens_them(app: Flask) -> None:
    edition = open_call()
    row, who = applicant(edition, 1), reviewer(edition)
    review(edition, who, row, 2)
    reviewing.finish(actor=SYSTEM, edition=edition, reviewer=who)
    with pytest.raises(Conflict, match="you are done"):
        review(edition, who, row, 5)
    reviewing.reopen(actor=SYSTEM, edition=edition, reviewer=who)
    review(edition, who, row, 5)
    (line,) = queries.ranking(edition.id)
    assert line.score == 100


def test_the_ranking_is_the_mean_of_the_reviewers(app: Flask) -> None:
    edition = open_call()
    rows = scored(edition, 5, 1)
    second = reviewer(edition, contact="sam@example.org")
    review(edition, second, rows[1], 4)
    assert [(line.key, float(line.score or 0), line.reviews) for line in queries.ranking(edition.id)] == [
        (rows[0].id, 100.0, 1),
        (rows[1].id, 50.0, 2),
    ]


def test_ones_own_data_hold_the_scores_without_the_reviewers_names(app: Flask) -> None:
    edition = open_call()
    (row,) = scored(edition, 4)
    (found,) = application_data(row.person_id or 0)
    assert (found["contact"], found["reviews"][0]["reviewer"]) == ("p0@example.org", "Reviewer A")
    assert set(found["reviews"][0]["marks"].values()) == {4}
    assert "Rae" not in str(found)
