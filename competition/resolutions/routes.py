"""What resolutions offer to the application."""

from __future__ import annotations

from competition.resolutions import blockers  # noqa: F401 - tables that wrote something stay as they are
from competition.resolutions.views.judges import blueprint as judges
from competition.resolutions.views.rounds import blueprint as rounds
from competition.resolutions.views.team import blueprint as team

BLUEPRINTS = (team, judges, rounds)
COMMANDS = ()
