"""Pages of the panels that stay together: the list, and one to form or change a panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.likeness.searching import Wanted
from competition.rounds.field import FieldJudge, judges_of
from competition.rounds.languages import unspoken_by, working_languages
from competition.rounds.preformed import PreformedFacts, get_preformed, preformed_panels
from competition.rounds.queries import find_table
from competition.rounds.services.engine_panels import rating_of
from competition.rounds.services.preformed import dissolve_preformed, save_preformed
from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import DomainError, Invalid, said
from core.filters import ListFilter
from core.forms import folded, whole_number
from core.idempotency import new_key, once
from core.languages import language_name
from core.localised import N_

blueprint = Blueprint("preformed", __name__, url_prefix="/e/<slug>/people/panels")
SHORT_LIST = 8
"""A list up to this long needs no search."""
LEAST_PLACES = {"chair": 1, "panellist": 4, "trainee": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """A panel with its people, the mean of their ratings, and the edition's languages that nobody of it speaks."""

    facts: PreformedFacts
    chair: FieldJudge
    panellists: tuple[FieldJudge, ...]
    trainees: tuple[FieldJudge, ...]
    strength: float
    unspoken: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What it is found by: its own name, and those of its judges in both scripts."""
        judges = (self.chair, *self.panellists, *self.trainees)
        return (self.facts.name, *(name for one in judges for name in (one.name, one.name_local)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFilter(ListFilter):
    """Which panels, and in which order: their own, or by name, chair or strength."""

    KNOWN: ClassVar = {"sort": ("name", "chair", "strength")}

    def lines(self, lines: Sequence[PanelLine]) -> list[PanelLine]:
        """Those that the reader asked for."""
        wanted = Wanted.of(self.q)
        found = [line for line in lines if wanted.fits(line.names)]
        return sorted(found, key=ORDERS[self.sort]) if self.sort else found


ORDERS: dict[str, Callable[[PanelLine], Any]] = {
    "name": lambda line: line.facts.name.casefold(),
    "chair": lambda line: line.chair.name.casefold(),
    "strength": lambda line: -line.strength,
}


@blueprint.get("")
@requires(Permission.MANAGE_ROUNDS)
def index(slug: str) -> ResponseReturnValue:
    """Every panel that stays together."""
    edition, asked = get_edition(slug), PanelFilter.of(request.args)
    judges = {judge.id: judge for judge in judges_of(edition.id)}
    panels, languages = preformed_panels(edition.id), working_languages(edition.id)
    grouped = frozenset().union(*(panel.judge_ids for panel in panels))
    return render_template(
        "rounds/panels.html",
        edition=edition,
        lines=asked.lines([_line(panel, judges, languages) for panel in panels]),
        has_any=bool(panels),
        is_long=len(panels) > SHORT_LIST,
        asked=asked,
        sort_url=lambda name: url_for("preformed.index", slug=slug, **asked.arguments(sort=name)),
        alone=len(judges.keys() - grouped),
        judges=len(judges),
        new_key=new_key,
    )


@blueprint.get("/new")
@requires(Permission.MANAGE_ROUNDS)
def new(slug: str) -> ResponseReturnValue:
    """An empty form, or one filled with the panel of a table (`?table=`)."""
    edition = get_edition(slug)
    table = find_table(edition.id, request.args.get("table", ""))
    judges = {judge.id: judge.public_id for judge in judges_of(edition.id)}
    chosen: dict[str, list[str]] = {position: [] for position in LEAST_PLACES}
    for place in table.panel if table is not None else ():
        chosen[place.position].append(judges[place.judge_id])
    return _form(edition, None, name="", chosen=chosen)


@blueprint.post("/new")
@requires(Permission.MANAGE_ROUNDS)
def create(slug: str) -> ResponseReturnValue:
    """Form a panel."""
    return _save(get_edition(slug), None)


@blueprint.get("/<panel_id>")
@requires(Permission.MANAGE_ROUNDS)
def edit(slug: str, panel_id: str) -> ResponseReturnValue:
    """One panel."""
    edition = get_edition(slug)
    panel = get_preformed(edition.id, panel_id)
    judges = {judge.id: judge.public_id for judge in judges_of(edition.id)}
    chosen: dict[str, list[str]] = {position: [] for position in LEAST_PLACES}
    for place in panel.places:
        chosen[place.position].append(judges[place.judge_id])
    return _form(edition, panel, name=panel.name, chosen=chosen)


@blueprint.post("/<panel_id>")
@requires(Permission.MANAGE_ROUNDS)
def save(slug: str, panel_id: str) -> ResponseReturnValue:
    """Change a panel."""
    edition = get_edition(slug)
    return _save(edition, get_preformed(edition.id, panel_id))


@blueprint.post("/<panel_id>/dissolve")
@requires(Permission.MANAGE_ROUNDS)
def dissolve(slug: str, panel_id: str) -> ResponseReturnValue:
    """Let its judges be seated one by one again."""
    edition = get_edition(slug)
    panel = get_preformed(edition.id, panel_id)
    version = whole_number(request.form.get("version", ""), otherwise=-1)
    dissolve_preformed(actor=current_actor(), edition=edition, panel_id=panel.id, version=version)
    flash(_("%(panel)s is dissolved. Its judges are seated one by one again.", panel=panel.name), "success")
    return redirect(url_for("preformed.index", slug=slug), code=303)


def _save(edition: Edition, panel: PreformedFacts | None) -> ResponseReturnValue:
    name = folded(request.form.get("name"))[:60]
    chosen = {position: request.form.getlist(position)[:20] for position in LEAST_PLACES}

    def work() -> str:
        save_preformed(
            actor=current_actor(),
            edition=edition,
            name=name,
            members=_members(edition, chosen),
            panel_id=panel.id if panel is not None else None,
            version=whole_number(request.form.get("version", ""), otherwise=-1),
        )
        flash(_("Saved. The next draw seats this panel as a whole."), "success")
        return url_for("preformed.index", slug=edition.slug)

    try:
        return once(current_actor(), f"preformed_panel:{edition.id}", work)
    except DomainError as fault:
        db.session.rollback()
        return _form(edition, panel, name=name, chosen=chosen, fault=fault), fault.status


def _members(edition: Edition, chosen: dict[str, list[str]]) -> list[tuple[int, str]]:
    keys = {judge.public_id: judge.id for judge in judges_of(edition.id)}
    named = [(key, position) for position, names in chosen.items() for key in names if key]
    if any(key not in keys for key, _position in named):
        raise Invalid(N_("Choose judges of this edition."))
    return [(keys[key], position) for key, position in named]


def _form(
    edition: Edition,
    panel: PreformedFacts | None,
    *,
    name: str,
    chosen: dict[str, list[str]],
    fault: DomainError | None = None,
) -> str:
    own = panel.id if panel is not None else None
    taken = {
        judge: one.name for one in preformed_panels(edition.id) if one.id != own for judge in one.judge_ids
    }
    least = {**LEAST_PLACES, "panellist": max(4, len(chosen["panellist"]) + 1)}
    return render_template(
        "rounds/panel.html",
        edition=edition,
        panel=panel,
        name=name,
        choices=[(judge, taken.get(judge.id, "")) for judge in judges_of(edition.id)],
        chosen={
            position: [*names, *[""] * (least[position] - len(names))] for position, names in chosen.items()
        },
        fault=[said(fault), *fault.details] if fault else [],
        new_key=new_key,
    )


def _line(panel: PreformedFacts, judges: dict[int, FieldJudge], languages: frozenset[str]) -> PanelLine:
    by_position: dict[str, list[FieldJudge]] = {position: [] for position in LEAST_PLACES}
    for place in panel.places:
        by_position[place.position].append(judges[place.judge_id])
    voting = [*by_position["chair"], *by_position["panellist"]]
    return PanelLine(
        facts=panel,
        chair=by_position["chair"][0],
        panellists=tuple(by_position["panellist"]),
        trainees=tuple(by_position["trainee"]),
        strength=sum(map(rating_of, voting)) / len(voting),
        unspoken=tuple(map(language_name, unspoken_by(voting, languages))),
    )
