"""What editions offer to the application."""

from __future__ import annotations

from competition.editions.cli import edition_cli
from competition.editions.views import break_, parts, setup
from competition.editions.views.blueprint import blueprint
from competition.editions.views.editions import blueprint as editions

PARTS = (break_, parts, setup)
"""Importing these registers their pages."""

BLUEPRINTS = (editions, blueprint)
COMMANDS = (edition_cli,)
