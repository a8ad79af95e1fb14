"""The `flask edition` group; features that work on editions hang their commands here. Deleting one is its own."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from core.access import SYSTEM, Permission, requires
from core.db import unit_of_work
from core.errors import DomainError

edition_cli = AppGroup("edition", help="Import, export and rank editions.")


@edition_cli.command("delete")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@requires(Permission.CREATE_EDITION)
def delete_command(slug: str, yes: bool) -> None:
    """Delete the edition SLUG with everything in it, also after it was played. This cannot be undone."""
    from competition.editions.queries import get_edition
    from competition.editions.removal import delete_edition

    if not yes:
        click.confirm(f"Delete {slug} with its teams, rounds, sheets and results?", abort=True)
    try:
        with unit_of_work():
            delete_edition(actor=SYSTEM, edition=get_edition(slug), even_if_played=True)
    except DomainError as error:
        raise click.ClickException(error.text) from error
    click.echo(f"{slug} is deleted.")
