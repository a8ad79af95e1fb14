"""Security and caching headers of every response, and how far forwarded headers are believed."""

from __future__ import annotations

from flask import Flask, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONE_YEAR = 365 * 24 * 60 * 60
ASSET_ENDPOINTS = frozenset({"static", "asset"})


def apply_proxy(app: Flask, hops: int) -> None:
    """Believe the forwarded address, scheme and host of exactly `hops` reverse proxies; of none when 0."""
    if hops > 0:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=hops
        )


def register_headers(app: Flask) -> None:
    """Add the headers to every response of `app`; one that a view has set itself stays.

    Hosts other than TRUSTED_HOSTS are refused with 400 by Flask before any view runs.
    """

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if current_app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
        response.headers.setdefault("Cache-Control", _cache_rule(response))
        return response


def _cache_rule(response: Response) -> str:
    """A page of somebody known, or with a private token, is stored nowhere; files say it themselves."""
    if is_asset():
        return "no-cache"
    return "no-store" if _is_personal() or response.status_code >= 400 else "private, no-cache"


def is_asset() -> bool:
    """Whether this request is for a static file."""
    return (request.endpoint or "").split(".")[-1] in ASSET_ENDPOINTS


def _is_personal() -> bool:
    actor = g.get("actor")
    has_token = "token" in (request.view_args or {})
    return has_token or request.method == "POST" or bool(getattr(actor, "is_known", False))
