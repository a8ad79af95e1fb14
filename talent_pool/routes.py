"""What this feature offers to the application."""

from __future__ import annotations

from click import Command

from talent_pool import indexing, own_data
from talent_pool.cli import talent_cli
from talent_pool.following import follow_standings
from talent_pool.services import domains, members, saved, sweeping
from talent_pool.views import (
    asking,
    audience,
    cards,
    consent,
    employers,
    lists,
    own_requests,
    pool,
    reveals,
    search,
)
from talent_pool.views import members as member_pages
from talent_pool.views import saved as saved_pages
from talent_pool.views.blueprint import employers as employer_pages
from talent_pool.views.blueprint import pool as own_pages
from talent_pool.views.equity import blueprint as equity
from talent_pool.views.operating import blueprint as operator_pages

BLUEPRINTS = (own_pages, employer_pages, operator_pages, equity)
COMMANDS: tuple[Command, ...] = (talent_cli,)
REGISTERED = (
    asking,
    audience,
    cards,
    consent,
    domains,
    employers,
    indexing,
    lists,
    member_pages,
    members,
    own_data,
    own_requests,
    pool,
    reveals,
    saved,
    saved_pages,
    search,
    sweeping,
)
"""Modules that connect themselves when they are imported: a provider of one's own data, pages of the blueprint,
what the worker does every hour."""

follow_standings()
