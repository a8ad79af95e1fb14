"""`flask demo`: loads the demo editions, only into the default SQLite database."""

from __future__ import annotations

import click
from flask import current_app
from sqlalchemy import exists, select

from competition.editions.public import edition_table
from core.access import Permission, requires
from core.db import db
from tabroom.demo.marker import is_demo
from tabroom.demo.people import SignIn


@click.command("demo")
@click.option(
    "--if-empty", is_flag=True, help="Do nothing, without an error, where there is an edition already."
)
@requires(Permission.OPERATE)
def demo_command(if_empty: bool) -> None:
    """Load the demo editions and print who can sign in (invented people; their passwords are shown once)."""
    settings = current_app.extensions["parley_settings"]
    is_right_place = settings.is_default_database and not settings.is_production
    if if_empty and (not is_right_place or db.session.scalar(select(exists().select_from(edition_table)))):
        return
    if not is_right_place:
        raise click.ClickException(
            "Demo people live only in the default SQLite database. Nothing was changed."
        )
    if is_demo():
        raise click.ClickException("The demo is loaded already. Nothing was changed.")
    from tabroom.demo.load import load_demo

    click.echo("Loading the demo: three editions, 116 teams, invented people and results ...")
    _print(load_demo())


def _print(sign_ins: list[SignIn]) -> None:
    click.echo("\nDemo sign-ins (shown once; keep this window or note them down):\n")
    width = max(len(sign_in.who) for sign_in in sign_ins)
    for sign_in in sign_ins:
        click.echo(f"  {sign_in.who:<{width}}  {sign_in.address:<24}  {sign_in.password}")
    click.echo("")
