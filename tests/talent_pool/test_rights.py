"""Records that are only added, receipts, erasing, the two years, what people ask of the operator, and invitations."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from accounts.models import User
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, NotFound
from core.outbox import OutboxMessage
from talent_pool import operating
from talent_pool.consent import HOLDS_FOR
from talent_pool.events import record_event
from talent_pool.models import PoolConsent, PoolProfile
from talent_pool.notice import present_notice
from talent_pool.person_models import PoolConsentRecord, PoolEvent, PoolInvitation, PoolNotice, RightsRequest
from talent_pool.public import Choices, answer_contact, ask_contact, join_pool, leave_pool
from talent_pool.services.invitations import decline_invitation, invite_former
from talent_pool.services.membership import confirm_consent, pause
from talent_pool.services.records import RecordsAreKept, receipt_of, records_of
from talent_pool.services.rights import answer_right, ask_right, erase, rights_of
from talent_pool.services.sweeping import end_consents, remind_invited, remind_of_consents
from tests.factories import make_delegate, make_edition, make_person, make_team, make_user
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer
from tests.talent_pool.test_search import publish


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def acts(user: User) -> list[str]:
    return [row.act for row in reversed(records_of(user.person_id))]


def test_every_act_of_consent_is_one_more_record(app: Flask) -> None:
    user, _profile = make_card()
    pause(actor=actor_of(user), is_paused=True)
    pause(actor=actor_of(user), is_paused=True)
    pause(actor=actor_of(user), is_paused=False)
    confirm_consent(actor=actor_of(user))
    leave_pool(actor=actor_of(user))
    assert acts(user) == ["given", "paused", "resumed", "confirmed", "withdrawn"]


def test_a_record_and_the_log_are_never_changed_or_removed(app: Flask) -> None:
    user, profile = make_card()
    _searcher, employer = make_employer()
    event = record_event("viewed", actor=SYSTEM, employer=employer, profile=profile)
    db.session.commit()
    for row, name in ((records_of(user.person_id)[0], "act"), (event, "event")):
        setattr(row, name, "paused")
        with pytest.raises(RecordsAreKept):
            db.session.flush()
        db.session.rollback()
        db.session.delete(row)
        with pytest.raises(RecordsAreKept):
            db.session.flush()
        db.session.rollback()


def test_a_receipt_says_what_was_agreed_and_holds_the_very_text(app: Flask) -> None:
    make_employer("Home House")
    make_employer("Far House", country="SG")
    user, _profile = make_card(choices=Choices(allows_abroad=True, hidden_kinds=("ngo",)))
    receipt = receipt_of(records_of(user.person_id)[0])
    agreed = {one["purpose"]: one["is_agreed"] for one in receipt["purposes"]}
    assert agreed == {"listing": True, "abroad": True, "statistics": False}
    recipients = {one["purpose"]: [row["name"] for row in one["recipients"]] for one in receipt["purposes"]}
    assert recipients == {"listing": ["Home House"], "abroad": ["Far House"], "statistics": []}
    assert receipt["choices"]["exceptions"] == {"kind": ["ngo"]}
    assert receipt["notice"]["hash_sha256"] == present_notice().text_hash
    assert receipt["notice_text"] == present_notice().text
    assert "Ada Obi" not in json.dumps(receipt)
    assert count(PoolNotice) == 1


def test_a_yes_is_asked_for_again_a_month_before_it_ends_and_ends_by_itself(app: Flask) -> None:
    user, _profile = make_card()
    consent = db.session.scalars(select(PoolConsent)).one()
    end = consent.confirmed_at + HOLDS_FOR
    moments = [end - timedelta(days=31), end - timedelta(days=30), end - timedelta(days=1)]
    assert [remind_of_consents(moment) for moment in moments] == [0, 1, 0]
    assert end_consents(end - timedelta(seconds=1)) == 0
    confirm_consent(actor=actor_of(user), now=end - timedelta(hours=1))
    assert end_consents(end) == 0
    assert end_consents(end - timedelta(hours=1) + HOLDS_FOR) == 1
    assert (count(PoolProfile), acts(user)[-1]) == (0, "ended")
    letters = db.session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert list(letters) == ["consent_ends", "consent_ended"]


def test_somebody_whose_yes_ran_out_can_join_before_the_sweep(app: Flask) -> None:
    user, profile = make_card()
    before = profile.handle
    later = utc_now() + HOLDS_FOR
    again = join_pool(actor=actor_of(user), now=later)
    assert again.handle != before
    assert acts(user) == ["given", "ended", "given"]


def test_erasing_cuts_everything_from_the_person_and_keeps_what_was_done(app: Flask) -> None:
    user, profile = make_card("Mediator", name="Zoë Quill")
    searcher, _employer = make_employer()
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True)
    ask_right(actor=actor_of(user), kind="correction", words="My name is spelled wrong")
    erase(actor=actor_of(user))
    db.session.expire_all()
    assert records_of(user.person_id) == []
    assert list(rights_of(user.person_id)) == []
    assert (count(PoolProfile), count(PoolConsent)) == (0, 0)
    assert [count(PoolConsentRecord), count(PoolEvent)] == [3, 2]
    assert set(db.session.scalars(select(PoolEvent.person_id))) == {None}
    assert list(db.session.scalars(select(RightsRequest.words))) == ["", ""]
    own = select(func.count(AuditEntry.id)).where(
        AuditEntry.person_id == user.person_id, AuditEntry.thing.like("pool%")
    )
    assert db.session.scalar(own) == 0


def test_the_operator_answers_a_right_once_and_nobody_else_does(app: Flask) -> None:
    user, _profile = make_card()
    asked = ask_right(actor=actor_of(user), kind="objection", words="No statistics, please")
    assert asked.due_at - asked.asked_at == timedelta(days=30)
    with pytest.raises(Forbidden):
        answer_right(actor=actor_of(user), public_id=asked.public_id, answer="Done")
    answer_right(actor=SYSTEM, public_id=asked.public_id, answer="Done")
    with pytest.raises(Conflict):
        answer_right(actor=SYSTEM, public_id=asked.public_id, answer="Again")
    with pytest.raises(NotFound):
        answer_right(actor=SYSTEM, public_id="x" * 16, answer="Done")
    assert rights_of(user.person_id)[0].answer == "Done"


def test_former_participants_are_invited_once_and_reminded_once_and_are_in_nothing(app: Flask) -> None:
    edition = make_edition()
    team = make_team(edition)
    users = [make_user(person=make_person(f"P{number}")) for number in range(4)]
    for user in users:
        make_delegate(team, person_id=user.person_id)
    make_delegate(team, "Without an account", contact="roster@example.org")
    users[0].email_confirmed_at = None
    join_pool(actor=actor_of(users[1]))
    now = utc_now()
    assert invite_former(actor=SYSTEM, edition_id=edition.id, now=now) == 0
    publish(edition, team.id, 1)
    with pytest.raises(Forbidden):
        invite_former(actor=actor_of(users[2]), edition_id=edition.id)
    assert [invite_former(actor=SYSTEM, edition_id=edition.id, now=now) for _time in range(2)] == [2, 0]
    decline_invitation(actor=actor_of(users[3]))
    days = (13, 14, 15, 60)
    assert [remind_invited(now + timedelta(days=day)) for day in days] == [0, 1, 0, 0]
    told = db.session.scalars(select(OutboxMessage.to_address).order_by(OutboxMessage.id)).all()
    assert list(told) == [users[2].email, users[3].email, users[2].email]
    assert (count(PoolInvitation), count(PoolConsent), count(PoolProfile)) == (2, 1, 1)


def test_the_operators_page_counts_people_abroad_and_names_nobody(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, profile = make_card("Port lawyer", name="Zoë Quill")
    other, second = make_card("Mediator")
    (_one, home), (_two, far) = make_employer("Home House"), make_employer("Far House", country="SG")
    now = utc_now()
    for employer, card, event in (
        (home, profile, "revealed"),
        (far, profile, "viewed"),
        (far, profile, "viewed"),
        (far, second, "viewed"),
        (far, second, "revealed"),
    ):
        record_event(event, actor=SYSTEM, employer=employer, profile=card, now=now)
    record_event("viewed", actor=SYSTEM, employer=far, profile=profile, now=now - timedelta(days=400))
    people, named, countries = operating.disclosed_abroad(now)
    assert (people, named) == (2, 1)
    assert [(row.country, row.viewed, row.revealed) for row in countries] == [("SG", 2, 1)]
    ask_right(actor=actor_of(user), kind="correction", words="Spell me right")
    page = browser(make_user(is_operator=True))
    text = page.get("/operator/talent-pool/").text
    assert "Spell me right" in text
    assert [
        word for word in ("Quill", user.email, other.email, "Port lawyer", "Mediator") if word in text
    ] == []
    asked = rights_of(user.person_id)[0]
    address = f"/operator/talent-pool/rights/{asked.public_id}"
    assert page.post(address, "/operator/talent-pool/", answer="").status_code == 422
    assert page.post(address, "/operator/talent-pool/", answer="Done").status_code == 303
    assert page.post(address, "/operator/talent-pool/", answer="Done").status_code == 409
    assert "Done" in browser(user).get("/pool/consent").text


def test_ones_own_data_and_receipts_are_files_and_only_ones_own(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, profile = make_card("Port lawyer")
    stranger, _other = make_card("Mediator")
    _searcher, employer = make_employer("Harbour Authority")
    record_event("viewed", actor=SYSTEM, employer=employer, profile=profile)
    own = browser(user)
    data = json.loads(own.get("/pool/data").text)
    assert data["profile"]["card"]["headline"] == "Port lawyer"
    assert [line["employer"] for line in data["log"]] == ["Harbour Authority"]
    assert data["choices"]["allows_abroad"] is True
    receipt = records_of(user.person_id)[0].public_id
    answer = own.get(f"/pool/consent/records/{receipt}")
    assert json.loads(answer.text)["record_id"] == receipt
    assert answer.headers["Content-Disposition"].startswith("attachment")
    refused = browser(stranger).get(f"/pool/consent/records/{receipt}")
    assert refused.status_code == 404


def test_a_consent_text_that_changed_in_the_meantime_is_read_again(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    page = browser(make_user())
    fields = {"consent": "y", "is_adult": "y", "audience": "all", "new_employers": "never"}
    assert page.post("/pool/join", "/pool/join", **fields, notice="0" * 64).status_code == 409
    assert count(PoolConsent) == 0
    assert page.post("/pool/join", "/pool/join", **fields).status_code == 303


def test_pausing_leaving_and_erasing_are_one_click_each(app: Flask, browser: Callable[..., Browser]) -> None:
    user, _profile = make_card()
    page = browser(user)
    text = page.get("/pool/consent").text
    assert [f'action="/pool/{act}"' in text for act in ("pause", "leave", "erase")] == [True] * 3
    for act in ("pause", "resume", "erase"):
        assert page.post(f"/pool/{act}", "/pool/consent").status_code == 303
    assert (count(PoolProfile), count(PoolConsent)) == (0, 0)
    assert page.get("/pool/consent").status_code == 200
    save_profile_fails = page.post("/pool/profile", "/pool/consent", headline="Again")
    assert save_profile_fails.status_code == 404


def test_the_operator_finds_records_by_a_card_or_a_receipt_and_exports_all(
    app: Flask, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operating, "RECORDS_A_PAGE", 3)
    user, profile = make_card("Port lawyer", name="Zoë Quill")
    handle, receipts = profile.handle, [row.public_id for row in records_of(user.person_id)]
    others = [make_card(f"Card {number}")[0] for number in range(3)]
    pause(actor=actor_of(user), is_paused=True)
    mine = {row.public_id for row in records_of(user.person_id)}
    ids = {row.public_id for one in others for row in records_of(one.person_id)}
    page = browser(make_user(is_operator=True))
    address = "/operator/talent-pool/"

    def listed(query: str) -> set[str]:
        text = page.get(f"{address}{query}").text
        return {found for found in mine | ids if f">{found}</th>" in text}

    assert (len(listed("")), listed("") | listed("?page=2")) == (3, mine | ids)
    wanted = (handle, handle.lower(), f" {receipts[0]} ")
    assert [listed(f"?record={quote(one)}") for one in wanted] == [mine] * 3
    assert [listed(f"?record={quote(one)}") for one in ("ZZZZ-ZZZZ", "Quill", "' OR 1=1", "x" * 16)] == [
        set()
    ] * 4
    answer = page.post(f"{address}export", address)
    rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert {row[0] for row in rows[1:]} == mine | ids
    assert [word for word in ("Quill", user.email, handle) if word in str(rows)] == []
    leave_pool(actor=actor_of(user))
    assert mine < {row.public_id for row in records_of(user.person_id)}
    assert listed(f"?record={receipts[0]}") >= mine - ids
    assert browser(user).post(f"{address}export", "/pool/").status_code == 403
