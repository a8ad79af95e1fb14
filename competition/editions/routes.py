"""What editions offer to the application."""

from __future__ import annotations

from competition.editions.cli import edition_cli
from competition.editions.views.editions import blueprint as editions
from competition.editions.views.setup import blueprint as setup

BLUEPRINTS = (editions, setup)
COMMANDS = (edition_cli,)
