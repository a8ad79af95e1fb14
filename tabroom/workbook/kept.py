"""Workbooks that wait in the database for a job or a download, wherever that runs; gone after a day."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core.db import db, unit_of_work, utc_now
from core.worker import purge_step
from tabroom.models import KeptFile

KEPT = timedelta(days=1)


def keep(data: bytes) -> str:
    """Keep a file with the current transaction; returns the token that names it."""
    token = secrets.token_urlsafe(24)
    db.session.add(KeptFile(token=token, kept_at=utc_now(), data=data))
    db.session.flush()
    return token


def find(token: str) -> bytes | None:
    """The file, while it is kept."""
    return db.session.scalar(select(KeptFile.data).where(KeptFile.token == token))


def remove(token: str) -> None:
    """Forget a file with the current transaction; nothing happens when it is gone already."""
    db.session.execute(delete(KeptFile).where(KeptFile.token == token))


@purge_step
def sweep(now: datetime) -> int:
    """Delete what has waited for more than a day; returns how many files."""
    with unit_of_work():
        old = delete(KeptFile).where(KeptFile.kept_at < now - KEPT)
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
