"""Static files: served by the application itself under versioned addresses that may be kept for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, request, url_for
from flask.wrappers import Response

from core.access import public

STATIC = Path(__file__).resolve().parent.parent / "static"
_versions: dict[str, tuple[float, str]] = {}


def asset(path: str) -> str:
    """The address of a file under static/, with a version that changes when its content does."""
    return url_for("static", filename=path, v=_version(path))


def register_assets(app: Flask) -> None:
    """Serve static/ through the application (a proxy may stand in front)."""
    app.static_folder = str(STATIC)

    @public
    def static(filename: str) -> Response:
        response = app.send_static_file(filename)
        if request.args.get("v") and request.args["v"] == _version(filename):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static)


def _version(path: str) -> str:
    file = STATIC / path
    try:
        changed = file.stat().st_mtime
    except FileNotFoundError:
        return "missing"
    known = _versions.get(path)
    if known is None or known[0] != changed:
        known = (changed, hashlib.sha256(file.read_bytes()).hexdigest()[:12])
        _versions[path] = known
    return known[1]
