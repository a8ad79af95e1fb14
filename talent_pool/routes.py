"""What this feature offers to the application."""

from __future__ import annotations

from click import Command

from talent_pool import indexing, own_data
from talent_pool.cli import talent_cli
from talent_pool.following import follow_standings
from talent_pool.services import sweeping
from talent_pool.views import audience, consent, employers, own_requests, pool, reveals, search
from talent_pool.views.blueprint import employers as employer_pages
from talent_pool.views.blueprint import pool as own_pages
from talent_pool.views.operating import blueprint as operator_pages

BLUEPRINTS = (own_pages, employer_pages, operator_pages)
COMMANDS: tuple[Command, ...] = (talent_cli,)
REGISTERED = (
    audience,
    consent,
    employers,
    indexing,
    own_data,
    own_requests,
    pool,
    reveals,
    search,
    sweeping,
)
"""Modules that connect themselves when they are imported: a provider of one's own data, pages of the blueprint,
what the worker does every hour."""

follow_standings()
