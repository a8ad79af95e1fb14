"""The way through the pool in a browser: join, show a card, be found, be asked, answer, leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.access import SYSTEM
from core.db import db, utc_now
from core.errors import Conflict, Invalid
from core.outbox import OutboxMessage
from talent_pool.employer_models import Opportunity
from talent_pool.index_models import PoolIndex
from talent_pool.models import ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.public import apply_employer, ask_contact, decide_employer
from tests.factories import make_person, make_user
from tests.talent_pool.conftest import JOINING, Browser, actor_of, make_card, make_employer


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_person_joins_shows_a_card_and_leaves(app: Flask, browser: Callable[..., Browser]) -> None:
    user = make_user(person=make_person("Ada Obi"))
    page = browser(user)
    assert "Join the talent pool" in page.get("/pool/").text
    joining = page.get("/pool/join").text
    assert 'name="consent"' in joining
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', joining)
    assert [box for box in boxes if " checked" in box] == []
    assert page.post("/pool/join", "/pool/join").status_code == 422
    assert count(PoolConsent) == 0
    without_age = {name: value for name, value in JOINING.items() if name != "is_adult"}
    assert page.post("/pool/join", "/pool/join", **without_age).status_code == 422
    assert count(PoolConsent) == 0
    assert page.post("/pool/join", "/pool/join", **JOINING).status_code == 303
    assert page.post("/pool/profile", "/pool/", headline="I am Obi").status_code == 422
    looked = page.post("/pool/profile", "/pool/", headline="Port lawyer", preview="1")
    assert looked.status_code == 200
    assert "Port lawyer" in looked.text
    assert not db.session.scalars(select(PoolProfile)).one().is_listed
    assert page.post("/pool/profile", "/pool/", headline="Port lawyer", language_0="fr").status_code == 303
    assert count(PoolIndex) == 1
    assert page.open("POST", "/pool/leave", data={}).status_code == 400
    assert page.post("/pool/leave", "/pool/consent").status_code == 303
    assert [count(model) for model in (PoolProfile, PoolIndex, PoolConsent)] == [0, 0, 1]
    assert db.session.scalars(select(PoolConsent)).one().withdrawn_at is not None


def test_an_employer_applies_finds_asks_and_learns_only_after_a_yes(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    person, profile = make_card("Port lawyer", about="港口谈判 and mediation", name="Zoë Quill")
    operator = make_user(is_operator=True)
    applicant = make_user(person=make_person("Mo Recruiter"))
    employer = browser(applicant)
    sent = employer.post(
        "/employers/apply", "/employers/apply", name="Harbour Authority", kind="government",
        website="harbour.example.org", purpose="Lawyers for the port", country="CN",
    )  # fmt: skip
    assert sent.status_code == 303
    assert employer.get("/employers/search").status_code == 403
    row = db.session.scalars(select(Employer)).one()
    reviewing = browser(operator)
    assert "Mo Recruiter" in reviewing.get("/employers/review").text
    approve = (f"/employers/review/{row.public_id}/approved", "/employers/review")
    assert reviewing.post(*approve).status_code == 303
    assert db.session.scalars(select(Employer.state)).one() == "applied"
    assert reviewing.post(*approve, reason="Rang them up at their office").status_code == 303
    found = employer.get("/employers/search?q=谈判")
    assert profile.handle in found.text
    card = f"/employers/cards/{profile.handle}"
    offered = employer.post(
        "/employers/opportunities", "/employers/opportunities", title="Port lawyer", place="Shanghai", pay="CNY 20,000",
        closes_on=(utc_now().date() + timedelta(days=9)).isoformat(), contact="hr@harbour.example.org",
    )  # fmt: skip
    assert offered.status_code == 303
    offer = db.session.scalars(select(Opportunity)).one().public_id
    ask = ("/employers/ask", f"/employers/ask?handle={profile.handle}")
    words = {"handle": profile.handle, "opportunity": offer}
    assert employer.post(*ask, message="A post for you", **words).status_code == 303
    assert employer.post(*ask, message="Again", **words).status_code == 409
    told = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert told is not None
    assert told.to_address == person.email
    before = [employer.get(page).text for page in (card, "/employers/requests", "/employers/search")]
    assert not any("Quill" in text or person.email in text for text in before)
    request = db.session.scalars(select(ContactRequest)).one()
    own = browser(person)
    asked = own.get("/pool/requests").text
    assert ("A post for you" in asked, "CNY 20,000" in asked) == (True, True)
    assert own.post(f"/pool/requests/{request.public_id}/accept", "/pool/requests").status_code == 303
    assert own.post(f"/pool/requests/{request.public_id}/decline", "/pool/requests").status_code == 409
    assert "Quill" in employer.get(card).text
    assert person.email in employer.get("/employers/requests").text
    other = browser(make_employer("Other House")[0])
    assert "Quill" not in other.get(card).text
    assert own.post("/pool/leave", "/pool/consent").status_code == 303
    assert employer.get(card).status_code == 404
    assert "Quill" not in employer.get("/employers/requests").text
    assert count(ContactRequest) == 0


def test_a_refused_text_is_shown_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, _profile = make_card("Mediator", name="Zoë Quill")
    page = browser(user)
    sent = page.post("/pool/profile", "/pool/", headline="Judge", about="Write to me: q@example.org")
    assert sent.status_code == 422
    assert "looks like an address" in sent.text
    assert 'id="about-error"' in sent.text
    assert "Write to me: q@example.org" in sent.text
    assert page.post("/pool/profile", "/pool/", headline="Typed here", version="²").status_code == 409
    assert db.session.scalars(select(PoolProfile.headline)).one() == "Mediator"


def test_a_card_saved_in_another_window_is_not_overwritten_in_silence(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, profile = make_card("Mediator")
    page = browser(user)
    sent = page.post("/pool/profile", "/pool/", headline="Typed here", version=str(profile.version - 1))
    assert sent.status_code == 409
    assert "Typed here" in sent.text
    assert f'name="version" type="hidden" value="{profile.version}"' in sent.text
    assert db.session.scalars(select(PoolProfile.headline)).one() == "Mediator"


def test_the_preview_shows_the_card_that_employers_see(app: Flask, browser: Callable[..., Browser]) -> None:
    user, profile = make_card(
        "Mediator", about="First line\nsecond line", skills=["trade_law"], languages=["fr"]
    )
    searcher, _employer = make_employer()
    pages = (
        browser(user).get("/pool/").text.partition('id="live-preview"')[2],
        browser(searcher).get(f"/employers/cards/{profile.handle}").text,
    )
    lists = [text[text.index("First line") : text.index("</dl>", text.index("First line"))] for text in pages]
    words = [re.sub(r"<[^>]+>|\s+", " ", part).split() for part in lists]
    own, employers = words
    assert own[own.index("Skills") :] == employers[employers.index("Skills") :]


def test_mail_about_a_request_is_in_the_persons_language(app: Flask) -> None:
    _person, profile = make_card("Mediator", locale="zh_Hans")
    searcher, _employer = make_employer("Harbour Authority")
    ask_contact(actor=actor_of(searcher), handle=profile.handle, message="Come")
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "contact_request")).one()
    assert (message.locale, "Come" in message.body) == ("zh_Hans", False)


def test_a_second_application_waits_for_the_first(app: Flask, browser: Callable[..., Browser]) -> None:
    applicant, employer = make_employer(is_approved=False)
    with pytest.raises(Conflict):
        apply_employer(
            actor=actor_of(applicant), name="B", kind="ngo", website="b.example.org", purpose="Staff"
        )
    decide_employer(actor=SYSTEM, employer=employer, state="declined")
    apply_employer(actor=actor_of(applicant), name="B", kind="ngo", website="b.example.org", purpose="Staff")
    assert count(Employer) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"kind": "club"},
        {"website": "javascript:alert(1)"},
        {"website": "https://user@evil.example"},
        {"website": "nowhere"},
        {"purpose": " "},
        {"name": "[[link:1]]"},
        {"name": "x" * 201},
    ],
)
def test_a_bad_application_is_refused(app: Flask, changes: dict[str, str]) -> None:
    values = {"name": "A", "kind": "ngo", "website": "a.example.org", "purpose": "Staff", **changes}
    with pytest.raises(Invalid):
        apply_employer(actor=actor_of(make_user()), **values)
