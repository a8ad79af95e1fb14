"""What this feature offers to the application."""

from __future__ import annotations

from click import Command

from talent_pool import indexing, own_data
from talent_pool.cli import talent_cli
from talent_pool.following import follow_standings
from talent_pool.services import sweeping
from talent_pool.views import employers, reveals, search
from talent_pool.views.blueprint import employers as employer_pages
from talent_pool.views.pool import blueprint as pool

BLUEPRINTS = (pool, employer_pages)
COMMANDS: tuple[Command, ...] = (talent_cli,)
REGISTERED = (indexing, own_data, employers, reveals, search, sweeping)
"""Modules that connect themselves when they are imported: a provider of one's own data, pages of the blueprint,
what the worker does every hour."""

follow_standings()
