"""The page of a person who takes part: role, table, room and opponents once released, and what they still owe."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.cases.public import open_rounds
from competition.day.public import was_there
from competition.editions.public import Edition, find_notice, get_edition
from competition.entries.public import (
    ConfirmSelfForm,
    Delegate,
    Judge,
    Team,
    confirm_delegate,
    confirm_form,
    confirm_judge,
    find_own_delegate,
    find_own_judge,
    find_own_team,
    own_answers,
    own_questions,
)
from competition.messages.public import own_announcements
from competition.resolutions.public import resolution_places
from core.access import CapacityKind, Permission, current_actor, requires
from core.db import utc_now
from core.markdown import safe_html
from judging.public import own_awards, own_certificate_count
from tabroom.participant import duties_of_judge, duties_of_team, happening_and_coming, seat_lines

blueprint = Blueprint("participant", __name__, url_prefix="/e/<slug>/me")


@blueprint.get("")
@requires(Permission.TAKE_PART)
def show(slug: str) -> ResponseReturnValue:
    """My place in this edition."""
    edition, actor = get_edition(slug), current_actor()
    team, judge = find_own_team(actor, edition), find_own_judge(actor, edition)
    duties = duties_of_team(actor, edition, team) if team else []
    if judge is not None:
        duties += duties_of_judge(edition, judge)
    now = utc_now()
    happening, coming = happening_and_coming(actor, edition, now)
    return render_template(
        "tabroom/participant.html",
        edition=edition,
        now=now,
        was_there=was_there(actor, edition),
        happening=[(edition, one) for one in happening],
        coming=[(edition, one) for one in coming],
        team=team,
        judge=judge,
        duties=duties,
        seats=seat_lines(edition, team) if team else [],
        **_closing(edition, team, judge),
        is_captain=actor.may(Permission.MANAGE_TEAM, edition_id=edition.id),
        announcements=own_announcements(actor, edition),
        safe_html=safe_html,
        is_coach=bool(actor.capacities_of(CapacityKind.COACH, edition_id=edition.id)),
        resolutions=[place.number for place in resolution_places(actor, edition, utc_now())],
        open_cases=sorted(open_rounds(edition.id, utc_now())),
    )


def _closing(edition: Edition, team: Team | None, judge: Judge | None) -> dict[str, Any]:
    """My published awards, and how many certificates wait for me."""
    actor = current_actor()
    delegate = find_own_delegate(actor, edition)
    key = delegate.id if delegate else None
    coached = actor.capacities_of(CapacityKind.COACH, edition_id=edition.id)
    return {
        "awards": own_awards(edition.id, team_id=team.id if team else None, delegate_id=key),
        "certificates": own_certificate_count(
            edition.id,
            delegate_id=key,
            judge_id=judge.id if judge else None,
            coached_teams=[one.subject_id for one in coached if one.subject_id is not None],
        ),
    }


@blueprint.get("/details")
@requires(Permission.TAKE_PART)
def details(slug: str) -> ResponseReturnValue:
    """My own data, for me to check and confirm."""
    edition = get_edition(slug)
    me = _self(edition)
    return _show_details(edition, me, confirm_form(edition, me, is_filled=True))


@blueprint.post("/details")
@requires(Permission.TAKE_PART)
def confirm(slug: str) -> ResponseReturnValue:
    """Confirm my own data."""
    edition = get_edition(slug)
    me = _self(edition)
    form = confirm_form(edition, me)
    if not form.validate_on_submit():
        return _show_details(edition, me, form), 422
    values = {"name": form.name.data, "name_local": form.name_local.data}
    if isinstance(me, Judge):
        confirm_judge(actor=current_actor(), edition=edition, judge=me, **values)
    else:
        confirm_delegate(
            actor=current_actor(),
            edition=edition,
            delegate=me,
            answers=own_answers(form, me),
            **values,
        )
    flash(_("Thank you. Your details are confirmed."), "success")
    return redirect(url_for("participant.show", slug=slug), code=303)


def _self(edition: Edition) -> Delegate | Judge:
    actor = current_actor()
    me = find_own_delegate(actor, edition) or find_own_judge(actor, edition)
    if me is None:
        abort(404)
    return me


def _show_details(edition: Edition, me: Delegate | Judge, form: ConfirmSelfForm) -> str:
    return render_template(
        "tabroom/details.html",
        edition=edition,
        me=me,
        form=form,
        asked=own_questions(form, me),
        notice=find_notice(edition.id),
    )
