"""The `flask edition` group; features that work on editions hang their commands here."""

from __future__ import annotations

from flask.cli import AppGroup

edition_cli = AppGroup("edition", help="Import, export and rank editions.")
