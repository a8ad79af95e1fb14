"""A mail to an audience: written, looked at, counted, sent once, followed to each address, never twice."""

from __future__ import annotations

import dataclasses
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, inspect, select, update

from competition.editions.models import Edition
from competition.entries.models import Delegate, Team
from competition.messages import sending
from competition.messages.letters import checked_places, letter_for
from competition.messages.models import MailChoice, Mailing, MailingRecipient
from competition.messages.queries import AddressFilter, address_lines, count_addresses, counts_of
from competition.messages.recipients import addressed
from competition.messages.services.mailings import (
    go_on,
    retry_failed,
    send_mailing,
    send_test,
    write_mailing,
)
from competition.messages.unsubscribing import address_for
from core import jobs, outbox
from core.access import SYSTEM, Actor
from core.audit import AuditEntry
from core.db import db, unit_of_work, utc_now
from core.errors import Conflict, Invalid, Stale
from core.jobs import Job
from core.mail import send_due
from core.outbox import OutboxMessage
from core.worker import run_pending
from tests.factories import (
    NOW,
    make_delegate,
    make_edition,
    make_judge,
    make_organiser,
    make_person,
    make_team,
    make_user,
    sign_in,
)

WORDS = {
    "subject": "News for {team}",
    "subject_zh": "{team} 的消息",
    "body": "Dear {name}, see {page}.",
    "body_zh": "{name}：请看 {page}。",
    "audience": "all",
    "is_essential": False,
}


