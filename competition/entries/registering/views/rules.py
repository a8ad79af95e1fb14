"""The page of an edition's rules of registration: places, caps, offers, and what coaches may do."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.registering.forms import RulesForm
from competition.entries.registering.offers import set_rules
from competition.entries.registering.rules import COACH_RIGHTS, rules_of
from core.access import Permission, current_actor, requires
from core.errors import Stale, said
from core.forms import say_what_is_saved

FIELDS = ("places", "per_institution", "offer_hours", *COACH_RIGHTS)

blueprint = Blueprint("registration_rules", __name__, url_prefix="/e/<slug>/setup/registration/rules")


@blueprint.get("")
@requires(Permission.EDIT_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """The rules as they are."""
    edition = get_edition(slug)
    return _page(edition, RulesForm(obj=rules_of(edition.id)))


@blueprint.post("")
@requires(Permission.EDIT_EDITION)
def save(slug: str) -> ResponseReturnValue:
    """Change the rules."""
    edition, form = get_edition(slug), RulesForm()
    if not form.validate_on_submit():
        return _page(edition, form), 422
    try:
        set_rules(
            actor=current_actor(),
            edition=edition,
            version=form.version.number,
            values={name: form[name].data for name in FIELDS},
        )
    except Stale as fault:
        form.form_errors.append(said(fault))
        say_what_is_saved(form, rules_of(edition.id), FIELDS)
        return _page(edition, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("registration_rules.show", slug=slug), code=303)


def _page(edition: Edition, form: RulesForm) -> str:
    return render_template("entries/rules.html", edition=edition, form=form, coach=COACH_RIGHTS)
