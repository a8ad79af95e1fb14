"""`flask edition standings`: the standings as CSV, the same as on the page."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import click

from competition.editions.cli import edition_cli
from competition.editions.public import get_edition
from core.access import Permission, requires
from core.errors import DomainError
from judging.standings import StandingsTable, check_round, team_standings


@edition_cli.command("standings")
@click.argument("slug")
@click.option("--division", help="Only this division (its code).")
@click.option("--role", help="Only this role bracket: government, enterprise, local_ngo or igo.")
@click.option("--round", "after_round", type=int, help="After this round instead of the last confirmed one.")
@click.option("--format", "form", type=click.Choice(["csv"]), default="csv", show_default=True)
@requires(Permission.OPERATE)
def standings_command(
    slug: str, division: str | None, role: str | None, after_round: int | None, form: str
) -> None:
    """Print the team standings of edition SLUG."""
    try:
        edition = get_edition(slug)
        if after_round is not None:
            check_round(edition, after_round)
        table = team_standings(edition, after_round=after_round, division=division, role=role)
    except DomainError as fault:
        raise click.ClickException(fault.text) from fault
    for note in table.notes:
        click.echo(note, err=True)
    click.echo(standings_csv(table), nl=False)


def standings_csv(table: StandingsTable) -> str:
    """The table as CSV with raw values: a shared rank as `2=`, an unranked team's rank empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["rank", "team", "institution", "role", *table.columns])
    for row in table.rows:
        values = [plain(row.values[name]) for name in table.columns]
        writer.writerow([row.rank_text, row.team, row.institution, row.role, *values])
    return text.getvalue()


def plain(number: Decimal | None) -> str:
    """An exact number without trailing zeros or an exponent; empty for none."""
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
