"""What organisers announce: the list of announcements, and writing, publishing and withdrawing one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.messages.audiences import choices
from competition.messages.forms import AnnouncementForm
from competition.messages.models import Announcement
from competition.messages.queries import get_announcement
from competition.messages.services.announcements import (
    FIELDS,
    edit_announcement,
    publish_announcement,
    withdraw_announcement,
    write_announcement,
)
from competition.messages.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.db import db, utc_now
from core.errors import DomainError, Stale, said
from core.forms import say_what_is_saved
from core.idempotency import new_key, once
from core.markdown import safe_html


@blueprint.get("/announcements/new")
@requires(Permission.MANAGE_PEOPLE)
def new_announcement(slug: str) -> ResponseReturnValue:
    """Begin an announcement."""
    edition = get_edition(slug)
    return _page(edition, None, _shown_form(edition, None))


@blueprint.post("/announcements/new")
@requires(Permission.MANAGE_PEOPLE)
def create_announcement(slug: str) -> ResponseReturnValue:
    """Keep it; nobody sees it yet unless publishing was pressed."""
    edition = get_edition(slug)
    form = _form(edition)
    if not form.validate_on_submit():
        return _page(edition, None, form), 422

    def work() -> str:
        row = write_announcement(actor=current_actor(), edition=edition, values=_values(form))
        _publish_if_asked(row)
        return url_for("messages.index", slug=slug)

    try:
        return once(current_actor(), "announcement", work)
    except DomainError as fault:
        db.session.rollback()
        return _page(get_edition(slug), None, form, fault), fault.status


@blueprint.get("/announcements/<announcement_id>")
@requires(Permission.MANAGE_PEOPLE)
def announcement(slug: str, announcement_id: str) -> ResponseReturnValue:
    """An announcement to read or to change."""
    edition = get_edition(slug)
    row = get_announcement(edition.id, announcement_id)
    return _page(edition, row, _shown_form(edition, row))


@blueprint.post("/announcements/<announcement_id>")
@requires(Permission.MANAGE_PEOPLE)
def save_announcement(slug: str, announcement_id: str) -> ResponseReturnValue:
    """Change it, and publish it if that was pressed."""
    edition = get_edition(slug)
    row, form = get_announcement(edition.id, announcement_id), _form(edition)
    if not form.validate_on_submit():
        return _page(edition, row, form), 422
    try:
        edit_announcement(
            actor=current_actor(),
            edition=edition,
            row=row,
            values=_values(form),
            version=form.version.number,
        )
        _publish_if_asked(row)
    except DomainError as fault:
        db.session.rollback()
        edition = get_edition(slug)
        row = get_announcement(edition.id, announcement_id)
        if isinstance(fault, Stale):
            say_what_is_saved(form, row, FIELDS)
        return _page(edition, row, form, fault), fault.status
    return redirect(url_for("messages.index", slug=slug), code=303)


@blueprint.post("/announcements/<announcement_id>/withdraw")
@requires(Permission.MANAGE_PEOPLE)
def withdraw(slug: str, announcement_id: str) -> ResponseReturnValue:
    """Take it off every page."""
    edition = get_edition(slug)
    row = get_announcement(edition.id, announcement_id)
    withdraw_announcement(actor=current_actor(), row=row, now=utc_now())
    flash(_("Withdrawn: it is on nobody’s page any more."), "success")
    return redirect(url_for("messages.index", slug=slug), code=303)


def _publish_if_asked(row: Announcement) -> None:
    if request.form.get("action") == "publish":
        publish_announcement(actor=current_actor(), row=row, now=utc_now())
        flash(_("Published: its readers see it on their pages now."), "success")
    else:
        flash(_("Saved."), "success")


def _form(edition: Edition) -> AnnouncementForm:
    """The form as it was sent."""
    form = AnnouncementForm()
    form.offer(choices(edition))
    return form


def _shown_form(edition: Edition, row: Announcement | None) -> AnnouncementForm:
    """The form as it is shown first."""
    form = AnnouncementForm(formdata=None, obj=row)
    form.offer(choices(edition))
    return form


def _values(form: AnnouncementForm) -> dict[str, Any]:
    return {name: form[name].data for name in FIELDS}


def _page(
    edition: Edition, row: Announcement | None, form: AnnouncementForm, fault: DomainError | None = None
) -> str:
    return render_template(
        "messages/announcement.html",
        edition=edition,
        row=row,
        form=form,
        key=new_key(),
        safe_html=safe_html,
        fault=said(fault) if fault else "",
    )
