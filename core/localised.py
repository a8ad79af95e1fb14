"""Texts of domain data in English and Simplified Chinese, names in both scripts, and choosing the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from flask import has_request_context, request, session
from flask_babel import gettext

LOCALES = {"en": "English", "zh_Hans": "中文"}
DEFAULT_LOCALE = "en"


def chosen_locale() -> str:
    """The reader's language: their switch first, then the browser's wish, then English."""
    if not has_request_context():
        return DEFAULT_LOCALE
    chosen = session.get("locale")
    return chosen if chosen in LOCALES else browser_locale(list(request.accept_languages.values()))


def browser_locale(wishes: list[str]) -> str:
    """The first of the browser's wishes that we speak; every Chinese wish reads Simplified Chinese."""
    for wish in wishes:
        language = wish.replace("_", "-").split("-")[0].lower()
        if language == "zh":
            return "zh_Hans"
        if language == "en":
            return "en"
    return DEFAULT_LOCALE


def in_language(text: str | None, text_zh: str | None, locale: str) -> str:
    """The text for `locale`, or the other one where that is empty."""
    first, second = (text_zh, text) if locale == "zh_Hans" else (text, text_zh)
    return first or second or ""


def translated(message: str, values: dict[str, object] | None = None) -> str:
    """A marked English source text in the reader's language, with its values filled in."""
    text = gettext(message)
    return text % values if values else text


def N_(message: str) -> str:
    """Mark a source text for translation without translating it now."""
    return message


def country_name(code: str) -> str:
    """A country as its reader calls it, by its two letters."""
    name: str = Locale.parse(chosen_locale()).territories.get(code, code)
    return name


def joined(texts: Iterable[object]) -> str:
    """Several things as the reader's language lists them: “A, B, and C”, “A、B和C”; nothing for none."""
    return format_list([str(text) for text in texts], locale=chosen_locale())


def local_time(moment: datetime, zone_name: str, length: str = "medium") -> str:
    """A moment as wall-clock time of an edition in the reader's form, to the minute, with its zone."""
    zone, locale = ZoneInfo(zone_name), chosen_locale()
    day = _in_form(moment.astimezone(zone).date(), length, locale)
    return f"{day} {format_time(moment, 'short', tzinfo=zone, locale=locale)} ({zone_name})"


def local_day(day: date, length: str = "medium") -> str:
    """A calendar day in the reader's form."""
    return _in_form(day, length, chosen_locale())


def _in_form(day: date, length: str, locale: str) -> str:
    """Month by name in English: half the world reads 5/6 as the fifth of June."""
    return format_date(day, "medium" if (length, locale) == ("short", "en") else length, locale=locale)


def local_clock(moment: datetime, zone_name: str) -> str:
    """The time of day on an edition's wall clock, for pages that name the day and the zone already."""
    return format_time(moment, "short", tzinfo=ZoneInfo(zone_name), locale=chosen_locale())
