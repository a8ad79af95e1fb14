"""The DomainError family, and the pages that say in plain words what happened and what to do next.

A message is English source text with %(name)s places; it is marked where it is written (`N_` or the name of
the error class, which are keywords of the message extraction) and translated when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from core.db import db
from core.localised import N_
from core.problems import Problem

log = structlog.get_logger(__name__)
MOST_DETAILS = 200
BUSY_SECONDS = 5
PASSING_FAULTS = frozenset({"40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03"})
"""PostgreSQL's codes for faults that pass: serialisation, deadlock, too many connections, lock, shutdown."""


COLLISIONS = frozenset(
    {
        "23503",
        "23505",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_UNIQUE",
    }
)
"""Both databases' codes for two people who write at once what can be there only once, or remove what is used."""


class DomainError(Exception):
    """Something that cannot be done, said so that a person can act on it.

    `message` is English source text, the keyword arguments fill its places. Subclasses give the HTTP status,
    a stable word for machines and the message used when none is given.
    """

    status = 400
    word = "refused"
    default = N_("This cannot be done. Nothing was changed.")

    def __init__(self, message: str = "", **values: object) -> None:
        self.message = message or self.default
        self.values: dict[str, object] = values
        super().__init__(self.message)

    @property
    def text(self) -> str:
        """The message in English, filled in."""
        return self.message % self.values if self.values else self.message

    @property
    def details(self) -> list[str]:
        """Further lines, in the reader's language."""
        return []

    def __str__(self) -> str:
        return self.text


class NotFound(DomainError):
    """Not there, or not to be known of. On the web every NotFound looks the same, whatever its message."""

    status = 404
    word = "not_found"
    default = N_("There is nothing at this address, or it is not yours to see.")


class Forbidden(DomainError):
    """Known to the person, but not theirs to do."""

    status = 403
    word = "forbidden"
    default = N_("You can see this, but you may not do that. Ask an organiser if you should be able to.")


class Conflict(DomainError):
    """Does not fit the present state of things."""

    status = 409
    word = "conflict"
    default = N_("This no longer fits what is there now. Nothing was changed; reload the page and try again.")


class Invalid(DomainError):
    """The input breaks a rule."""

    status = 422
    word = "invalid"
    default = N_("Something in what you sent is not right. Nothing was changed.")


