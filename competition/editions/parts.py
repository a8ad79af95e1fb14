"""Use cases of what an edition is made of: divisions, rooms and the sizes of the break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competition.editions.models import BreakRule, Division, Edition, Room
from competition.editions.queries import break_rules_of, divisions_of, rooms_of
from core.access import Actor
from core.audit import changed_columns, columns_of, edition_scope, record
from core.db import db, hold
from core.errors import Conflict, Invalid, Stale
from core.localised import N_
from core.revisions import bump
from core.uses import refuse_if_used

MOST_ROOMS = 2000
USES_OF_DIVISION = {
    "round": N_("A round is for division %(name)s only, so the division stays. Change the round first."),
    "team_division": N_("Teams are in division %(name)s, so it stays. Take its teams out first."),
    "delegate_division": N_("Delegates are in division %(name)s, so it stays. Take its teams out first."),
}
USES_OF_ROOM = {"negotiation_table": N_("Room %(name)s is used by a draw and stays.")}


def save_division(
    *, actor: Actor, edition: Edition, division: Division | None, version: int, values: Mapping[str, str]
) -> Division:
    """Add a division, or change one (code, name, name_zh); refuses a code that another one has."""
    hold(edition)
    if division is not None:
        _hold_version(division, version)
    same = next((row for row in divisions_of(edition.id) if row.code == values["code"]), None)
    if same is not None and same is not division:
        raise Conflict(N_("“%(name)s” is there already."), name=same.code)
    if division is None:
        last = max((row.position for row in divisions_of(edition.id)), default=-1)
        division = Division(edition_id=edition.id, position=last + 1, version=0)
        db.session.add(division)
    changed = _write(division, values)
    _record(actor, "save", "division", division, changed)
    return division


def remove_division(*, actor: Actor, edition: Edition, division: Division, version: int) -> None:
    """Remove a division that no round, team or delegate is in; the size of its break goes with it."""
    hold(edition)
    _hold_version(division, version)
    refuse_if_used(division, division.code, USES_OF_DIVISION)
    db.session.delete(division)
    db.session.flush()
    _record(actor, "remove", "division", division, name=division.code)


def add_rooms(*, actor: Actor, edition: Edition, names: list[str]) -> int:
    """Add many rooms by name at once; names that are there already are passed over. Returns how many are new."""
    hold(edition)
    known = {room.name for room in rooms_of(edition.id)}
    new = [name for name in dict.fromkeys(names) if name not in known]
    if len(known) + len(new) > MOST_ROOMS:
        raise Invalid(N_("An edition has at most %(most)d rooms. None of these was added."), most=MOST_ROOMS)
    db.session.add_all(Room(edition_id=edition.id, name=name) for name in new)
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, "add_rooms", "edition", edition.id, scope=scope, details={"count": len(new)})
    bump(scope)
    return len(new)


def edit_room(*, actor: Actor, edition: Edition, room: Room, version: int, values: Mapping[str, Any]) -> None:
    """Change a room (name, site, building, capacity, is_step_free, links); refuses a name that another one has."""
    hold(edition)
    _hold_version(room, version)
    same = next((row for row in rooms_of(edition.id) if row.name == values["name"]), None)
    if same is not None and same is not room:
        raise Conflict(N_("“%(name)s” is there already."), name=same.name)
    changed = _write(room, values)
    _record(actor, "edit", "room", room, changed)


def remove_room(*, actor: Actor, edition: Edition, room: Room, version: int) -> None:
    """Remove a room that no table uses."""
    hold(edition)
    _hold_version(room, version)
    refuse_if_used(room, room.name, USES_OF_ROOM)
    db.session.delete(room)
    db.session.flush()
    _record(actor, "remove", "room", room, name=room.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakSize:
    """How many advance from a division or a role bracket (from all teams where both are None); size 0: nobody."""

    division_id: int | None = None
    role: str | None = None
    size: int
    reserves: int = 0


def set_break_rules(*, actor: Actor, edition: Edition, version: int, sizes: Sequence[BreakSize]) -> None:
    """Write the sizes of the break for these brackets; size 0 removes a rule. Others stay as they are."""
    hold(edition)
    if edition.version != version:
        raise Stale
    stored = {(rule.division_id, rule.role): rule for rule in break_rules_of(edition.id)}
    for wanted in sizes:
        key = (wanted.division_id, wanted.role)
        rule = stored.get(key)
        if wanted.size == 0:
            if rule is not None:
                db.session.delete(rule)
            continue
        if rule is None:
            rule = BreakRule(edition_id=edition.id, division_id=wanted.division_id, role=wanted.role)
            db.session.add(rule)
        rule.size, rule.reserves = wanted.size, wanted.reserves or None
    edition.version += 1
    db.session.flush()
    scope = edition_scope(edition.id)
    details = {"sizes": [[one.division_id, one.role, one.size, one.reserves] for one in sizes]}
    record(actor, "set_break", "edition", edition.id, scope=scope, details=details)
    bump(scope)


def _hold_version(row: Division | Room, version: int) -> None:
    hold(row)
    if row.version != version:
        raise Stale


def _write(row: Division | Room, values: Mapping[str, Any]) -> list[str]:
    """Write the values; returns the columns that changed."""
    before = columns_of(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    db.session.flush()
    return changed_columns(row, before)


def _record(
    actor: Actor, verb: str, thing: str, row: Division | Room, changed: Sequence[str] = (), name: str = ""
) -> None:
    scope = edition_scope(row.edition_id)
    details = {**({"changed": list(changed)} if changed else {}), **({"name": name} if name else {})}
    record(actor, verb, thing, row.id, scope=scope, details=details)
    bump(scope)
