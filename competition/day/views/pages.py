"""What the pages of the day share: entries by day, the reader's zone, calendar addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import request

from competition.day.queries import Entry
from competition.day.services.feeds import find_own_link
from competition.editions.public import Edition, is_timezone
from core.access import Actor
from core.links import file_address

COMMON_ZONES = (
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
"""Offered as one types; every zone of the IANA database is taken."""


def by_day(edition: Edition, entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    """The entries under the days on which they start, where the edition is."""
    zone = ZoneInfo(edition.timezone)
    grouped = groupby(entries, key=lambda one: one.starts_at.astimezone(zone).date())
    return [(day, list(rows)) for day, rows in grouped]


def chosen_zone(edition: Edition) -> str:
    """The further zone that the reader asked for; empty for none, an unknown one, or the edition's own."""
    name = request.args.get("zone", "")[:60]
    return name if name != edition.timezone and is_timezone(name) else ""


def feed_address(actor: Actor, edition: Edition) -> str:
    """The address of the reader's calendar link, if there is one that works."""
    link = find_own_link(actor, edition)
    return file_address(link, "agenda.calendar_file") if link is not None else ""
