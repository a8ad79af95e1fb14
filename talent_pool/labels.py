"""What the codes on cards are called in the reader's language."""

from __future__ import annotations

from babel import Locale
from flask_babel import gettext as _

from core.localised import chosen_locale


def facet_title(facet: str) -> str:
    """The heading of a filter."""
    return {
        "role": _("Role played"),
        "result": _("Results"),
        "language": _("Language"),
        "year": _("Years"),
        "looking_for": _("Looking for"),
    }[facet]


def facet_label(facet: str, value: str) -> str:
    """A filter value in words; an unknown one as it is."""
    if facet == "language":
        return language_name(value)
    if facet == "year":
        return value.replace("-", "–")
    words = {"role": role_names, "result": result_names, "looking_for": looking_for_names}[facet]()
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


def looking_for_names() -> dict[str, str]:
    """What a person may look for."""
    return {
        "internship": _("Internship"),
        "first_job": _("First job"),
        "experienced": _("Position for experienced people"),
        "international": _("Post in an international organisation"),
        "research": _("Research or doctorate"),
        "volunteering": _("Volunteering"),
    }


def kind_names() -> dict[str, str]:
    """Kinds of employers."""
    return {
        "government": _("Government"),
        "enterprise": _("Enterprise"),
        "igo": _("International organisation (IGO)"),
        "ngo": _("Non-governmental organisation (NGO)"),
    }
