"""Pages on which a person decides which employers see their card, and looks at it with an employer's eyes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Invalid, NotFound, Stale, said
from talent_pool import queries
from talent_pool.consent import find_consent, get_own_profile, shown_card
from talent_pool.labels import country_name, kind_names
from talent_pool.models import PoolConsent, PoolProfile
from talent_pool.person_forms import ChoicesForm, values_of_choices
from talent_pool.services.choices import Choices, choices_of
from talent_pool.services.membership import change_choices
from talent_pool.views.blueprint import pool
from talent_pool.views.own_tabs import own_tabs
from talent_pool.views.shown import shown_card as card_in_words

MOVES = {"show": ("chosen", "hidden"), "hide": ("hidden", "chosen")}


@pool.get("/audience")
@requires(Permission.JOIN_POOL)
def audience() -> ResponseReturnValue:
    """Which employers see one's card, one by one, and the rules behind it."""
    profile = get_own_profile(current_actor())
    return _page(profile, _stored_form(profile))


@pool.post("/audience")
@requires(Permission.JOIN_POOL)
def change_audience() -> ResponseReturnValue:
    """Change the rules; what was decided about single employers stays."""
    profile, form = get_own_profile(current_actor()), ChoicesForm()
    if not form.validate_on_submit():
        return _page(profile, form), 422
    try:
        change_choices(
            actor=current_actor(), choices=form.choices(_choices(profile)), version=form.version.number
        )
    except (Stale, Invalid) as fault:
        form.form_errors.append(said(fault))
        form.version.raw_data, form.version.data = None, profile.version
        return _page(profile, form), fault.status
    flash(_("Saved. It holds from now on, everywhere."), "success")
    return redirect(url_for("pool.audience"), code=303)


@pool.post("/audience/<public_id>/<any(show, hide, preapprove, ask_first):move>")
@requires(Permission.JOIN_POOL)
def decide(public_id: str, move: str) -> ResponseReturnValue:
    """Show the card to one employer or hide it from it; say yes to its requests beforehand, or not any more."""
    profile = get_own_profile(current_actor(), is_changing=True)
    if public_id not in {row.public_id for row in queries.approved_employers()}:
        raise NotFound
    choices = _moved(_choices(profile), public_id, move)
    change_choices(actor=current_actor(), choices=choices, version=profile.version)
    said_moves = {
        "show": _("It sees your card now."),
        "hide": _("It does not see your card any more."),
        "preapprove": _("When it asks, it gets your name, contact and CV at once."),
        "ask_first": _("It has to ask you first."),
    }
    flash(said_moves[move], "success")
    return redirect(url_for("pool.audience"), code=303)


@pool.get("/audience/<public_id>")
@requires(Permission.JOIN_POOL)
def as_seen(public_id: str) -> ResponseReturnValue:
    """One's card exactly as this employer gets it, or that it gets nothing."""
    profile = get_own_profile(current_actor())
    employer = next((row for row in queries.approved_employers() if row.public_id == public_id), None)
    if employer is None:
        raise NotFound
    card = shown_card(profile, employer)
    return render_template(
        "talent_pool/as_seen.html",
        employer=employer,
        card=card_in_words(profile.handle, card) if card is not None else None,
        tabs=own_tabs(profile),
    )


def _moved(choices: Choices, public_id: str, move: str) -> Choices:
    if move in MOVES:
        into, out_of = MOVES[move]
        others = tuple(one for one in getattr(choices, into) if one != public_id)
        rest = tuple(one for one in getattr(choices, out_of) if one != public_id)
        moved: dict[str, Any] = {into: (*others, public_id), out_of: rest}
        return replace(choices, **moved)
    others = tuple(one for one in choices.preapproved if one != public_id)
    return replace(choices, preapproved=(*others, public_id) if move == "preapprove" else others)


def _choices(profile: PoolProfile) -> Choices:
    return choices_of(_consent(profile), profile)


def _consent(profile: PoolProfile) -> PoolConsent:
    consent = find_consent(profile.person_id)
    if consent is None:
        raise NotFound
    return consent


def _stored_form(profile: PoolProfile) -> ChoicesForm:
    values = values_of_choices(_choices(profile))
    return ChoicesForm(formdata=None, version=profile.version, **values)


def _page(profile: PoolProfile, form: ChoicesForm) -> str:
    return render_template(
        "talent_pool/audience.html",
        profile=profile,
        form=form,
        sights=queries.sights_of(profile),
        preapproved=_choices(profile).preapproved,
        kinds=kind_names(),
        country_name=country_name,
        tabs=own_tabs(profile),
    )
