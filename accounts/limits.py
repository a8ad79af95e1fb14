"""How often one address may be tried, in all its spellings, and how often one person may try."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, request

from accounts.addresses import find_normalised
from core.access import current_actor
from core.limits import View, limiter
from core.logs import keyed_hash


def limit_by_address(view: View) -> View:
    """Limit a view by the address typed into `email`: full-width letters or a coded domain make no new one."""
    return _limited(view, scope="sign-in", key=_address_key, is_exempt=_names_no_address)


def limit_by_user(view: View) -> View:
    """Limit a view by the signed-in user."""
    return _limited(view, scope="own-password", key=_user_key, is_exempt=lambda: False)


def _limited(view: View, *, scope: str, key: Callable[[], str], is_exempt: Callable[[], bool]) -> View:
    limited = limiter.shared_limit(
        lambda: current_app.extensions["parley_settings"].limit_sign_in,
        scope=scope,
        key_func=key,
        methods=["POST"],
        exempt_when=is_exempt,
        override_defaults=False,
    )
    return limited(view)  # type: ignore[return-value]


def _address_key() -> str:
    return _hashed("email", find_normalised(request.form.get("email")) or "")


def _names_no_address() -> bool:
    """A typing error is aimed at nobody, and is not counted against a whole campus."""
    return find_normalised(request.form.get("email")) is None


def _user_key() -> str:
    return _hashed("user", str(current_actor().user_id))


def _hashed(purpose: str, value: str) -> str:
    return f"{purpose}:{keyed_hash(current_app.config['SECRET_KEY'], purpose, value)}"
