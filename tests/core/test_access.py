"""The gate: who is let in, who is told why not, and who is told nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.access import SYSTEM, Actor, Capacity, CapacityKind, Permission
from core.audit import AuditEntry
from core.db import db
from core.views import safe_next
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in

DIRECTOR = Capacity(kind=CapacityKind.DIRECTOR, edition_id=3, subject_id=1)
OPERATOR = Capacity(kind=CapacityKind.OPERATOR, subject_id=1)


def test_a_capacity_of_one_edition_grants_nothing_in_another() -> None:
    actor = Actor(capacities=frozenset({DIRECTOR}))
    found = [actor.may(Permission.EDIT_EDITION, edition_id=edition_id) for edition_id in (3, 4)]
    assert (found, actor.belongs_to(3), actor.belongs_to(4)) == ([True, False], True, False)


def test_a_capacity_of_no_edition_grants_nothing_in_any() -> None:
    actor = Actor(capacities=frozenset({OPERATOR}))
    assert (actor.may(Permission.OPERATE), actor.may(Permission.OPERATE, edition_id=3)) == (True, False)
    assert actor.may(Permission.EDIT_EDITION, edition_id=3) is False


def test_what_is_withheld_grants_nothing_and_is_known() -> None:
    actor = Actor(user_id=1, withheld=frozenset({DIRECTOR}))
    assert actor.may(Permission.EDIT_EDITION, edition_id=3) is False
    found = [actor.might(Permission.EDIT_EDITION, edition_id=edition_id) for edition_id in (3, 4)]
    assert (found, actor.lacks_second_factor, actor.belongs_to(3)) == ([True, False], True, True)


def test_the_system_may_do_everything() -> None:
    assert all(SYSTEM.may(permission, edition_id=3) for permission in Permission)


def test_a_missing_second_factor_is_asked_for_only_where_it_opens_something(
    app: Flask, client: FlaskClient
) -> None:
    person = make_person()
    make_organiser(make_edition("own"), person)
    make_edition("other")
    sign_in(client, make_user(person=person), has_second_factor=False)
    paths = ("/e/own/setup/settings", "/e/own/judge/", "/e/other/setup/settings", "/e/none/setup/settings")
    assert [client.get(path).status_code for path in paths] == [302, 403, 404, 404]


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/account?x=1#y", "/account?x=1#y"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\b", "/"),
        ("/\t/evil.example", "/"),
        ("\t//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_nobody_is_led_away_from_this_site(target: str | None, leads: str) -> None:
    assert safe_next(target, "/") == leads


def test_switching_the_language_and_signing_out_need_a_form_of_ours(client: FlaskClient) -> None:
    answers = [
        client.post(path, data={"locale": "zh_Hans"}).status_code for path in ("/language", "/sign-out")
    ]
    assert (answers, client.get("/sign-out").status_code) == ([400, 400], 405)


def test_signing_in_leaves_nothing_of_the_visitor_before_but_the_language(
    app: Flask, client: FlaskClient
) -> None:
    from accounts.sessions import COOKIE_FIELD, enter, start_session

    user = make_user()
    with app.test_request_context():
        from flask import session

        session.update(
            {"locale": "zh_Hans", "link": 7, "second_factor_nonce": "planted", COOKIE_FIELD: "planted"}
        )
        enter(token := start_session(user, device="", has_second_factor=False))
        assert dict(session) == {"locale": "zh_Hans", COOKIE_FIELD: token, "_permanent": True}


def test_following_a_private_link_is_recorded_without_its_token(app: Flask, client: FlaskClient) -> None:
    from competition.entries.services.invitations import invite_judge
    from tests.competition.entries.test_links import open_link
    from tests.factories import make_judge

    edition = make_edition()
    judge = make_judge(edition)
    link = invite_judge(actor=SYSTEM, edition=edition, judge=judge)
    open_link(client, link)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "open_link")).one()
    assert (entry.link_id, entry.thing, entry.thing_id, entry.details) == (link.id, "judge", judge.id, {})
