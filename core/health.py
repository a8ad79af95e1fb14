"""Whether this process can serve: GET /healthz asks the database one question."""

from __future__ import annotations

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from core.access import public
from core.db import db
from core.limits import limiter

blueprint = Blueprint("health", __name__)
log = structlog.get_logger(__name__)


@blueprint.get("/healthz")
@limiter.exempt
@public
def healthz() -> ResponseReturnValue:
    """200 when the process can serve and reach its database, 503 otherwise."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        log.warning("health_check_failed", exc_info=True)
        db.session.rollback()
        return jsonify(status="unavailable"), 503, {"Cache-Control": "no-store"}
    return jsonify(status="ok"), 200, {"Cache-Control": "no-store"}