class TooLarge(DomainError):
    """More than can be taken in at once."""

    status = 413
    word = "too_large"
    default = N_("This is larger than we can take. Send a smaller file; nothing was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What differs between the version a person was shown and the present one; `label` is source text."""

    label: str
    shown: str
    now: str


class Stale(Conflict):
    """Somebody else changed the thing in the meantime; `changes` says what, `further` lists deeds in any language."""

    word = "stale"
    default = N_("Somebody else changed this while you were working. What you sent was not saved over it.")

    def __init__(
        self,
        message: str = "",
        *,
        changes: Sequence[Change] = (),
        further: Sequence[str] = (),
        **values: object,
    ) -> None:
        super().__init__(message, **values)
        self.changes = tuple(changes)
        self.further = tuple(further)

    @property
    def details(self) -> list[str]:
        return [
            _said(
                N_("%(label)s: you were shown “%(shown)s”, now it is “%(now)s”."),
                {"label": _said(change.label), "shown": change.shown, "now": change.now},
            )
            for change in self.changes
        ] + list(self.further[-MOST_DETAILS:])


class ProblemsFound(Invalid):
    """Every fault of some input at once. `beside` is what a job that fails with them keeps in its result."""

    word = "problems"
    default = N_("Something in what you sent is not right. Nothing was changed; here is all of it.")

    def __init__(self, problems: Iterable[Problem], message: str = "", **values: object) -> None:
        super().__init__(message, **values)
        self.problems = tuple(problems)
        self.beside: dict[str, object] = {}

    @property
    def details(self) -> list[str]:
        shown = [said_problem(problem) for problem in self.problems[:MOST_DETAILS]]
        if more := len(self.problems) - len(shown):
            shown.append(_said(N_("… and %(count)s more."), {"count": more}))
        return shown


def said(error: DomainError) -> str:
    """The error's message in the reader's language."""
    return _said(error.message, error.values)


def said_problem(problem: Problem) -> str:
    """One problem in the reader's language, with the place it was found in front."""
    place = " · ".join(str(part) for part in problem.where)
    text = _said(problem.message, problem.values)
    return f"{place}: {text}" if place else text


def _said(message: str, values: Mapping[str, object] | None = None) -> str:
    text = gettext(message) if message else ""
    return text % values if values else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an error page says; `title` and `message` are source text."""

    status: int
    word: str
    title: str
    message: str
    values: Mapping[str, object] | None = None
    details: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


PAGES: dict[int, tuple[str, str, str]] = {
    400: (
        "bad_request",
        N_("We could not read that"),
        N_(
            "Your browser sent something we could not understand. Nothing was changed. Go back and try again."
        ),
    ),
    401: ("sign_in", N_("Please sign in"), N_("You have to sign in to see this page.")),
    403: (Forbidden.word, N_("You may not do that"), Forbidden.default),
    404: (NotFound.word, N_("Nothing here"), NotFound.default),
    405: (
        "method_not_allowed",
        N_("That does not work here"),
        N_("This address cannot be used in that way. Nothing was changed. Start again from the page before."),
    ),
    409: (Conflict.word, N_("That no longer fits"), Conflict.default),
    413: (TooLarge.word, N_("That is too large"), TooLarge.default),
    422: (Invalid.word, N_("That is not right yet"), Invalid.default),
    429: (
        "too_many_requests",
        N_("Too many tries"),
        N_("There were too many tries in a short time. Wait a little, then try again; nothing was lost."),
    ),
    500: (
        "fault",
        N_("Something broke on our side"),
        N_("This is our fault, not yours. Nothing was changed, and we have a record of it. Try again soon."),
    ),
    503: (
        "busy",
        N_("Busy for a moment"),
        N_("The server is busy or being restarted. Nothing was changed. Try again in a few seconds."),
    ),
}
CSRF_TITLE = N_("This page could not be sent")
CSRF_MESSAGE = N_(
    "This page was open for too long, or your browser blocks our cookies. Nothing was changed. "
    "Go back (what you typed is usually still there), reload the page, and send it again."
)


def register_error_handlers(app: Flask) -> None:
    """Answer every error with a page or a JSON body in plain words, after undoing the open transaction."""
    app.register_error_handler(DomainError, _answer_domain_error)
    app.register_error_handler(CSRFError, _answer_csrf_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(DBAPIError, _answer_database_error)
    app.register_error_handler(PoolTimeout, _answer_busy)


def _answer_domain_error(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, NotFound):
        return _answer(page_for(404))
    _undo()
    page = page_for(error.status)
    details = tuple(error.details)
    return _answer(
        Page(
            status=error.status,
            word=error.word,
            title=page.title,
            message=error.message,
            values=error.values,
            details=details,
        )
    )


def _answer_csrf_error(error: CSRFError) -> ResponseReturnValue:
    log.info("csrf_refused", reason=error.description)
    return _answer(Page(status=400, word="csrf", title=CSRF_TITLE, message=CSRF_MESSAGE))


def _answer_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):
        return _bare(page_for(400))
    return _answer(page_for(error.code, headers=_kept_headers(error)))


def _answer_database_error(error: DBAPIError) -> ResponseReturnValue:
    """503 when the fault passes by itself (a lock, a lost connection), 409 when somebody else was faster.

    Anything else is a fault of ours.
    """
    if is_collision(error):
        log.warning("database_collision", exc_info=error)
        return _answer(page_for(409))
    if not is_passing(error):
        raise error
    log.warning("database_busy", exc_info=error)
    return _answer_busy(error)


def _answer_busy(_error: Exception) -> ResponseReturnValue:
    return _answer(page_for(503, headers=(("Retry-After", str(BUSY_SECONDS)),)))


def is_passing(error: DBAPIError) -> bool:
    """Whether a database error goes away by waiting: a lock held too long, a lost connection, a deadlock."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in PASSING_FAULTS:
        return True
    text = str(error.orig).lower()
    words = (
        "locked",
        "busy",
        "connection failed",
        "connection refused",
        "connection timeout",
        "server closed",
    )
    return isinstance(error, OperationalError) and any(word in text for word in words)


def is_collision(error: DBAPIError) -> bool:
    """Whether the database refused a second row of its kind, or a row whose other end has just gone."""
    codes = (getattr(error.orig, name, None) for name in ("sqlstate", "sqlite_errorname"))
    return isinstance(error, IntegrityError) and any(code in COLLISIONS for code in codes)


def page_for(status: int, *, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """The standard page of an HTTP status; an unusual one is told like 400 (the sender) or 500 (us)."""
    word, title, message = PAGES.get(status, PAGES[400 if status < 500 else 500])
    return Page(status=status, word=word, title=title, message=message, headers=headers)


def _kept_headers(error: HTTPException) -> tuple[tuple[str, str], ...]:
    kept = [(name, value) for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")]
    if error.code == 429 and not any(name.lower() == "retry-after" for name, _value in kept):
        from core.limits import seconds_to_wait

        kept.append(("Retry-After", str(seconds_to_wait())))
    return tuple(kept)


def _answer(page: Page) -> Response:
    _undo()
    try:
        response = _json(page) if _wants_json() else make_response(_rendered(page), page.status)
    except Exception:
        log.exception("error_page_failed", status=page.status)
        _undo()
        return _bare(page)
    response.headers.extend(page.headers)
    return response


def _json(page: Page) -> Response:
    body: dict[str, Any] = {"error": page.word, "message": _said(page.message, page.values)}
    if page.details:
        body["details"] = list(page.details)
    return make_response(jsonify(body), page.status)


def _rendered(page: Page) -> str:
    return render_template(
        "errors/error.html",
        code=page.status,
        title=_said(page.title),
        message=_said(page.message, page.values),
        details=list(page.details),
        ways=_ways(page),
    )


def _bare(page: Page) -> Response:
    """The page without layout, language or database, for when those are what failed."""
    message = page.message % page.values if page.values else page.message
    body = _plain_template(page.status, page.title, message) or (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(page.title)}</title>'
        f'<h1>{escape(page.title)}</h1><p>{escape(message)}</p><p><a href="/">Start page</a></p></html>'
    )
    response = make_response(body, page.status)
    response.headers.extend(page.headers)
    return response


def _plain_template(code: int, title: str, message: str) -> str:
    """The page from its template, which uses nothing but these three values; empty when even that fails."""
    try:
        template = current_app.jinja_env.get_template("errors/plain.html")
        return template.render(code=code, title=title, message=message)
    except Exception:
        log.exception("plain_error_page_failed")
        return ""


def _ways(page: Page) -> list[tuple[str, str]]:
    """Where to go from here. A 404 gives the same way to everybody, so that it tells nothing."""
    start = (_said(N_("Go to your start page")), "/")
    before = _page_before() if page.status != 404 else None
    return [(_said(N_("Go back to the page before")), before), start] if before else [start]


def _page_before() -> str | None:
    """The path of the page before, when it is one of ours and not this one."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host or not parts.path.startswith("/"):
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path not in (request.full_path, request.path) or request.method != "GET" else None


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _undo() -> None:
    if "sqlalchemy" in current_app.extensions:
        try:
            db.session.rollback()
        except Exception:
            log.exception("rollback_failed")
