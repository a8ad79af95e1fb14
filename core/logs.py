"""Structured logs: one line per request with its id, nothing secret or personal in any line."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from config import Settings

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"passw|secret|token|cookie|authorization|credential|otp|recovery|nonce|smtp_url|database_url|redis_url"
    r"|^code$|_code$|^e?_?mail$|_email$|^to_address$",
    re.IGNORECASE,
)
SECRET_ARGUMENTS = frozenset({"token", "code", "nonce", "key"})
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

LINK_PATH = re.compile(r"(/l/)[^/\s?\"'#]+")
LONG_SEGMENT = re.compile(r"(?<=[/=\s\"'])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{24,}(?:\.[\w-]{6,}){0,2}")
QUERY = re.compile(r"(?<=[\w/~.-])\?[^\s\"'<>]*=[^\s\"'<>]*")
CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
NAMED_SECRET = re.compile(
    r"\b((?:password|passwd|passwort|secret|token|code|otp)[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&)}\]]+)",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+|[\w.+-]+@localhost\b")
IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)")
IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:)[0-9A-Fa-f:.]{2,45}(?![\w:])")


def keyed_hash(secret_key: str, purpose: str, value: str) -> str:
    """A short stable stand-in for `value`, not to be turned back without the server's secret (64 bits)."""
    digest = hmac.new(secret_key.encode(), f"{purpose}:{value}".encode(), hashlib.sha256)
    return digest.hexdigest()[:16]


class Redactor:
    """A structlog processor that hides what must not be written down, in every value of every line."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def __call__(self, _logger: object, _name: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {key: self._value(key, value) for key, value in event.items()}

    def text(self, text: str) -> str:
        """`text` without tokens, query strings, credentials, e-mail addresses and readable IP addresses."""
        text = QUERY.sub(f"?{HIDDEN}", text)
        text = LINK_PATH.sub(rf"\1{HIDDEN}", text)
        text = CREDENTIALS.sub(f"{HIDDEN}@", text)
        text = EMAIL.sub(HIDDEN, text)
        text = NAMED_SECRET.sub(rf"\1{HIDDEN}", text)
        text = LONG_SEGMENT.sub(HIDDEN, text)
        return IPV6.sub(self._network, IPV4.sub(self._network, text))

    def _value(self, key: str, value: Any) -> Any:
        if SECRET_NAMES.search(key):
            return HIDDEN
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self._value(str(name), part) for name, part in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._value("", part) for part in value]
        if value is None or isinstance(value, (bool, int, float)) or key.startswith("_"):
            return value
        return self.text(str(value))

    def _network(self, match: re.Match[str]) -> str:
        try:
            address = ipaddress.ip_address(match.group())
        except ValueError:
            return match.group()
        if address.is_loopback or address.is_unspecified:
            return match.group()
        return "ip:" + keyed_hash(self._secret_key, "ip", address.compressed)


class _CurrentStderr(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment (tests and daemons replace it)."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        return


def _is_no_access_line(record: logging.LogRecord) -> bool:
    """Werkzeug's own line for each request is left out: ours says more and hides what must be hidden."""
    return not (record.levelno <= logging.INFO and " - - [" in str(record.msg))


def configure_logging(app: Flask, settings: Settings) -> None:
    """Send every log line of the process through one redacted format, and log each request once.

    JSON lines in production, readable lines otherwise. Calling it again replaces the earlier settings.
    """
    redact = Redactor(settings.secret_key)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    _install_handler(_formatter(redact, shared, is_json=settings.is_production), settings.log_level)
    _register_request_log(app, trusts_proxy=settings.trusted_hops > 0)


def _formatter(redact: Redactor, shared: list[Any], *, is_json: bool) -> logging.Formatter:
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
        if is_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
    )


def _install_handler(formatter: logging.Formatter, level: str) -> None:
    root = logging.getLogger()
    for earlier in [handler for handler in root.handlers if isinstance(handler, _CurrentStderr)]:
        root.removeHandler(earlier)
    handler = _CurrentStderr()
    handler.setFormatter(formatter)
    handler.addFilter(_is_no_access_line)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in ("werkzeug", "gunicorn.error", "gunicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # it tells every step of every font that a PDF embeds
    logging.getLogger("fontTools").setLevel(logging.WARNING)


def _register_request_log(app: Flask, *, trusts_proxy: bool) -> None:
    log = structlog.get_logger("parley.request")

    @app.before_request
    def begin() -> None:
        g.request_started = time.perf_counter()
        g.request_id = _request_id(trusts_proxy)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def finish(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            write: Callable[..., Any] = log.debug if _is_routine() else log.info
            write("request", **_line(response))
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.unbind_contextvars("request_id")


def _request_id(trusts_proxy: bool) -> str:
    given = request.headers.get("X-Request-Id", "") if trusts_proxy else ""
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _is_routine() -> bool:
    endpoint = request.endpoint or ""
    return endpoint.split(".")[-1] in ("static", "asset", "healthz")


def _line(response: Response) -> dict[str, Any]:
    line: dict[str, Any] = {
        "method": request.method,
        "path": hidden_path(),
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.request_started) * 1000, 1),
    }
    actor = g.get("actor")
    for name in ("person_id", "user_id", "link_id"):
        if (value := getattr(actor, name, None)) is not None:
            line[name] = value
    return line


def hidden_path() -> str:
    """The path of this request, its secret arguments hidden; never the query string."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        if name in SECRET_ARGUMENTS and value:
            path = path.replace(str(value), HIDDEN)
    return path
