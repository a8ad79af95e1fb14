"""Rules that no longer change alone, told by the rooms that built on them (judging, once a sheet is submitted)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from competition.editions.models import Edition

RuleLock = Callable[[Edition, Mapping[str, Any]], str]
_locks: list[RuleLock] = []


def register_rule_lock(function: RuleLock) -> RuleLock:
    """Register `(edition, new values by name) -> why they are refused` (an English source sentence, "" for allowed)."""
    if function not in _locks:
        _locks.append(function)
    return function


def reason_against(edition: Edition, changed: Mapping[str, Any]) -> str:
    """The first reason to leave the edition's rules as they are; empty where there is none."""
    return next((reason for lock in _locks if changed and (reason := lock(edition, changed))), "")
