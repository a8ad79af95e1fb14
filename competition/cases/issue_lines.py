"""Issues as lines of text: an issue on a line of its own, its options below it with a hyphen; "English | 中文"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def to_lines(issues: Sequence[Mapping[str, Any]]) -> str:
    """The issues as a person edits them."""
    lines = []
    for issue in issues:
        lines.append(_pair(issue["name"], issue["name_zh"]))
        lines += [f"- {_pair(option['en'], option['zh'])}" for option in issue["options"]]
    return "\n".join(lines)


def from_lines(text: str, before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The issues in a text; an issue that keeps its name keeps its code."""
    codes = {issue["name"]: issue["code"] for issue in before}
    issues: list[dict[str, Any]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        english, _bar, chinese = line.lstrip("-•* ").partition("|")
        if line[0] in "-•*" and issues:
            issues[-1]["options"].append({"en": english.strip(), "zh": chinese.strip()})
        else:
            name = english.strip()
            issues.append(
                {"code": codes.get(name, ""), "name": name, "name_zh": chinese.strip(), "options": []}
            )
    used = {issue["code"] for issue in issues if issue["code"]}
    for number, issue in enumerate(issues, 1):
        code, step = issue["code"] or str(number), number
        while not issue["code"] and code in used:
            step += 1
            code = str(step)
        used.add(code)
        issue["code"] = code
    return issues


def _pair(english: str, chinese: str) -> str:
    return f"{english} | {chinese}" if chinese else english
