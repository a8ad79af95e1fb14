"""`flask round ...`: drawing a round from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
from flask.cli import AppGroup

from competition.editions.public import get_edition
from competition.rounds.queries import get_round_facts, tables_of_draw
from competition.rounds.report import report_of, warnings_of
from competition.rounds.services.drafting import METHODS, PRESETS, draft_draw
from core.access import SYSTEM, Permission, requires
from core.db import unit_of_work
from core.errors import DomainError

round_cli = AppGroup("round", help="Draw the rounds of an edition.")
SHOWN = (
    "repeat_meetings",
    "institution_meetings",
    "role_violations",
    "spread",
    "widest",
    "pull_ups",
    "most_pulled_up",
)


@round_cli.command("draw")
@click.argument("slug")
@click.argument("number", type=click.IntRange(1, 9999))
@click.option(
    "--method", type=click.Choice(METHODS), help="Default: what the round says, or fits the edition."
)
@click.option("--preset", type=click.Choice(PRESETS), default="balanced", show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="The same seed gives the same draw.")
@requires(Permission.MANAGE_ROUNDS)
def draw_round(slug: str, number: int, method: str | None, preset: str, seed: int | None) -> None:
    """Draft the draw of round NUMBER of the edition SLUG and print its report."""
    try:
        with unit_of_work():
            facts = get_round_facts(get_edition(slug).id, number)
            draw = draft_draw(actor=SYSTEM, round_id=facts.id, method=method, preset=preset, seed=seed)
            tables = len(tables_of_draw(draw.id))
    except DomainError as fault:
        click.echo(fault.text, err=True)
        sys.exit(1)
    click.echo(f"round {number} of {slug}: draft version {draw.version}, {tables} tables")
    click.echo(f"method {draw.method}, preset {draw.preset}, seed {draw.seed}, engine {draw.engine}")
    for line in report_lines(draw.report):
        click.echo(line)
    for text, values in warnings_of(report_of(get_round_facts(facts.edition_id, number))):
        click.echo(f"warning: {text % values}")


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """The figures of a report beside what no draw can go below."""
    bounds = report.get("lower_bounds", {})
    lines = [
        f"{name.replace('_', ' '):<22}{report[name]:>8g}   at least {bounds.get(name, 0):g}"
        for name in SHOWN
        if name in report
    ]
    return [*lines, f"{'proved optimal':<22}{'yes' if report.get('proved_optimal') else 'no':>8}"]
