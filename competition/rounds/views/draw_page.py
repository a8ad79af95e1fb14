"""The organiser's page of one round's draw, as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _

from competition.editions.public import Edition, rooms_of, to_local
from competition.rounds.facts import RoundFacts
from competition.rounds.forms import DraftForm
from competition.rounds.models import Draw
from competition.rounds.outcomes import live_results
from competition.rounds.preformed import preformed_panels
from competition.rounds.queries import (
    draws_of,
    get_round,
    get_round_facts,
    live_draw,
    scheduled_otherwise,
    tables_of_draw,
)
from competition.rounds.services.drafting import default_method
from competition.rounds.situation import situation_of
from competition.rounds.views.draw_rows import TableRow, field_before, table_rows
from competition.rounds.words import FIGURES, role_words
from core.errors import DomainError, said
from core.idempotency import new_key
from core.localised import joined

ONLY_WITH_POINTS = frozenset({"spread", "widest", "pull_ups"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of the report with what no draw can go below."""

    label: str
    value: float
    bound: float | None

    @property
    def is_best(self) -> bool:
        return self.bound is not None and self.value <= self.bound


def figures_of(report: Mapping[str, Any], *, method: str, role_policy: str) -> list[Figure]:
    """The figures that mean something for this way of drawing."""
    bounds = report.get("lower_bounds", {})
    hidden = set() if method == "power_paired" else set(ONLY_WITH_POINTS)
    if role_policy == "fixed":
        hidden.add("role_violations")
    return [
        Figure(label=label(), value=report[name], bound=bounds.get(name))
        for name, label in FIGURES
        if name in report and name not in hidden
    ]


def draw_page(
    edition: Edition, number: int, *, fault: DomainError | None = None, form: DraftForm | None = None
) -> str:
    """The page of a round's draw; `fault` is what the domain refused just now."""
    facts = get_round_facts(edition.id, number)
    draw = live_draw(facts.id)
    rows = table_rows(tables_of_draw(draw.id), field_before(edition.id, number)) if draw else []
    return render_template(
        "rounds/show.html",
        edition=edition,
        round=facts,
        draw=draw,
        rows=rows,
        figures=_figures(draw, edition),
        form=form or _draft_form(edition, facts, draw),
        fault=_fault_lines(fault),
        versions=[(old, to_local(old.created_at, edition.timezone)) for old in draws_of(facts.id)],
        released_at=to_local(facts.released_at, edition.timezone) if facts.released_at else None,
        other_schedules=_other_schedules(facts, draw),
        sheets_endpoint=sheets_endpoint(),
        seating_endpoint=SEATING if SEATING in current_app.view_functions else None,
        starts_at=local_start(edition, facts),
        audience=_audience(edition, rows),
        rooms=rooms_of(edition.id),
        has_results=bool(draw and live_results(draw.id)),
        common_panels=_common_panels(facts, rows),
        seat_choices=_seat_choices(rows),
        form_words=form_words(),
        new_key=new_key,
    )


def _common_panels(facts: RoundFacts, rows: Sequence[TableRow]) -> list[tuple[str, str]]:
    """The panels that could judge several tables of an elimination round in turn: formed ones, then those that sit."""
    if facts.is_preliminary or len(rows) < 2:
        return []
    formed = [(f"formed:{one.public_id}", one.name) for one in preformed_panels(facts.edition_id)]
    sitting = [
        (f"table:{row.facts.public_id}", _sitting(row)) for row in rows if row.facts.chair_id is not None
    ]
    return [*formed, *sitting]


def _sitting(row: TableRow) -> str:
    names = joined(cell.judge.name for cell in row.judges)
    return _("The panel of table %(table)s: %(judges)s", table=row.facts.name, judges=names)


SEATING = "seating.show"
"""Where an elimination round is seated from the break or the last round; another room offers it."""
SHEETS = "sheets.board"
"""Where the sheets of a round are collected; another room offers it."""


def sheets_endpoint() -> str | None:
    """The page of a round's sheets, where the application has one."""
    return SHEETS if SHEETS in current_app.view_functions else None


def _other_schedules(facts: RoundFacts, draw: Draw | None) -> list[int]:
    """The rounds that follow a schedule with another seed than this draw does."""
    if draw is None or draw.method != "scheduled":
        return []
    return scheduled_otherwise(facts.edition_id, draw)


def form_words() -> dict[str, str]:
    """Ways to draw and presets in short words."""
    return {
        "random": _("random"),
        "scheduled": _("scheduled"),
        "power_paired": _("power-paired"),
        "by_hand": _("by hand"),
        "elimination": _("from the break"),
        "balanced": _("balanced"),
        "fair": _("fair"),
        "strict": _("strict"),
    }


def _figures(draw: Draw | None, edition: Edition) -> list[Figure]:
    if draw is None:
        return []
    return figures_of(draw.report, method=draw.method, role_policy=edition.role_policy)


def _fault_lines(fault: DomainError | None) -> list[str]:
    return [] if fault is None else [said(fault), *fault.details]


def _draft_form(edition: Edition, facts: RoundFacts, draw: Draw | None) -> DraftForm:
    is_drawn = draw is not None and draw.method not in ("", "by_hand")
    method = draw.method if draw and is_drawn else default_method(situation_of(get_round(facts.id)))
    preset = draw.preset if draw and is_drawn else "balanced"
    return DraftForm(formdata=None, method=method, preset=preset).offer(edition.role_policy)


def local_start(edition: Edition, facts: RoundFacts) -> datetime | None:
    """When a round starts, as a clock on the wall of the edition shows it."""
    return to_local(facts.starts_at, edition.timezone) if facts.starts_at is not None else None


def _audience(edition: Edition, rows: Sequence[TableRow]) -> str:
    """Who sees the draw once it is released."""
    values = {
        "teams": sum(cell.team is not None for row in rows for cell in row.seats),
        "judges": len({cell.judge.id for row in rows for cell in row.judges}),
    }
    if edition.is_public:
        return _(
            "%(teams)s teams and %(judges)s judges see their tables, and anybody sees the draw.", **values
        )
    return _("%(teams)s teams and %(judges)s judges see their tables. The public sees nothing.", **values)


def _seat_choices(rows: Sequence[TableRow]) -> list[tuple[str, str]]:
    """Every seat of a draft as (value, words), to choose the two that change places."""
    return [
        (
            f"{row.facts.public_id}.{cell.role.value}",
            _(
                "Table %(table)s · %(role)s · %(team)s",
                table=row.facts.name,
                role=role_words(cell.role),
                team=cell.team.name if cell.team else _("vacant"),
            ),
        )
        for row in rows
        for cell in row.seats
    ]
