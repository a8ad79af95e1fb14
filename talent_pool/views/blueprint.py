"""The blueprints that pages share: those of a person, those of employers."""

from __future__ import annotations

from flask import Blueprint

from talent_pool.labels import country_name, kind_names

employers = Blueprint("employers", __name__, url_prefix="/employers")
pool = Blueprint("pool", __name__, url_prefix="/pool")


@pool.app_template_filter("country_name")
def country_in_words(code: str) -> str:
    """A country or region by its name."""
    return country_name(code) if code else ""


@pool.app_template_filter("employer_kind")
def employer_kind(kind: str) -> str:
    """A kind of organisation by its name."""
    return kind_names().get(kind, kind)
