"""The Chinese of the application is complete, and every reader is met in their language."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from flask import Flask
from flask.testing import FlaskClient

from core.localised import browser_locale
from tests.checks import translations


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return translations.source_texts()


@pytest.fixture
def small_catalogue() -> Catalog:
    """Two texts in good Chinese."""
    catalogue = Catalog(locale=translations.LANGUAGE)
    catalogue.add("Saved %(name)s.", "已保存 %(name)s。")
    catalogue.add(("One table", "%(num)d tables"), ("%(num)d 桌",))
    return catalogue


SMALL = {"Saved %(name)s.": "", "One table": "%(num)d tables"}


def test_every_text_has_its_chinese_and_nothing_is_left_over(texts: dict[str, str]) -> None:
    assert translations.faults(texts, translations.stored_catalogue()) == []


def test_the_file_is_as_the_update_writes_it(texts: dict[str, str]) -> None:
    stored = translations.CATALOGUE.read_text(encoding="utf-8")
    header = stored.split("\n\n", 1)[0]
    again = translations.written(header, translations.updated(texts, translations.stored_catalogue()))
    assert stored == again, "run: .venv/bin/python -m tests.checks.translations --update"


def test_the_file_holds_no_dates_no_places_in_code_and_nothing_unsure() -> None:
    stored = translations.CATALOGUE.read_text(encoding="utf-8")
    assert not re.search(r"^#(:|~|, .*fuzzy)", stored, re.MULTILINE)
    assert "Creation-Date" not in stored
    assert str(translations.ROOT) not in stored


def test_it_compiles_and_every_form_arrives(tmp_path: Path) -> None:
    place = tmp_path / "zh_Hans" / "LC_MESSAGES"
    place.mkdir(parents=True)
    shutil.copy(translations.CATALOGUE, place)
    command = [sys.executable, "-m", "babel.messages.frontend", "compile", "--directory", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    with (place / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    assert len(compiled) == len(translations.stored_catalogue())
    assert compiled.num_plurals == 1


def test_texts_are_written_with_the_punctuation_of_chinese() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(\s|$)|\.\.\.")
    crowded = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")
    bad = []
    for entry in translations.stored_catalogue():
        forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        bad += [form for form in forms if entry.id and (chinese.search(form) or crowded.search(form))]
    assert bad == []


@pytest.mark.parametrize(
    ("chinese", "fault"),
    [
        ("", "no Chinese text"),
        ("已保存 %(nom)s。", "other places in Chinese"),
        ("已保存 %(name)d。", "other places in Chinese"),
        ("已保存。", "other places in Chinese"),
    ],
)
def test_a_faulty_text_is_told(small_catalogue: Catalog, chinese: str, fault: str) -> None:
    small_catalogue["Saved %(name)s."].string = chinese
    assert [line.split(":")[0] for line in translations.faults(SMALL, small_catalogue)] == [fault]


def test_unsure_left_over_and_singular_texts_are_told(small_catalogue: Catalog) -> None:
    assert translations.faults(SMALL, small_catalogue) == []
    small_catalogue["Saved %(name)s."].flags.add("fuzzy")
    small_catalogue.add("Gone", "没有了")
    small_catalogue.obsolete["Long gone"] = small_catalogue["Gone"]
    kinds = [line.split(":")[0] for line in translations.faults(SMALL, small_catalogue)]
    assert kinds == ["unsure (fuzzy)", "on no screen any more", "on no screen any more (#~)"]
    assert translations.faults({**SMALL, "Saved %(name)s.": "Saved %(count)s."}, small_catalogue)


def test_an_update_keeps_the_chinese_and_the_header(small_catalogue: Catalog) -> None:
    wanted = {"One table": "%(num)d tables", "Brand new": "", "Saved %(name)s.": "Saved %(name)ss."}
    fresh = translations.updated(wanted, small_catalogue)
    assert fresh["One table"].string == ("%(num)d 桌",)
    assert fresh["Saved %(name)s."].string == ("已保存 %(name)s。",)
    assert fresh["Brand new"].string == ""
    text = translations.written('# Words\nmsgid ""\nmsgstr ""\n', fresh)
    assert text.startswith('# Words\nmsgid ""\nmsgstr ""\n\n')
    assert text.index("Brand new") < text.index("One table") < text.index("Saved")


@pytest.mark.parametrize(
    ("wishes", "locale"),
    [
        (["zh-CN"], "zh_Hans"),
        (["zh-TW"], "zh_Hans"),
        (["zh"], "zh_Hans"),
        (["zh-Hans-CN"], "zh_Hans"),
        (["zh_Hans"], "zh_Hans"),
        (["ZH-cn"], "zh_Hans"),
        (["en-GB"], "en"),
        (["fr"], "en"),
        ([], "en"),
        (["*"], "en"),
        (["fr", "zh-CN", "en"], "zh_Hans"),
        (["en", "zh"], "en"),
        (["zho"], "en"),
    ],
)
def test_the_first_wish_that_we_speak_wins(wishes: list[str], locale: str) -> None:
    assert browser_locale(wishes) == locale


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", "en"),
        ("en;q=0.5,zh;q=0.9", "zh-Hans"),
        ("fr-FR,fr;q=0.9", "en"),
    ],
)
def test_a_page_speaks_the_language_of_the_browser(
    client: FlaskClient, header: str | None, lang: str
) -> None:
    page = client.get("/", headers={"Accept-Language": header} if header else {})
    assert language_of(page.text) == lang
    assert ("登录" in page.text) == (lang == "zh-Hans")


def test_a_page_that_is_not_there_says_so_in_chinese(client: FlaskClient) -> None:
    page = client.get("/nothing-here", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 404
    assert language_of(page.text) == "zh-Hans"
    assert "这里没有内容" in page.text


@pytest.fixture
def without_csrf(app: Flask) -> Iterator[None]:
    before = app.config.get("WTF_CSRF_ENABLED", True)
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = before


@pytest.mark.usefixtures("without_csrf")
def test_the_switch_stays_and_goes_back_to_the_page(client: FlaskClient) -> None:
    english = {"Accept-Language": "en"}
    answer = client.post("/language", data={"locale": "zh_Hans", "next": "/sign-in"}, headers=english)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    for _visit in range(2):
        assert language_of(client.get("/", headers=english).text) == "zh-Hans"
    client.post("/language", data={"locale": "en", "next": "/"}, headers={"Accept-Language": "zh-CN"})
    assert language_of(client.get("/", headers={"Accept-Language": "zh-CN"}).text) == "en"


@pytest.mark.usefixtures("without_csrf")
def test_a_language_we_do_not_speak_changes_nothing(client: FlaskClient) -> None:
    client.post("/language", data={"locale": "zh_Hans", "next": "/"})
    client.post("/language", data={"locale": "xx", "next": "/"})
    assert language_of(client.get("/").text) == "zh-Hans"


@pytest.mark.usefixtures("without_csrf")
@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"]
)
def test_the_switch_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    answer = client.post("/language", data={"locale": "zh_Hans", "next": target})
    assert answer.location == "/"


def language_of(page: str) -> str:
    """What the page says its language is."""
    found = re.search(r'<html lang="([^"]+)"', page)
    assert found is not None
    return found.group(1)
