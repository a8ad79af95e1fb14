"""What this feature offers to the application."""

from __future__ import annotations

from click import Command
from flask import Blueprint

from accounts.views.blueprint import auth

BLUEPRINTS: tuple[Blueprint, ...] = (auth,)
COMMANDS: tuple[Command, ...] = ()
