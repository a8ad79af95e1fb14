"""The one blueprint `auth` that the pages of this feature share, and its connection with Flask-Login."""

from __future__ import annotations

from flask import Blueprint

from accounts.sessions import login_manager

auth = Blueprint("auth", __name__)
auth.record_once(lambda state: login_manager.init_app(state.app, add_context_processor=False))
