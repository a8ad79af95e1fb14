"""What messages offer to the application."""

from __future__ import annotations

from competition.messages import sending  # noqa: F401 - its job
from competition.messages.views import announcements, mailings
from competition.messages.views.blueprint import blueprint
from competition.messages.views.unsubscribing import blueprint as unsubscribing

PAGES = (announcements, mailings)
BLUEPRINTS = (blueprint, unsubscribing)
COMMANDS = ()
