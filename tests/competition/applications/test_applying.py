"""Applying alone: until the deadline, at one's own address, and giving the place back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition.applications import queries
from competition.applications.models import Application, TeamPlan
from competition.applications.purge import purge_applications
from competition.applications.services import applying, deciding
from competition.applications.services.call import add_criterion, save_call
from core.access import SYSTEM
from core.db import db, utc_now
from core.errors import Conflict, Invalid, Stale
from core.outbox import OutboxMessage
from tests.competition.applications.scene import ANSWERS, applicant, open_call, scored
from tests.factories import add, make_edition, make_person


def mails(kind: str) -> list[str]:
    query = select(OutboxMessage.to_address).where(OutboxMessage.kind == kind)
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def test_a_call_needs_a_notice_and_an_end(app: Flask) -> None:
    values = {"is_on": True, "closes_at": utc_now(), "places": 3, "reserves": 0}
    with pytest.raises(Invalid, match="privacy notice"):
        save_call(actor=SYSTEM, edition=make_edition(), version=0, values=values)
    with pytest.raises(Invalid, match="until when"):
        open_call(closes_at=None)


def test_an_application_is_confirmed_by_mail_once_and_changed_after_that(app: Flask) -> None:
    edition = open_call()
    row = applicant(edition, 1)
    applying.apply(
        actor=SYSTEM,
        edition=edition,
        person_id=row.person_id or 0,
        address="p1@example.org",
        values={**ANSWERS, "discipline": "economics"},
    )
    (only,) = queries.applications_of(edition.id)
    assert (only.discipline, only.version, only.notice_version) == ("economics", 2, 1)
    assert mails("application_received") == ["p1@example.org"]


def test_nobody_applies_after_the_deadline_although_they_were_typing(app: Flask) -> None:
    edition = open_call(closes_at=utc_now() - timedelta(seconds=1))
    with pytest.raises(Conflict, match="closed"):
        applicant(edition, 1)


def test_an_address_belongs_to_one_applicant(app: Flask) -> None:
    edition = open_call()
    applicant(edition, 1)
    with pytest.raises(Conflict, match="this address"):
        applying.apply(
            actor=SYSTEM,
            edition=edition,
            person_id=make_person().id,
            address="P1@example.org",
            values=ANSWERS,
        )


def test_a_person_whom_the_organisers_wrote_down_takes_their_application_over(app: Flask) -> None:
    edition, person = open_call(), make_person()
    add(Application(edition_id=edition.id, contact="ann@example.org", name="Ann", submitted_at=utc_now()))
    found = queries.find_own_application(edition.id, person.id, "Ann@example.org")
    assert found is not None
    assert queries.find_own_application(edition.id, person.id, "bo@example.org") is None
    assert queries.find_own_application(edition.id, person.id, "") is None


def test_an_answered_application_is_not_changed(app: Flask) -> None:
    edition = open_call()
    row = applicant(edition, 1)
    deciding.answer(
        actor=SYSTEM, edition=edition, picks={row.public_id: (row.version, "accepted")}, reasons={}
    )
    with pytest.raises(Conflict, match="answered"):
        applicant_again(edition, row)


def applicant_again(edition, row):  # type: ignore[no-untyped-def]
    return applying.apply(
        actor=SYSTEM, edition=edition, person_id=row.person_id, address=row.contact, values=ANSWERS
    )


def test_whoever_withdraws_may_apply_again_until_the_deadline(app: Flask) -> None:
    edition = open_call()
    row = applicant(edition, 1)
    applying.withdraw(actor=SYSTEM, edition=edition, application=row, version=row.version)
    assert row.state == "withdrawn"
    with pytest.raises(Stale):
        applying.withdraw(actor=SYSTEM, edition=edition, application=row, version=1)
    assert applicant_again(edition, row).state == "applied"
    assert mails("application_received") == ["p1@example.org", "p1@example.org"]


def test_declining_needs_a_reason_and_the_reason_is_in_the_mail(app: Flask) -> None:
    edition = open_call()
    row = applicant(edition, 1)
    picks = {row.public_id: (row.version, "declined")}
    with pytest.raises(Invalid, match="Say why"):
        deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={})
    deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={"declined": "Too few places."})
    body = db.session.scalar(select(OutboxMessage.body).where(OutboxMessage.kind == "application_answer"))
    assert "Too few places." in (body or "")


def test_an_answer_to_something_that_changed_is_passed_over_and_the_same_answer_is_not_sent_twice(
    app: Flask,
) -> None:
    edition = open_call()
    rows = [applicant(edition, n) for n in range(2)]
    picks = {rows[0].public_id: (99, "accepted"), rows[1].public_id: (rows[1].version, "reserve")}
    done = deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={})
    assert (done.counts["accepted"], done.counts["reserve"], done.passed) == (0, 1, ("Person 00",))
    again = {rows[1].public_id: (rows[1].version, "reserve")}
    done = deciding.answer(actor=SYSTEM, edition=edition, picks=again, reasons={})
    assert (done.counts["reserve"], mails("application_answer")) == (0, ["p1@example.org"])


def test_the_best_reserve_moves_up_and_takes_the_place_in_the_draft_teams(app: Flask) -> None:
    edition = open_call()
    rows = scored(edition, 5, 4, 2, 3)
    outcomes = ["accepted", "accepted", "reserve", "reserve"]
    picks = {row.public_id: (row.version, word) for row, word in zip(rows, outcomes, strict=True)}
    deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={})
    assert [row.reserve_rank for row in rows] == [None, None, 4, 3]
    placement = {rows[0].public_id: 0, rows[1].public_id: 1}
    plan = add(TeamPlan(edition_id=edition.id, teams=2, seed=1, placement=placement, names=["A", "B"]))
    moved = applying.withdraw(actor=SYSTEM, edition=edition, application=rows[1], version=rows[1].version)
    assert moved is rows[3]
    assert (rows[3].state, plan.placement) == ("accepted", {rows[0].public_id: 0, rows[3].public_id: 1})
    assert mails("application_answer")[-1] == "p3@example.org"


def test_criteria_stay_once_somebody_has_scored(app: Flask) -> None:
    edition = open_call()
    add_criterion(actor=SYSTEM, edition=edition, values={"name": "Style"})
    scored(edition, 3)
    with pytest.raises(Conflict, match="begun to score"):
        add_criterion(actor=SYSTEM, edition=edition, values={"name": "More"})


def test_half_a_year_later_only_who_took_part_is_left_without_sensitive_answers(app: Flask) -> None:
    edition = open_call(asks_gender=True)
    kept, gone = applicant(edition, 1, gender="female"), applicant(edition, 2)
    for row, word in ((kept, "accepted"), (gone, "reserve")):
        picks = {row.public_id: (row.version, word)}
        deciding.answer(actor=SYSTEM, edition=edition, picks=picks, reasons={})
    db.session.commit()
    purge_applications(utc_now() + timedelta(days=100))
    assert len(queries.applications_of(edition.id)) == 2
    purge_applications(utc_now() + timedelta(days=200))
    db.session.expire_all()
    (left,) = queries.applications_of(edition.id)
    assert (left.name, left.gender, left.motivation, left.discipline) == ("Person 01", "", "", "law")
