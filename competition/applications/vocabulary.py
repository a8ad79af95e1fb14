"""The closed lists an applicant chooses from, so that teams can be balanced by them; and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

DISCIPLINES: Mapping[str, Any] = {
    "law": _l("Law"),
    "economics": _l("Economics and business"),
    "relations": _l("International relations and politics"),
    "languages": _l("Languages and humanities"),
    "media": _l("Communication and media"),
    "engineering": _l("Engineering and computing"),
    "environment": _l("Environment and earth"),
    "science": _l("Natural sciences and medicine"),
    "other": _l("Something else"),
}
YEARS: Mapping[str, Any] = {
    "b1": _l("Bachelor, 1st year"),
    "b2": _l("Bachelor, 2nd year"),
    "b3": _l("Bachelor, 3rd year"),
    "b4": _l("Bachelor, 4th year or later"),
    "master": _l("Master"),
    "doctorate": _l("Doctorate"),
    "working": _l("At work already"),
}
CULTURES: Mapping[str, Any] = {
    "zh": _l("Chinese"),
    "en": _l("English"),
    "ar": _l("Arabic"),
    "fr": _l("French"),
    "de": _l("German"),
    "hi": _l("Hindi or Urdu"),
    "id": _l("Indonesian or Malay"),
    "ja": _l("Japanese"),
    "ko": _l("Korean"),
    "pt": _l("Portuguese"),
    "ru": _l("Russian"),
    "es": _l("Spanish"),
    "sw": _l("Swahili"),
    "th": _l("Thai"),
    "vi": _l("Vietnamese"),
    "other": _l("Another language"),
}
EXPERIENCES: Mapping[str, Any] = {
    "none": _l("This would be my first one"),
    "some": _l("One or two before"),
    "much": _l("Three or more"),
}
GENDERS: Mapping[str, Any] = {
    "female": _l("Female"),
    "male": _l("Male"),
    "other": _l("Another"),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "discipline": DISCIPLINES,
    "year": YEARS,
    "culture": CULTURES,
    "experience": EXPERIENCES,
    "gender": GENDERS,
}
ATTRIBUTES: Mapping[str, Any] = {
    "discipline": _l("Discipline"),
    "year": _l("Year"),
    "culture": _l("First language"),
    "experience": _l("Experience"),
    "gender": _l("Gender"),
    "institution": _l("Institution"),
}
"""What teams are balanced by, in the order of the pages."""
DEFAULT_WEIGHTS = {"discipline": 2, "year": 1, "culture": 2, "experience": 1, "gender": 1, "institution": 1}
STATES: Mapping[str, Any] = {
    "applied": _l("Waits for an answer"),
    "accepted": _l("Accepted"),
    "reserve": _l("Reserve"),
    "declined": _l("Declined"),
    "withdrawn": _l("Application withdrawn"),
}
STATE_KINDS = {
    "applied": "info",
    "accepted": "ok",
    "reserve": "warning",
    "declined": "neutral",
    "withdrawn": "neutral",
}


def word(attribute: str, value: str) -> str:
    """The value of an attribute as people read it."""
    return str(CHOICES.get(attribute, {}).get(value, value))
