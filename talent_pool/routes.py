"""What this feature offers to the application."""

from __future__ import annotations

from click import Command
from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
COMMANDS: tuple[Command, ...] = ()
