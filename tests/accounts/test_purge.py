"""What is cleared away: old sign-ins, which hold addresses, and sessions that ended long ago."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from accounts.challenges import start_challenge
from accounts.models import SignInChallenge, UserSession
from accounts.purge import purge_sign_ins
from accounts.sessions import find_session, start_session
from core.db import db, utc_now
from tests.factories import make_user


def test_old_sign_ins_and_sessions_go_and_the_others_stay(app: Flask) -> None:
    user, now = make_user(), utc_now()
    old, new = start_challenge("old@example.org", None), start_challenge("new@example.org", None)
    old.created_at = now - timedelta(days=3)
    ended, kept = (start_session(user, device=name, has_second_factor=False) for name in ("ended", "kept"))
    row = find_session(ended)
    assert row is not None
    row.revoked_at = now - timedelta(days=91)
    db.session.commit()
    purge_sign_ins(now)
    assert db.session.scalars(select(SignInChallenge.address)).all() == [new.address]
    assert db.session.scalars(select(UserSession.device)).all() == ["kept"]
    assert find_session(kept) is not None
