"""Papers of the day: badges, certificates of attendance, and where the door sheets are."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.day.attendance import attendance_pdf, attendances_of, own_attendances
from competition.day.badges import badges_of
from competition.day.queries import round_title
from competition.day.services import papers
from competition.editions.public import Edition, get_edition
from competition.rounds.public import round_facts
from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import DomainError, NotFound, said
from core.localised import N_, chosen_locale

blueprint = Blueprint("printing", __name__, url_prefix="/e/<slug>/printing")
own = Blueprint("own_attendance", __name__)
NO_DOCUMENT = N_("The document is not made yet.")


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def show(slug: str) -> ResponseReturnValue:
    """What can be printed, and what was made."""
    return _page(get_edition(slug))


@blueprint.post("/badges")
@requires(Permission.MANAGE_PEOPLE)
def order_badges(slug: str) -> ResponseReturnValue:
    """Have the badges made."""
    edition = get_edition(slug)
    kinds, paper = request.form.getlist("kinds"), request.form.get("paper", "")
    return _order(
        edition,
        lambda: papers.order_badges(actor=current_actor(), edition=edition, kinds=kinds, paper=paper),
    )


@blueprint.post("/attendance")
@requires(Permission.MANAGE_PEOPLE)
def order_attendance(slug: str) -> ResponseReturnValue:
    """Have the certificates of attendance made."""
    edition = get_edition(slug)
    paper = request.form.get("paper", "")
    return _order(
        edition, lambda: papers.order_attendance(actor=current_actor(), edition=edition, paper=paper)
    )


@blueprint.get("/<any(badges, attendance):what>.pdf")
@requires(Permission.MANAGE_PEOPLE)
def document(slug: str, what: str) -> ResponseReturnValue:
    """The newest document of a kind."""
    edition = get_edition(slug)
    paper = papers.find_paper(edition.id, what)
    if paper is None:
        raise NotFound(NO_DOCUMENT)
    return _pdf(paper.data, f"{edition.slug}-{what}.pdf")


@own.get("/e/<slug>/me/attendance.pdf")
@requires(Permission.TAKE_PART)
def download(slug: str) -> ResponseReturnValue:
    """My own certificate of attendance, if I was there."""
    edition, actor = get_edition(slug), current_actor()
    mine = own_attendances(actor, edition)
    if not mine:
        raise NotFound(NO_DOCUMENT)
    data, _pages = attendance_pdf(edition, mine, "A4")
    return _pdf(data, f"{edition.slug}-attendance.pdf")


def _order(edition: Edition, work: Any) -> ResponseReturnValue:
    try:
        work()
    except DomainError as fault:
        db.session.rollback()
        return _page(edition, said(fault)), fault.status
    flash(_("The document is being made. The download appears here by itself."), "info")
    return redirect(url_for("printing.show", slug=edition.slug), code=303)


def _page(edition: Edition, fault: str = "") -> str:
    return render_template(
        "day/printing.html",
        edition=edition,
        fault=fault,
        counts={kind: len(badges_of(edition, [kind])) for kind in papers.BADGE_KINDS},
        attended=len(attendances_of(edition)),
        made={what: papers.find_paper(edition.id, what) for what in ("badges", "attendance")},
        making={what: papers.find_making(edition.id, what) for what in ("badges", "attendance")},
        rounds=[
            (facts.number, round_title(facts, chosen_locale()))
            for facts in round_facts(edition.id)
            if facts.draw_state is not None
        ],
    )


def _pdf(data: bytes, name: str) -> Response:
    return Response(
        data,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
