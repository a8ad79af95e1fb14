"""What is cleared away after a while: used sign-ins and sessions that have ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from accounts.models import SignInChallenge, UserSession
from core.db import db, unit_of_work
from core.worker import purge_step

CHALLENGES_KEPT = timedelta(days=2)
SESSIONS_KEPT = timedelta(days=90)


@purge_step
def purge_sign_ins(now: datetime) -> None:
    """Forget old one-time sign-ins (they hold addresses) and sessions that ended long ago."""
    with unit_of_work():
        db.session.execute(delete(SignInChallenge).where(SignInChallenge.created_at < now - CHALLENGES_KEPT))
        ended = or_(
            UserSession.revoked_at < now - SESSIONS_KEPT, UserSession.expires_at < now - SESSIONS_KEPT
        )
        db.session.execute(delete(UserSession).where(ended))
