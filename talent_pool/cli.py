"""The `flask talent` group: a load of invented people, and indexing cards anew."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from core.access import Permission, requires
from core.db import unit_of_work, utc_now
from core.errors import DomainError

talent_cli = AppGroup("talent", help="The talent pool.")


@talent_cli.command("generate")
@click.argument("count", type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=1, show_default=True, help="Another seed, other people.")
@requires(Permission.OPERATE)
def generate_command(count: int, seed: int) -> None:
    """Add COUNT invented people with cards, as a load. Refused where real people have accounts."""
    from talent_pool.generating import generate_people, refuse_real_people

    settings = current_app.extensions["parley_settings"]
    try:
        with unit_of_work():
            refuse_real_people(is_production=settings.is_production, is_testing=settings.is_testing)
            generate_people(count, now=utc_now(), seed=seed)
    except DomainError as error:
        raise click.ClickException(error.text) from error
    click.echo(f"{count} invented people are in the talent pool.")


@talent_cli.command("index")
@requires(Permission.OPERATE)
def index_command() -> None:
    """Index every listed card anew (after a change of the rules by which words are cut)."""
    from talent_pool.indexing import index_all

    with unit_of_work():
        count = index_all()
    click.echo(f"{count} cards are indexed.")
