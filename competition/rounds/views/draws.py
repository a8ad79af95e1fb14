"""Changing a draw: draft, confirm, release, take back, swap, fill panels and rooms."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.rounds.facts import PanelPlace, RoundFacts
from competition.rounds.field import judges_of, teams_of
from competition.rounds.forms import DraftForm
from competition.rounds.preformed import get_preformed, present_places
from competition.rounds.queries import find_table, tables_of_draw
from competition.rounds.services.drafting import draft_draw
from competition.rounds.services.lifecycle import confirm_draw, release_draw, undo_draw
from competition.rounds.services.panels import clear_round_panels, fill_round_panels, seat_common_panel
from competition.rounds.services.rooms import fill_round_rooms
from competition.rounds.services.seating import SeatAt, swap_seats
from competition.rounds.views.draw_page import draw_page
from competition.rounds.views.pages import change_draw, fetch, shown_version
from competition.rounds.words import FIGURES
from core.access import Permission, current_actor, requires
from core.errors import Invalid
from core.localised import N_, joined
from core.roles import ROLES, Role

blueprint = Blueprint("draws", __name__, url_prefix="/e/<slug>/rounds/<int:number>")


@blueprint.post("/draft")
@requires(Permission.MANAGE_ROUNDS)
def draft(slug: str, number: int) -> ResponseReturnValue:
    """Draw the round, or draw it again."""
    edition, _facts = fetch(slug, number)
    form = DraftForm().offer(edition.role_policy)
    if not form.validate_on_submit():
        return draw_page(edition, number, form=form), 422

    def work(facts: RoundFacts) -> tuple[str, str]:
        draw = draft_draw(
            actor=current_actor(),
            round_id=facts.id,
            method=form.method.data,
            preset=form.preset.data,
            seed=form.seed.data,
            version=shown_version(),
        )
        return _(
            "Version %(version)s was drawn with seed %(seed)s.", version=draw.version, seed=draw.seed
        ), "success"

    return change_draw(slug, number, "draft", work)


@blueprint.post("/confirm")
@requires(Permission.MANAGE_ROUNDS)
def confirm(slug: str, number: int) -> ResponseReturnValue:
    """Confirm the draft."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        confirm_draw(actor=current_actor(), round_id=facts.id, version=shown_version())
        return _("The draw is confirmed. Nobody else sees it until you release it."), "success"

    return change_draw(slug, number, "confirm", work)


@blueprint.post("/release")
@requires(Permission.MANAGE_ROUNDS)
def release(slug: str, number: int) -> ResponseReturnValue:
    """Release the draw to those who take part."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        release_draw(actor=current_actor(), round_id=facts.id, version=shown_version())
        return _("The draw is released."), "success"

    return change_draw(slug, number, "release", work)


@blueprint.post("/undo")
@requires(Permission.MANAGE_ROUNDS)
def undo(slug: str, number: int) -> ResponseReturnValue:
    """Take the draw back to a draft."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        undo_draw(actor=current_actor(), round_id=facts.id, version=shown_version())
        return _("The draw is a draft again, seen by organisers only."), "success"

    return change_draw(slug, number, "undo", work)


@blueprint.post("/swap")
@requires(Permission.MANAGE_ROUNDS)
def swap(slug: str, number: int) -> ResponseReturnValue:
    """Let two seats change places."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        outcome = swap_seats(
            actor=current_actor(),
            round_id=facts.id,
            first=_seat(facts, "first"),
            second=_seat(facts, "second"),
            version=shown_version(),
        )
        names = {team.id: team.name for team in teams_of(facts.edition_id)}
        pair = [
            names.get(team, "") if team is not None else _("the vacant seat")
            for team in (outcome.first, outcome.second)
        ]
        said = _("%(one)s and %(other)s changed places.", one=pair[0], other=pair[1])
        return f"{said} {_changes(outcome.changes)}", "success"

    return change_draw(slug, number, "swap", work)


def _seat(facts: RoundFacts, name: str) -> SeatAt:
    public_id, _dot, role = request.form.get(name, "").rpartition(".")
    table = find_table(facts.edition_id, public_id) if public_id else None
    if table is None or table.round_id != facts.id or role not in {known.value for known in ROLES}:
        raise Invalid(N_("Choose two different seats of this draw."))
    return SeatAt(table_id=table.id, role=Role(role))


def _changes(changes: Mapping[str, tuple[int | float, int | float]]) -> str:
    if not changes:
        return _("No figure of the report changed.")
    labels = {name: label() for name, label in FIGURES}
    return (
        "; ".join(f"{labels[name]}: {before:g} → {after:g}" for name, (before, after) in changes.items())
        + "."
    )


@blueprint.post("/panels")
@requires(Permission.MANAGE_ROUNDS)
def fill_panels(slug: str, number: int) -> ResponseReturnValue:
    """Fill the gaps of the panels, or (with `clear`) take every judge off first."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        version: int | None = shown_version()
        if request.form.get("clear"):
            clear_round_panels(actor=current_actor(), round_id=facts.id, version=version)
            version = None
        count = fill_round_panels(actor=current_actor(), round_id=facts.id, version=version)
        return _("%(count)s judges were seated.", count=count), "success"

    return change_draw(slug, number, "panels", work)


@blueprint.post("/common-panel")
@requires(Permission.MANAGE_ROUNDS)
def common_panel(slug: str, number: int) -> ResponseReturnValue:
    """Let one panel judge several tables of an elimination round, one after another."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        keys = {table.public_id: table.id for table in tables_of_draw(facts.draw_id or 0)}
        chosen = request.form.getlist("tables")[:50]
        conflicts = seat_common_panel(
            actor=current_actor(),
            round_id=facts.id,
            panel=_common_panel(facts),
            table_ids=[keys[key] for key in chosen if key in keys],
            in_one_room=request.form.get("in_one_room") == "1",
            version=shown_version(),
        )
        if conflicts:
            said = joined(conflicts)
            return _(
                "The panel is seated, but look at these conflicts of interest: %(pairs)s.", pairs=said
            ), "warning"
        return _("One panel judges these tables, one after another."), "success"

    return change_draw(slug, number, "common_panel", work)


def _common_panel(facts: RoundFacts) -> tuple[PanelPlace, ...]:
    kind, _colon, key = request.form.get("panel", "").partition(":")
    if kind == "formed":
        judges = {judge.id: judge for judge in judges_of(facts.edition_id)}
        return present_places(get_preformed(facts.edition_id, key), judges, facts.number)
    table = find_table(facts.edition_id, key) if kind == "table" else None
    if table is None or table.round_id != facts.id:
        raise Invalid(N_("Choose a panel."))
    return table.panel


@blueprint.post("/rooms")
@requires(Permission.MANAGE_ROUNDS)
def fill_rooms(slug: str, number: int) -> ResponseReturnValue:
    """Give a room to every table that has none."""

    def work(facts: RoundFacts) -> tuple[str, str]:
        count = fill_round_rooms(actor=current_actor(), round_id=facts.id, version=shown_version())
        return _("%(count)s tables got a room.", count=count), "success"

    return change_draw(slug, number, "rooms", work)
