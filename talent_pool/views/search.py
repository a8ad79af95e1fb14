"""Pages of an employer's members: searching cards, one card, asking for contact, what was asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Conflict, Invalid, said
from core.idempotency import once
from core.localised import N_, translated
from talent_pool import index, queries
from talent_pool.cards import FACETS, RESULTS
from talent_pool.consent import find_contact, get_employer, get_visible_profile
from talent_pool.facts import DEGREES, KINDS, LANGUAGES
from talent_pool.forms import ContactForm
from talent_pool.labels import facet_label, facet_title
from talent_pool.models import Employer, PoolProfile
from talent_pool.search.expressions import Expression
from talent_pool.search.query import BadQuery, parse_query
from talent_pool.services import contacts
from talent_pool.views.blueprint import employers
from talent_pool.views.shown import shown_card

PER_PAGE = 15
MOST_PAGES = index.WINDOW // PER_PAGE
VALUE = re.compile(r"[a-zA-Z0-9_-]{1,60}")
ORDER = {"role": ("government", "enterprise", "local_ngo", "igo"), "result": RESULTS}
ORDER |= {"language": LANGUAGES, "kind": KINDS, "degree": DEGREES}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterValue:
    """One value of a filter with the number of cards that show it, and the address that turns it on or off."""

    label: str
    count: int
    url: str
    is_chosen: bool


@employers.get("/search")
@requires(Permission.SEARCH_POOL)
def search() -> ResponseReturnValue:
    """Cards that hold the words and filters of the address."""
    employer, words, filters = get_employer(current_actor()), request.args.get("q", ""), _filters()
    try:
        return _results_page(employer, words, filters, parse_query(words))
    except BadQuery as fault:
        return _results_page(employer, words, filters, None, fault=fault), 422
    except index.TooSlow:
        message = N_("This search took too long and was stopped. Use fewer or longer words.")
        return _results_page(employer, words, filters, None, fault=BadQuery(message)), 422


@employers.get("/cards/<handle>")
@requires(Permission.SEARCH_POOL)
def card(handle: str) -> ResponseReturnValue:
    """One card, and the way to ask for contact."""
    return _card_page(get_visible_profile(current_actor(), handle), ContactForm(formdata=None))


@employers.post("/cards/<handle>/ask")
@requires(Permission.SEARCH_POOL)
def ask(handle: str) -> ResponseReturnValue:
    """Ask the person behind a card for contact."""
    profile, form = get_visible_profile(current_actor(), handle), ContactForm()
    if not form.validate_on_submit():
        return _card_page(profile, form), 422

    def work() -> str:
        contacts.ask_contact(actor=current_actor(), handle=handle, message=form.message.data)
        flash(
            _("Your message is sent. If the person says yes, you see their name and address here."), "success"
        )
        return url_for("employers.card", handle=handle)

    try:
        return once(current_actor(), "ask_contact", work)
    except (Conflict, Invalid) as fault:
        form.form_errors.append(said(fault))
        return _card_page(profile, form), fault.status


@employers.get("/requests")
@requires(Permission.SEARCH_POOL)
def requests() -> ResponseReturnValue:
    """Whom this employer asked, and what they answered."""
    employer = get_employer(current_actor())
    return render_template(
        "talent_pool/requests.html", employer=employer, requests=queries.requests_of(employer), tabs=_tabs()
    )


def _results_page(
    employer: Employer,
    words: str,
    filters: dict[str, list[str]],
    expression: Expression | None,
    fault: BadQuery | None = None,
) -> str:
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found = index.search_cards(
        employer, expression, filters, offset=(page - 1) * PER_PAGE, limit=0 if fault else PER_PAGE
    )
    pages = min(max(1, -(-found.total // PER_PAGE)), MOST_PAGES)
    return render_template(
        "talent_pool/search.html",
        employer=employer,
        words=words[:400],
        error=translated(fault.message, fault.values) if fault else "",
        fault_at=fault.at if fault else 0,
        filters=filters,
        facets=[
            (facet_title(facet), _values(facet, found.counts.get(facet, {}), words, filters))
            for facet in FACETS
        ],
        cards=[shown_card(row.handle, row.card) for row in found.cards],
        asked=queries.asked_handles(employer),
        total=found.total,
        page=page,
        pages=pages,
        per_page=PER_PAGE,
        args=_args(words, filters),
        tabs=_tabs(),
    )


def _card_page(profile: PoolProfile, form: ContactForm) -> str:
    employer = get_employer(current_actor())
    asked = contacts.find_request(employer, profile.id)
    return render_template(
        "talent_pool/card.html",
        employer=employer,
        card=shown_card(profile.handle, profile.card),
        form=form,
        asked=asked,
        contact=find_contact(employer, asked, profile.person_id) if asked else None,
        tabs=_tabs(),
    )


def _filters() -> dict[str, list[str]]:
    """The filters of the address: known names, harmless values, each once and not too many."""
    chosen = {}
    for facet in FACETS:
        values = [value for value in request.args.getlist(facet) if VALUE.fullmatch(value)]
        if values:
            chosen[facet] = list(dict.fromkeys(values))[:10]
    return chosen


def _values(
    facet: str, counts: dict[str, int], words: str, filters: dict[str, list[str]]
) -> list[FilterValue]:
    chosen = filters.get(facet, [])
    known = ORDER.get(facet, ())
    shown = {**counts, **{value: counts.get(value, 0) for value in chosen}}
    in_order = sorted(
        shown, key=lambda value: (known.index(value), "") if value in known else (len(known), value)
    )
    if facet in ("language", "year"):
        in_order.sort(key=lambda value: -shown[value] if facet == "language" else 0)
    return [
        FilterValue(
            label=facet_label(facet, value),
            count=shown[value],
            url=url_for("employers.search", **_args(words, _toggled(filters, facet, value))),
            is_chosen=value in chosen,
        )
        for value in in_order
    ]


def _toggled(filters: dict[str, list[str]], facet: str, value: str) -> dict[str, list[str]]:
    chosen = filters.get(facet, [])
    rest = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
    return {**filters, facet: rest}


def _args(words: str, filters: dict[str, list[str]]) -> dict[str, Any]:
    return {
        **({"q": words[:400]} if words else {}),
        **{name: values for name, values in filters.items() if values},
    }


def _tabs() -> list[dict[str, object]]:
    return [
        {"label": label, "url": url_for(endpoint), "is_current": request.endpoint == endpoint}
        for label, endpoint in ((_("Search"), "employers.search"), (_("Requests"), "employers.requests"))
    ]
