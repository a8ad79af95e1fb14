"""Pages on which organisers form teams: form, look at the balance, change by hand, confirm."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from competition.applications import queries
from competition.applications.fault_words import fault_lines
from competition.applications.forms import FormForm, PairForm, VersionForm, form_form
from competition.applications.models import Application, ApplicationCall, TeamPlan
from competition.applications.problem import attributes_asked, usual_teams, usual_weights, wishes_of
from competition.applications.services import forming
from competition.applications.vocabulary import ATTRIBUTES, word
from competition.editions.public import Edition, get_edition
from competition.formation.model import Placement, Report, Wish
from core.access import Permission, current_actor, requires
from core.errors import DomainError, NotFound, said
from core.forms import folded
from core.idempotency import new_key, once

blueprint = Blueprint("formation", __name__, url_prefix="/e/<slug>/people/formation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change by hand would do, before it is saved: (label, before, after, whether that is better)."""

    title: str
    figures: tuple[tuple[str, int, int, bool], ...]
    broken: tuple[str, ...]
    mended: tuple[str, ...]


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def show(slug: str) -> ResponseReturnValue:
    """The teams, how balanced they are, and what a change that was picked would do."""
    edition = get_edition(slug)
    return _page(edition, _form(edition))


@blueprint.get("/change")
@requires(Permission.MANAGE_PEOPLE)
def consequences(slug: str) -> ResponseReturnValue:
    """What the picked change would do: a part of the page for htmx, the whole page otherwise."""
    edition = get_edition(slug)
    if request.headers.get("HX-Request") != "true":
        return _page(edition, _form(edition))
    plan, people = queries.find_plan(edition.id), queries.applications_of(edition.id, "accepted")
    if plan is None:
        raise NotFound
    return render_template(
        "applications/_change.html",
        edition=edition,
        plan=plan,
        key=new_key(),
        **_picked(edition, plan, people),
    )


@blueprint.post("/form")
@requires(Permission.MANAGE_PEOPLE)
def form(slug: str) -> ResponseReturnValue:
    """Form the teams, or form them again around those who are locked."""
    edition = get_edition(slug)
    form = _form(edition, is_shown=False)
    if not form.validate_on_submit():
        return _page(edition, form), 422
    weights = {
        item.name.removeprefix("weight-"): int(item.data) for item in form if item.name.startswith("weight-")
    }

    def work() -> str:
        forming.form(
            actor=current_actor(),
            edition=edition,
            version=form.version.number,
            teams=form.teams.data,
            seed=form.seed.data,
            weights=weights,
        )
        return url_for("formation.show", slug=slug, _anchor="balance")

    try:
        return once(current_actor(), f"form_teams:{edition.id}", work)
    except DomainError as fault:
        form.form_errors.append(said(fault))
        if isinstance(fault, forming.CannotFormTeams):
            names = {row.public_id: row.name for row in queries.applications_of(edition.id, "accepted")}
            form.form_errors.extend(fault_lines(fault.cause.faults, names))
        return _page(edition, form), fault.status


@blueprint.post("/move")
@requires(Permission.MANAGE_PEOPLE)
def move(slug: str) -> ResponseReturnValue:
    """Save the change that was shown."""
    edition, plan, version = _held(slug)
    forming.move(
        actor=current_actor(),
        edition=edition,
        plan=plan,
        version=version,
        who=request.form.get("who", ""),
        to=request.form.get("to", ""),
    )
    flash(_("Moved. You can take it back."), "success")
    return _back(slug)


@blueprint.post("/undo")
@requires(Permission.MANAGE_PEOPLE)
def undo(slug: str) -> ResponseReturnValue:
    """Take the last change back."""
    edition, plan, version = _held(slug)
    forming.undo(actor=current_actor(), edition=edition, plan=plan, version=version)
    flash(_("The last change is taken back."), "success")
    return _back(slug)


