"""What rounds offer to the application."""

from __future__ import annotations

from competition.rounds.cli import round_cli
from competition.rounds.views import show  # noqa: F401 - adds the looking pages to the rounds blueprint
from competition.rounds.views.availability import blueprint as availability
from competition.rounds.views.board import blueprint as board
from competition.rounds.views.draws import blueprint as draws
from competition.rounds.views.panels import blueprint as panels
from competition.rounds.views.preformed import blueprint as preformed
from competition.rounds.views.reports import blueprint as draw_reports
from competition.rounds.views.rounds import blueprint as rounds
from competition.rounds.views.substitutions import blueprint as substitutions

BLUEPRINTS = (rounds, draws, panels, board, draw_reports, preformed, availability, substitutions)
COMMANDS = (round_cli,)
