"""What this feature offers to the application."""

from __future__ import annotations

from click import Command
from flask import Blueprint

from accounts import purge
from accounts.cli import operator
from accounts.views import account, new_account, one_time, second_factor, sign_in
from accounts.views.blueprint import auth

PARTS = (sign_in, one_time, new_account, account, second_factor, purge)
"""Importing these registers their pages and their part in the purge."""

BLUEPRINTS: tuple[Blueprint, ...] = (auth,)
COMMANDS: tuple[Command, ...] = (operator,)