@blueprint.post("/teams")
@requires(Permission.MANAGE_PEOPLE)
def save_teams(slug: str) -> ResponseReturnValue:
    """Save the names of the teams and who is locked."""
    edition, plan, version = _held(slug)
    names = [folded(name)[:120] for name in request.form.getlist("name")]
    forming.rename(actor=current_actor(), edition=edition, plan=plan, version=version, names=names)
    forming.set_locked(
        actor=current_actor(),
        edition=edition,
        plan=plan,
        version=plan.version,
        people=request.form.getlist("locked"),
    )
    flash(_("Saved."), "success")
    return _back(slug)


@blueprint.post("/confirm")
@requires(Permission.MANAGE_PEOPLE)
def confirm(slug: str) -> ResponseReturnValue:
    """Make the teams real; every delegate is told."""
    edition, plan, version = _held(slug)

    def work() -> str:
        count = forming.confirm(actor=current_actor(), edition=edition, plan=plan, version=version)
        flash(_("Teams made: %(count)d. Every delegate is told by e-mail.", count=count), "success")
        return url_for("people.teams", slug=slug)

    return once(current_actor(), f"confirm_teams:{edition.id}", work)


@blueprint.post("/wishes")
@requires(Permission.MANAGE_PEOPLE)
def add_wish(slug: str) -> ResponseReturnValue:
    """Two people together, or apart."""
    edition = get_edition(slug)
    form = _pair_form(queries.applications_of(edition.id, "accepted"))
    if not form.validate_on_submit():
        flash(_("Nothing was saved. Choose two people and what you wish for them."), "warning")
        return redirect(url_for("formation.show", slug=slug, _anchor="wishes"), code=303)
    kind, _colon, strength = form.wish.data.partition(":")
    forming.add_pair_wish(
        actor=current_actor(),
        edition=edition,
        first=queries.get_application(edition.id, form.first.data),
        second=queries.get_application(edition.id, form.second.data),
        kind=kind,
        is_hard=strength == "hard",
    )
    return redirect(url_for("formation.show", slug=slug, _anchor="wishes"), code=303)


@blueprint.post("/wishes/<wish_id>/remove")
@requires(Permission.MANAGE_PEOPLE)
def remove_wish(slug: str, wish_id: str) -> ResponseReturnValue:
    """Forget a wish."""
    edition = get_edition(slug)
    forming.remove_pair_wish(actor=current_actor(), edition=edition, public_id=wish_id)
    return redirect(url_for("formation.show", slug=slug, _anchor="wishes"), code=303)


def _held(slug: str) -> tuple[Edition, TeamPlan, int]:
    edition, form = get_edition(slug), VersionForm()
    plan = queries.find_plan(edition.id)
    if plan is None:
        raise NotFound
    return edition, plan, form.version.number


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("formation.show", slug=slug, _anchor="teams"), code=303)


def _call(edition: Edition) -> ApplicationCall:
    return queries.find_call(edition.id) or ApplicationCall(asks_gender=False, asks_institution=False)


def _form(edition: Edition, *, is_shown: bool = True) -> FormForm:
    call, plan = _call(edition), queries.find_plan(edition.id)
    attributes = attributes_asked(call)
    values: dict[str, Any] = {}
    if is_shown:
        people = queries.applications_of(edition.id, "accepted")
        weights = plan.weights if plan is not None else usual_weights(call)
        values = {f"weight-{name}": str(weights.get(name, 1)) for name in attributes}
        values |= {
            "version": plan.version if plan else 0,
            "teams": plan.teams if plan else usual_teams(edition, len(people)),
            "seed": plan.seed if plan else secrets.randbelow(9000) + 1000,
        }
    return form_form(attributes)(data=values)


def _pair_form(people: Sequence[Application]) -> PairForm:
    form = PairForm()
    choices = [
        SelectChoice(row.public_id, row.name) for row in sorted(people, key=lambda row: row.name.casefold())
    ]
    form.first.choices = form.second.choices = [SelectChoice("", _("Please choose")), *choices]
    return form


