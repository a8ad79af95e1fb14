"""What applications by person offer to the application."""

from __future__ import annotations

from click import Command

from competition.applications import own_data, purge
from competition.applications.views.applying import blueprint as applying
from competition.applications.views.forming import blueprint as formation
from competition.applications.views.organising import blueprint as applications
from competition.applications.views.reviewing import blueprint as reviewing

PARTS = (own_data, purge)
"""Importing these registers what they offer to accounts and to the worker."""

BLUEPRINTS = (applying, applications, reviewing, formation)
COMMANDS: tuple[Command, ...] = ()
