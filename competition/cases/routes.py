"""What cases offer to the application."""

from __future__ import annotations

from competition.cases import blockers  # noqa: F401 - tables whose briefs were read stay as they are
from competition.cases.views.cases import blueprint as cases
from competition.cases.views.reading import blueprint as reading
from competition.cases.views.round_case import blueprint as round_case

BLUEPRINTS = (cases, reading, round_case)
COMMANDS = ()
