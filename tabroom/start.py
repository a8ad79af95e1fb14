"""`flask start`: migrations, the demo where the database is empty, then web and worker, all from one process."""

from __future__ import annotations

import click
from flask_migrate import upgrade

from core.access import Permission, requires
from core.db import db
from core.serve import serve_command
from tabroom.demo.cli import demo_command


@click.command("start", params=[*serve_command.params])
@requires(Permission.OPERATE)
@click.pass_context
def start_command(context: click.Context, port: int) -> None:
    """Bring the database to the current schema, load the demo into an empty default one, and serve."""
    upgrade()
    context.invoke(demo_command, if_empty=True)
    db.session.remove()
    db.engine.dispose()
    context.invoke(serve_command, port=port)
