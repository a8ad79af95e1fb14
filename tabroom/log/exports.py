"""The log of an edition as a file for people, and the entry that says who took it."""

from __future__ import annotations

from flask_babel import gettext as _

from competition.editions.public import Edition, to_local
from core.access import Actor
from core.audit import edition_scope, record
from core.spreadsheets import csv_for_people
from tabroom.log.deeds import KINDS
from tabroom.log.lines import LogLine, lines_of
from tabroom.log.queries import LogFilter, entries_of

MOST_ROWS = 20_000


def log_csv(*, actor: Actor, edition: Edition, asked: LogFilter) -> str:
    """The lines that the filter leaves, at most 20,000 of them, in the reader's language and the edition's time."""
    lines = lines_of(edition, entries_of(edition, asked, limit=MOST_ROWS))
    head = (
        _("When (%(zone)s)", zone=edition.timezone),
        _("Who"),
        _("As"),
        _("What"),
        _("About"),
        _("Details"),
        _("Kind"),
    )
    text = csv_for_people([head, *(_row(edition, line) for line in lines)])
    details = {"list": "log", "rows": len(lines)}
    record(actor, "export_list", "edition", edition.id, scope=edition_scope(edition.id), details=details)
    return text


def _row(edition: Edition, line: LogLine) -> tuple[str, ...]:
    about = line.about
    return (
        to_local(line.at, edition.timezone).strftime("%Y-%m-%d %H:%M:%S"),
        line.who.full,
        line.who.beside,
        line.what,
        "" if about is None else " · ".join(filter(None, (about.full, about.beside))),
        "; ".join(_("%(label)s: %(text)s", label=label, text=text) for label, text in line.details),
        _(KINDS[line.kind]),
    )
