"""An announcement is on the pages of those it is for, on the public page if it is public, and nowhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.editions.models import Edition
from competition.messages.services.announcements import (
    edit_announcement,
    publish_announcement,
    withdraw_announcement,
    write_announcement,
)
from core.access import SYSTEM
from core.db import db, utc_now
from core.errors import Conflict, Invalid, Stale
from tests.factories import (
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
    "title": "Hall B is closed",
    "title_zh": "B 厅关闭",
    "body": "Go to **Hall C**. <script>alert(1)</script>",
    "body_zh": "请去 **C 厅**。",
    "audience": "all",
    "is_public": False,
}


@pytest.fixture
def edition(app: Flask) -> Edition:
    return make_edition("open", is_public=True, role_policy="fixed")


def browser(app: Flask, edition: Edition, kind: str) -> FlaskClient:
    """A browser of a captain, a delegate, a judge, a coach or an organiser."""
    person = make_person(kind.title())
    if kind in ("captain", "delegate"):
        team = make_team(edition, role="igo" if kind == "captain" else "government")
        make_delegate(team, person.name, person_id=person.id, is_captain=kind == "captain")
    elif kind == "judge":
        make_judge(edition, person.name, person_id=person.id)
    elif kind == "coach":
        make_team(edition, coach="C", coach_person_id=person.id)
    else:
        make_organiser(edition, person)
    client = app.test_client()
    sign_in(client, make_user(person=person))
    return client


def announce(edition: Edition, **changes: Any) -> Any:
    row = write_announcement(actor=SYSTEM, edition=edition, values={**WORDS, **changes})
    publish_announcement(actor=SYSTEM, row=row, now=utc_now())
    db.session.commit()
    return row


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("all", {"captain", "delegate", "judge", "coach"}),
        ("captains", {"captain"}),
        ("judges", {"judge"}),
        ("coaches", {"coach"}),
        ("role:igo", {"captain"}),
    ],
)
def test_it_is_on_the_pages_of_its_audience_and_of_nobody_else(
    app: Flask, edition: Edition, audience: str, readers: set[str]
) -> None:
    announce(edition, audience=audience)
    kinds = ("captain", "delegate", "judge", "coach")
    seen = {
        kind for kind in kinds if "Hall B is closed" in browser(app, edition, kind).get("/e/open/me").text
    }
    assert seen == readers
    assert "Hall B" not in app.test_client().get("/e/open/").text


def test_what_is_public_is_on_the_public_page_in_the_readers_language_without_what_is_unsafe(
    app: Flask, edition: Edition
) -> None:
    announce(edition, is_public=True, audience="captains")
    page = app.test_client().get("/e/open/").text
    assert "<strong>Hall C</strong>" in page
    assert "<script>alert" not in page
    chinese = app.test_client().get("/e/open/", headers={"Accept-Language": "zh-CN"}).text
    assert "B 厅关闭" in chinese
    assert "Hall C" not in chinese


def test_where_one_language_is_not_written_the_other_one_is_shown(app: Flask, edition: Edition) -> None:
    announce(edition, is_public=True, title_zh="", body_zh="")
    chinese = app.test_client().get("/e/open/", headers={"Accept-Language": "zh-CN"}).text
    assert "Hall B is closed" in chinese


def test_a_draft_is_nowhere_and_what_was_withdrawn_neither(app: Flask, edition: Edition) -> None:
    row = write_announcement(actor=SYSTEM, edition=edition, values={**WORDS, "is_public": True})
    db.session.commit()
    assert "Hall B" not in app.test_client().get("/e/open/").text
    publish_announcement(actor=SYSTEM, row=row, now=utc_now())
    db.session.commit()
    assert "Hall B" in app.test_client().get("/e/open/").text
    withdraw_announcement(actor=SYSTEM, row=row, now=utc_now())
    db.session.commit()
    assert "Hall B" not in app.test_client().get("/e/open/").text
    with pytest.raises(Conflict):
        publish_announcement(actor=SYSTEM, row=row, now=utc_now())


def test_a_stale_change_and_an_empty_announcement_are_refused(edition: Edition) -> None:
    row = announce(edition)
    with pytest.raises(Stale):
        edit_announcement(actor=SYSTEM, edition=edition, row=row, values=WORDS, version=row.version - 1)
    with pytest.raises(Invalid, match="at least one of the two languages"):
        write_announcement(actor=SYSTEM, edition=edition, values={**WORDS, "title": "", "body_zh": ""})


def test_an_organiser_publishes_from_the_page(app: Flask, edition: Edition) -> None:
    desk = browser(app, edition, "organiser")
    way = "/e/open/messages/announcements/new"
    page = desk.get(way).text
    found = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)
        for name in ("csrf_token", "idempotency_key")
    }
    data = {name: one.group(1) for name, one in found.items() if one}
    data |= {"audience": "all", "title": "Lunch", "body": "At noon", "is_public": "y", "action": "publish"}
    assert desk.post(way, data=data).status_code == 303
    assert "At noon" in app.test_client().get("/e/open/").text
    assert "Lunch" in desk.get("/e/open/messages").text
