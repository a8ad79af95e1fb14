"""Sessions: found by their token only, ended one by one or all at once; what a session makes of a person."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask, session

from accounts.models import UserSession
from accounts.sessions import (
    COOKIE_FIELD,
    find_session,
    load_user_actor,
    revoke_all,
    revoke_session,
    start_session,
)
from core.access import Capacity, CapacityKind
from core.db import db, utc_now
from tests.factories import make_edition, make_organiser, make_person, make_user


def test_a_session_is_found_by_its_token_and_stored_without_it(app: Flask) -> None:
    token = start_session(make_user(), device="Chrome · Android", has_second_factor=False)
    row = find_session(token)
    assert row is not None
    assert (row.device, row.second_factor_at) == ("Chrome · Android", None)
    assert token not in (row.token_hash, row.public_id)
    assert find_session(token + "x") is None


def test_revoked_and_expired_sessions_are_not_found(app: Flask) -> None:
    user = make_user()
    revoked, expired = (start_session(user, device="", has_second_factor=True) for _ in range(2))
    revoke_session(_row(revoked))
    _row(expired).expires_at = utc_now() - timedelta(seconds=1)
    db.session.flush()
    assert [find_session(token) for token in (revoked, expired)] == [None, None]


def test_revoking_all_may_spare_one_and_touches_nobody_else(app: Flask) -> None:
    user = make_user()
    here, there, others = (
        start_session(owner, device="", has_second_factor=True) for owner in (user, user, make_user())
    )
    revoke_all(user, except_token=here)
    assert [find_session(token) is not None for token in (here, there, others)] == [True, False, True]
    revoke_all(user)
    assert [find_session(token) is not None for token in (here, others)] == [False, True]


def test_a_director_counts_only_after_the_second_factor(app: Flask) -> None:
    person, edition = make_person("Ada Obi"), make_edition()
    make_organiser(edition, person)
    user = make_user(person=person)
    own = Capacity(kind=CapacityKind.PERSON, subject_id=person.id)
    plain = _actor(app, user, has_second_factor=False)
    full = _actor(app, user, has_second_factor=True)
    assert (plain.name, plain.capacities, plain.lacks_second_factor) == ("Ada Obi", frozenset({own}), True)
    assert (len(full.capacities), full.lacks_second_factor) == (2, False)


def test_demo_people_need_no_second_factor(app: Flask) -> None:
    user = make_user(is_operator=True, is_demo=True)
    actor = _actor(app, user, has_second_factor=False)
    assert (actor.is_operator, actor.lacks_second_factor) == (True, False)


@pytest.mark.parametrize("elsewhere", [{"environment": "production"}, {"environment": "development"}])
def test_demo_people_are_nobody_where_the_demo_may_not_live(
    app: Flask, monkeypatch: pytest.MonkeyPatch, elsewhere: dict[str, str]
) -> None:
    settings = dataclasses.replace(app.extensions["parley_settings"], **elsewhere)
    monkeypatch.setitem(app.extensions, "parley_settings", settings)
    assert _actor(app, make_user(is_operator=True, is_demo=True), has_second_factor=True) is None
    assert _actor(app, make_user(), has_second_factor=True) is not None


def test_somebody_with_a_second_factor_is_nobody_until_it_is_given(app: Flask) -> None:
    user = make_user(totp_secret="nonce", totp_confirmed_at=utc_now())
    assert _actor(app, user, has_second_factor=False) is None
    assert _actor(app, user, has_second_factor=True).user_id == user.id


def test_a_judge_by_person_keeps_everything_without_a_second_factor(app: Flask) -> None:
    actor = _actor(app, make_user(), has_second_factor=False)
    assert actor.lacks_second_factor is False


def _row(token: str) -> UserSession:
    row = find_session(token)
    assert row is not None
    return row


def _actor(app, user, *, has_second_factor):
    token = start_session(user, device="", has_second_factor=has_second_factor)
    with app.test_request_context():
        session[COOKIE_FIELD] = token
        return load_user_actor()
