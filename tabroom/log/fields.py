"""What the columns that a deed changed are called on screen; those without a name here are not spoken of."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from core.localised import N_

FIELD_NAMES: dict[str, str] = {
    "name": N_("Name"),
    "name_zh": N_("Name in Chinese"),
    "name_local": N_("Local name"),
    "slug": N_("Short address"),
    "code": N_("Short name"),
    "role_policy": N_("Roles"),
    "timezone": N_("Time zone"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "place": N_("Place"),
    "languages": N_("Languages"),
    "team_size_minimum": N_("Smallest team"),
    "team_size_maximum": N_("Largest team"),
    "minimum_age": N_("Minimum age"),
    "table_points": N_("Points at a table"),
    "three_team_points": N_("Points where three teams sit"),
    "standings_metrics": N_("Ranking"),
    "panel_method": N_("Several judges at a table"),
    "score_decimals": N_("Decimals of a table score"),
    "delegate_marks": N_("Marks of delegates"),
    "table_ties": N_("Ties at a table"),
    "minimum_rounds": N_("Rounds needed to break"),
    "elimination_basis": N_("Elimination is decided by"),
    "registration_opens_at": N_("Registration opens"),
    "registration_closes_at": N_("Registration closes"),
    "site": N_("Site"),
    "building": N_("Building"),
    "capacity": N_("How many it seats"),
    "is_step_free": N_("Step-free"),
    "link": N_("Online link"),
    "backup_link": N_("Backup link"),
    "number": N_("Round number"),
    "stage": N_("Stage"),
    "division_id": N_("Division"),
    "weight": N_("Weight"),
    "starts_at": N_("Starts at"),
    "ends_at": N_("Ends at"),
    "draw_method": N_("Draw"),
    "title": N_("Title"),
    "title_zh": N_("Title in Chinese"),
    "room_id": N_("Room"),
    "audience": N_("For whom"),
    "institution_id": N_("Institution"),
    "country": N_("Country"),
    "role": N_("Role"),
    "wishes": N_("Wished roles"),
    "divisions": N_("Divisions"),
    "coach": N_("Adviser or coach"),
    "coach_contact": N_("E-mail of the adviser or coach"),
    "contact": N_("E-mail"),
    "status": N_("Status"),
    "fee": N_("Fee"),
    "rating": N_("Rating"),
    "expertise": N_("Expertise"),
    "conflicts": N_("Conflicts"),
    "places": N_("Places"),
    "per_institution": N_("Teams per institution"),
    "offer_hours": N_("How long an offer stands"),
    "coach_in_room": N_("What coaches may do"),
    "coach_brief": N_("What coaches may do"),
    "coach_lineup": N_("What coaches may do"),
    "coach_marks": N_("What coaches may do"),
    "coach_feedback": N_("What coaches may do"),
    "coach_protest": N_("What coaches may do"),
}


def field_names(columns: Iterable[str]) -> list[str]:
    """The names of these columns, each once."""
    return list(dict.fromkeys(_(FIELD_NAMES[column]) for column in columns if column in FIELD_NAMES))
