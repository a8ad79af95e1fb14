"""Rehearsing the day: making a rehearsal, playing it step by step or to the end, deleting it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition, get_edition_by_id
from core.access import Permission, current_actor, requires
from core.db import db, utc_now
from core.errors import DomainError, said
from core.idempotency import new_key, once
from core.jobs import request_cancel
from tabroom.rehearsal.plan import Step, next_step
from tabroom.rehearsal.playing import TOLD
from tabroom.rehearsal.service import (
    ask_to_play,
    delete_rehearsal,
    diary_of,
    find_playing,
    make_rehearsal,
    rehearsals_of,
)

blueprint = Blueprint("rehearsal", __name__, url_prefix="/e/<slug>/rehearsal")


@blueprint.get("")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str) -> ResponseReturnValue:
    """The rehearsals of an edition; of a rehearsal, what happened and what comes next."""
    return _page(get_edition(slug))


@blueprint.post("/make")
@requires(Permission.MANAGE_ROUNDS)
def make(slug: str) -> ResponseReturnValue:
    """Make a rehearsal from the entry list as it is now."""
    edition = get_edition(slug)

    def work() -> str:
        copy = make_rehearsal(actor=current_actor(), edition=edition, now=utc_now())
        flash(_("Your rehearsal is ready. Nothing in it reaches anybody."), "success")
        return url_for("rehearsal.show", slug=copy.slug)

    try:
        return once(current_actor(), "rehearsal", work)
    except DomainError as fault:
        db.session.rollback()
        return _page(get_edition(slug), fault), fault.status


@blueprint.post("/play")
@requires(Permission.MANAGE_ROUNDS)
def play(slug: str) -> ResponseReturnValue:
    """Play the next step, or all of them, as a job."""
    edition, to_the_end = get_edition(slug), request.form.get("to_the_end") == "1"
    try:
        ask_to_play(actor=current_actor(), edition=edition, to_the_end=to_the_end)
    except DomainError as fault:
        db.session.rollback()
        return _page(get_edition(slug), fault), fault.status
    return redirect(url_for("rehearsal.show", slug=slug), code=303)


@blueprint.post("/stop")
@requires(Permission.MANAGE_ROUNDS)
def stop(slug: str) -> ResponseReturnValue:
    """Stop after the present step."""
    job = find_playing(get_edition(slug))
    if job is not None:
        request_cancel(job)
    return redirect(url_for("rehearsal.show", slug=slug), code=303)


@blueprint.get("/progress")
@requires(Permission.MANAGE_ROUNDS)
def progress(slug: str) -> ResponseReturnValue:
    """How far it is, for the page that refreshes itself; the whole page once it is over, with the next step."""
    edition = get_edition(slug)
    job = find_playing(edition)
    if job is None:
        abort(404)
    is_live = job.state in ("queued", "running")
    page = render_template("tabroom/_rehearsal_progress.html", edition=edition, job=job)
    return page, {} if is_live else {"HX-Refresh": "true"}


@blueprint.post("/delete")
@requires(Permission.MANAGE_ROUNDS)
def delete(slug: str) -> ResponseReturnValue:
    """Delete a rehearsal with everything in it."""
    edition = get_edition(slug)
    origin = edition.rehearsal_of
    delete_rehearsal(actor=current_actor(), edition=edition)
    flash(_("The rehearsal was deleted."), "success")
    assert origin is not None
    return redirect(url_for("rehearsal.show", slug=get_edition_by_id(origin).slug), code=303)


def _page(edition: Edition, fault: DomainError | None = None) -> str:
    words = said(fault) if fault else ""
    if edition.rehearsal_of is None:
        return render_template(
            "tabroom/rehearsals.html",
            edition=edition,
            rehearsals=rehearsals_of(edition.id, utc_now()),
            key=new_key(),
            fault=words,
        )
    return render_template(
        "tabroom/rehearsal.html",
        edition=edition,
        origin=get_edition_by_id(edition.rehearsal_of),
        job=find_playing(edition),
        next_words=_next_words(next_step(edition)),
        diary=[
            (at, [_(TOLD[code]) % values if values else _(TOLD[code]) for code, values in lines])
            for at, lines in diary_of(edition)
        ],
        fault=words,
    )


def _next_words(step: Step | None) -> str:
    """What the next step does; empty when all is played."""
    if step is None:
        return ""
    number = step.facts.number if step.facts is not None else 0
    return {
        "roles": _("Give the roles by lot"),
        "draft": _("Draw round %(number)d: some teams do not come", number=number),
        "seat": _("Seat round %(number)d from those who advance", number=number),
        "release": _("Release the draw of round %(number)d", number=number),
        "sheets": _("Let the scoresheets of round %(number)d come in", number=number),
        "late": _("Let the late scoresheets of round %(number)d come in", number=number),
        "confirm": _("Confirm the tables and the results of round %(number)d", number=number),
        "break": _("Publish the break"),
    }[step.name]
