"""The organisers' pages of messages, and their front page."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("messages", __name__, url_prefix="/e/<slug>/messages")
