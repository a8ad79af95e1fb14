"""What comes in: a body is taken whole before the transaction opens, and no text or number breaks a database."""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

from core.access import SAFE_METHODS

NUL = "\x00"
PART = 1 << 16
MOST_DISCARDED = 64 * 1024 * 1024
"""Bytes of a refused body that are still read, so that the refusal reaches the browser."""


class SmallInteger(IntegerConverter):
    """A number in an address that every database can hold; a longer one is no address of ours."""

    regex = r"\d{1,9}"


def register_incoming(app: Flask) -> None:
    """Take requests in before anything else looks at them; call it before any route is made."""
    app.url_map.converters["int"] = SmallInteger
    app.before_request(_refuse_unreadable_address)
    app.before_request(_take_body)


def _refuse_unreadable_address() -> None:
    """PostgreSQL has no text with a NUL in it, so nothing of ours has such an address.

    What follows a question mark is a question, and whoever reads it says what is wrong with it.
    """
    if NUL in request.path:
        abort(404)


def _take_body() -> None:
    """Read the whole body now: on bad Wi-Fi it takes a while, and nobody else's writing waits for it."""
    if request.method in SAFE_METHODS:
        return
    try:
        request.get_data(parse_form_data=True)
    except RequestEntityTooLarge:
        _discard_body()
        raise
    if any(NUL in part for item in request.form.items(multi=True) for part in item):
        clean = [(name.replace(NUL, ""), value.replace(NUL, "")) for name, value in request.form.items(True)]
        request.form = ImmutableMultiDict(clean)


def _discard_body() -> None:
    """A browser shows no answer that comes before it has sent everything; beyond a limit it is let down."""
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, MOST_DISCARDED)
    while left > 0 and (part := stream.read(min(PART, left))):
        left -= len(part)
