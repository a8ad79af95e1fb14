"""The search of an employer's members: cards that hold words and filters, with every filter's counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.access import Permission, current_actor, requires
from core.localised import N_, translated
from talent_pool import index, queries
from talent_pool.cards import FACETS, RESULTS
from talent_pool.consent import get_employer
from talent_pool.facts import AVAILABILITY, DEGREES, KINDS, MOBILITY
from talent_pool.labels import facet_label, facet_title
from talent_pool.models import Employer
from talent_pool.search.expressions import Expression
from talent_pool.search.query import BadQuery, parse_query
from talent_pool.services import lists, saved
from talent_pool.services.exposure import note_shown
from talent_pool.views.blueprint import employers
from talent_pool.views.common import tabs
from talent_pool.views.shown import shown_card

PER_PAGE = 15
MOST_PAGES = -(-index.WINDOW // PER_PAGE)
SHOWN_VALUES = 6
VALUE = re.compile(r"[a-zA-Z0-9_-]{1,60}")
ORDER: dict[str, tuple[str, ...]] = {
    "role": ("government", "enterprise", "local_ngo", "igo"),
    "result": RESULTS,
    "kind": KINDS,
    "degree": DEGREES,
    "mobility": MOBILITY,
    "availability": AVAILABILITY,
}
IN_TIME = ("year", "graduates", "starts")
"""Filters whose values are read in their own order; all others begin with the most frequent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterValue:
    """One value of a filter with the number of cards that show it, and the address that turns it on or off."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter: the values to be seen at once, and the rest."""

    name: str
    title: str
    values: list[FilterValue]
    more: list[FilterValue]
    chosen: int


@employers.get("/search")
@requires(Permission.SEARCH_POOL)
def search() -> ResponseReturnValue:
    """Cards that hold the words and filters of the address; `saved` opens a search of one's own."""
    if wanted := request.args.get("saved"):
        row = saved.get_search(current_actor(), wanted)
        return redirect(url_for("employers.search", **search_args(row.words, row.filters)))
    employer, words, filters = get_employer(current_actor()), request.args.get("q", ""), chosen_filters()
    try:
        return _page(employer, words, filters, parse_query(words))
    except BadQuery as fault:
        return _page(employer, words, filters, None, fault=fault), 422
    except index.TooSlow:
        message = N_("This search took too long and was stopped. Use fewer or longer words.")
        return _page(employer, words, filters, None, fault=BadQuery(message)), 422


def chosen_filters() -> dict[str, list[str]]:
    """The filters of the address or form: known names, harmless values, each once and not too many."""
    chosen = {}
    for facet in FACETS:
        values = [value for value in request.values.getlist(facet) if VALUE.fullmatch(value)]
        if values:
            chosen[facet] = list(dict.fromkeys(values))[:10]
    return chosen


def search_args(words: str, filters: dict[str, list[str]]) -> dict[str, Any]:
    """The arguments of an address that searches for these."""
    return {
        **({"q": words[:400]} if words else {}),
        **{name: values for name, values in filters.items() if values},
    }


def _page(
    employer: Employer,
    words: str,
    filters: dict[str, list[str]],
    expression: Expression | None,
    fault: BadQuery | None = None,
) -> str:
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    limit = 0 if fault else PER_PAGE
    found = index.search_cards(employer, expression, filters, offset=(page - 1) * PER_PAGE, limit=limit)
    keys = [row.profile_id for row in found.cards]
    shown = [(row, shown_card(row.handle, row.card)) for row in found.cards]
    html = render_template(
        "talent_pool/search.html",
        employer=employer,
        words=words[:400],
        error=translated(fault.message, fault.values) if fault else "",
        fault_at=fault.at if fault else 0,
        filters=filters,
        facets=[_filter(facet, found.counts.get(facet, {}), words, filters) for facet in FACETS],
        cards=shown,
        asked=queries.asked_handles(employer, keys),
        on_lists=lists.list_names_of(employer, keys),
        marks=lists.marks_of(employer, keys),
        lists=lists.lists_of(employer),
        total=found.total,
        page=page,
        pages=min(max(1, -(-found.total // PER_PAGE)), MOST_PAGES),
        per_page=PER_PAGE,
        window=index.WINDOW,
        args=search_args(words, filters),
        tabs=tabs(),
    )
    note_shown(keys)
    return html


def _filter(facet: str, counts: dict[str, int], words: str, filters: dict[str, list[str]]) -> Filter:
    chosen = filters.get(facet, [])
    every = {**counts, **{value: counts.get(value, 0) for value in chosen}}
    values = [
        FilterValue(
            label=facet_label(facet, value),
            count=every[value],
            url=url_for("employers.search", **search_args(words, _toggled(filters, facet, value))),
            is_chosen=value in chosen,
        )
        for value in _in_order(facet, every, chosen)
    ]
    return Filter(
        name=facet,
        title=facet_title(facet),
        values=values[:SHOWN_VALUES],
        more=values[SHOWN_VALUES:],
        chosen=len(chosen),
    )


def _in_order(facet: str, counts: dict[str, int], chosen: list[str]) -> list[str]:
    if known := ORDER.get(facet):
        return [value for value in known if value in counts]
    if facet in IN_TIME:
        return sorted(counts)
    return sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))


def _toggled(filters: dict[str, list[str]], facet: str, value: str) -> dict[str, list[str]]:
    chosen = filters.get(facet, [])
    rest = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
    return {**filters, facet: rest}
