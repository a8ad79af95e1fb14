"""The arrivals of a day as a file for people; whoever takes it is on record."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from competition.editions.public import Edition, to_local
from competition.entries.finding import everybody
from core.access import Actor
from core.audit import edition_scope, record
from core.spreadsheets import csv_for_people


def arrivals_csv(*, actor: Actor, edition: Edition, day: date) -> str:
    """Everybody who is expected with when and where they arrived that day, in the edition's own time."""
    head = [
        _("Kind"),
        _("Code"),
        _("Name"),
        _("Name in the other script"),
        _("Team or institution"),
        _("Arrived"),
        _("Site"),
    ]
    kinds = {"team": _("Team"), "delegate": _("Delegate"), "judge": _("Judge")}
    rows = [
        [
            kinds[one.kind],
            one.code,
            one.name,
            one.name_local,
            one.group,
            to_local(one.arrived_at, edition.timezone).strftime("%Y-%m-%d %H:%M") if one.arrived_at else "",
            one.site,
        ]
        for one in everybody(edition.id, day)
        if one.kind != "room"
    ]
    details = {"list": "arrivals", "day": day.isoformat(), "rows": len(rows)}
    scope = edition_scope(edition.id)
    record(
        actor,
        "export_list",
        "edition",
        edition.id,
        scope=scope,
        details=details,
        personal=("name", "name_local"),
    )
    return csv_for_people([head, *rows])
