"""The organiser's way through an edition, shown on top of every page of its workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _

from competition.editions.public import find_edition
from core.access import Permission, current_actor, declared_access


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One step or tab."""

    label: str
    url: str
    is_current: bool
    state: str = "none"
    count: int | None = None


STEPS: tuple[tuple[str, Callable[[], str], str, frozenset[str]], ...] = (
    (
        "set_up",
        lambda: _("Set up"),
        "cockpit.show",
        frozenset(
            {
                "cockpit",
                "rehearsal",
                "editions",
                "setup",
                "rubric",
                "cases",
                "timetable",
                "questions",
                "registration_rules",
            }
        ),
    ),
    (
        "people",
        lambda: _("People"),
        "people.teams",
        frozenset(
            {
                "people",
                "delegates",
                "institutions",
                "substitutions",
                "check_in",
                "printing",
                "preformed",
                "applications",
                "formation",
                "messages",
                "lists",
            }
        ),
    ),
    (
        "rounds",
        lambda: _("Rounds"),
        "rounds.index",
        frozenset(
            {
                "rounds",
                "seating",
                "draws",
                "panels",
                "board",
                "draw_reports",
                "round_case",
                "sheets",
                "round_cockpit",
                "what_if",
                "clock",
                "resolutions",
            }
        ),
    ),
    (
        "results",
        lambda: _("Results"),
        "standings.show",
        frozenset({"standings", "analysis", "policy", "breaks", "elimination", "awards", "disputes"}),
    ),
    (
        "after",
        lambda: _("After"),
        "files.show",
        frozenset({"files", "workbook", "certificates", "equity", "edition_log"}),
    ),
)
TABS: dict[str, tuple[tuple[Callable[[], str], str], ...]] = {
    "set_up": (
        (lambda: _("Overview"), "cockpit.show"),
        (lambda: _("Settings"), "editions.settings"),
        (lambda: _("Rules"), "editions.rules"),
        (lambda: _("Divisions"), "setup.divisions"),
        (lambda: _("Break"), "setup.break_sizes"),
        (lambda: _("Rubric"), "rubric.show"),
        (lambda: _("Cases"), "cases.index"),
        (lambda: _("Rooms"), "setup.rooms"),
        (lambda: _("Timetable"), "timetable.show"),
        (lambda: _("Privacy notice"), "setup.notice"),
        (lambda: _("Registration"), "setup.registration"),
        (lambda: _("Organisers"), "setup.organisers"),
        (lambda: _("Rehearsal"), "rehearsal.show"),
    ),
    "people": (
        (lambda: _("Teams"), "people.teams"),
        (lambda: _("Delegates"), "people.delegates"),
        (lambda: _("Applicants"), "applications.index"),
        (lambda: _("Judges"), "people.judges"),
        (lambda: _("Panels"), "preformed.index"),
        (lambda: _("Institutions"), "institutions.index"),
        (lambda: _("Registration link"), "people.links"),
        (lambda: _("Lists"), "lists.index"),
        (lambda: _("Check-in"), "check_in.show"),
        (lambda: _("Printing"), "printing.show"),
        (lambda: _("Messages"), "messages.index"),
    ),
    "results": (
        (lambda: _("Standings"), "standings.show"),
        (lambda: _("Raw and adjusted"), "analysis.change"),
        (lambda: _("Judges"), "analysis.judges"),
        (lambda: _("Agreement"), "analysis.agreement"),
        (lambda: _("Roles"), "analysis.roles"),
        (lambda: _("Break"), "breaks.show"),
        (lambda: _("Elimination tree"), "elimination.tree"),
        (lambda: _("Awards"), "awards.show"),
        (lambda: _("Queries and protests"), "disputes.show"),
    ),
    "after": (
        (lambda: _("Files"), "files.show"),
        (lambda: _("Certificates"), "certificates.show"),
        (lambda: _("Equity in the talent pool"), "equity.show"),
        (lambda: _("Who did what"), "edition_log.show"),
    ),
}
# Rooms that are reached through a tab without lying below its address.
BEHIND: dict[str, tuple[str, ...]] = {"applications.index": ("formation",)}


def edition_navigation() -> dict[str, Any]:
    """Template variables `edition_nav` and `section_nav` for pages of an edition's workspace."""
    slug = (request.view_args or {}).get("slug")
    if slug is None or request.blueprint is None:
        return {}
    edition = find_edition(slug)
    if edition is None or not current_actor().may(Permission.SEE_EDITION, edition_id=edition.id):
        return {}
    current = next((key for key, _label, _url, rooms in STEPS if request.blueprint in rooms), "")
    tabs = _round_tabs(slug) if current == "rounds" else _tabs(slug, current, edition.id)
    return {"edition_nav": _steps(slug, current), "section_nav": tabs}


def _steps(slug: str, current: str) -> list[NavItem]:
    return [
        NavItem(label=label(), url=url_for(endpoint, slug=slug), is_current=key == current)
        for key, label, endpoint, _rooms in STEPS
    ]


def _round_tabs(slug: str) -> list[NavItem]:
    """Lights, draw and scoresheets of the round that the address names."""
    number = (request.view_args or {}).get("number")
    if number is None:
        return []
    places = {
        "sheets": "sheets",
        "round_cockpit": "go",
        "what_if": "go",
        "round_case": "case",
        "clock": "clock",
        "resolutions": "resolutions",
    }
    here = places.get(request.blueprint or "", "draw")
    tabs = (
        ("go", _("Can I go on?"), "round_cockpit.show"),
        ("draw", _("Draw"), "rounds.show"),
        ("case", _("Case"), "round_case.show"),
        ("resolutions", _("Resolutions"), "resolutions.index"),
        ("clock", _("Clock"), "clock.show"),
        ("sheets", _("Scoresheets"), "sheets.board"),
    )
    return [
        NavItem(label=_("All rounds"), url=url_for("rounds.index", slug=slug), is_current=False),
        *(
            NavItem(label=label, url=url_for(endpoint, slug=slug, number=number), is_current=key == here)
            for key, label, endpoint in tabs
        ),
    ]


def _tabs(slug: str, current: str, edition_id: int) -> list[NavItem]:
    actor, items = current_actor(), []
    for label, endpoint in TABS.get(current, ()):
        access = declared_access(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
        if isinstance(access, Permission) and actor.may(access, edition_id=edition_id):
            url = url_for(endpoint, slug=slug)
            here = request.path == url or request.path.startswith(url.rstrip("/") + "/")
            here = here or request.blueprint in BEHIND.get(endpoint, ())
            items.append(NavItem(label=label(), url=url, is_current=here))
    return items
