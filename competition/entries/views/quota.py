"""The page of the judge quota: who owes how many judges, who is short, and the rule itself."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.quota import QuotaFilter, find_quota, quota_lines, shortfall
from competition.entries.services.quota import set_quota
from competition.entries.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import DomainError, said
from core.forms import whole_number
from core.idempotency import new_key, once

SHORT_LIST = 8
"""A list up to this long needs no search."""
FIELDS = ("judges", "per_teams", "free_teams")


@blueprint.get("/judges/owed")
@requires(Permission.MANAGE_PEOPLE)
def quota(slug: str) -> ResponseReturnValue:
    """Every institution with what it owes and brought."""
    return _page(get_edition(slug))


@blueprint.post("/judges/owed")
@requires(Permission.MANAGE_PEOPLE)
def save_quota(slug: str) -> ResponseReturnValue:
    """Set the rule."""
    edition = get_edition(slug)

    def work() -> str:
        set_quota(
            actor=current_actor(),
            edition=edition,
            **{name: whole_number(request.form.get(name, ""), otherwise=-1) for name in FIELDS},
            version=whole_number(request.form.get("version", ""), otherwise=-1),
        )
        flash(_("Saved."), "success")
        return url_for("people.quota", slug=slug)

    try:
        return once(current_actor(), f"judge_quota:{edition.id}", work)
    except DomainError as fault:
        db.session.rollback()
        return _page(edition, fault), fault.status


def _page(edition: Edition, fault: DomainError | None = None) -> str:
    found, asked = find_quota(edition.id), QuotaFilter.of(request.args)
    lines = quota_lines(edition.id, found) if found is not None else []
    return render_template(
        "entries/quota.html",
        edition=edition,
        quota=found,
        lines=asked.lines(lines),
        has_any=bool(lines),
        is_long=len(lines) > SHORT_LIST,
        asked=asked,
        sort_url=lambda name: url_for("people.quota", slug=edition.slug, **asked.arguments(sort=name)),
        short=shortfall(lines),
        typed=request.form if fault else {},
        fault=[said(fault), *fault.details] if fault else [],
        new_key=new_key,
    )
