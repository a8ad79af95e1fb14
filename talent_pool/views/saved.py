"""Saved searches of an employer's member."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Conflict, Invalid, said
from talent_pool.consent import get_employer
from talent_pool.labels import facet_label, facet_title
from talent_pool.services import saved as service
from talent_pool.views.blueprint import employers
from talent_pool.views.common import tabs
from talent_pool.views.search import chosen_filters, search_args


@employers.get("/searches")
@requires(Permission.SEARCH_POOL)
def searches() -> ResponseReturnValue:
    """One's own searches with what they find now."""
    lines = service.searches_of(current_actor())
    return render_template(
        "talent_pool/searches.html",
        employer=get_employer(current_actor()),
        lines=[(line, _in_words(line.row.filters)) for line in lines],
        tabs=tabs(),
    )


@employers.post("/searches")
@requires(Permission.SEARCH_POOL)
def save_search() -> ResponseReturnValue:
    """Keep the search that the page shows."""
    words, filters = request.form.get("q", ""), chosen_filters()
    try:
        service.save_search(
            actor=current_actor(), name=request.form.get("name", ""), words=words, filters=filters
        )
    except (Conflict, Invalid) as fault:
        flash(said(fault), "warning")
        return redirect(url_for("employers.search", **search_args(words, filters)), code=303)
    flash(_("Saved. Once a day you get the counts by e-mail when there is something new."), "success")
    return redirect(url_for("employers.searches"), code=303)


@employers.post("/searches/<search_id>/remove")
@requires(Permission.SEARCH_POOL)
def remove_search(search_id: str) -> ResponseReturnValue:
    """Forget a search."""
    service.remove_search(actor=current_actor(), public_id=search_id)
    flash(_("The search is removed."), "success")
    return redirect(url_for("employers.searches"), code=303)


@employers.post("/searches/<search_id>/<any(daily, never):often>")
@requires(Permission.SEARCH_POOL)
def how_often(search_id: str, often: str) -> ResponseReturnValue:
    """Mail its counts every day, or not."""
    service.set_daily(actor=current_actor(), public_id=search_id, is_daily=often == "daily")
    return redirect(url_for("employers.searches"), code=303)


def _in_words(filters: dict[str, list[str]]) -> list[str]:
    return [
        f"{facet_title(facet)}: {', '.join(facet_label(facet, value) for value in values)}"
        for facet, values in filters.items()
    ]
