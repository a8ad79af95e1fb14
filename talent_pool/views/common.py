"""What the pages of an employer's members share: the tabs, and the cards chosen in a form or address."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

HANDLE_LONGEST = 16
MOST_CHOSEN = 50


def tabs() -> list[dict[str, object]]:
    """The pages of an employer, with the present one marked."""
    pages = (
        (_("Search"), "employers.search"),
        (_("Saved searches"), "employers.searches"),
        (_("Shortlists"), "employers.lists"),
        (_("Opportunities"), "employers.opportunities"),
        (_("Requests"), "employers.requests"),
        (_("Members"), "employers.members"),
    )
    return [
        {"label": label, "url": url_for(endpoint), "is_current": _is_here(url_for(endpoint))}
        for label, endpoint in pages
    ]


def _is_here(address: str) -> bool:
    """A page or what lies below it; /employers/searches is not below /employers/search."""
    return request.path == address or request.path.startswith(f"{address}/")


def chosen_handles() -> list[str]:
    """The cards ticked in a form, or named in the address; each once and not too many."""
    values = request.values.getlist("handle")
    return [value for value in dict.fromkeys(values) if len(value) <= HANDLE_LONGEST][:MOST_CHOSEN]
