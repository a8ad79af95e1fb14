"""The cases that come with Parley: whole in both languages, and nothing confidential in what others read."""

from __future__ import annotations

import re

import pytest

from competition.cases.library import library_cases, library_content
from competition.cases.queries import content_of
from competition.cases.services import import_case
from core.access import SYSTEM
from core.errors import NotFound
from core.markdown import safe_html
from core.roles import ROLES
from tests.factories import make_edition

NAMES = ["cross-border-railway", "deep-water-port"]
NUMBER = re.compile(r"\d[\d,.]*(?: ?%)?")


def test_two_cases_come_with_parley() -> None:
    assert [name for name, _title, _zh in library_cases()] == NAMES
    with pytest.raises(NotFound):
        library_content("../deep-water-port")


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_whole_in_both_languages(name: str) -> None:
    content = library_content(name)
    assert all(content.texts.values())
    assert set(content.briefs) == {role.value for role in ROLES}
    for brief in content.briefs.values():
        assert all(brief.values())
        assert len(brief["body"].split()) > 200
        assert brief["body"].count("## ") == brief["body_zh"].count("## ") == 6
    assert len(content.issues) >= 5
    for issue in content.issues:
        assert issue["name_zh"]
        assert len(issue["options"]) >= 3
        assert all(option["en"] and option["zh"] for option in issue["options"])


@pytest.mark.parametrize("name", NAMES)
def test_what_only_one_party_knows_stands_nowhere_else(name: str) -> None:
    content = library_content(name)
    for role, brief in content.briefs.items():
        secrets = _section(brief["body"], "What only you know")
        elsewhere = [
            content.texts["background"],
            *(b["body"] for r, b in content.briefs.items() if r != role),
        ]
        for sentence in re.split(r"(?<=[.])\s+", secrets):
            assert all(sentence not in text for text in elsewhere)
        for figure in set(NUMBER.findall(secrets)) - {"4", "3"}:
            assert not any(
                re.search(rf"\b{re.escape(figure)}\b", text) for text in elsewhere if len(figure) > 3
            )


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_name_as_many_parts_and_their_markup_is_plain(name: str) -> None:
    content = library_content(name)
    texts = [*content.texts.values(), *(text for brief in content.briefs.values() for text in brief.values())]
    assert not any(re.search(r"<[a-z/]", text) for text in texts)
    assert "<h2>" in safe_html(content.texts["background"])
    for one, other in (("background", "background_zh"), ("session_plan", "session_plan_zh")):
        assert content.texts[one].count("\n- ") == content.texts[other].count("\n- ")


def _section(text: str, heading: str) -> str:
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0].strip()


@pytest.mark.usefixtures("app")
def test_an_edition_takes_a_copy() -> None:
    content = library_content(NAMES[1])
    case = import_case(actor=SYSTEM, edition=make_edition(), content=content)
    assert content_of(case).texts == content.texts
