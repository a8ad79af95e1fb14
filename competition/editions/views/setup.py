"""Pages of who runs an edition, its privacy notice and its registration."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import find_user_by_email, get_person
from competition.editions import queries, services
from competition.editions.forms import NoticeForm, OrganiserForm, RegistrationForm
from competition.editions.rules import UnclearLocalTime, to_local, to_utc
from competition.editions.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.db import utc_now


@blueprint.get("/organisers")
@requires(Permission.EDIT_EDITION)
def organisers(slug: str) -> ResponseReturnValue:
    """Who runs the edition."""
    return _organisers(slug, OrganiserForm())


@blueprint.post("/organisers")
@requires(Permission.EDIT_EDITION)
def add_organiser(slug: str) -> ResponseReturnValue:
    """Let somebody else run the edition too."""
    edition, form = queries.get_edition(slug), OrganiserForm()
    if not form.validate_on_submit():
        return _organisers(slug, form), 422
    user = find_user_by_email(form.email.data)
    if user is None or user.email_confirmed_at is None:
        form.email.errors = [_("Nobody has confirmed this address yet. Ask them to create an account first.")]
        return _organisers(slug, form), 422
    services.add_organiser(
        actor=current_actor(), edition=edition, person_id=user.person_id, capacity=form.capacity.data
    )
    flash(_("They can work on this edition from now on."), "success")
    return redirect(url_for("setup.organisers", slug=slug), code=303)


@blueprint.post("/organisers/<organiser_id>/remove")
@requires(Permission.EDIT_EDITION)
def remove_organiser(slug: str, organiser_id: str) -> ResponseReturnValue:
    """End somebody's part in running the edition."""
    services.remove_organiser(
        actor=current_actor(), edition=queries.get_edition(slug), public_id=organiser_id
    )
    return redirect(url_for("setup.organisers", slug=slug), code=303)


def _organisers(slug: str, form: OrganiserForm) -> str:
    edition = queries.get_edition(slug)
    rows = [(row, get_person(row.person_id)) for row in queries.organisers_of(edition.id)]
    return render_template("editions/organisers.html", edition=edition, form=form, organisers=rows)


@blueprint.get("/notice")
@requires(Permission.EDIT_EDITION)
def notice(slug: str) -> ResponseReturnValue:
    """What participants are told about their data."""
    edition = queries.get_edition(slug)
    current = queries.find_notice(edition.id)
    return render_template(
        "editions/notice.html", edition=edition, form=NoticeForm(obj=current), notice=current
    )


@blueprint.post("/notice")
@requires(Permission.EDIT_EDITION)
def save_notice(slug: str) -> ResponseReturnValue:
    """Write a new version of the notice."""
    edition, form = queries.get_edition(slug), NoticeForm()
    current = queries.find_notice(edition.id)
    if not form.validate_on_submit():
        return render_template("editions/notice.html", edition=edition, form=form, notice=current), 422
    saved = services.write_notice(actor=current_actor(), edition=edition, values=form.data)
    flash(_("Version %(number)d of the privacy notice is in force.", number=saved.version), "success")
    return redirect(url_for("setup.notice", slug=slug), code=303)


@blueprint.get("/registration")
@requires(Permission.EDIT_EDITION)
def registration(slug: str) -> ResponseReturnValue:
    """Open or close registration."""
    edition = queries.get_edition(slug)
    closes = edition.registration_closes_at
    form = RegistrationForm(closes_at=to_local(closes, edition.timezone) if closes else None)
    return _registration(slug, form)


@blueprint.post("/registration")
@requires(Permission.EDIT_EDITION)
def open_registration(slug: str) -> ResponseReturnValue:
    """Open registration until a moment in the edition's local time."""
    edition, form = queries.get_edition(slug), RegistrationForm()
    if form.validate_on_submit():
        try:
            closes_at = to_utc(form.closes_at.data, edition.timezone)
        except UnclearLocalTime:
            form.closes_at.errors = [_("Clocks change in that hour: it does not exist or exists twice.")]
        else:
            services.open_registration(actor=current_actor(), edition=edition, closes_at=closes_at)
            flash(_("Registration is open."), "success")
            return redirect(url_for("setup.registration", slug=slug), code=303)
    return _registration(slug, form), 422


@blueprint.post("/registration/close")
@requires(Permission.EDIT_EDITION)
def close_registration(slug: str) -> ResponseReturnValue:
    """Stop taking registrations now."""
    services.close_registration(actor=current_actor(), edition=queries.get_edition(slug))
    flash(_("Registration is closed."), "success")
    return redirect(url_for("setup.registration", slug=slug), code=303)


def _registration(slug: str, form: RegistrationForm) -> str:
    edition = queries.get_edition(slug)
    return render_template(
        "editions/registration.html",
        edition=edition,
        form=form,
        notice=queries.find_notice(edition.id),
        is_open=services.is_registration_open(edition, utc_now()),
    )
