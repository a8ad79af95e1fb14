"""What organisers mail: the list, a draft with its preview and count, sending, and how each address stands."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from competition.editions.public import Edition, get_edition, to_local
from competition.messages.audiences import choices, label_of
from competition.messages.forms import MailingForm, SendForm
from competition.messages.letters import PLACEHOLDERS, farewell, letter_for, signed
from competition.messages.models import Mailing
from competition.messages.queries import (
    PER_PAGE,
    STATES,
    AddressFilter,
    address_lines,
    announcements_of,
    count_addresses,
    counts_of,
    get_mailing,
    mailings_of,
)
from competition.messages.recipients import Addressed, addressed
from competition.messages.services.mailings import (
    FIELDS,
    copy_mailing,
    delete_mailing,
    edit_mailing,
    go_on,
    retry_failed,
    send_mailing,
    send_test,
    title_of,
    write_mailing,
)
from competition.messages.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import DomainError, Stale, said
from core.filters import Page
from core.forms import say_what_is_saved, whole_number
from core.idempotency import new_key, once
from core.jobs import find_job, request_cancel
from core.localised import chosen_locale, in_language
from core.mail import mail_server
from core.outbox import UNSURE
from core.spreadsheets import csv_for_people


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def index(slug: str) -> ResponseReturnValue:
    """Announcements and mails of an edition."""
    edition = get_edition(slug)
    mailings = mailings_of(edition.id)
    return render_template(
        "messages/index.html",
        edition=edition,
        announcements=announcements_of(edition.id),
        mailings=mailings,
        counts=counts_of([row.id for row in mailings]),
        labels=dict(choices(edition)),
        title_of=title_of,
    )


@blueprint.get("/mails/new")
@requires(Permission.MANAGE_PEOPLE)
def new_mailing(slug: str) -> ResponseReturnValue:
    """Begin a mail."""
    edition = get_edition(slug)
    form = MailingForm(formdata=None, audience=request.args.get("for", "all"))
    return _draft_page(edition, None, form)


@blueprint.post("/mails/new")
@requires(Permission.MANAGE_PEOPLE)
def create_mailing(slug: str) -> ResponseReturnValue:
    """Keep the draft."""
    edition, form = get_edition(slug), MailingForm()
    form.offer(choices(edition))
    if not form.validate_on_submit():
        return _draft_page(edition, None, form), 422

    def work() -> str:
        row = write_mailing(actor=current_actor(), edition=edition, values=_values(form))
        return url_for("messages.mailing", slug=slug, mailing_id=row.public_id)

    try:
        return once(current_actor(), "mailing", work)
    except DomainError as fault:
        db.session.rollback()
        return _draft_page(get_edition(slug), None, form, fault), fault.status


@blueprint.get("/mails/<mailing_id>")
@requires(Permission.MANAGE_PEOPLE)
def mailing(slug: str, mailing_id: str) -> ResponseReturnValue:
    """A draft with its preview; once sent, how it stands."""
    edition = get_edition(slug)
    row = get_mailing(edition.id, mailing_id)
    return _status_page(edition, row) if row.sent_at is not None else _look_page(edition, row)


@blueprint.get("/mails/<mailing_id>/edit")
@requires(Permission.MANAGE_PEOPLE)
def edit_draft(slug: str, mailing_id: str) -> ResponseReturnValue:
    """Change a draft."""
    edition = get_edition(slug)
    row = get_mailing(edition.id, mailing_id)
    return _draft_page(edition, row, MailingForm(formdata=None, obj=row))


@blueprint.post("/mails/<mailing_id>/edit")
@requires(Permission.MANAGE_PEOPLE)
def save_draft(slug: str, mailing_id: str) -> ResponseReturnValue:
    """Keep the changed draft."""
    edition, form = get_edition(slug), MailingForm()
    row = get_mailing(edition.id, mailing_id)
    form.offer(choices(edition))
    if not form.validate_on_submit():
        return _draft_page(edition, row, form), 422
    try:
        edit_mailing(
            actor=current_actor(),
            edition=edition,
            row=row,
            values=_values(form),
            version=form.version.number,
        )
    except DomainError as fault:
        db.session.rollback()
        edition = get_edition(slug)
        row = get_mailing(edition.id, mailing_id)
        if isinstance(fault, Stale):
            say_what_is_saved(form, row, FIELDS)
        return _draft_page(edition, row, form, fault), fault.status
    return redirect(_url(slug, row), code=303)


@blueprint.post("/mails/<mailing_id>/test")
@requires(Permission.MANAGE_PEOPLE)
def test(slug: str, mailing_id: str) -> ResponseReturnValue:
    """Mail it to oneself."""
    edition = get_edition(slug)
    row = get_mailing(edition.id, mailing_id)
    try:
        address = send_test(actor=current_actor(), edition=edition, row=row, now=utc_now())
    except DomainError as fault:
        db.session.rollback()
        return _look_page(get_edition(slug), row, fault), fault.status
    flash(_("A test is on its way to %(address)s.", address=address), "success")
    return redirect(_url(slug, row), code=303)


@blueprint.post("/mails/<mailing_id>/send")
@requires(Permission.MANAGE_PEOPLE)
def send(slug: str, mailing_id: str) -> ResponseReturnValue:
    """Send it, once."""
    edition, form = get_edition(slug), SendForm()
    row = get_mailing(edition.id, mailing_id)
    if not form.validate_on_submit():
        return _look_page(edition, row), 422

    def work() -> str:
        send_mailing(
            actor=current_actor(),
            edition=edition,
            row=row,
            version=form.version.number,
            count=whole_number(form.count.data or "", otherwise=-1),
            is_repeat_agreed=form.is_repeat_agreed.data,
            now=utc_now(),
        )
        return _url(slug, row)

    try:
        return once(current_actor(), f"send_mailing:{row.id}", work)
    except DomainError as fault:
        db.session.rollback()
        edition = get_edition(slug)
        return _look_page(edition, get_mailing(edition.id, mailing_id), fault), fault.status


@blueprint.get("/mails/<mailing_id>/progress")
@requires(Permission.MANAGE_PEOPLE)
def progress(slug: str, mailing_id: str) -> ResponseReturnValue:
    """How far its job is, for the page that refreshes itself."""
    edition = get_edition(slug)
    row = get_mailing(edition.id, mailing_id)
    return render_template("messages/_progress.html", edition=edition, row=row, job=find_job(row.job))


@blueprint.post("/mails/<mailing_id>/<any(cancel, continue, retry, copy, delete):deed>")
@requires(Permission.MANAGE_PEOPLE)
def act(slug: str, mailing_id: str, deed: str) -> ResponseReturnValue:
    """Stop its job or take it up again, try failed addresses again, copy it, delete a draft."""
    edition, actor = get_edition(slug), current_actor()
    row = get_mailing(edition.id, mailing_id)
    if deed == "delete":
        delete_mailing(actor=actor, row=row)
        flash(_("The draft was deleted."), "success")
        return redirect(url_for("messages.index", slug=slug), code=303)
    if deed == "copy":
        copy = copy_mailing(actor=actor, edition=edition, row=row)
        return redirect(url_for("messages.edit_draft", slug=slug, mailing_id=copy.public_id), code=303)
    if deed == "retry":
        count = retry_failed(actor=actor, row=row, also_unsure=request.form.get("also_unsure") == "1")
        flash(ngettext("%(num)d mail is tried again.", "%(num)d mails are tried again.", count), "success")
    elif deed == "continue":
        go_on(actor=actor, row=row)
    elif (job := find_job(row.job)) is not None:
        request_cancel(job)
    return redirect(_url(slug, row), code=303)


def _url(slug: str, row: Mailing) -> str:
    return url_for("messages.mailing", slug=slug, mailing_id=row.public_id)


def _values(form: MailingForm) -> dict[str, Any]:
    return {name: form[name].data for name in FIELDS}


def _draft_page(
    edition: Edition, row: Mailing | None, form: MailingForm, fault: DomainError | None = None
) -> str:
    form.offer(choices(edition))
    return render_template(
        "messages/draft.html",
        edition=edition,
        row=row,
        form=form,
        key=new_key(),
        placeholders={name: _(text) for name, text in PLACEHOLDERS.items()},
        fault=said(fault) if fault else "",
    )


def _look_page(edition: Edition, row: Mailing, fault: DomainError | None = None) -> str:
    """The draft as its readers get it: one of them at a time, in their language."""
    found = addressed(edition, row.audience, is_essential=row.is_essential)
    place = whole_number(request.args.get("reader", ""), otherwise=1)
    place = min(max(place, 1), max(found.count, 1))
    return render_template(
        "messages/look.html",
        edition=edition,
        row=row,
        label=label_of(edition, row.audience),
        found=found,
        place=place,
        letter=_preview(edition, row, found, place),
        lacking=_lacking(row, found),
        form=SendForm(formdata=None, version=row.version, count=found.count),
        key=new_key(),
        fault=said(fault) if fault else "",
    )


def _preview(edition: Edition, row: Mailing, found: Addressed, place: int) -> tuple[Any, str, str] | None:
    """(the reader, the subject, the whole text) of one letter."""
    if not found.count:
        return None
    reader = found.recipients[place - 1]
    letter = letter_for(row, reader.locale, reader.values)
    title = in_language(edition.name, edition.name_zh, letter.locale)
    last = farewell(letter.locale, None if row.is_essential else "https://…")
    return reader, letter.subject, signed(letter, edition=title, lines=[last])


def _lacking(row: Mailing, found: Addressed) -> dict[str, int]:
    """Per placeholder, for how many readers it stands for nothing."""
    counts: dict[str, int] = {}
    for reader in found.recipients:
        for name in letter_for(row, reader.locale, reader.values).missing:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _state_words() -> dict[str, str]:
    return {
        "sent": _("Sent"),
        "queued": _("Waits to be sent"),
        "retrying": _("Tried again later"),
        "failed": _("Failed"),
        "unsubscribed": _("Wants no further mail"),
        "past": _("No longer kept"),
    }


@blueprint.post("/mails/<mailing_id>/export")
@requires(Permission.EXPORT_EDITION)
def export_addresses(slug: str, mailing_id: str) -> ResponseReturnValue:
    """How each address stands, as a file; that it was taken is on record, and private addresses stay out of it."""
    edition = get_edition(slug)
    row, words = get_mailing(edition.id, mailing_id), _state_words()
    lines = address_lines(row.id, AddressFilter(), page=None)
    rows = [
        (
            one.name,
            "" if one.is_private else one.address,
            words.get(one.state, one.state),
            to_local(one.sent_at, edition.timezone).strftime("%Y-%m-%d %H:%M") if one.sent_at else "",
            _(one.error) if one.error else "",
        )
        for one in lines
    ]
    scope = edition_scope(edition.id)
    details = {"list": "addresses", "rows": len(rows)}
    record(current_actor(), "export_list", "mailing", row.id, scope=scope, details=details)
    head = (_("Name"), _("Address"), _("State"), _("When"), _("Reason"))
    answer = Response(csv_for_people([head, *rows]), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={edition.slug}-addresses.csv"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _status_page(edition: Edition, row: Mailing) -> str:
    asked = AddressFilter.of(request.args)
    page = Page.of(request.args, total=count_addresses(row.id, asked), per_page=PER_PAGE)
    here: dict[str, Any] = {"slug": edition.slug, "mailing_id": row.public_id}
    locale = chosen_locale()
    return render_template(
        "messages/status.html",
        edition=edition,
        row=row,
        label=label_of(edition, row.audience),
        title=title_of(row, locale),
        text=in_language(row.body, row.body_zh, locale),
        job=find_job(row.job),
        counts=counts_of([row.id])[row.id],
        has_mail_server=mail_server() is not None,
        states=STATES,
        asked=asked,
        words_of=_state_words(),
        lines=address_lines(row.id, asked, page.number),
        page=page,
        unsure=UNSURE,
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        sort_url=lambda name: url_for("messages.mailing", **here, **asked.arguments(sort=name)),
    )
