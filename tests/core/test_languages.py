"""Languages as they are typed, kept and shown."""

from __future__ import annotations

import pytest
from babel import Locale
from flask import Flask, session

from core.forms import BaseForm, LanguagesField
from core.languages import language_name, shown_languages, spoken_codes, stored_languages


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("English, 中文", "en;zh"),
        ("en;zh-Hans", "en;zh-Hans"),
        ("简体中文、英语；法语", "zh-Hans;en;fr"),
        ("English and Simplified Chinese", "en;zh-Hans"),
        ("中文和日语", "zh;ja"),
        ("和田语", "kho"),
        ("ENGLISH / mandarin, english", "en;zh"),
        ("Klingon slang", "Klingon slang"),
        ("", ""),
        (" ; ,", ""),
    ],
)
def test_names_in_either_language_are_kept_as_codes_and_other_words_as_typed(typed: str, kept: str) -> None:
    assert stored_languages(typed) == kept


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_what_is_shown_is_kept_as_the_same_code_again(app: Flask, locale: str) -> None:
    with app.test_request_context():
        session["locale"] = locale
        codes = [code.replace("_", "-") for code in Locale.parse("en").languages if len(code) == 2]
        assert [stored_languages(name) for name in shown_languages(";".join(codes))] == codes


def test_a_language_has_the_name_of_its_readers_language(app: Flask) -> None:
    with app.test_request_context():
        assert shown_languages("en;zh-Hans;fr-BE;xx;sign") == [
            "English", "Simplified Chinese", "French", "xx", "sign",
        ]  # fmt: skip
        assert (language_name("zh", "zh_Hans"), language_name("ja", "zh_Hans")) == ("中文", "日语")


def test_who_speaks_a_kind_of_a_language_speaks_the_language() -> None:
    assert spoken_codes("zh-Hans; British English, slang") == {"zh", "en"}


def test_a_field_shows_names_and_gives_codes(app: Flask) -> None:
    class Form(BaseForm):
        languages = LanguagesField(maximum=100)

    with app.test_request_context():
        session["locale"] = "zh_Hans"
        shown = Form(formdata=None, data={"languages": "en;zh-Hans"})
        assert shown.languages._value() == "英语、简体中文"
    with app.test_request_context(method="POST", data={"languages": "英语、简体中文"}):
        assert Form().languages.data == "en;zh-Hans"
