"""What the pages of rounds share: fetching the round of an address, versions in forms, changes that may fail."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from competition.editions.public import Edition, get_edition
from competition.rounds.facts import RoundFacts
from competition.rounds.queries import get_round_facts
from competition.rounds.views.draw_page import draw_page
from core.access import current_actor
from core.db import db
from core.errors import DomainError, NotFound
from core.forms import whole_number
from core.idempotency import once


def fetch(slug: str, number: int) -> tuple[Edition, RoundFacts]:
    """The edition and the round that an address names; raises NotFound."""
    edition = get_edition(slug)
    return edition, get_round_facts(edition.id, number)


def shown_version() -> int:
    """The round's version that the form was filled in against; one that never fits when it is missing."""
    return whole_number(request.form.get("version", ""), otherwise=-1)


def change_draw(
    slug: str,
    number: int,
    purpose: str,
    work: Callable[[RoundFacts], tuple[str, str]],
    *,
    to: str | None = None,
) -> ResponseReturnValue:
    """Do something to a round's draw once, say what was done, and show the draw again.

    `work` returns the message and its kind. What the domain refuses is said on top of the draw as it is now.
    """
    edition, facts = fetch(slug, number)

    def done() -> str:
        message, kind = work(facts)
        flash(message, kind)
        return to or url_for("rounds.show", slug=slug, number=number)

    try:
        return once(current_actor(), f"{purpose}:{facts.id}", done)
    except NotFound:
        raise
    except DomainError as fault:
        db.session.rollback()
        return draw_page(edition, number, fault=fault), fault.status
