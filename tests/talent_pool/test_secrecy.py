"""A seeded person's name, addresses and telephone number are in nothing that leaves the house before a reveal."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from core.outbox import OutboxMessage
from talent_pool.models import ContactRequest, PoolProfile
from talent_pool.public import Choices, answer_contact, ask_contact, leave_pool
from talent_pool.services.cvs import save_cv
from talent_pool.services.membership import change_choices, pause
from tests.factories import make_delegate, make_edition, make_institution, make_team
from tests.papers import a_pdf
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer

SECRETS = ("Quill", "奎尔", "佐伊", "zoe.quill", "Tongji", "同济", "Red Herons", "13800001111", "rostered@")
PDF = a_pdf(note=b"Zoe Quill, 13800001111")


def seeded() -> tuple:  # type: ignore[type-arg]
    """Somebody with a name in both scripts, two addresses, an institution, a team, a telephone number in their CV."""
    edition = make_edition()
    user, profile = make_card(
        "Mediator", about="Port and 谈判", name="Zoë Quill", name_local="奎尔佐伊", kinds=["jpo"]
    )
    user.email = "zoe.quill@example.org"
    tongji = make_institution(edition, "Tongji University", name="Tongji University", name_local="同济大学")
    team = make_team(edition, "Red Herons", institution_id=tongji.id)
    make_delegate(team, "Zoë Quill", person_id=user.person_id, contact="rostered@example.org")
    save_cv(actor=actor_of(user), data=PDF)
    db.session.flush()
    return user, profile


def pages_of(app: Flask, handle: str) -> list[str]:
    """Every page an employer's member can open without anything of somebody else."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("employers.")]
    plain = [rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())]
    words = ("", "?q=Quill", "?q=奎尔", "?q=zoe.quill", "?q=13800001111", "?q=Tongji", "?q=谈判", "?kind=jpo")
    return [
        *plain,
        f"/employers/cards/{handle}",
        *(f"/employers/search{query}" for query in words),
    ]


def leaks(text: str, *, asked_for: str = "") -> list[str]:
    return [secret for secret in SECRETS if secret in text and secret.lower() not in asked_for.lower()]


def body(text: str) -> str:
    """A page without the form of the language switch, which knows the address it returns to."""
    return re.sub(r'value="[^"]*"', "", text)


def test_no_page_mail_or_log_says_who_it_is_before_a_reveal(
    app: Flask, browser: Callable[..., Browser], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    user, profile = seeded()
    searcher, _employer = make_employer()
    ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    page = browser(searcher)
    found = {path: leaks(page.get(path).text, asked_for=path) for path in pages_of(app, profile.handle)}
    assert {path: words for path, words in found.items() if words} == {}
    letters = db.session.scalars(select(OutboxMessage).where(OutboxMessage.to_address != user.email)).all()
    assert [leaks(f"{letter.subject} {letter.body}") for letter in letters if leaks(letter.body)] == []
    said = "\n".join(
        record.getMessage() for record in caplog.records if "/employers/search" not in record.getMessage()
    )
    assert leaks(said) == []


def test_after_a_reveal_only_that_employer_sees_it(app: Flask, browser: Callable[..., Browser]) -> None:
    user, profile = seeded()
    (searcher, _employer), (other, _second) = make_employer("One"), make_employer("Two")
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    address = f"/employers/requests/{request.public_id}/cv"
    assert browser(searcher).get(address).status_code == 404
    answer_contact(actor=actor_of(user), public_id=request.public_id, is_accepted=True)
    assert "Quill" in browser(searcher).get(f"/employers/cards/{profile.handle}").text
    taken = browser(searcher).get(address)
    assert (taken.data, taken.mimetype) == (PDF, "application/pdf")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert "Downloaded your CV" in browser(user).get("/pool/log").text
    found = [leaks(browser(other).get(path).text, asked_for=path) for path in pages_of(app, profile.handle)]
    assert [words for words in found if words] == []
    assert browser(other).get(address).status_code == 404


@pytest.mark.parametrize("what", ["withdrawn", "paused", "hidden", "revoked consent of another", "malformed"])
def test_what_may_not_be_known_is_the_one_static_page(
    app: Flask, browser: Callable[..., Browser], what: str
) -> None:
    user, profile = make_card("Mediator")
    searcher, employer = make_employer()
    handle = profile.handle
    if what == "withdrawn":
        leave_pool(actor=actor_of(user))
    elif what == "paused":
        pause(actor=actor_of(user), is_paused=True)
    elif what == "hidden":
        change_choices(
            actor=actor_of(user), choices=Choices(hidden=(employer.public_id,)), version=profile.version
        )
    else:
        handle = "ABCD-EFGH" if what != "malformed" else "%27%20OR%201=1"
    page = browser(searcher)
    refused, unknown = page.get(f"/employers/cards/{handle}"), page.get("/employers/cards/ZZZZ-ZZZZ")
    assert (refused.status_code, body(refused.text)) == (404, body(unknown.text))
    assert body(page.get("/employers/requests/not-an-id/cv").text) == body(unknown.text)


def test_nobody_opens_the_pages_or_answers_of_somebody_else(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, profile = make_card("Mediator")
    stranger, _other = make_card("Another")
    searcher, _employer = make_employer()
    request = ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    page = browser(stranger)
    for move in ("accept", "decline", "revoke"):
        answer = page.post(f"/pool/requests/{request.public_id}/{move}", "/pool/requests")
        assert answer.status_code == 404
    assert db.session.scalar(select(ContactRequest.state)) == "asked"
    assert (
        db.session.scalar(select(PoolProfile.id).where(PoolProfile.person_id == user.person_id)) is not None
    )
