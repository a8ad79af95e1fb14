"""What this feature offers to the application."""

from __future__ import annotations

from click import Command
from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
COMMANDS: tuple[Command, ...] = ()


def is_demo() -> bool:
    """Whether this database holds the demo's invented people."""
    return False
