"""What entries offer to the application."""

from __future__ import annotations

from click import Command

from competition.entries.views.people import blueprint as people
from competition.entries.views.registration import own_team, registration

BLUEPRINTS = (people, registration, own_team)
COMMANDS: tuple[Command, ...] = ()
