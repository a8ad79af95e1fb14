"""Pages of the organiser's judges: details, conflicts, invitation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries import queries
from competition.entries.forms import JudgeForm, VersionForm
from competition.entries.listing import JudgeFilter, judge_lines, languages_of_judges
from competition.entries.models import Judge
from competition.entries.quota import find_quota, quota_lines, shortfall
from competition.entries.services import invitations, roster
from competition.entries.services.judge_profile import days_off_of
from competition.entries.views.blueprint import blueprint
from core.access import CapacityKind, Permission, current_actor, requires
from core.errors import Conflict, Stale
from core.forms import say_what_is_saved
from core.idempotency import new_key, once
from core.languages import language_name
from core.links import address_of, find_live_link
from core.localised import translated
from core.uses import find_use

FIELDS = ("name", "name_local", "contact", "rating", "languages", "expertise", "site")


@blueprint.get("/judges")
@requires(Permission.MANAGE_PEOPLE)
def judges(slug: str) -> ResponseReturnValue:
    """Every judge, or those that the filters leave."""
    edition, asked = get_edition(slug), JudgeFilter.of(request.args)
    quota = find_quota(edition.id)
    codes = languages_of_judges(edition.id)
    return render_template(
        "entries/judges.html",
        edition=edition,
        judges=judge_lines(edition.id, asked),
        has_any=bool(queries.judges_of(edition.id)),
        asked=asked,
        languages=[("", _("All")), *((code, language_name(code)) for code in codes)],
        short=shortfall(quota_lines(edition.id, quota)) if quota is not None else (0, 0),
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        sort_url=lambda name: url_for("people.judges", slug=slug, **asked.arguments(sort=name)),
    )


@blueprint.get("/judges/new")
@requires(Permission.MANAGE_PEOPLE)
def new_judge(slug: str) -> ResponseReturnValue:
    """An empty form for a judge."""
    return _judge_form(get_edition(slug), None, JudgeForm())


@blueprint.post("/judges/new")
@requires(Permission.MANAGE_PEOPLE)
def add_judge(slug: str) -> ResponseReturnValue:
    """Add a judge and, where there is an address, invite them."""
    return _save_judge(get_edition(slug), None)


@blueprint.get("/judges/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """One judge: details, conflicts, private link."""
    edition = get_edition(slug)
    row = queries.get_judge(edition.id, judge_id)
    names = {item.id: item.code for item in queries.institutions_of(edition.id)}
    form = JudgeForm(
        obj=row,
        institution=names.get(row.institution_id or 0, ""),
        conflicts="\n".join(name for _conflict, name in queries.conflicts_of_judge(row.id)),
    )
    return _judge_form(edition, row, form)


@blueprint.post("/judges/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def save_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Change a judge."""
    edition = get_edition(slug)
    return _save_judge(edition, queries.get_judge(edition.id, judge_id))


def _save_judge(edition: Edition, row: Judge | None) -> ResponseReturnValue:
    form = JudgeForm()
    if not form.validate_on_submit():
        return _judge_form(edition, row, form), 422
    values = {name: form[name].data for name in FIELDS}
    values["contact"] = (values["contact"] or "").lower()
    is_new_address = row is None or row.contact != values["contact"]

    def work() -> str:
        saved = roster.save_judge(
            actor=current_actor(),
            edition=edition,
            judge=row,
            version=form.version.number,
            values=values,
            institution=form.institution.data,
            conflicts=form.conflict_names,
        )
        if is_new_address:
            # whoever reads the earlier address must not be able to claim the place any more
            invitations.invite_judge(actor=current_actor(), edition=edition, judge=saved)
        flash(_("Saved."), "success")
        return url_for("people.judge", slug=edition.slug, judge_id=saved.public_id)

    try:
        return once(current_actor(), f"save_judge:{edition.id}", work)
    except Conflict as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        if isinstance(fault, Stale) and row is not None:
            say_what_is_saved(form, row, FIELDS)
        return _judge_form(edition, row, form), fault.status


def _judge_form(edition: Edition, row: Judge | None, form: JudgeForm) -> str:
    use = find_use(row, roster.USES_OF_JUDGE) if row else None
    link = row and find_live_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=row.id)
    return render_template(
        "entries/judge.html",
        edition=edition,
        judge=row,
        form=form,
        link=link,
        address=address_of(link) if link else "",
        institutions=queries.institutions_of(edition.id),
        derived=queries.coached_by(row) if row else [],
        days_off=sorted(days_off_of(row.id)) if row else [],
        key=new_key(),
        use=translated(use, {"name": row.name or row.code}) if row and use else None,
    )


@blueprint.post("/judges/<judge_id>/remove")
@requires(Permission.MANAGE_PEOPLE)
def remove_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Take a judge who was never put on a panel off the list."""
    edition, form = get_edition(slug), VersionForm()
    row = queries.get_judge(edition.id, judge_id)
    roster.remove_judge(actor=current_actor(), edition=edition, judge=row, version=form.version.number)
    flash(_("%(name)s is removed.", name=row.name or row.code), "success")
    return redirect(url_for("people.judges", slug=slug), code=303)


@blueprint.post("/judges/<judge_id>/invite")
@requires(Permission.MANAGE_PEOPLE)
def invite_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Give a judge a new private link; the earlier one ends."""
    edition = get_edition(slug)
    row = queries.get_judge(edition.id, judge_id)

    def work() -> str:
        invitations.invite_judge(actor=current_actor(), edition=edition, judge=row)
        flash(_("%(name)s has a new link. The earlier one no longer works.", name=row.name), "success")
        return url_for("people.judge", slug=slug, judge_id=judge_id)

    return once(current_actor(), f"invite_judge:{row.id}", work)


@blueprint.post("/judges/<judge_id>/end-link")
@requires(Permission.MANAGE_PEOPLE)
def end_judge_link(slug: str, judge_id: str) -> ResponseReturnValue:
    """End a judge's link without a new one."""
    edition = get_edition(slug)
    row = queries.get_judge(edition.id, judge_id)
    invitations.end_links(
        actor=current_actor(), edition=edition, purpose=CapacityKind.JUDGE, subject_id=row.id
    )
    flash(_("The link of %(name)s no longer works.", name=row.name), "success")
    return redirect(url_for("people.judge", slug=slug, judge_id=judge_id), code=303)


@blueprint.post("/judges/invite-all")
@requires(Permission.MANAGE_PEOPLE)
def invite_all_judges(slug: str) -> ResponseReturnValue:
    """Give every judge without a working link one, by mail where there is an address."""
    edition = get_edition(slug)
    count = 0
    for row in queries.judges_of(edition.id):
        if find_live_link(purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=row.id) is None:
            invitations.invite_judge(actor=current_actor(), edition=edition, judge=row)
            count += 1
    flash(_("Judges invited: %(count)d.", count=count), "success")
    return redirect(url_for("people.judges", slug=slug), code=303)
