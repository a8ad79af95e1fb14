"""A case as one JSON file: everything of it in both languages, files included. Reading checks all of it; pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Invalid
from core.localised import N_
from core.markdown import MOST_CHARACTERS
from core.roles import ROLES

FORMAT = 1
MOST_BYTES = 32 * 1024 * 1024
MOST_ISSUES = 40
MOST_OPTIONS = 20
MOST_FILES = 40
TEXTS = ("title", "title_zh", "background", "background_zh", "session_plan", "session_plan_zh")
BRIEF_TEXTS = ("party", "party_zh", "body", "body_zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file of a case as it travels."""

    role: str | None
    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContent:
    """A whole case: its public texts, issues, the briefs by role, files."""

    texts: Mapping[str, str]
    issues: Sequence[Mapping[str, Any]]
    briefs: Mapping[str, Mapping[str, str]]
    files: Sequence[FileContent] = field(default=())


def to_json(content: CaseContent) -> bytes:
    """The file of a case."""
    value = {
        "format": FORMAT,
        **content.texts,
        "issues": list(content.issues),
        "briefs": {role.value: dict(content.briefs.get(role.value, {})) for role in ROLES},
        "files": [
            {"role": one.role, "name": one.name, "data": base64.b64encode(one.data).decode()}
            for one in content.files
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def from_json(data: bytes) -> CaseContent:
    """The case in a file; raises Invalid with one clear line for anything that is not one."""
    if len(data) > MOST_BYTES:
        raise Invalid(N_("This file is larger than a case may be (32 MB)."))
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise Invalid(N_("This is not a case file: it is not readable as JSON.")) from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise Invalid(N_("This is not a case file of format 1."))
    texts = {name: _text(value.get(name, ""), name) for name in TEXTS}
    if not texts["title"]:
        raise Invalid(N_("The case has no title."))
    return CaseContent(
        texts=texts,
        issues=checked_issues(value.get("issues", [])),
        briefs={role.value: _brief(value.get("briefs"), role.value) for role in ROLES},
        files=[_file(one) for one in _list(value.get("files", []), "files", MOST_FILES)],
    )


def checked_issues(value: object) -> list[dict[str, Any]]:
    """Issues with names and options in both languages; raises Invalid."""
    issues = []
    for number, one in enumerate(_list(value, "issues", MOST_ISSUES), 1):
        if not isinstance(one, dict):
            raise _wrong("issues")
        options = []
        for option in _list(one.get("options", []), "options", MOST_OPTIONS):
            if not isinstance(option, dict):
                raise _wrong("options")
            options.append({name: _text(option.get(name, ""), "options", 400) for name in ("en", "zh")})
        name = _text(one.get("name", ""), "issues", 200)
        if not name:
            raise Invalid(N_("Issue %(number)s has no name."), number=number)
        issues.append(
            {
                "code": _text(one.get("code", ""), "issues", 40) or str(number),
                "name": name,
                "name_zh": _text(one.get("name_zh", ""), "issues", 200),
                "options": options,
            }
        )
    codes = [issue["code"] for issue in issues]
    if len(set(codes)) < len(codes):
        raise Invalid(N_("Two issues have the same code."))
    return issues


def _brief(briefs: object, role: str) -> dict[str, str]:
    if not isinstance(briefs, dict):
        raise _wrong("briefs")
    one = briefs.get(role, {})
    if not isinstance(one, dict):
        raise _wrong("briefs")
    limits = {"party": 200, "party_zh": 200}
    return {
        name: _text(one.get(name, ""), "briefs", limits.get(name, MOST_CHARACTERS)) for name in BRIEF_TEXTS
    }


def _file(value: object) -> FileContent:
    if not isinstance(value, dict) or value.get("role") not in (None, *(role.value for role in ROLES)):
        raise _wrong("files")
    try:
        data = base64.b64decode(_text(value.get("data", ""), "files", MOST_BYTES), validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("files") from None
    return FileContent(role=value["role"], name=_text(value.get("name", ""), "files", 120), data=data)


def _list(value: object, name: str, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise _wrong(name)
    return value


def _text(value: object, name: str, most: int = MOST_CHARACTERS) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise _wrong(name)
    return value.replace("\x00", "").strip()


def _wrong(name: str) -> Invalid:
    return Invalid(N_("In this case file “%(name)s” is missing, too long or of the wrong kind."), name=name)
