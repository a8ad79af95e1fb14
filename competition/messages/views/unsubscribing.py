"""Wanting no more mail of an edition: a page that says what will end, and the same in one click from a mail program."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from competition.editions.public import get_edition_by_id
from competition.messages.models import MailChoice
from competition.messages.unsubscribing import choose, find_choice
from core.access import public
from core.db import utc_now

blueprint = Blueprint("unsubscribing", __name__, url_prefix="/unsubscribe")


@blueprint.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """What will end. A GET changes nothing: mail scanners open links too."""
    return _page(_choice(token), token)


@blueprint.post("/<token>")
@public
def end(token: str) -> ResponseReturnValue:
    """Want no more, or want it again; a mail program's own click arrives here too, without a session."""
    choice = _choice(token)
    choose(choice=choice, wants_no_more=request.form.get("again") != "1", now=utc_now())
    return _page(choice, token)


def _choice(token: str) -> MailChoice:
    choice = find_choice(token)
    if choice is None:
        abort(404)
    return choice


def _page(choice: MailChoice, token: str) -> str:
    edition = get_edition_by_id(choice.edition_id)
    return render_template("messages/unsubscribe.html", edition=edition, choice=choice, token=token)


@blueprint.record
def without_form_token(state: BlueprintSetupState) -> None:
    """The signed address is the proof; a mail program that posts it (RFC 8058) has no form token."""
    state.app.extensions["csrf"].exempt(end)