def _page(edition: Edition, form: FormForm) -> str:
    people, plan = queries.applications_of(edition.id, "accepted"), queries.find_plan(edition.id)
    pairs = queries.pair_wishes(edition.id)
    names = {row.public_id: row.name for row in people}
    report = forming.recount(plan, people, pairs, plan.placement) if plan else None
    pair_form = _pair_form(people)
    return render_template(
        "applications/forming.html",
        edition=edition,
        form=form,
        plan=plan,
        people=people,
        teams=_teams(plan, people) if plan else [],
        unplaced=[row for row in people if plan and row.public_id not in plan.placement],
        report=report,
        broken=[_wish_line(wish, names) for wish in report.broken] if report else [],
        own_wishes=len(wishes_of(people, [])),
        pairs=[
            (pair, next((r.name for r in people if r.id == pair.first_id), None),
             next((r.name for r in people if r.id == pair.second_id), None))
            for pair in pairs
        ],
        pair_form=pair_form,
        attributes=ATTRIBUTES,
        word=word,
        key=new_key(),
        **(_picked(edition, plan, people) if plan and plan.confirmed_at is None else {"picked": None, "change": None}),
    )  # fmt: skip


def _teams(plan: TeamPlan, people: Sequence[Application]) -> list[tuple[int, str, list[Application]]]:
    """Number, name and members of every team."""
    return [
        (number, plan.names[number], [row for row in people if plan.placement.get(row.public_id) == number])
        for number in range(plan.teams)
    ]


def _picked(edition: Edition, plan: TeamPlan, people: Sequence[Application]) -> dict[str, Any]:
    """Who and where to was picked in the address, and what that would change."""
    who, to = request.args.get("who", ""), request.args.get("to", "")
    person = next((row for row in people if row.public_id == who), None)
    change = None
    if person is not None and to:
        try:
            placement = forming.moved(plan, who, to)
        except NotFound:
            placement = None
        if placement is not None and placement != plan.placement:
            change = _change(edition, plan, people, placement, person)
    return {"picked": person, "change": change, "target": to, "choices": _places(plan, people)}


def _places(plan: TeamPlan, people: Sequence[Application]) -> dict[str, list[tuple[str, str]]]:
    teams = [(f"team:{number}", name) for number, name in enumerate(plan.names)]
    order = sorted(people, key=lambda row: row.name.casefold())
    placed = [row for row in order if row.public_id in plan.placement]
    swaps = [
        (f"person:{row.public_id}", f"{row.name} ({plan.names[plan.placement[row.public_id]]})")
        for row in placed
    ]
    return {"teams": teams, "swaps": swaps, "people": [(row.public_id, row.name) for row in order]}


def _change(
    edition: Edition, plan: TeamPlan, people: Sequence[Application], placement: Placement, person: Application
) -> Change:
    pairs = queries.pair_wishes(edition.id)
    names = {row.public_id: row.name for row in people}
    before = forming.recount(plan, people, pairs, plan.placement)
    after = forming.recount(plan, people, pairs, placement)
    team = plan.names[placement[person.public_id]]
    return Change(
        title=_("%(name)s to %(team)s", name=person.name, team=team),
        figures=tuple(_figures(before, after)),
        broken=tuple(_wish_line(wish, names) for wish in after.broken if wish not in before.broken),
        mended=tuple(_wish_line(wish, names) for wish in before.broken if wish in after.kept),
    )


def _figures(before: Report, after: Report) -> list[tuple[str, int, int, bool]]:
    """Only what differs: sizes first, then attributes."""
    found = [
        (_("Smallest team"), min(before.sizes), min(after.sizes), min(after.sizes) > min(before.sizes)),
        (_("Largest team"), max(before.sizes), max(after.sizes), max(after.sizes) < max(before.sizes)),
    ]
    for old, new in zip(before.balances, after.balances, strict=True):
        name = str(ATTRIBUTES.get(old.attribute, old.attribute))
        label = _("%(attribute)s, people out of place", attribute=name)
        found.append((label, old.misplaced, new.misplaced, new.misplaced < old.misplaced))
    return [line for line in found if line[1] != line[2]]


def _wish_line(wish: Wish, names: dict[str, str]) -> str:
    values = {"first": names[wish.first], "second": names[wish.second]}
    if wish.kind == "together":
        return _("%(first)s and %(second)s: together", **values)
    return _("%(first)s and %(second)s: apart", **values)
