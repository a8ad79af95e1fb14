"""Words of the draw in the reader's language: roles, and why a judge should not mark somebody."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from core.roles import Role

FIGURES: tuple[tuple[str, Callable[[], str]], ...] = (
    ("repeat_meetings", lambda: _("Meetings that repeat")),
    ("institution_meetings", lambda: _("Meetings within an institution")),
    ("role_violations", lambda: _("Teams with uneven roles")),
    ("spread", lambda: _("Spread of points")),
    ("widest", lambda: _("Widest table")),
    ("pull_ups", lambda: _("Teams pulled up")),
)


def role_words(role: Role) -> str:
    """A role in the reader's language."""
    return {
        Role.GOVERNMENT: _("Government"),
        Role.ENTERPRISE: _("Enterprise"),
        Role.LOCAL_NGO: _("Local NGO"),
        Role.IGO: _("IGO"),
    }[role]


def trouble_words(reason: str) -> str:
    """A stable word for a conflict of interest in the reader's language."""
    return {
        "own_institution": _("is of a team's own institution"),
        "coach": _("coaches a team here"),
        "team": _("declared a conflict with a team"),
        "institution": _("declared a conflict with an institution"),
        "seen_before": _("has judged a team here before"),
    }[reason]
