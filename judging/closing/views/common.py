"""What the pages of the closing share: a change that may be refused, seeds typed in, names of rankings."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, divisions_of
from competition.rounds.public import role_words
from core.access import current_actor
from core.db import db
from core.errors import DomainError, Invalid, NotFound
from core.idempotency import once
from core.localised import N_, chosen_locale, in_language
from core.roles import ROLES
from judging.closing.lots import LARGEST_SEED


def attempt(
    purpose: str, work: Callable[[], str], show: Callable[[DomainError], ResponseReturnValue]
) -> ResponseReturnValue:
    """Do `work` once for the form's key and go where it says; what the domain refuses is said by `show`."""
    try:
        return once(current_actor(), purpose, work)
    except NotFound:
        raise
    except DomainError as fault:
        db.session.rollback()
        return show(fault)


def typed_seed() -> int | None:
    """The seed in the form, None where the field is empty; raises Invalid for anything else."""
    text = request.form.get("seed", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Invalid(N_("A seed is a whole number from 0 to %(largest)s."), largest=LARGEST_SEED)
    return int(text)


def selection_names(edition: Edition) -> dict[str, str]:
    """What every ranking of an edition is called."""
    names = {
        f"division:{division.code}": in_language(division.name, division.name_zh, chosen_locale())
        or division.code
        for division in divisions_of(edition.id)
    }
    return {"overall": _("Overall"), **{f"role:{role}": role_words(role) for role in ROLES}, **names}
