"""The tabs on top of a person's pages in the pool."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from talent_pool.models import PoolProfile
from talent_pool.queries import count_open_requests


def own_tabs(profile: PoolProfile) -> list[dict[str, object]]:
    """Card, who sees it, requests (with how many wait), log, consent."""
    waiting = count_open_requests(profile.person_id) or None
    tabs = (
        (_("Card"), "pool.show", None),
        (_("Who sees it"), "pool.audience", None),
        (_("Requests"), "pool.requests", waiting),
        (_("Log"), "pool.log", None),
        (_("Consent and data"), "pool.consent", None),
    )
    return [
        {"label": label, "url": url_for(endpoint), "is_current": _is_here(endpoint), "count": count}
        for label, endpoint, count in tabs
    ]


def _is_here(endpoint: str) -> bool:
    here = {"pool.save": "pool.show", "pool.upload_cv": "pool.show", "pool.change_audience": "pool.audience"}
    return here.get(request.endpoint or "", request.endpoint) == endpoint