class Sink:
    """A real mail server that keeps what it takes, and can be away."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refused: dict[str, str] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 OK"

    def addresses(self) -> list[str]:
        return sorted(str(message["To"]) for message in self.taken)


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """The mail server, running, and the application connected to it."""
    found, before = Sink(), app.extensions["parley_settings"]
    found.controller.start()
    app.extensions["parley_settings"] = dataclasses.replace(
        before, smtp_url=f"smtp://127.0.0.1:{found.port}?timeout=5"
    )
    yield found
    app.extensions["parley_settings"] = before
    if found.controller.server is not None:
        found.controller.stop()


@pytest.fixture
def edition(app: Flask) -> Edition:
    """Two teams: a captain with an account who reads Chinese, delegates with a roster's address and without; a judge
    who shares an address with a delegate; a coach who has only an account."""
    edition = make_edition("open", name="Open", name_zh="公开赛", role_policy="fixed", languages="en")
    first = make_team(edition, "Ants", role="government")
    second = make_team(edition, "Bees", role="igo")
    captain = make_person("Li Na", locale="zh_Hans", name_local="李娜")
    make_user("li@example.org", person=captain)
    make_delegate(first, "Li Na", name_local="李娜", person_id=captain.id, is_captain=True, confirmed_at=NOW)
    make_delegate(first, "Bo", contact="bo@example.org", confirmed_at=NOW)
    make_delegate(second, "Cy", contact="cy@example.org", is_captain=True)
    make_delegate(second, "Di")
    make_judge(edition, "Cy Senior", contact="CY@example.org", accepted_at=NOW)
    make_judge(edition, "Judge Sato", contact="sato@example.org")
    coach = make_person("Coach Wu")
    make_user("wu@example.org", person=coach)
    second.coach, second.coach_person_id = "Coach Wu", coach.id
    waiting = make_team(edition, "Wasps", status="waiting")
    make_delegate(waiting, "Em", contact="em@example.org")
    stand_in = make_team(edition, "Stand-in", status="stand_in")
    make_delegate(stand_in, "Fo", contact="fo@example.org")
    db.session.commit()
    return edition


def draft(edition: Edition, **changes: Any) -> Mailing:
    row = write_mailing(actor=SYSTEM, edition=edition, values={**WORDS, **changes})
    db.session.commit()
    return row


def send(edition: Edition, row: Mailing, **changes: Any) -> None:
    values: dict[str, Any] = {
        "version": row.version,
        "count": addressed(edition, row.audience, is_essential=row.is_essential).count,
        "is_repeat_agreed": False,
        "now": utc_now(),
        **changes,
    }
    send_mailing(actor=SYSTEM, edition=edition, row=row, **values)
    db.session.commit()


def states(row: Mailing) -> dict[str, int]:
    return counts_of([key_of(row)])[key_of(row)]


def key_of(row: Mailing) -> int:
    """The key of a row, also of one whose session a worker has closed."""
    identity = inspect(row).identity
    assert identity is not None
    return int(identity[0])


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("all", ["bo", "cy", "li", "sato", "wu"]),
        ("captains", ["cy", "li"]),
        ("delegates", ["bo", "cy", "li"]),
        ("delegates_unconfirmed", ["cy"]),
        ("coaches", ["wu"]),
        ("judges", ["cy", "sato"]),
        ("judges_unaccepted", ["sato"]),
        ("judges_owing", []),
        ("role:government", ["bo", "li"]),
        ("status:waiting", ["em"]),
        ("round:1", []),
        ("nonsense", []),
    ],
)
def test_an_audience_is_exactly_who_it_says(edition: Edition, audience: str, expected: list[str]) -> None:
    found = addressed(edition, audience, is_essential=True)
    assert sorted(one.address.split("@")[0].casefold() for one in found.recipients) == expected


def test_a_coach_without_an_account_gets_it_at_the_address_the_team_gave(edition: Edition) -> None:
    make_team(edition, "Crickets", coach="Gu", coach_contact="gu@example.org")
    found = addressed(edition, "coaches", is_essential=True)
    assert {(one.address, one.is_private, one.values["team"]) for one in found.recipients} == {
        ("wu@example.org", True, "Bees"),
        ("gu@example.org", False, "Crickets"),
    }


def test_an_address_shared_by_two_is_one_line_and_who_has_none_is_named(edition: Edition) -> None:
    found = addressed(edition, "all", is_essential=True)
    assert (found.count, found.sharing, found.nameless) == (5, 1, ("Di",))
    private = {one.address for one in found.recipients if one.is_private}
    assert private == {"li@example.org", "wu@example.org"}


def test_each_reader_gets_their_language_and_the_other_one_where_theirs_is_not_written() -> None:
    values = {"team": "Ants", "name": "Li", "page": "https://p"}
    both = SimpleNamespace(**WORDS)
    only_chinese = SimpleNamespace(**{**WORDS, "subject": "", "body": ""})
    half = SimpleNamespace(**{**WORDS, "body_zh": ""})
    assert letter_for(both, "zh_Hans", values).subject == "Ants 的消息"
    assert letter_for(both, "en", values).body == "Dear Li, see https://p."
    assert letter_for(only_chinese, "en", values).subject == "Ants 的消息"
    assert letter_for(half, "zh_Hans", values).subject == "News for Ants"
    assert letter_for(both, "en", {**values, "team": ""}).missing == ("team",)


@pytest.mark.parametrize("text", ["{nmae}", "{name} {secret}", "{Name}"])
def test_a_placeholder_that_is_not_on_the_list_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="There is no placeholder"):
        checked_places(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "[[link:1]]"},
        {"body": "", "body_zh": ""},
        {"audience": "round:99"},
        {"subject": "", "subject_zh": ""},
    ],
)
def test_what_cannot_be_a_mail_is_not_kept(edition: Edition, changes: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        draft(edition, **changes)
    assert db.session.scalar(select(func.count(Mailing.id))) == 0


def test_it_reaches_every_address_once_with_a_way_to_unsubscribe(
    app: Flask, sink: Sink, edition: Edition
) -> None:
    row = draft(edition)
    send(edition, row)
    run_pending(app)
    assert [address.casefold() for address in sink.addresses()] == [
        "bo@example.org",
        "cy@example.org",
        "li@example.org",
        "sato@example.org",
        "wu@example.org",
    ]
    assert states(row) == {"sent": 5}
    by_address = {str(message["To"]): message for message in sink.taken}
    chinese = by_address["li@example.org"].get_content()
    assert chinese.startswith("李娜：请看 http://localhost/e/open/me。")
    mailed = by_address["bo@example.org"]
    assert mailed["Subject"] == "News for Ants"
    link = re.search(r"http://localhost/unsubscribe/\S+", mailed.get_content())
    assert link
    assert mailed["List-Unsubscribe"].strip() == f"<{link.group()}>"
    assert mailed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mailed.get_content_type() == "text/plain"


def test_an_essential_mail_says_that_it_is_and_goes_to_those_too_who_want_no_more(
    app: Flask, sink: Sink, edition: Edition
) -> None:
    db.session.add(MailChoice(edition_id=edition.id, address="bo@example.org", unsubscribed_at=NOW))
    db.session.commit()
    assert addressed(edition, "role:government", is_essential=False).unsubscribed == 1
    row = draft(edition, audience="role:government", is_essential=True)
    send(edition, row)
    run_pending(app)
    assert sink.addresses() == ["bo@example.org", "li@example.org"]
    mailed = next(one for one in sink.taken if one["To"] == "bo@example.org")
    assert mailed["List-Unsubscribe"] is None
    assert "It is needed for taking part" in mailed.get_content()


def test_who_unsubscribes_between_sending_and_writing_gets_nothing(
    app: Flask, sink: Sink, edition: Edition
) -> None:
    row = draft(edition, audience="role:government")
    send(edition, row)
    db.session.add(MailChoice(edition_id=edition.id, address="bo@example.org", unsubscribed_at=NOW))
    db.session.commit()
    run_pending(app)
    assert states(row) == {"sent": 1, "unsubscribed": 1}
    assert sink.addresses() == ["li@example.org"]


def test_a_mistake_does_not_mail_twice(app: Flask, edition: Edition) -> None:
    row = draft(edition)
    send(edition, row)
    with pytest.raises(Conflict, match="This mail was sent"):
        send(edition, row)
    again = draft(edition)
    with pytest.raises(Conflict, match="The same words were sent to 5 addresses"):
        send(edition, again)
    send(edition, again, is_repeat_agreed=True)
    assert db.session.scalar(select(func.count(Job.id))) == 2


def test_what_was_counted_is_what_is_sent_or_nothing_is(edition: Edition) -> None:
    row = draft(edition)
    team = db.session.scalar(select(Team).where(Team.name == "Ants"))
    assert team is not None
    make_delegate(team, "New", contact="new@example.org")
    db.session.commit()
    with pytest.raises(Stale, match="It would go to 6 addresses now, not to 5"):
        send(edition, row, count=5)
    db.session.rollback()
    assert db.session.scalar(select(func.count(MailingRecipient.id))) == 0


def test_more_than_ten_an_hour_are_refused(edition: Edition) -> None:
    for number in range(10):
        send(edition, draft(edition, subject=f"News {number}", audience="coaches"))
    with pytest.raises(Conflict, match="10 mails were sent within the last hour"):
        send(edition, draft(edition, subject="News 11", audience="coaches"))
    send(edition, draft(edition, subject="News 11"), now=utc_now() + timedelta(minutes=61))


def make_crowd(edition: Edition, count: int) -> None:
    team = make_team(edition, "Crowd")
    rows = [
        {
            "edition_id": edition.id,
            "team_id": team.id,
            "code": f"C{number}",
            "public_id": f"crowd{number}",
            "name": f"Person {number}",
            "name_local": "",
            "contact": f"person{number}@example.org",
            "is_captain": False,
            "position": number,
            "version": 1,
        }
        for number in range(count)
    ]
    db.session.execute(insert(Delegate), rows)
    db.session.commit()


def test_a_killed_workers_successor_goes_on_and_two_thousand_get_one_each(
    app: Flask, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_crowd(edition, 2000)
    row = draft(edition, audience="delegates")
    send(edition, row)
    real, calls = sending._post_batch, []

    def dies_in_the_fourth(mailing_id: int) -> int:
        calls.append(real(mailing_id))
        if len(calls) == 4:
            raise SystemExit
        return calls[-1]

    monkeypatch.setattr(sending, "_post_batch", dies_in_the_fourth)
    run = jobs.claim("first")
    assert run is not None
    with pytest.raises(SystemExit):
        jobs.work(run)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 150
    monkeypatch.setattr(sending, "_post_batch", real)
    db.session.remove()
    with unit_of_work():
        db.session.execute(update(Job).values(heartbeat_at=utc_now() - timedelta(minutes=5)))
    run_pending(app)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 2003
    assert db.session.scalar(select(func.count(OutboxMessage.to_address.distinct()))) == 2003
    assert states(row) == {"queued": 2003}


def test_a_cancelled_mailing_is_taken_up_again_and_nobody_gets_two(app: Flask, edition: Edition) -> None:
    row = draft(edition)
    send(edition, row)
    with pytest.raises(Conflict, match="being sent already"):
        go_on(actor=SYSTEM, row=row)
    job = db.session.scalars(select(Job)).one()
    jobs.request_cancel(job)
    db.session.commit()
    run_pending(app)
    assert states(row) == {"queued": 5}
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0
    go_on(actor=SYSTEM, row=row)
    db.session.commit()
    run_pending(app)
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 5


def test_a_mail_server_that_is_away_for_an_hour_loses_nothing_and_doubles_nothing(
    app: Flask, sink: Sink, edition: Edition
) -> None:
    row = draft(edition)
    send(edition, row)
    sink.controller.stop()
    started = utc_now()
    for minutes in (0, 2, 8, 40):
        run_pending(app)
        send_due(now=started + timedelta(minutes=minutes))
    assert states(row).get("retrying", 0) >= 1
    assert set(states(row)) <= {"queued", "retrying"}
    lines = address_lines(key_of(row), AddressFilter(state="retrying"))
    assert lines[0].error == outbox.UNREACHABLE
    sink.controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    sink.controller.start()
    send_due(now=started + timedelta(hours=3))
    assert states(row) == {"sent": 5}
    assert len(sink.addresses()) == len(set(sink.addresses())) == 5


def test_a_refused_address_is_shown_with_its_reason_and_tried_again_when_asked(
    app: Flask, sink: Sink, edition: Edition
) -> None:
    sink.refused["bo@example.org"] = "550 no such mailbox"
    row = draft(edition)
    send(edition, row)
    run_pending(app)
    assert states(row) == {"sent": 4, "failed": 1}
    asked = AddressFilter(state="failed")
    lines, total = address_lines(key_of(row), asked), count_addresses(key_of(row), asked)
    assert (total, lines[0].address, lines[0].error) == (1, "bo@example.org", outbox.REFUSED)
    del sink.refused["bo@example.org"]
    assert retry_failed(actor=SYSTEM, row=row, also_unsure=False) == 1
    db.session.commit()
    run_pending(app)
    assert states(row) == {"sent": 5}


def test_a_mail_that_may_have_arrived_is_tried_again_only_when_that_is_wished(
    app: Flask, sink: Sink, edition: Edition
) -> None:
    row = draft(edition, audience="coaches")
    send(edition, row)
    run_pending(app)
    with unit_of_work():
        db.session.execute(update(OutboxMessage).values(state="failed", error=outbox.UNSURE))
    assert retry_failed(actor=SYSTEM, row=row, also_unsure=False) == 0
    assert retry_failed(actor=SYSTEM, row=row, also_unsure=True) == 1


def test_an_address_that_is_none_fails_alone(app: Flask, sink: Sink, edition: Edition) -> None:
    team = db.session.scalar(select(Team).where(Team.name == "Ants"))
    assert team is not None
    make_delegate(team, "Broken", contact="not an address")
    db.session.commit()
    row = draft(edition)
    send(edition, row)
    run_pending(app)
    assert states(row) == {"sent": 5, "failed": 1}


def test_a_months_old_address_is_forgotten_and_the_count_stays(app: Flask, edition: Edition) -> None:
    row = draft(edition)
    send(edition, row)
    run_pending(app)
    sending.forget_addresses(utc_now() + timedelta(days=31))
    assert db.session.scalar(select(func.count(MailingRecipient.id))) == 0
    assert db.session.get_one(Mailing, key_of(row)).recipients == 5


def test_a_test_goes_to_oneself_alone_and_not_without_end(app: Flask, sink: Sink, edition: Edition) -> None:
    person = make_person("Director", locale="zh_Hans")
    make_user("director@example.org", person=person)
    actor = Actor(person_id=person.id)
    row = draft(edition)
    assert send_test(actor=actor, edition=edition, row=row, now=utc_now()) == "director@example.org"
    for _number in range(19):
        send_test(actor=actor, edition=edition, row=row, now=utc_now())
    with pytest.raises(Conflict, match="Enough tests"):
        send_test(actor=actor, edition=edition, row=row, now=utc_now())
    db.session.commit()
    send_due()
    assert [(str(one["To"]), str(one["Subject"])) for one in sink.taken] == [
        ("director@example.org", "[test] Ants 的消息")
    ] * 20


def token(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
    assert found
    return found.group(1)


def test_one_click_of_a_mail_program_unsubscribes_and_the_page_takes_it_back(
    app: Flask, edition: Edition
) -> None:
    choice = MailChoice(edition_id=edition.id, address="bo@example.org")
    db.session.add(choice)
    db.session.commit()
    way = address_for(choice.id).removeprefix("http://localhost")
    client = app.test_client()
    assert client.get(way).status_code == 200
    db.session.refresh(choice)
    assert choice.unsubscribed_at is None
    assert client.post(way, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.refresh(choice)
    assert choice.unsubscribed_at is not None
    client.post(way, data={"again": "1"})
    db.session.refresh(choice)
    assert choice.unsubscribed_at is None
    assert client.get(way + "x").status_code == 404
    assert client.get("/unsubscribe/1").status_code == 404


class Desk:
    """A director's browser."""

    def __init__(self, app: Flask, edition: Edition, capacity: str = "director") -> None:
        person = make_person("Director")
        make_organiser(edition, person, capacity)
        self.client = app.test_client()
        sign_in(self.client, make_user(person=person))

    def post(self, address: str, shown: str, **data: Any) -> Any:
        page = self.client.get(shown).text
        key = re.search(r'name="idempotency_key" value="([^"]+)"', page)
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert csrf
        return self.client.post(
            address,
            data={"csrf_token": csrf.group(1), "idempotency_key": key.group(1) if key else "", **data},
        )


