"""A judge's own page of where and when they can judge, what they know, and whom they must not mark."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from competition.editions.public import Edition, get_edition
from competition.entries.public import (
    CheckboxesField,
    Judge,
    conflicts_of_judge,
    days_of,
    days_off_of,
    find_own_judge,
    institutions_of,
)
from competition.rounds.services.availability import rounds_for, say, sites_to_choose
from core.access import Permission, current_actor, requires
from core.errors import Conflict, said
from core.forms import BaseForm, LanguagesField, LongTextField, TextField, VersionField, folded
from core.localised import chosen_locale, in_language, local_day

blueprint = Blueprint("availability", __name__, url_prefix="/e/<slug>/me/judging")


class AvailabilityForm(BaseForm):
    """What a judge says; days and rounds are ticked where they can come."""

    version = VersionField()
    days = CheckboxesField(_l("Days on which you can come"), choices=[])
    rounds = CheckboxesField(_l("Rounds in which you can judge"), choices=[])
    site = SelectField(_l("Where you can judge"), choices=[])
    languages = LanguagesField(_l("Languages in which you can judge"), maximum=100)
    expertise = TextField(_l("What you know well"), maximum=500)
    conflicts = LongTextField(_l("Whom you should not mark"), maximum=5000)

    @property
    def conflict_names(self) -> list[str]:
        return [name for line in (self.conflicts.data or "").splitlines() if (name := folded(line))]


@blueprint.get("")
@requires(Permission.MARK_TABLES)
def show(slug: str) -> ResponseReturnValue:
    """What the judge has said so far."""
    edition = get_edition(slug)
    me = _me(edition)
    off = days_off_of(me.id)
    form = AvailabilityForm(
        obj=me,
        days=[day.isoformat() for day in days_of(edition) if day not in off],
        rounds=[str(one.facts.number) for one in rounds_for(edition, me) if not one.is_off],
        conflicts="\n".join(name for _conflict, name in conflicts_of_judge(me.id)),
    )
    return _page(edition, me, form)


@blueprint.post("")
@requires(Permission.MARK_TABLES)
def save(slug: str) -> ResponseReturnValue:
    """Keep what the judge says now."""
    edition = get_edition(slug)
    me, form = _me(edition), AvailabilityForm()
    _fit(edition, me, form)
    if not form.validate_on_submit():
        return _page(edition, me, form), 422
    come, rounds = set(form.days.data or []), set(form.rounds.data or [])
    try:
        say(
            actor=current_actor(),
            edition=edition,
            judge=me,
            version=form.version.number,
            values={name: form[name].data or "" for name in ("site", "languages", "expertise")},
            days_off=[day for day in days_of(edition) if day.isoformat() not in come],
            rounds_off=[
                one.facts.number for one in rounds_for(edition, me) if str(one.facts.number) not in rounds
            ],
            conflicts=form.conflict_names,
        )
    except Conflict as fault:
        form.form_errors.append(said(fault))
        return _page(edition, me, form), fault.status
    flash(_("Thank you. The organisers fill panels from this."), "success")
    return redirect(url_for("availability.show", slug=slug), code=303)


def _me(edition: Edition) -> Judge:
    judge = find_own_judge(current_actor(), edition)
    if judge is None:
        abort(404)
    return judge


def _fit(edition: Edition, me: Judge, form: AvailabilityForm) -> None:
    """The choices of this edition."""
    form.days.choices = [SelectChoice(day.isoformat(), local_day(day, "full")) for day in days_of(edition)]
    form.rounds.choices = [
        SelectChoice(str(one.facts.number), _round_name(one.facts, one.day))
        for one in rounds_for(edition, me)
    ]
    sites = sites_to_choose(edition.id)
    if me.site and me.site not in sites:
        sites.append(me.site)
    form.site.choices = [SelectChoice("", _("At every site")), *(SelectChoice(site, site) for site in sites)]


def _round_name(facts: Any, day: date | None) -> str:
    name = in_language(facts.name, facts.name_zh, chosen_locale()) or _(
        "Round %(number)d", number=facts.number
    )
    return f"{name} · {local_day(day)}" if day else name


def _page(edition: Edition, me: Judge, form: AvailabilityForm) -> str:
    _fit(edition, me, form)
    return render_template(
        "rounds/availability.html",
        edition=edition,
        judge=me,
        form=form,
        institutions=institutions_of(edition.id),
    )
