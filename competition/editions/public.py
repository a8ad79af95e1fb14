"""What other features may use of editions."""

from __future__ import annotations

from competition.editions.deadline import GRACE, INVITATION, end_of_captains_link, end_of_registration_link
from competition.editions.models import BreakRule, Division, Edition, Organiser, PrivacyNotice, Room
from competition.editions.queries import (
    break_rules_of,
    divisions_of,
    edition_id_of_slug,
    editions_of,
    find_edition,
    find_notice,
    get_division,
    get_edition,
    get_edition_by_id,
    organisers_of,
    public_editions,
    rooms_of,
)
from competition.editions.removal import delete_edition
from competition.editions.rule_locks import reason_against, register_rule_lock
from competition.editions.rules import (
    METRICS,
    UnclearLocalTime,
    is_timezone,
    metrics_of,
    points_list,
    split_list,
    to_local,
    to_utc,
)
from competition.editions.services import (
    add_organiser,
    create_edition,
    edit_edition,
    is_registration_open,
    open_registration,
    refuse_rehearsal,
    set_public,
    write_notice,
)

edition_table = Edition.__table__
division_table = Division.__table__
room_table = Room.__table__

__all__ = [
    "GRACE",
    "INVITATION",
    "METRICS",
    "BreakRule",
    "Division",
    "Edition",
    "Organiser",
    "PrivacyNotice",
    "Room",
    "UnclearLocalTime",
    "add_organiser",
    "break_rules_of",
    "create_edition",
    "delete_edition",
    "division_table",
    "divisions_of",
    "edit_edition",
    "edition_id_of_slug",
    "edition_table",
    "editions_of",
    "end_of_captains_link",
    "end_of_registration_link",
    "find_edition",
    "find_notice",
    "get_division",
    "get_edition",
    "get_edition_by_id",
    "is_registration_open",
    "is_timezone",
    "metrics_of",
    "open_registration",
    "organisers_of",
    "points_list",
    "public_editions",
    "reason_against",
    "refuse_rehearsal",
    "register_rule_lock",
    "room_table",
    "rooms_of",
    "set_public",
    "split_list",
    "to_local",
    "to_utc",
    "write_notice",
]
