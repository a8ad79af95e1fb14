"""The blueprint of an organiser's roster: teams, judges and their private links."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("people", __name__, url_prefix="/e/<slug>/people")
