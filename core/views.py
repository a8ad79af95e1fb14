"""Pages of the kernel: switching the language and opening a private link."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from core import links as private_links
from core.access import Actor, public
from core.audit import edition_scope, record
from core.localised import LOCALES

language = Blueprint("language", __name__)
links = Blueprint("links", __name__)


def safe_next(target: str | None, fallback: str) -> str:
    """`target` when it is a path of this site, otherwise `fallback` (no open redirects)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return fallback
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else fallback


@language.post("/language")
@public
def switch() -> ResponseReturnValue:
    """Remember the reader's language in this browser."""
    if request.form.get("locale") in LOCALES:
        session["locale"] = request.form["locale"]
    return redirect(safe_next(request.form.get("next"), url_for("home.index")), code=303)


@links.get("/l/<token>")
@public
def open_link(token: str) -> ResponseReturnValue:
    """Show whom the link is for. A GET consumes nothing: scanners and chat previews fetch links too."""
    link = private_links.find_by_token(token)
    if link is None:
        return render_template("links/ended.html"), 404
    target = private_links.landing_of(link)
    ends_at = min(target.ends_at or link.expires_at, link.expires_at)
    return render_template("links/continue.html", target=target, token=token, expires_at=ends_at)


@links.post("/l/<token>")
@public
def continue_with_link(token: str) -> ResponseReturnValue:
    """Act with the link's one capacity in this browser, and go to its clean address."""
    link = private_links.find_by_token(token)
    if link is None:
        abort(404)
    chosen = session.get("locale")
    private_links.continue_as(link)
    scope = edition_scope(link.edition_id) if link.edition_id is not None else ""
    record(Actor(link_id=link.id), "open_link", link.purpose, link.subject_id, scope=scope)
    if chosen:
        session["locale"] = chosen
    return redirect(private_links.landing_of(link).url, code=303)
