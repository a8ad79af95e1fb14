"""Empty chairs of a round, so that nobody waits for one: who is missing at which table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from competition.rounds.public import RoundFacts, vacant_seats
from core.roles import ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancies:
    """The empty chairs of each table that has some, with its name; `everywhere` those that no table fills."""

    tables: Mapping[int, tuple[str, frozenset[Role]]]
    everywhere: frozenset[Role]

    def at(self, table_id: int | None) -> frozenset[Role]:
        """The empty chairs of a table; without a table those of the whole hall."""
        if table_id is None:
            return self.everywhere
        return self.tables[table_id][1] if table_id in self.tables else frozenset()

    def named(self) -> dict[Role, list[str]]:
        """The tables at which each role is missing, where others have it."""
        return {
            role: names
            for role in ROLES
            if role not in self.everywhere
            and (names := [name for name, roles in self.tables.values() if role in roles])
        }


def vacancies_of(facts: RoundFacts) -> Vacancies:
    """The empty chairs of a round's draw; a table at which nobody sits yet counts for nothing."""
    seats, count = vacant_seats(facts.draw_id) if facts.draw_id is not None else ([], 0)
    names: dict[int, str] = {}
    roles: dict[int, set[Role]] = defaultdict(set)
    for role, table_id, name in seats:
        names[table_id] = name
        roles[table_id].add(role)
    waiting = [table_id for table_id, found in roles.items() if len(found) == len(ROLES)]
    tables = {key: (names[key], frozenset(found)) for key, found in roles.items() if key not in waiting}
    seated = count - len(waiting)
    missing = {role: sum(role in found for _name, found in tables.values()) for role in ROLES}
    return Vacancies(
        tables=tables, everywhere=frozenset(role for role in ROLES if tables and missing[role] == seated)
    )
