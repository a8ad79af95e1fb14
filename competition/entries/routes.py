"""What entries offer to the application."""

from __future__ import annotations

from click import Command

from competition.entries import own_data
from competition.entries.registering import purge
from competition.entries.registering.views import late
from competition.entries.registering.views import people as registering_people
from competition.entries.registering.views.questions import blueprint as questions
from competition.entries.registering.views.rules import blueprint as registration_rules
from competition.entries.views import judges, links, people, quota
from competition.entries.views.blueprint import blueprint
from competition.entries.views.check_in import blueprint as check_in
from competition.entries.views.delegates import blueprint as delegates
from competition.entries.views.institutions import blueprint as institutions
from competition.entries.views.registration import own_team, registration

PARTS = (own_data, purge, people, judges, links, quota, late, registering_people)
"""Importing these registers their pages, and what they offer to accounts and to the worker."""

BLUEPRINTS = (
    blueprint,
    check_in,
    delegates,
    institutions,
    questions,
    registration_rules,
    registration,
    own_team,
)
COMMANDS: tuple[Command, ...] = ()
