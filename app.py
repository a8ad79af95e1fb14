"""The composition root: puts kernel and features together into one application."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request, session
from flask_babel import Babel
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

import accounts.routes
import competition.applications.routes
import competition.cases.routes
import competition.day.routes
import competition.editions.routes
import competition.entries.routes
import competition.lists.routes
import competition.messages.routes
import competition.resolutions.routes
import competition.rounds.routes
import core.routes
import judging.routes
import tabroom.routes
import talent_pool.routes
from competition.likeness.searching import spoken
from config import ROOT, BadSettings, Settings, load_settings
from core import access, assets, errors, headers, incoming, limits, localised, logs, mail
from core.db import db, open_write_transaction

FEATURES = (
    core.routes,
    accounts.routes,
    competition.editions.routes,
    competition.entries.routes,
    competition.rounds.routes,
    competition.cases.routes,
    competition.messages.routes,
    competition.resolutions.routes,
    competition.day.routes,
    competition.applications.routes,
    competition.lists.routes,
    judging.routes,
    talent_pool.routes,
    tabroom.routes,
)


class Parley(Flask):
    """Flask with the transaction at the edge: an unsafe request commits once, after its view, or not at all."""

    def dispatch_request(self) -> Any:
        response = self.make_response(super().dispatch_request())
        if request.method not in access.SAFE_METHODS and (response.status_code < 400 or g.get("keep_writes")):
            db.session.commit()
        return response


def create_app(settings: Settings | None = None) -> Flask:
    """A ready application for `settings` (default: from the environment)."""
    settings = settings or load_settings()
    _check_formats(settings)
    app = Parley(__name__, static_folder=None, instance_path=str(settings.instance_path))
    _configure(app, settings)
    _connect_kernel(app, settings)
    for feature in FEATURES:
        for blueprint in feature.BLUEPRINTS:
            app.register_blueprint(blueprint)
        for command in feature.COMMANDS:
            app.cli.add_command(command)
    return app


def _check_formats(settings: Settings) -> None:
    """Stop with one clear line before a wrong setting is found out in the middle of the day."""
    try:
        if settings.smtp_url:
            mail.parse_smtp_url(settings.smtp_url)
        limits.check_limits(settings.limit_per_address, settings.limit_sign_in)
    except ValueError as error:
        raise BadSettings(str(error)) from None


def _configure(app: Flask, settings: Settings) -> None:
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["parley_settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "hide_parameters": True},
        PUBLIC_URL=settings.public_url or "http://127.0.0.1:5000",
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=settings.max_upload + 65536,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        SESSION_COOKIE_NAME="parley",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 30,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE=localised.DEFAULT_LOCALE,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "application/javascript",
            "text/javascript",
            "image/svg+xml",
        ],
        TESTING=settings.is_testing,
    )


def _connect_kernel(app: Flask, settings: Settings) -> None:
    """Order matters: what is registered first sees a request first and its response last."""
    logs.configure_logging(app, settings)
    headers.apply_proxy(app, settings.trusted_hops)
    incoming.register_incoming(app)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    Babel(app, locale_selector=localised.chosen_locale)
    limits.init_limits(app, settings)
    CSRFProtect(app)
    app.before_request(_begin)
    app.before_request(access.guard_request)
    headers.register_headers(app)
    errors.register_error_handlers(app)
    assets.register_assets(app)
    Compress(app)
    app.context_processor(_template_context)
    app.jinja_env.globals["asset"] = assets.asset
    app.add_template_filter(localised.local_time, "localtime")
    app.add_template_filter(localised.local_day, "day")
    app.add_template_filter(localised.local_clock, "clock")
    app.add_template_filter(localised.joined, "joined")
    app.add_template_filter(spoken, "sounds")


def _here() -> str:
    """Where switching the language leads: this page if it can be asked for, else the page before."""
    if request.method in access.SAFE_METHODS:
        return request.full_path.rstrip("?")
    before = urlsplit(request.referrer or "")
    return before.path if before.netloc == request.host else "/"


def _begin() -> None:
    if request.method not in access.SAFE_METHODS:
        open_write_transaction()


def _template_context() -> dict[str, Any]:
    return {
        "current_actor": access.current_actor(),
        "locale": localised.chosen_locale(),
        "locales": localised.LOCALES,
        "is_demo": tabroom.routes.is_demo(),
        "here": _here(),
        "has_session": bool(session),
    }
