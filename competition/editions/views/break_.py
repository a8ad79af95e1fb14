"""The page on which a director says how many teams advance from each division or role bracket."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions import parts, queries
from competition.editions.break_words import BracketWords, faults_of, meaning_of
from competition.editions.forms import BreakForm, break_form
from competition.editions.models import Edition
from competition.editions.parts import BreakSize
from competition.editions.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.errors import Stale, said
from core.localised import chosen_locale, in_language
from core.roles import ROLES


@blueprint.get("/break")
@requires(Permission.EDIT_EDITION)
def break_sizes(slug: str) -> ResponseReturnValue:
    """How many teams advance, and what that means."""
    edition = queries.get_edition(slug)
    brackets = _brackets(edition)
    filled = {f"size-{one.key}": one.size or None for one in brackets}
    filled |= {f"reserves-{one.key}": one.reserves or None for one in brackets}
    form = break_form([one.key for one in brackets])(formdata=None, version=str(edition.version), data=filled)
    return _page(edition, brackets, form)


@blueprint.post("/break")
@requires(Permission.EDIT_EDITION)
def save_break(slug: str) -> ResponseReturnValue:
    """Save how many teams advance."""
    edition = queries.get_edition(slug)
    brackets = _brackets(edition)
    form = break_form([one.key for one in brackets])()
    if not form.validate_on_submit():
        return _page(edition, brackets, form), 422
    sizes = [
        BreakSize(
            division_id=one.division_id,
            role=one.role,
            size=form[f"size-{one.key}"].data or 0,
            reserves=form[f"reserves-{one.key}"].data or 0,
        )
        for one in brackets
    ]
    try:
        parts.set_break_rules(
            actor=current_actor(), edition=edition, version=form.version.number, sizes=sizes
        )
    except Stale as fault:
        form.form_errors.append(said(fault))
        form.version.raw_data, form.version.data = None, edition.version
        return _page(edition, brackets, form), fault.status
    flash(_("Saved."), "success")
    return redirect(url_for("setup.break_sizes", slug=slug), code=303)


def _brackets(edition: Edition) -> list[BracketWords]:
    """The brackets that this edition breaks by: its roles, or its divisions and all teams together."""
    stored = {(rule.division_id, rule.role): rule for rule in queries.break_rules_of(edition.id)}
    roles = ROLES if edition.role_policy == "fixed" else ()
    places: list[tuple[str, str, int | None, str | None]] = [
        (role.value, "", None, role.value) for role in roles
    ]
    for division in queries.divisions_of(edition.id):
        name = in_language(division.name, division.name_zh, chosen_locale()) or division.code
        places.append((division.public_id, name, division.id, None))
    places.append(("all", _("All teams together"), None, None))
    shown = [place for place in places if _is_asked(edition, place[2:]) or place[2:] in stored]
    return [
        BracketWords(
            key=key,
            label=label,
            role=role,
            division_id=division_id,
            size=rule.size if (rule := stored.get((division_id, role))) else 0,
            reserves=(rule.reserves or 0) if rule else 0,
        )
        for key, label, division_id, role in shown
    ]


def _is_asked(edition: Edition, place: tuple[int | None, str | None]) -> bool:
    """Fixed roles break by role; rotating ones by division, or as a whole."""
    return (edition.role_policy == "fixed") == (place[1] is not None)


def _page(edition: Edition, brackets: list[BracketWords], form: BreakForm) -> str:
    return render_template(
        "editions/break.html",
        edition=edition,
        form=form,
        brackets=[(bracket, meaning_of(bracket)) for bracket in brackets],
        faults=faults_of(brackets),
        has_break=any(bracket.size for bracket in brackets),
    )
