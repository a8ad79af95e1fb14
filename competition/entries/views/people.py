"""Pages of the organiser's roster: teams and their applications, institutions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from competition.editions.public import Edition, divisions_of, get_division, get_edition, split_list, to_local
from competition.entries import queries
from competition.entries.forms import (
    DECISIONS,
    FEE_NAMES,
    STATUS_NAMES,
    DecisionForm,
    TeamForm,
    VersionForm,
    WithdrawForm,
    wish_values,
)
from competition.entries.models import Team
from competition.entries.registering import questions
from competition.entries.registering.forms import OwnDeadlineForm
from competition.entries.registering.inbox import TeamFilter, shown_reason, sorted_teams, waiting_places
from competition.entries.registering.offers import are_stopped, free_places, open_offers
from competition.entries.registering.rules import rules_of
from competition.entries.services import registration, roster
from competition.entries.services import teams as teams_service
from competition.entries.services.registration import NEEDS_REASON
from competition.entries.views.blueprint import blueprint
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import Conflict, DomainError, Stale, said
from core.forms import folded, say_what_is_saved, whole_number
from core.idempotency import new_key, once
from core.localised import chosen_locale, in_language, joined, translated

MOST_PICKS = 5000


@blueprint.get("/teams")
@requires(Permission.MANAGE_PEOPLE)
def teams(slug: str) -> ResponseReturnValue:
    """Every team, or those that the filters leave; applications that wait for an answer come first."""
    edition = get_edition(slug)
    lines = queries.team_lines(edition.id)
    counts = Counter(line.status for line in lines)
    asked = TeamFilter.of(request.args)
    status = asked.status if asked.status in counts else ""
    shown = sorted_teams([line for line in lines if asked.lets_pass(line, edition)], asked.sort)
    rules, now = rules_of(edition.id), utc_now()
    return render_template(
        "entries/teams.html",
        edition=edition,
        teams=shown,
        applied=[line for line in lines if line.status == "applied"],
        key=new_key(),
        labels=_division_labels(edition, lines),
        statuses=_status_tabs(slug, counts, status),
        asked=asked,
        fees=FEE_NAMES,
        divisions=divisions_of(edition.id),
        division_choices=[("", _("All")), *_division_names(edition).items()],
        places=rules.places,
        free=free_places(edition.id, now),
        is_stopped=are_stopped(edition.id, now),
        offers={row.team_id: row for row in open_offers(edition.id, now)},
        taking_part=counts["registered"],
        waiting_places=waiting_places(lines),
        may_export=current_actor().may(Permission.EXPORT_EDITION, edition_id=edition.id),
        sort_url=lambda name: url_for("people.teams", slug=slug, **asked.arguments(sort=name)),
    )


def _division_labels(edition: Edition, lines: Sequence[queries.TeamLine]) -> dict[str, list[str]]:
    """The names of each team's divisions in the reader's language."""
    names = _division_names(edition)
    return {line.public_id: [names[code] for code in line.divisions] for line in lines}


def _division_names(edition: Edition) -> dict[str, str]:
    return {
        row.code: in_language(row.name, row.name_zh, chosen_locale()) or row.code
        for row in divisions_of(edition.id)
    }


def _status_tabs(slug: str, counts: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    """A tab for all teams and one for each status that some team has."""
    kinds = [("", _("All"), sum(counts.values()))]
    kinds += [
        (status, str(name), counts[status]) for status, name in STATUS_NAMES.items() if status in counts
    ]
    return [
        {
            "label": label,
            "url": url_for("people.teams", slug=slug, status=status or None),
            "is_current": status == current,
            "count": count,
        }
        for status, label, count in kinds
    ]


@blueprint.post("/teams/accept")
@requires(Permission.MANAGE_PEOPLE)
def accept_teams(slug: str) -> ResponseReturnValue:
    """Give one, the ticked or all of the applications that were shown the same answer."""
    edition = get_edition(slug)
    is_all = request.form.get("which") == "all"
    chosen = request.form.getlist("one") or request.form.getlist("shown" if is_all else "pick")
    picks = dict(_pick(text) for text in chosen[:MOST_PICKS])
    decision, reason = request.form.get("decision", "accept"), folded(request.form.get("reason"))[:500]
    if decision not in DECISIONS:
        abort(400)

    def work() -> str:
        if decision in NEEDS_REASON and not reason:
            flash(_("Nothing was saved. Write the reason, so that the teams understand."), "warning")
        else:
            done, passed = teams_service.answer_teams(
                actor=current_actor(), edition=edition, picks=picks, decision=decision, reason=reason
            )
            _say_answered(decision, done, passed)
        return url_for("people.teams", slug=slug)

    return once(current_actor(), f"accept_teams:{edition.id}", work)


@blueprint.post("/teams/fees")
@requires(Permission.MANAGE_PEOPLE)
def set_fees(slug: str) -> ResponseReturnValue:
    """Note for the ticked teams whether a fee is due, paid or waived."""
    edition = get_edition(slug)
    picks = dict(_pick(text) for text in request.form.getlist("pick")[:MOST_PICKS])
    fee = request.form.get("fee", "")
    if fee not in teams_service.FEES:
        abort(400)
    count = teams_service.set_fees(actor=current_actor(), edition=edition, picks=picks, fee=fee)
    flash(
        _("Teams whose fee is now noted as “%(fee)s”: %(count)d.", fee=FEE_NAMES[fee], count=count), "success"
    )
    return redirect(url_for("people.teams", slug=slug), code=303)


def _pick(text: str) -> tuple[str, int]:
    """`public_id:version` as a row of the list was shown."""
    public_id, _colon, version = text.partition(":")
    return public_id, whole_number(version, otherwise=0)


def _say_answered(decision: str, done: list[str], passed: list[tuple[str, Conflict]]) -> None:
    if len(done) == 1:
        flash(_("%(team)s: the decision is saved.", team=done[0]), "success")
    elif done and decision == "accept":
        flash(_("Teams accepted: %(count)d. Their captains are told.", count=len(done)), "success")
    elif done:
        flash(_("Teams answered: %(count)d. Their captains are told.", count=len(done)), "success")
    reasons: dict[str, list[str]] = {}
    for name, fault in passed:
        reasons.setdefault(said(fault), []).append(name)
    for reason, names in reasons.items():
        flash(_("%(teams)s: %(reason)s", teams=joined(names), reason=reason), "warning")
    if not done and not passed:
        flash(_("Nothing was saved. Tick the teams that you want to answer."), "warning")


@blueprint.get("/teams/new")
@requires(Permission.MANAGE_PEOPLE)
def new_team(slug: str) -> ResponseReturnValue:
    """An empty form for a team."""
    edition = get_edition(slug)
    return _team_form(edition, None, _fitted(edition, None, TeamForm(version="1")))


@blueprint.post("/teams/new")
@requires(Permission.MANAGE_PEOPLE)
def add_team(slug: str) -> ResponseReturnValue:
    """Add a team by hand."""
    edition = get_edition(slug)
    return _save_team(edition, None)


@blueprint.get("/teams/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def team(slug: str, team_id: str) -> ResponseReturnValue:
    """One team: application, roster, settings."""
    edition = get_edition(slug)
    row = queries.get_team(edition.id, team_id)
    line = next(line for line in queries.team_lines(edition.id) if line.id == row.id)
    form = TeamForm(
        obj=row,
        institution=line.institution,
        divisions=list(line.divisions),
        **wish_values(split_list(row.wishes)),
    )
    return _team_form(edition, row, _fitted(edition, row, form))


@blueprint.post("/teams/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def save_team(slug: str, team_id: str) -> ResponseReturnValue:
    """Change a team."""
    edition = get_edition(slug)
    return _save_team(edition, queries.get_team(edition.id, team_id))


def _save_team(edition: Edition, row: Team | None) -> ResponseReturnValue:
    form = _fitted(edition, row, TeamForm())
    if not form.validate_on_submit():
        return _team_form(edition, row, form), 422
    values: dict[str, Any] = {
        "name": form.name.data,
        "coach": form.coach.data,
        "coach_contact": (form.coach_contact.data or "").lower(),
        "fee": form.fee.data,
    }
    if "role" in form:
        values["role"] = form.role.data or None
    if "status" in form:
        values["status"] = form.status.data
    if "first_wish" in form:
        values["wishes"] = ";".join(form.wishes)

    def work() -> str:
        saved = roster.save_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            values=values,
            institution=form.institution.data,
            division_codes=form.divisions.data or [],
        )
        flash(_("Saved."), "success")
        return url_for("people.team", slug=edition.slug, team_id=saved.public_id)

    try:
        return once(current_actor(), f"save_team:{edition.id}", work)
    except DomainError as fault:
        form.form_errors.append(translated(fault.message, fault.values))
        if isinstance(fault, Stale) and row is not None:
            say_what_is_saved(
                form, row, [name for name in ("name", "role", "status", "coach", "fee") if name in form]
            )
        return _team_form(edition, row, form), fault.status


def _local(edition: Edition, moment: datetime | None) -> datetime | None:
    return to_local(moment, edition.timezone) if moment is not None else None


def _fitted(edition: Edition, row: Team | None, form: TeamForm) -> TeamForm:
    """The form without what cannot be chosen here: roles that rotate, the status of an application."""
    if edition.role_policy != "fixed":
        del form.role
        form.without_wishes()
    if row is not None and row.status not in ("registered", "waiting", "stand_in"):
        del form.status
    form.divisions.choices = [
        SelectChoice(row.code, in_language(row.name, row.name_zh, chosen_locale()) or row.code)
        for row in divisions_of(edition.id)
    ]
    return form


def _team_form(edition: Edition, row: Team | None, form: TeamForm) -> str:
    home = queries.find_institution(row.institution_id) if row else None
    use = teams_service.find_use_of_team(row) if row else None
    return render_template(
        "entries/team.html",
        edition=edition,
        team=row,
        form=form,
        delegates=queries.delegates_of_team(row.id) if row else [],
        institutions=queries.institutions_of(edition.id),
        answered=questions.answered(row) if row else [],
        home=home,
        replaced={one.out_id: one for one in queries.substitutions_of(edition.id)},
        reason=shown_reason(row) if row else "",
        own_deadline=OwnDeadlineForm(formdata=None, until=_local(edition, row.open_until if row else None)),
        key=new_key(),
        use=translated(use, {"name": row.name}) if row and use else None,
        withdraw=WithdrawForm(version=row.version if row else 0, formdata=None),
    )


@blueprint.post("/teams/<team_id>/decide")
@requires(Permission.MANAGE_PEOPLE)
def decide(slug: str, team_id: str) -> ResponseReturnValue:
    """Accept, put on the waiting list, or decline an application."""
    edition, form = get_edition(slug), DecisionForm()
    row = queries.get_team(edition.id, team_id)
    if form.validate_on_submit():
        registration.decide_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            decision=form.decision.data,
            reason=form.reason.data,
        )
        flash(_("%(team)s: the decision is saved.", team=row.name), "success")
    else:
        flash(_("Nothing was saved. Choose an answer, with a reason of at most 500 characters."), "warning")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.post("/teams/<team_id>/withdraw")
@requires(Permission.MANAGE_PEOPLE)
def withdraw(slug: str, team_id: str) -> ResponseReturnValue:
    """A team leaves the edition."""
    edition, form = get_edition(slug), WithdrawForm()
    row = queries.get_team(edition.id, team_id)
    if form.validate_on_submit():
        registration.withdraw_team(
            actor=current_actor(),
            edition=edition,
            team=row,
            version=form.version.number,
            from_round=form.from_round.data,
        )
        flash(_("%(team)s is withdrawn. Its earlier results stand.", team=row.name), "success")
    else:
        flash(_("Nothing was saved. Write the number of a round, or leave it empty."), "warning")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.post("/divisions/<division_id>/empty")
@requires(Permission.EDIT_EDITION)
def empty_division(slug: str, division_id: str) -> ResponseReturnValue:
    """Take all teams out of a division, so that it can be removed."""
    edition = get_edition(slug)
    count = roster.empty_division(
        actor=current_actor(), edition=edition, division=get_division(edition.id, division_id)
    )
    flash(_("Teams that left the division: %(count)d.", count=count), "success")
    return redirect(url_for("setup.division", slug=slug, division_id=division_id), code=303)


@blueprint.post("/teams/<team_id>/restore")
@requires(Permission.MANAGE_PEOPLE)
def restore_team(slug: str, team_id: str) -> ResponseReturnValue:
    """A withdrawn team takes part again."""
    edition, form = get_edition(slug), VersionForm()
    row = queries.get_team(edition.id, team_id)
    teams_service.restore_team(actor=current_actor(), edition=edition, team=row, version=form.version.number)
    flash(_("%(team)s takes part again, from the next draw on.", team=row.name), "success")
    return redirect(url_for("people.team", slug=slug, team_id=team_id), code=303)


@blueprint.post("/teams/<team_id>/remove")
@requires(Permission.MANAGE_PEOPLE)
def remove_team(slug: str, team_id: str) -> ResponseReturnValue:
    """Take a team that was never drawn off the list."""
    edition, form = get_edition(slug), VersionForm()
    row = queries.get_team(edition.id, team_id)
    teams_service.remove_team(actor=current_actor(), edition=edition, team=row, version=form.version.number)
    flash(_("%(team)s is removed.", team=row.name), "success")
    return redirect(url_for("people.teams", slug=slug), code=303)
