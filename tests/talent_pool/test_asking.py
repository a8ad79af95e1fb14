"""An employer's work with cards: opportunities, asking several, shortlists, notes, the export, and the day's caps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from babel.dates import format_date
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, select

from accounts.models import User
from core.access import SYSTEM
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound, Stale
from core.outbox import OutboxMessage
from talent_pool import caps, queries
from talent_pool.caps import CapReached
from talent_pool.employer_models import Opportunity, PoolListEntry, PoolMark
from talent_pool.models import ContactRequest, Employer, PoolProfile
from talent_pool.person_models import PoolEvent
from talent_pool.public import answer_contact, decide_employer, leave_pool
from talent_pool.services import asking, contacts, exports, lists
from talent_pool.services import opportunities as offers
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer

MAIN = re.compile(r"<main.*?</main>", re.DOTALL)


def make_offer(user: User, title: str = "Legal officer", **changes: object) -> Opportunity:
    values = {"place": "Geneva", "pay": "CHF 5,000", "contact": "jobs@example.org"} | changes
    closes_on = utc_now().date() + timedelta(days=30)
    return offers.add_opportunity(actor=actor_of(user), title=title, closes_on=closes_on, **values)  # type: ignore[arg-type]


def events(event: str) -> int:
    return db.session.scalar(select(func.count(PoolEvent.id)).where(PoolEvent.event == event)) or 0


@pytest.mark.parametrize("missing", ["title", "place", "pay", "contact"])
def test_an_opportunity_says_what_where_pay_and_whom_to_ask(app: Flask, missing: str) -> None:
    user, _employer = make_employer()
    with pytest.raises(Invalid):
        make_offer(user, **{missing: " "})


@pytest.mark.parametrize("days", [-1, 0, 2, 367])
def test_an_opportunity_closes_on_a_day_that_leaves_time_and_within_a_year(app: Flask, days: int) -> None:
    user, _employer = make_employer()
    day = utc_now().date() + timedelta(days=days)
    with pytest.raises(Invalid):
        offers.add_opportunity(
            actor=actor_of(user), title="T", place="P", pay="0", contact="c", closes_on=day
        )


def test_several_are_asked_at_once_and_each_reads_the_opportunity(app: Flask) -> None:
    searcher, employer = make_employer()
    offer = make_offer(searcher)
    people = [make_card(f"Card {number}") for number in range(3)]
    handles = [profile.handle for _user, profile in people]
    sent = asking.ask_people(
        actor=actor_of(searcher), handles=handles, opportunity=offer.public_id, message="Come"
    )
    assert (len(sent), events("asked")) == (3, 3)
    read = queries.requests_to(people[0][1].id)[0]
    assert (read.title, read.place, read.pay, read.contact, read.closes_on) == (
        "Legal officer",
        "Geneva",
        "CHF 5,000",
        "jobs@example.org",
        offer.closes_on,
    )
    assert queries.asked_for(employer) == {offer.id: (3, 0)}
    with pytest.raises(Conflict):
        asking.ask_people(
            actor=actor_of(searcher), handles=handles, opportunity=offer.public_id, message="Again"
        )


@pytest.mark.parametrize(("days", "answer_in"), [(3, 3), (13, 13), (14, 14), (15, 14), (30, 14)])
def test_an_answer_is_waited_for_until_it_closes_and_at_most_fourteen_days(
    app: Flask, browser: Callable[..., Browser], days: int, answer_in: int
) -> None:
    (searcher, _employer), (user, profile) = make_employer(), make_card()
    today = utc_now().date()
    offer = make_offer(searcher)
    offer.closes_on = today + timedelta(days=days)
    (request,) = asking.ask_people(
        actor=actor_of(searcher), handles=[profile.handle], opportunity=offer.public_id, message="Come"
    )
    assert request.expires_at.date() == today + timedelta(days=answer_in)
    day = format_date(request.expires_at, "long", locale="en")
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "contact_request")).one()
    pages = (browser(searcher).get("/employers/requests").text, browser(user).get("/pool/requests").text)
    assert (day in mail.body, *(f"answer until {day}" in page for page in pages)) == (True, True, True)
    assert ("then it closes" in pages[1]) == (days <= 14)
    late = request.expires_at + timedelta(seconds=1)
    with pytest.raises(Conflict):
        answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True, now=late)
    assert contacts.state_now(request, late) == "expired"


def test_nobody_is_asked_to_decide_by_tomorrow(app: Flask, browser: Callable[..., Browser]) -> None:
    (searcher, _employer), (_user, profile) = make_employer(), make_card()
    offer = make_offer(searcher)
    offer.closes_on = utc_now().date() + timedelta(days=2)
    with pytest.raises(Conflict):
        asking.ask_people(
            actor=actor_of(searcher), handles=[profile.handle], opportunity=offer.public_id, message="Come"
        )
    page = browser(searcher)
    assert "Closes too soon to ask anybody else." in page.get("/employers/opportunities").text
    assert page.get(f"/employers/ask?handle={profile.handle}").status_code == 303


def test_nobody_is_asked_for_what_is_closed_or_of_others(app: Flask) -> None:
    (searcher, _employer), (other, _second) = make_employer("One"), make_employer("Two")
    offer, _user_card = make_offer(searcher), make_card()
    handle = _user_card[1].handle
    with pytest.raises(NotFound):
        asking.ask_people(actor=actor_of(other), handles=[handle], opportunity=offer.public_id, message="x")
    with pytest.raises(Stale):
        offers.close_opportunity(actor=actor_of(searcher), public_id=offer.public_id, version=7)
    offers.close_opportunity(actor=actor_of(searcher), public_id=offer.public_id, version=1)
    with pytest.raises(Conflict):
        asking.ask_people(
            actor=actor_of(searcher), handles=[handle], opportunity=offer.public_id, message="x"
        )
    assert db.session.scalar(select(func.count(ContactRequest.id))) == 0


def test_usual_days_are_told_from_five_answers_up(app: Flask) -> None:
    _searcher, employer = make_employer()
    begun = datetime(2026, 11, 1, tzinfo=UTC)
    for number in range(5):
        assert queries.usual_days() is None
        _user, profile = make_card(f"Card {number}")
        db.session.add(
            ContactRequest(
                employer_id=employer.id,
                profile_id=profile.id,
                state="declined",
                created_at=begun,
                expires_at=begun + timedelta(days=14),
                answered_at=begun + timedelta(days=number, hours=1),
            )
        )
        db.session.flush()
    assert queries.usual_days() == 3


def test_a_shortlist_shows_only_who_can_be_seen(app: Flask) -> None:
    searcher, employer = make_employer()
    (first, one), (_second, two) = make_card("One"), make_card("Two")
    row = lists.add_list(actor=actor_of(searcher), name=" Port  team ")
    put = lists.put_on_list(
        actor=actor_of(searcher), public_id=row.public_id, handles=[one.handle, two.handle]
    )
    again = lists.put_on_list(actor=actor_of(searcher), public_id=row.public_id, handles=[one.handle])
    assert (row.name, put, again, lists.lists_of(employer)[0].count) == ("Port team", 2, 0, 2)
    leave_pool(actor=actor_of(first))
    assert [profile.handle for profile in lists.profiles_on(employer, row)] == [two.handle]
    assert (lists.lists_of(employer)[0].count, db.session.scalar(select(func.count(PoolListEntry.id)))) == (
        1,
        1,
    )
    lists.take_off_list(actor=actor_of(searcher), public_id=row.public_id, handle=two.handle)
    assert lists.profiles_on(employer, row) == []
    with pytest.raises(Conflict):
        lists.add_list(actor=actor_of(searcher), name="Port team")


def test_lists_and_notes_of_others_are_not_there(app: Flask) -> None:
    (searcher, employer), (other, second) = make_employer("One"), make_employer("Two")
    _person, profile = make_card()
    row = lists.add_list(actor=actor_of(searcher), name="Mine")
    for deed in (
        lambda: lists.put_on_list(actor=actor_of(other), public_id=row.public_id, handles=[profile.handle]),
        lambda: lists.remove_list(actor=actor_of(other), public_id=row.public_id),
        lambda: lists.put_on_list(actor=actor_of(searcher), public_id=row.public_id, handles=["ABCD-EFGH"]),
    ):
        with pytest.raises(NotFound):
            deed()
    lists.save_mark(
        actor=actor_of(searcher),
        handle=profile.handle,
        note="Strong",
        tags="port，law, port",
        contacted_on=date(2026, 11, 1),
        version=0,
    )
    kept = lists.find_mark(employer, profile.id)
    assert kept is not None
    assert (kept.note, kept.tags, lists.find_mark(second, profile.id)) == ("Strong", ["port", "law"], None)
    with pytest.raises(Stale):
        lists.save_mark(
            actor=actor_of(searcher), handle=profile.handle, note="", tags="", contacted_on=None, version=0
        )


def test_notes_go_with_the_card(app: Flask) -> None:
    searcher, _employer = make_employer()
    person, profile = make_card()
    lists.save_mark(
        actor=actor_of(searcher), handle=profile.handle, note="x", tags="", contacted_on=None, version=0
    )
    leave_pool(actor=actor_of(person))
    assert db.session.scalar(select(func.count(PoolMark.id))) == 0


def revealed(searcher: User, name: str, **values: str) -> tuple[User, PoolProfile]:
    """Somebody who said yes to this employer."""
    user, profile = make_card("Card", name=name, **values)
    offer = make_offer(searcher)
    (request,) = asking.ask_people(
        actor=actor_of(searcher), handles=[profile.handle], opportunity=offer.public_id, message="Come"
    )
    answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True)
    return user, profile


def test_the_export_holds_only_who_said_yes_is_stamped_noted_and_harmless(app: Flask) -> None:
    searcher, employer = make_employer()
    user, profile = revealed(searcher, "=HYPERLINK(1)", name_local="+1")
    _silent, quiet = make_card("Quiet", name="Never Told")
    file = exports.export_revealed(actor=actor_of(searcher))
    book = load_workbook(BytesIO(file.data))
    people, about = book.worksheets
    cells = [cell for row in people.iter_rows(min_row=2) for cell in row]
    assert [cell.value for cell in cells][:4] == [profile.handle, "=HYPERLINK(1)", "+1", user.email]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    words = " ".join(
        str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
    )
    assert ("Mo Recruiter" in words, "Harbour Authority" in words) == (True, True)
    assert ("Never Told" in words, quiet.handle in words) == (False, False)
    assert about.max_row > 3
    assert events("exported") == 1
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "export")).one()
    assert (entry.thing_id, entry.details) == (employer.id, {"rows": 1})


def test_an_export_of_nobody_is_refused(app: Flask) -> None:
    searcher, _employer = make_employer()
    with pytest.raises(Conflict):
        exports.export_revealed(actor=actor_of(searcher))


def test_a_suspended_employer_loses_everything_in_the_same_transaction(app: Flask) -> None:
    searcher, employer = make_employer()
    _user, _profile = revealed(searcher, "Ada Obi")
    row = lists.add_list(actor=actor_of(searcher), name="Mine")
    decide_employer(actor=SYSTEM, employer=employer, state="suspended")
    actor = actor_of(searcher)
    for deed in (
        lambda: exports.export_revealed(actor=actor),
        lambda: lists.add_list(actor=actor, name="x"),
        lambda: lists.put_on_list(actor=actor, public_id=row.public_id, handles=[]),
    ):
        with pytest.raises(Exception, match="Only members of an approved employer"):
            deed()
    assert (queries.requests_of(employer), lists.lists_of(employer)[0].count) == ([], 0)


def test_what_is_beyond_a_cap_is_refused_and_the_operator_sees_it(
    app: Flask, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "CAPS", {"viewed": 2, "asked": 1, "exported": 1})
    searcher, _employer = make_employer()
    offer = make_offer(searcher)
    handles = [make_card(f"Card {number}")[1].handle for number in range(4)]
    page = browser(searcher)
    opened = [page.get(f"/employers/cards/{handle}").status_code for handle in (*handles, handles[0])]
    assert opened == [200, 200, 429, 429, 200]
    answer = page.post(
        "/employers/ask", f"/employers/ask?handle={handles[0]}&handle={handles[1]}",
        handle=handles[:2], opportunity=offer.public_id, message="Come",
    )  # fmt: skip
    assert answer.status_code == 429
    assert db.session.scalar(select(func.count(ContactRequest.id))) == 0
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "reach_cap")).all()
    assert [entry.details["cap"] for entry in entries] == ["viewed", "asked"]
    lines = queries.caps_reached(utc_now())
    assert [(line.cap, line.most, line.member) for line in lines] == [
        ("asked", 1, "Mo Recruiter"),
        ("viewed", 2, "Mo Recruiter"),
    ]


def test_a_card_that_comes_back_with_a_fault_has_been_opened(
    app: Flask, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(caps.CAPS, "viewed", 2)
    searcher, _employer = make_employer()
    handles = [make_card(f"Card {number}", about="Secret")[1].handle for number in range(3)]
    page, fault = browser(searcher), {"note": "x", "tags": "", "contacted_on": "no day", "version": "0"}
    stale = {**fault, "contacted_on": "", "version": "7"}
    answers = [
        page.post(f"/employers/cards/{handle}/mark", "/employers/lists", **fields)
        for handle, fields in zip(handles, (fault, stale, fault), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [422, 409, 429]
    assert ["Secret" in answer.text for answer in answers] == [True, True, False]
    assert events("viewed") == 2


def test_more_rows_than_the_cap_are_taken_day_by_day_and_nothing_beyond(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher, _employer = make_employer()
    handles = [revealed(searcher, f"Person {number}")[1].handle for number in range(5)]
    monkeypatch.setitem(caps.CAPS, "exported", 2)
    db.session.commit()
    now, days = utc_now(), []
    for day in range(4):
        later = now + timedelta(days=day, minutes=day)
        book = load_workbook(BytesIO(exports.export_revealed(actor=actor_of(searcher), now=later).data))
        people, about = book.worksheets
        days.append([row[0] for row in people.iter_rows(min_row=2, values_only=True)])
        assert [row[1] for row in about.iter_rows(values_only=True)][-1] == (
            "2 of 5 people; tomorrow those who are not in it."
        )
        db.session.commit()
        with pytest.raises(CapReached):
            exports.export_revealed(actor=actor_of(searcher), now=later)
    assert days == [handles[:2], handles[2:4], [handles[0], handles[4]], [handles[1], handles[2]]]
    assert events("exported") == 8


def test_one_opportunity_is_exported_by_itself_and_none_of_others(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    searcher, _employer = make_employer()
    other, _rival = make_employer("Rival House")
    foreign = make_offer(other)
    offers_made = [make_offer(searcher, f"Post {number}") for number in range(2)]
    handles = []
    for offer in offers_made:
        user, profile = make_card()
        [request] = asking.ask_people(
            actor=actor_of(searcher), handles=[profile.handle], opportunity=offer.public_id, message="Come"
        )
        answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True)
        handles.append(profile.handle)
    page = browser(searcher)
    assert page.get("/employers/opportunities").text.count("Export who said yes") > 1
    answer = page.post(
        "/employers/requests/export", "/employers/opportunities", opportunity=offers_made[1].public_id
    )
    sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [handles[1]]
    for wrong in (foreign.public_id, "x", "a" * 16):
        refused = page.post("/employers/requests/export", "/employers/opportunities", opportunity=wrong)
        assert refused.status_code == 404
    assert events("exported") == 1


def test_yesterday_does_not_count(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    searcher, employer = make_employer()
    _user, profile = make_card()
    db.session.commit()
    monkeypatch.setitem(caps.CAPS, "viewed", 1)
    now = utc_now()
    caps.look_at(actor=actor_of(searcher), employer=employer, profile=profile, now=now - timedelta(hours=25))
    caps.look_at(actor=actor_of(searcher), employer=employer, profile=profile, now=now)
    assert (events("viewed"), caps.used("viewed", actor=actor_of(searcher), now=now)) == (2, 1)


@pytest.mark.parametrize(
    "address",
    [
        "/employers/lists/AAAAAAAAAAAAAAAA",
        "/employers/lists/x",
        "/employers/cards/ABCD-EFGH",
        "/employers/search?saved=AAAAAAAAAAAAAAAA",
        "/employers/ask?handle=ABCD-EFGH",
    ],
)
def test_what_is_of_others_or_nowhere_is_one_static_404(
    app: Flask, browser: Callable[..., Browser], address: str
) -> None:
    searcher, _employer = make_employer()
    page = browser(searcher)
    answer, nowhere = page.get(address), page.get("/employers/no-such-page")
    assert answer.status_code == 404
    assert MAIN.findall(answer.text) == MAIN.findall(nowhere.text) != []


def test_many_requests_are_read_by_their_answer_and_page_by_page(
    app: Flask, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talent_pool.views.asking.PER_PAGE", 2)
    searcher, employer = make_employer()
    offer, now = make_offer(searcher), utc_now()
    people = [make_card(f"Card number {number}") for number in range(6)]
    for number, (person, profile) in enumerate(people):
        [request] = asking.ask_people(
            actor=actor_of(searcher), handles=[profile.handle], opportunity=offer.public_id, message="Come"
        )
        if number < 2:
            answer_contact(actor=actor_of(person), public_id=request.public_id, is_accepted=number == 0)
        if number == 2:
            request.expires_at = now - timedelta(days=1)
    leave_pool(actor=actor_of(people[5][0]))
    counts = {"accepted": 1, "declined": 1, "expired": 1, "asked": 2}
    assert queries.count_requests(employer) == counts
    for state in counts:
        assert {line.state for line in queries.requests_of(employer, state=state)} == {state}
    page = browser(searcher)

    def cards(address: str) -> list[str]:
        return re.findall(r"Card number (\d)", page.get(address).text)

    assert cards("/employers/requests") == ["4", "3"]
    assert cards("/employers/requests?page=2") == ["2", "1"]
    assert cards("/employers/requests?page=9") == ["0"]
    assert cards("/employers/requests?state=accepted") == ["0"]
    assert cards("/employers/requests?state=nonsense") == ["4", "3"]
    assert "Export who said yes" in page.get("/employers/requests?state=asked").text


def test_a_long_shortlist_is_read_page_by_page(
    app: Flask, browser: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("talent_pool.views.lists.PER_PAGE", 2)
    searcher, _employer = make_employer()
    people = [make_card(f"Card number {number}") for number in range(4)]
    row = lists.add_list(actor=actor_of(searcher), name="Port")
    handles = [profile.handle for _person, profile in people]
    lists.put_on_list(actor=actor_of(searcher), public_id=row.public_id, handles=handles)
    leave_pool(actor=actor_of(people[0][0]))
    address, page = f"/employers/lists/{row.public_id}", browser(searcher)
    found = [re.findall(r">Card number (\d)<", page.get(f"{address}?page={one}").text) for one in (1, 2, 7)]
    assert found == [["3", "2"], ["1"], ["1"]]


def test_ticked_cards_are_listed_and_asked_from_the_results(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    searcher, employer = make_employer()
    handles = [make_card(f"Port lawyer {number}")[1].handle for number in range(3)]
    page = browser(searcher)
    sent = page.post(
        "/employers/chosen", "/employers/search?q=port", handle=handles[:2], list="new", deed="list"
    )
    assert sent.status_code == 303
    assert [(line.name, line.count) for line in lists.lists_of(employer)] == [("Shortlist", 2)]
    to_ask = page.post("/employers/chosen", "/employers/search?q=port", handle=handles, deed="ask")
    assert to_ask.headers["Location"].startswith("/employers/ask?handle=")
    first_offer = page.get(to_ask.headers["Location"])
    assert first_offer.headers["Location"].startswith("/employers/opportunities?handle=")
    offered = page.post(
        "/employers/opportunities", first_offer.headers["Location"], title="Officer", place="Geneva", pay="5,000",
        closes_on=(utc_now().date() + timedelta(days=9)).isoformat(), contact="a@example.org", handle=handles,
    )  # fmt: skip
    asking_page = offered.headers["Location"]
    offer = db.session.scalars(select(Opportunity)).one()
    done = page.post(
        "/employers/ask", asking_page, handle=handles, opportunity=offer.public_id, message="Come"
    )
    assert (done.status_code, done.headers["Location"]) == (303, "/employers/requests")
    assert page.get("/employers/requests").text.count("Waits for an answer") == 3


def test_every_page_of_an_employer_opens(app: Flask, browser: Callable[..., Browser]) -> None:
    searcher, employer = make_employer()
    _user, profile = revealed(searcher, "Ada Obi")
    assert isinstance(employer, Employer)
    row = lists.add_list(actor=actor_of(searcher), name="Mine")
    lists.put_on_list(actor=actor_of(searcher), public_id=row.public_id, handles=[profile.handle])
    page = browser(searcher)
    for name in (
        "search",
        "searches",
        "lists",
        f"lists/{row.public_id}",
        "opportunities",
        "requests",
        "members",
    ):
        assert page.get(f"/employers/{name}").status_code == 200, name
    assert "Ada Obi" in page.get(f"/employers/cards/{profile.handle}").text
