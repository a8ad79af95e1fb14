"""What the pieces and lines of a card are called where their person decides which of them stay off it."""

from __future__ import annotations

from flask_babel import gettext as _

from core.localised import chosen_locale, in_language
from talent_pool.record import Line
from talent_pool.views.shown import shown_evidence, shown_results


def piece_names() -> dict[str, str]:
    """Pieces that can be left off, by name."""
    return {
        "about": _("The longer text"),
        "kinds": _("What you look for"),
        "starts": _("When you can start"),
        "places": _("Where you want to work"),
        "mobility": _("How far you would move"),
        "availability": _("How you can work"),
        "degree": _("Degree"),
        "graduates": _("Graduation"),
        "languages": _("Languages"),
        "skills": _("Skills"),
        "sectors": _("Sectors"),
        "work_rights": _("Where you may work"),
        "citizenships": _("Citizenship"),
    }


def line_label(line: Line) -> str:
    """A line in words for its person, with the edition it comes from."""
    edition = in_language(line.edition, line.edition_zh, chosen_locale())
    if line.kind == "results":
        shown = shown_results([line.line])[0]
        words = " · ".join((shown.years, *shown.words)).strip(" ·")
        return f"{words or _('Took part')} ({edition})"
    return f"{shown_evidence([line.line])[0].text} ({edition})"
