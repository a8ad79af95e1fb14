"""Files that wait on disk for a job or a download: random names, readable by the program alone, gone after a day."""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

from flask import current_app

from core.worker import purge_step

Shelf = Literal["uploads", "exports"]
KEPT_SECONDS = 24 * 60 * 60
TOKEN = re.compile("[A-Za-z0-9_-]{32}")


def _folder(shelf: Shelf) -> Path:
    folder = Path(current_app.instance_path) / shelf
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(shelf: Shelf, token: str) -> Path:
    """Where the file lies; the token is checked, so no name from outside ever becomes a path."""
    if not TOKEN.fullmatch(token):
        raise ValueError("not the name of a kept file")
    return _folder(shelf) / f"{token}.xlsx"


def keep(shelf: Shelf, source: bytes | IO[bytes]) -> str:
    """Keep a file; returns its token."""
    token = secrets.token_urlsafe(24)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path_of(shelf, token), flags, 0o600), "wb") as target:
        if isinstance(source, bytes):
            target.write(source)
        else:
            while part := source.read(1 << 20):
                target.write(part)
    return token


def remove(shelf: Shelf, token: str) -> None:
    """Forget a kept file; nothing happens when it is gone already."""
    path_of(shelf, token).unlink(missing_ok=True)


@purge_step
def sweep(now: datetime) -> int:
    """Delete what has waited for more than a day; returns how many files."""
    count = 0
    for shelf in ("uploads", "exports"):
        for path in _folder(shelf).glob("*.xlsx"):
            if path.stat().st_mtime < now.timestamp() - KEPT_SECONDS:
                path.unlink(missing_ok=True)
                count += 1
    return count
