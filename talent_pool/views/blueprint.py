"""The one blueprint that the pages of employers share."""

from __future__ import annotations

from flask import Blueprint

employers = Blueprint("employers", __name__, url_prefix="/employers")
