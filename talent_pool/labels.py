"""What the codes on cards are called in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel import Locale
from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from core.localised import chosen_locale, in_language
from talent_pool.vocabulary import SECTORS, SKILLS


def facet_title(facet: str) -> str:
    """The heading of a filter."""
    return {
        "role": _("Role played"),
        "result": _("Results"),
        "year": _("Years"),
        "skill": _("Skills"),
        "language": _("Language"),
        "language_level": _("Language, at least"),
        "kind": _("Looking for"),
        "sector": _("Sectors"),
        "degree": _("Degree"),
        "graduates": _("Graduates in"),
        "starts": _("Can start"),
        "place": _("Where they want to work"),
        "mobility": _("Mobility"),
        "work_right": _("May work in"),
        "citizenship": _("Citizenship"),
        "availability": _("Availability"),
    }[facet]


def facet_label(facet: str, value: str) -> str:
    """A filter value in words; an unknown one as it is."""
    if facet == "language":
        return language_name(value)
    if facet == "language_level":
        code, _dash, level = value.partition("-")
        return f"{language_name(code)} {level}"
    if facet in ("place", "work_right", "citizenship"):
        return country_name(value)
    if facet == "starts":
        return month_name(value)
    if facet == "year":
        return value.replace("-", "–")
    if facet == "graduates":
        return value
    words = {
        "role": role_names,
        "result": result_names,
        "skill": skill_names,
        "sector": sector_names,
        "kind": kind_of_post_names,
        "degree": degree_names,
        "mobility": mobility_names,
        "availability": availability_names,
    }[facet]()
    return words.get(value, value)


def language_name(code: str) -> str:
    """A language as its reader calls it."""
    name: str = Locale.parse(chosen_locale()).languages.get(code, code)
    return name[:1].upper() + name[1:]


def role_names() -> dict[str, str]:
    """The four roles."""
    return {
        "government": _("Government"),
        "enterprise": _("Enterprise"),
        "local_ngo": _("Local NGO"),
        "igo": _("IGO"),
    }


def result_names() -> dict[str, str]:
    """Award tiers and bands of the standings."""
    return {
        "gold": _("Gold award"),
        "silver": _("Silver award"),
        "bronze": _("Bronze award"),
        "award": _("Another award"),
        "top_quarter": _("Top quarter"),
        "top_half": _("Top half"),
    }


def left_off_names(left_off: Sequence[str]) -> list[str]:
    """What a card leaves off because too few people share it, in words; lines of evidence together."""
    names = {
        "years": _("the years"),
        "numbers": _("the numbers of sheets, judges and agreed issues"),
        "tiers": _("the kind of award"),
        "band": _("the place in the standings"),
        "own_evidence": ngettext(
            "%(num)d skill that judges marked",
            "%(num)d skills that judges marked",
            left_off.count("own_evidence"),
        ),
        "team_evidence": ngettext(
            "%(num)d line about your team", "%(num)d lines about your team", left_off.count("team_evidence")
        ),
        "roles": _("the roles"),
    }
    return [names[name] for name in dict.fromkeys(left_off)]


def band_names() -> dict[str, str]:
    """Thirds of a field, as evidence names them."""
    return {"top_third": _("top third"), "middle_third": _("middle third")}


def kind_of_post_names() -> dict[str, str]:
    """What a person may look for."""
    return {
        "internship": _("Internship"),
        "jpo": _("Junior professional officer (JPO)"),
        "traineeship": _("Traineeship or graduate programme"),
        "permanent": _("Permanent post"),
        "fixed_term": _("Fixed-term post"),
        "research": _("Research or doctorate"),
        "volunteering": _("Volunteering"),
    }


def degree_names() -> dict[str, str]:
    """The highest degree, finished or under way."""
    return {
        "secondary": _("Secondary school"),
        "bachelor": _("Bachelor"),
        "master": _("Master"),
        "doctor": _("Doctorate"),
        "professional": _("Professional qualification"),
    }


def mobility_names() -> dict[str, str]:
    """How far somebody would move."""
    return {
        "stays": _("Only where I live"),
        "country": _("Within the country"),
        "region": _("Within the region"),
        "world": _("Worldwide"),
    }


def availability_names() -> dict[str, str]:
    """How somebody can work."""
    return {
        "full_time": _("Full time"),
        "part_time": _("Part time"),
        "remote": _("Remotely"),
        "field": _("In the field"),
    }


def level_name(level: str) -> str:
    """A level of a language; the letters of the European framework are the same everywhere."""
    return _("native") if level == "native" else level


def skill_names() -> dict[str, str]:
    """The closed list of skills in the reader's language."""
    return {code: in_language(*words, chosen_locale()) for code, words in SKILLS.items()}


def sector_names() -> dict[str, str]:
    """The closed list of sectors in the reader's language."""
    return {code: in_language(*words, chosen_locale()) for code, words in SECTORS.items()}


def country_name(code: str, locale: str | None = None) -> str:
    """A country or region as its reader calls it."""
    name: str = Locale.parse(locale or chosen_locale()).territories.get(code, code)
    return name


def month_name(month: str) -> str:
    """A month such as 2026-09 in the reader's form."""
    year, _dash, number = month.partition("-")
    pattern = "y年M月" if chosen_locale() == "zh_Hans" else "MMMM y"
    return format_date(date(int(year), int(number), 1), pattern, locale=chosen_locale())


def right_names() -> dict[str, str]:
    """What people may ask of the operator about their data."""
    return {
        "access": _("A copy of my data"),
        "correction": _("Correct something"),
        "erasure": _("Erase something"),
        "restriction": _("Stop using something for a while"),
        "objection": _("I object to something"),
        "portability": _("My data as a file"),
        "complaint": _("A complaint"),
    }


def act_names() -> dict[str, str]:
    """What can be done about a consent."""
    return {
        "given": _("Joined"),
        "changed": _("Choices changed"),
        "confirmed": _("Yes renewed"),
        "paused": _("Paused"),
        "resumed": _("Shown again"),
        "withdrawn": _("Left the pool"),
        "ended": _("Ended after two years"),
        "erased": _("Erased"),
    }


def event_names() -> dict[str, str]:
    """What an employer can have done with a card."""
    return {
        "viewed": _("Looked at your card"),
        "asked": _("Asked for contact"),
        "revealed": _("Learned who you are"),
        "downloaded": _("Downloaded your CV"),
        "exported": _("Took your contact into a file"),
        "revoked": _("You took your yes back"),
    }


def kind_names() -> dict[str, str]:
    """Kinds of employers."""
    return {
        "government": _("Government"),
        "enterprise": _("Enterprise"),
        "igo": _("International organisation (IGO)"),
        "ngo": _("Non-governmental organisation (NGO)"),
    }
