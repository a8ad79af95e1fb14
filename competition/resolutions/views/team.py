"""The table's own pages, phone first: one team writes, each confirms for itself, everybody sees how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.resolutions.entry import read_wording, shown_items
from competition.resolutions.forms import WordForm, WritingForm
from competition.resolutions.queries import OwnTable, find_own_table, issues_of_round, why_closed
from competition.resolutions.services import give_word, write_text
from competition.resolutions.standing import EMPTY, Standing, standing_of
from competition.resolutions.wording import Wording
from competition.rounds.public import RoundFacts, find_round_facts
from core.access import Permission, current_actor, requires
from core.db import db, utc_now
from core.errors import DomainError, Stale, said

blueprint = Blueprint("resolution", __name__, url_prefix="/e/<slug>/resolution/<int:number>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where the reader sits, and in what."""

    edition: Edition
    facts: RoundFacts
    place: OwnTable

    @property
    def url(self) -> str:
        return url_for("resolution.show", slug=self.edition.slug, number=self.facts.number)


@blueprint.get("")
@requires(Permission.TAKE_PART)
def show(slug: str, number: int) -> ResponseReturnValue:
    """The resolution of my table, and what each seat says of it."""
    return _page(_desk(slug, number))


@blueprint.get("/seats")
@requires(Permission.TAKE_PART)
def seats(slug: str, number: int) -> ResponseReturnValue:
    """The words of the four seats alone, for the page that refreshes itself."""
    desk = _desk(slug, number)
    standing = standing_of(desk.place.table)
    shown = request.args.get("version", "")
    return render_template(
        "resolutions/_seats.html",
        edition=desk.edition,
        standing=standing,
        own_role=desk.place.role,
        newer_url=desk.url if shown != str(standing.version) else None,
    )


@blueprint.get("/write")
@requires(Permission.TAKE_PART)
def write(slug: str, number: int) -> ResponseReturnValue:
    """Say of each issue what was settled."""
    desk = _desk(slug, number)
    standing = standing_of(desk.place.table)
    return _writing_page(desk, standing.wording, standing.version)


@blueprint.post("/write")
@requires(Permission.TAKE_PART)
def save(slug: str, number: int) -> ResponseReturnValue:
    """Keep the text; confirm it for one's own seat at once if that was pressed."""
    desk, form, actor, now = _desk(slug, number), WritingForm(), current_actor(), utc_now()
    form.validate_on_submit()
    typed = Wording()
    here: dict[str, Any] = {"edition": desk.edition, "facts": desk.facts, "place": desk.place, "now": now}
    try:
        typed = read_wording(request.form, issues_of_round(desk.facts))
        version = write_text(actor=actor, wording=typed, version=form.version.number, **here)
        if request.form.get("action") == "confirm":
            give_word(actor=actor, version=version, is_confirmed=True, remark="", **here)
    except DomainError as fault:
        return _refused(desk, typed, form.version.number, fault)
    flash(
        _("Saved and confirmed for your team. The others confirm on their own phones.")
        if request.form.get("action") == "confirm"
        else _("Saved. Each team confirms this text on its own phone, yours too."),
        "success",
    )
    return redirect(desk.url, code=303)


@blueprint.post("/word")
@requires(Permission.TAKE_PART)
def word(slug: str, number: int) -> ResponseReturnValue:
    """Confirm the text for my team, or say that it is not what was agreed."""
    desk, form = _desk(slug, number), WordForm()
    if not form.validate_on_submit():
        return _page(desk, form=form), 422
    is_confirmed = request.form.get("action") == "confirm"
    try:
        give_word(
            actor=current_actor(),
            edition=desk.edition,
            facts=desk.facts,
            place=desk.place,
            version=form.version.number,
            is_confirmed=is_confirmed,
            remark=form.remark.data or "",
            now=utc_now(),
        )
    except DomainError as fault:
        db.session.rollback()
        return _page(_desk(slug, number), fault=fault), fault.status
    flash(
        _("Confirmed for your team.")
        if is_confirmed
        else _("The others at your table see what is not right."),
        "success",
    )
    return redirect(desk.url, code=303)


def _desk(slug: str, number: int) -> Desk:
    edition = get_edition(slug)
    facts = find_round_facts(edition.id, number)
    place = find_own_table(current_actor(), edition, facts) if facts is not None else None
    if facts is None or place is None:
        abort(404)
    return Desk(edition=edition, facts=facts, place=place)


def _page(desk: Desk, fault: DomainError | None = None, form: WordForm | None = None) -> str:
    standing = standing_of(desk.place.table)
    own = standing.seat_of(desk.place.team_id)
    return render_template(
        "resolutions/show.html",
        edition=desk.edition,
        round=desk.facts,
        table=desk.place.table,
        own_role=desk.place.role,
        own=own,
        may_sign=own is not None and own.state not in EMPTY,
        standing=standing,
        closed=why_closed(desk.edition, desk.facts, desk.place.table, utc_now()),
        form=form or WordForm(formdata=None, version=standing.version),
        fault=_said(fault),
    )


def _refused(desk: Desk, typed: Wording, shown: int, fault: DomainError) -> ResponseReturnValue:
    """The writing page with what was typed; after a stale save it carries the present version, so that saving
    again is a decision.
    """
    db.session.rollback()
    again = _desk(desk.edition.slug, desk.facts.number)
    standing: Standing = standing_of(again.place.table)
    version = standing.version if isinstance(fault, Stale) else shown
    wording = typed if typed != Wording() else standing.wording
    return _writing_page(again, wording, version, fault), fault.status


def _writing_page(desk: Desk, wording: Wording, version: int, fault: DomainError | None = None) -> str:
    issues = issues_of_round(desk.facts)
    return render_template(
        "resolutions/write.html",
        edition=desk.edition,
        round=desk.facts,
        table=desk.place.table,
        own_role=desk.place.role,
        wording=wording,
        lines=shown_items(wording, issues),
        has_case=issues is not None,
        closed=why_closed(desk.edition, desk.facts, desk.place.table, utc_now()),
        form=WritingForm(formdata=None, version=version),
        fault=_said(fault),
    )


def _said(fault: DomainError | None) -> list[str]:
    return [said(fault), *fault.details] if fault is not None else []
