"""What this feature offers to the application."""

from __future__ import annotations

from click import Command
from flask import Blueprint

from judging import audiences, own_data
from judging.blockers import submitted_sheets
from judging.cli import standings_command
from judging.closing.routes import BLUEPRINTS as CLOSING
from judging.judges import judge_landing
from judging.views import duties, paper, published, sheets, table
from judging.views.analysis import blueprint as analysis
from judging.views.blueprint import blueprint as sheet_pages
from judging.views.calibration import blueprint as calibration
from judging.views.judge import blueprint as judge
from judging.views.policy import blueprint as policy
from judging.views.report import blueprint as report
from judging.views.rubric import blueprint as rubric
from judging.views.standings import blueprint as standings

BLUEPRINTS: tuple[Blueprint, ...] = (
    analysis,
    calibration,
    judge,
    policy,
    report,
    rubric,
    sheet_pages,
    standings,
    *CLOSING,
)
COMMANDS: tuple[Command, ...] = ()
REGISTERED = (standings_command, judge_landing, submitted_sheets, audiences, own_data)
"""What hangs itself up by being imported: a command, the way behind a judge's link, a reason to keep a draw, whom
organisers may write to."""
SHEET_VIEWS = (sheets, table, paper, duties)
PUBLISHED_VIEWS = (published,)
