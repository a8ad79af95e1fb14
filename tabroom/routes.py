"""What the tab room offers to the application."""

from __future__ import annotations

from click import Command

from tabroom.cli import export_command, import_command, results_command
from tabroom.demo.cli import demo_command
from tabroom.demo.marker import is_demo
from tabroom.navigation import edition_navigation
from tabroom.start import start_command
from tabroom.views.coach import blueprint as coach
from tabroom.views.cockpit import blueprint as cockpit
from tabroom.views.files import blueprint as files
from tabroom.views.home import blueprint as home
from tabroom.views.log import blueprint as edition_log
from tabroom.views.operator import blueprint as operator
from tabroom.views.participant import blueprint as participant
from tabroom.views.rehearsal import blueprint as rehearsal
from tabroom.views.round import blueprint as round_cockpit
from tabroom.views.what_if import blueprint as what_if
from tabroom.views.workbook import blueprint as workbook

BLUEPRINTS = (
    home,
    cockpit,
    coach,
    participant,
    operator,
    workbook,
    files,
    round_cockpit,
    what_if,
    rehearsal,
    edition_log,
)
COMMANDS: tuple[Command, ...] = (demo_command, start_command)
EDITION_COMMANDS = (import_command, export_command, results_command)

home.app_context_processor(edition_navigation)

__all__ = ["BLUEPRINTS", "COMMANDS", "is_demo"]
