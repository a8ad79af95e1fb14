"""The cases that come with Parley, written for it: each one a case file of its own in this folder."""

from __future__ import annotations

from pathlib import Path

from competition.cases.format import CaseContent, from_json
from core.errors import NotFound
from core.localised import N_

FOLDER = Path(__file__).parent


def library_cases() -> list[tuple[str, str, str]]:
    """(name, title, Chinese title) of every case here."""
    return [
        (path.stem, content.texts["title"], content.texts["title_zh"])
        for path in sorted(FOLDER.glob("*.json"))
        if (content := from_json(path.read_bytes()))
    ]


def library_content(name: str) -> CaseContent:
    """One of them; raises NotFound."""
    path = next((path for path in FOLDER.glob("*.json") if path.stem == name), None)
    if path is None:
        raise NotFound(N_("There is no such case."))
    return from_json(path.read_bytes())