def test_an_organiser_writes_looks_and_sends_and_a_second_click_sends_nothing_more(
    app: Flask, edition: Edition
) -> None:
    desk = Desk(app, edition, "tab")
    base = "/e/open/messages"
    values = {name: value for name, value in WORDS.items() if name != "is_essential"}
    answer = desk.post(f"{base}/mails/new", f"{base}/mails/new", **values)
    way = answer.headers["Location"]
    page = desk.client.get(way).text
    assert "Nothing has been sent yet." in page
    assert "For 1 reader {team} stands for nothing" in page
    assert "Send to 5 addresses" in page
    assert "Want no further mail" not in page
    data = {
        "csrf_token": token(desk.client, way),
        "idempotency_key": "k" * 20,
        "version": "1",
        "count": "5",
    }
    first = desk.client.post(f"{way}/send", data=data)
    second = desk.client.post(f"{way}/send", data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert db.session.scalar(select(func.count(Job.id))) == 1
    run_pending(app)
    status = desk.client.get(way).text
    assert "bo@example.org" in status
    assert "wu@example.org" not in status
    assert "their account’s own" in status
    assert "wu@example.org" not in desk.client.get(f"{way}?q=wu@").text
    stale = desk.client.post(f"{way}/edit", data={**data, **values, "version": "1"})
    assert stale.status_code == 409


def test_a_draft_that_two_change_at_once_is_not_overwritten(app: Flask, edition: Edition) -> None:
    desk, row = Desk(app, edition), draft(edition)
    way = f"/e/open/messages/mails/{row.public_id}"
    values = {name: value for name, value in WORDS.items() if name != "is_essential"}
    assert desk.post(f"{way}/edit", f"{way}/edit", **values, version="1").status_code == 303
    answer = desk.post(f"{way}/edit", f"{way}/edit", **{**values, "subject": "Mine"}, version="1")
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert "saved in the meantime as “News for {team}”" in answer.text


def test_no_participant_sees_a_mailing_or_its_addresses(app: Flask, edition: Edition) -> None:
    row = draft(edition)
    person = make_person("Zed")
    team = db.session.scalar(select(Team).where(Team.name == "Ants"))
    assert team is not None
    make_delegate(team, "Zed", person_id=person.id)
    client = app.test_client()
    sign_in(client, make_user(person=person))
    for way in ("", "/mails/new", f"/mails/{row.public_id}", f"/mails/{row.public_id}/progress"):
        assert client.get(f"/e/open/messages{way}").status_code == 403


def test_the_addresses_of_a_mail_are_searched_sorted_and_taken_away_on_record(
    app: Flask, client: FlaskClient, sink: Sink, edition: Edition
) -> None:
    row = draft(edition)
    send(edition, row)
    run_pending(app)
    key, path = key_of(row), f"/e/open/messages/mails/{db.session.get_one(Mailing, key_of(row)).public_id}"
    found = {
        tuple(sorted(asked.items())): [line.name for line in address_lines(key, AddressFilter.of(asked))]
        for asked in (
            {"sort": "name"},
            {"q": "judge"},
            {"q": "li@example"},
            {"q": "bo@example"},
            {"state": "failed"},
        )
    }
    assert found == {
        (("sort", "name"),): ["Bo", "Coach Wu", "Cy", "Judge Sato", "李娜"],
        (("q", "judge"),): ["Judge Sato"],
        (("q", "li@example"),): [],
        (("q", "bo@example"),): ["Bo"],
        (("state", "failed"),): [],
    }
    person = make_person()
    organiser = make_organiser(db.session.get_one(Edition, edition_key(edition)), person, "tab")
    sign_in(client, make_user(person=person))
    page = client.get(f"{path}?sort=name&q=judge").text
    assert ("Judge Sato" in page, ">Bo<" in page, f"{path}/export" in page) == (True, False, False)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token.group(1)}
    assert client.post(f"{path}/export", data=form).status_code == 403
    organiser.capacity = "director"
    db.session.commit()
    answer = client.post(f"{path}/export", data=form)
    assert (answer.status_code, "bo@example.org" in answer.text, "li@example.org" in answer.text) == (
        200,
        True,
        False,
    )
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "export_list")).one()
    assert entry.details == {"list": "addresses", "rows": 5}


def edition_key(edition: Edition) -> int:
    """The key of an edition, also of one whose session a worker has closed."""
    identity = inspect(edition).identity
    assert identity is not None
    return int(identity[0])
