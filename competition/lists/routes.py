"""What lists from elsewhere offer to the application."""

from __future__ import annotations

from click import Command

from competition.lists.views.lists import blueprint

BLUEPRINTS = (blueprint,)
COMMANDS: tuple[Command, ...] = ()
