"""Rate limits: high for each network address (a campus is one), low for each e-mail address or link."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import parse_many

from core.logs import keyed_hash

if TYPE_CHECKING:
    from config import Settings

View = TypeVar("View", bound=Callable[..., Any])
DEFAULT_WAIT = 60


def _settings() -> Settings:
    settings: Settings = current_app.extensions["parley_limits"]
    return settings


def _hashed(purpose: str, value: str) -> str:
    return f"{purpose}:{keyed_hash(_settings().secret_key, purpose, value)}"


def check_limits(*expressions: str) -> None:
    """Raise ValueError, with one clear line, for what is no limit."""
    for expression in expressions:
        try:
            parse_many(expression)
        except ValueError:
            raise ValueError(
                f"{expression!r} is not a limit; write for example '10 per 15 minutes'."
            ) from None


def network_key() -> str:
    """The hashed network address of the sender (forwarded headers count only behind trusted proxies)."""
    return _hashed("ip", request.remote_addr or "unknown")


limiter = Limiter(
    key_func=network_key,
    application_limits=[lambda: _settings().limit_per_address],
    strategy="fixed-window",
)


def init_limits(app: Flask, settings: Settings) -> None:
    """Limit `app` as `settings` say: counters in this process, or shared in Redis when there is one.

    When Redis cannot be reached each process counts for itself until it is back.
    """
    app.extensions["parley_limits"] = settings
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = bool(settings.redis_url)
    limiter.init_app(app)


def limit_by_address_and_token(
    limit: str | None = None, *, field: str = "email", argument: str = "token", scope: str = "sign-in"
) -> Callable[[View], View]:
    """Limit the unsafe requests of a view by whom they are aimed at, whatever network they come from.

    The key is a hash of the e-mail address typed into `field` (without case and blanks), else of the private
    token in the address or form (`argument`), else of the sender's network address. Views with one `scope`
    share one count. `limit` is a Flask-Limiter expression; without it the setting `limit_sign_in` holds.
    """

    def key() -> str:
        if typed := request.form.get(field, "").strip().casefold():
            return _hashed("email", typed)
        if token := str((request.view_args or {}).get(argument) or request.form.get(argument, "")):
            return _hashed("token", token)
        return network_key()

    def decorate(view: View) -> View:
        limited = limiter.shared_limit(
            limit or (lambda: _settings().limit_sign_in),
            scope=scope,
            key_func=key,
            methods=["POST", "PUT", "PATCH", "DELETE"],
            override_defaults=False,
        )
        return limited(view)  # type: ignore[return-value]

    return decorate


def seconds_to_wait() -> int:
    """How long the sender of a refused request should wait, in whole seconds."""
    reached = limiter.current_limit
    if reached is None:
        return DEFAULT_WAIT
    return max(1, math.ceil(reached.reset_at - time.time()))
