"""Before a reveal: who somebody is stands nowhere that employers reach, and that they joined nowhere else at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from accounts.models import User
from competition.editions.models import Edition
from core.db import db, utc_now
from core.outbox import OutboxMessage
from talent_pool.employer_models import SavedSearch
from talent_pool.models import PoolProfile
from talent_pool.services import asking, exports, lists, saved
from talent_pool.services.cvs import save_cv
from tests.factories import (
    make_delegate,
    make_edition,
    make_institution,
    make_organiser,
    make_person,
    make_team,
    make_user,
)
from tests.papers import a_pdf
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer
from tests.talent_pool.test_asking import make_offer, revealed

ADDRESS, ROSTER, PHONE = "zoe.quillfeather@example.org", "zq@quill.example", "+86 139 1234 5678"
SECRETS = (
    "quillfeather", "zoë", "司徒", "镜湖", "鏡湖", "jinghu", "situ jing", ADDRESS, ROSTER, PHONE,
    "13912345678", "139 1234", "zanzibar", "同济", "crimson herons",
)  # fmt: skip
HEADLINE = "Tidewater mediator"
PDF = a_pdf(note=b"Zoe Quillfeather, +86 139 1234 5678")
SKIPPED = ("static", "accounts.sign_out", "health")


def seed() -> tuple[User, PoolProfile, Edition]:
    """Somebody with everything that could tell who they are, in the pool with a card."""
    user, profile = make_card(
        HEADLINE, about="港口调解", name="Zoë Quillfeather", name_local="司徒镜湖", kinds=["jpo"]
    )
    user.email = ADDRESS
    edition = make_edition("harbour-games", name="Harbour Games")
    institution = make_institution(edition, "Zanzibar Polytechnic", name_local="同济大学")
    team = make_team(edition, "Crimson Herons", institution_id=institution.id)
    make_delegate(team, "Zoë Quillfeather", person_id=user.person_id, contact=f"{ROSTER} {PHONE}")
    save_cv(actor=actor_of(user), data=PDF)
    db.session.commit()
    return user, profile, edition


def said(answer: TestResponse) -> str:
    """What an answer says: its head and its text, and all parts of a workbook."""
    return f"{answer.headers} {unpacked(answer.data)}"


def unpacked(data: bytes) -> str:
    try:
        with ZipFile(BytesIO(data)) as parts:
            return " ".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    except BadZipFile:
        return data.decode("utf-8", "replace")


def found(text: str, words: tuple[str, ...] = SECRETS) -> list[str]:
    folded = text.casefold()
    return [word for word in words if word.casefold() in folded]


def every_page(app: Flask, prefixes: tuple[str, ...], **known: Any) -> list[str]:
    """The address of every page and file below these, whose places are known."""
    with app.test_request_context():
        return [
            app.url_map.bind("localhost").build(rule.endpoint, {name: known[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
            and rule.rule.startswith(prefixes)
            and rule.arguments <= known.keys()
            and not rule.endpoint.startswith(SKIPPED)
        ]


def test_nothing_an_employer_can_open_read_or_save_says_who_it_is(
    app: Flask, browser: Callable[..., Browser], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _user, profile, _edition = seed()
    searcher, _employer = make_employer()
    actor = actor_of(searcher)
    row = lists.add_list(actor=actor, name="Mine")
    lists.put_on_list(actor=actor, public_id=row.public_id, handles=[profile.handle])
    lists.save_mark(actor=actor, handle=profile.handle, note="n", tags="t", contacted_on=None, version=0)
    (request,) = asking.ask_people(
        actor=actor,
        handles=[profile.handle],
        opportunity=make_offer(searcher).public_id,
        message="Come",
    )
    kept = saved.save_search(actor=actor, name="Ports", words="mediator OR 调解", filters={})
    revealed(searcher, "Told Already")
    db.session.execute(update(SavedSearch).values(told_at=utc_now() - timedelta(days=2)))
    db.session.commit()
    page = browser(searcher)
    pages = every_page(
        app,
        ("/employers", "/pool"),
        handle=profile.handle,
        list_id=row.public_id,
        public_id=request.public_id,
    )
    pages += [f"/employers/search?q={words}" for words in ("mediator", "调解", "media*", "-law")]
    pages += [
        f"/employers/search?saved={kept.public_id}",
        f"/employers/ask?handle={profile.handle}",
        "/",
        "/account",
    ]
    answers = {address: page.get(address) for address in pages}
    assert {address: words for address, answer in answers.items() if (words := found(said(answer)))} == {}
    shown = [address for address, answer in answers.items() if profile.handle in answer.text]
    assert {"/employers/search?q=mediator", f"/employers/lists/{row.public_id}", "/employers/requests"} <= {
        *shown
    }
    assert found(unpacked(exports.export_revealed(actor=actor_of(searcher)).data)) == []
    saved.send_digests(utc_now())
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.to_address != ADDRESS)).all()
    assert {"pool_digest", "contact_accepted"} <= {mail.kind for mail in mails}
    assert found(" ".join(f"{mail.subject} {mail.body} {mail.headers}" for mail in mails)) == []
    assert found(caplog.text) == []


@pytest.mark.parametrize(
    "words", ["quillfeather", "司徒", "镜湖", "jinghu", "situ", "13912345678", "zanzibar", "同济"]
)
def test_nobody_is_found_by_who_they_are(app: Flask, browser: Callable[..., Browser], words: str) -> None:
    _user, profile, _edition = seed()
    searcher, _employer = make_employer()
    page = browser(searcher)
    assert profile.handle in page.get("/employers/search?q=mediator").text
    assert profile.handle not in page.get(f"/employers/search?q={words}").text


def test_that_somebody_joined_is_told_to_nobody_else(app: Flask, browser: Callable[..., Browser]) -> None:
    """Other participants, organisers of their competition, the operator: no card, no sign of it, no file of it."""
    _user, profile, edition = seed()
    other, _own_card = make_card("Another negotiator")
    organiser = make_person("Dana Director")
    director = make_user(person=organiser)
    make_organiser(edition, organiser)
    operator = make_user(person=make_person("Olu Operator"), is_operator=True)
    searcher, _employer = make_employer()
    asking.ask_people(
        actor=actor_of(searcher),
        handles=[profile.handle],
        opportunity=make_offer(searcher).public_id,
        message="Come",
    )
    signs = (profile.handle, HEADLINE, "港口调解")
    own = every_page(app, ("/pool",))
    pages = {
        other: own,
        director: [*own, *every_page(app, ("/e/", "/editions", "/account"), slug=edition.slug), "/"],
        operator: [*every_page(app, ("/operator", "/employers/review")), "/"],
    }
    for reader, addresses in pages.items():
        page = browser(reader)
        answers = {address: said(page.get(address)) for address in addresses}
        assert {address: words for address, text in answers.items() if (words := found(text, signs))} == {}
        names = {address: words for address, text in answers.items() if (words := found(text))}
        assert bool(names) is (reader is director)  # who sees delegates' names at all sees them as delegates
