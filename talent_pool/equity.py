"""How often people of an edition are shown, shortlisted and asked, by role, division and country: for its organisers.

Only of people who agreed to be counted, up to the last Monday (so that two days cannot be compared), and only in
counts from which no group of fewer than five people can be told. It names nobody and says of nobody that they joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from competition.editions.public import Edition, division_table
from competition.entries.public import delegate_table, institution_table, team_division_table, team_table
from core.db import db
from core.roles import ROLES
from talent_pool.consent import is_visible, may_be_counted
from talent_pool.employer_models import PoolListEntry, PoolShown
from talent_pool.models import PoolConsent, PoolProfile
from talent_pool.person_models import PoolEvent
from talent_pool.suppression import publishable

DEEDS = ("shown", "shortlisted", "asked")
DIMENSIONS = ("role", "division", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityLine:
    """One group: how many people of it are counted, and for each deed to how many of them and how often; None where
    it may not be said."""

    group: str
    people: int | None
    touched: dict[str, int | None]
    times: dict[str, int | None]


Times = Mapping[str, Mapping[int, int]]


def equity_of(edition: Edition, now: datetime) -> dict[str, list[EquityLine]]:
    """The lines of each dimension."""
    until = last_monday(now)
    groups = _groups(edition, until)
    everybody = {key for members in groups["role"].values() for key in members}
    everybody |= {key for members in groups["country"].values() for key in members}
    times = _times(sorted(everybody), until)
    return {dimension: lines(groups[dimension], times) for dimension in DIMENSIONS}


def lines(groups: Mapping[str, set[int]], times: Times) -> list[EquityLine]:
    """What may be said of each group; `times` holds for each deed how often it was done to each profile."""
    sizes = {group: len(members) for group, members in groups.items()}
    people = publishable(sizes)
    known = {group for group, number in people.items() if number is not None}
    touched = {deed: _touched(groups, times[deed], sizes, known) for deed in DEEDS}
    return [
        EquityLine(
            group=group,
            people=people[group],
            touched={deed: touched[deed][group] for deed in DEEDS},
            times={
                deed: None
                if touched[deed][group] is None
                else sum(times[deed].get(key, 0) for key in groups[group])
                for deed in DEEDS
            },
        )
        for group in groups
    ]


def last_monday(now: datetime) -> datetime:
    """The beginning of this week."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def _touched(
    groups: Mapping[str, set[int]], times: Mapping[int, int], sizes: Mapping[str, int], known: set[str]
) -> dict[str, int | None]:
    """To how many people of each group something was done; nothing of a group whose size may not be said."""
    numbers = {group: sum(1 for key in members if times.get(key)) for group, members in groups.items()}
    shown = publishable({group: numbers[group] for group in numbers if group in known}, sizes)
    return {group: shown.get(group) for group in groups}


def _groups(edition: Edition, until: datetime) -> dict[str, dict[str, set[int]]]:
    """Dimension -> group -> the profiles in it. A person in two teams or divisions is in both groups."""
    found: dict[str, dict[str, set[int]]] = {name: defaultdict(set) for name in DIMENSIONS}
    for row in db.session.execute(_counted(edition, until)):
        roles = [row.role] if row.role else _roles_on(row.card)
        for role in roles:
            found["role"][role].add(row.profile_id)
        if row.country:
            found["country"][row.country].add(row.profile_id)
        if row.division:
            found["division"][row.division].add(row.profile_id)
    order = [role.value for role in ROLES]
    found["role"] = {role: found["role"][role] for role in order if found["role"].get(role)}
    return {name: dict(groups) for name, groups in found.items()}


def _counted(edition: Edition, until: datetime) -> Any:
    joined = select(PoolConsent.person_id).where(
        PoolConsent.withdrawn_at.is_(None), PoolConsent.given_at < until
    )
    return (
        select(
            PoolProfile.id.label("profile_id"),
            PoolProfile.card,
            team_table.c.role,
            institution_table.c.country,
            division_table.c.name.label("division"),
        )
        .select_from(PoolProfile)
        .join(delegate_table, delegate_table.c.person_id == PoolProfile.person_id)
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .outerjoin(institution_table, institution_table.c.id == team_table.c.institution_id)
        .outerjoin(team_division_table, team_division_table.c.team_id == team_table.c.id)
        .outerjoin(division_table, division_table.c.id == team_division_table.c.division_id)
        .where(
            delegate_table.c.edition_id == edition.id,
            is_visible(),
            may_be_counted(),
            PoolProfile.person_id.in_(joined),
        )
        .order_by(division_table.c.position, institution_table.c.country, PoolProfile.id)
    )


def _roles_on(card: dict[str, Any]) -> list[str]:
    """Where teams change roles: those that the card shows."""
    return list(dict.fromkeys(role for line in card.get("results", ()) for role in line["roles"]))


def _times(keys: Sequence[int], until: datetime) -> dict[str, dict[int, int]]:
    shown = (
        select(PoolShown.profile_id, func.sum(PoolShown.times))
        .where(PoolShown.profile_id.in_(keys), PoolShown.day < until.date())
        .group_by(PoolShown.profile_id)
    )
    listed = (
        select(PoolListEntry.profile_id, func.count())
        .where(PoolListEntry.profile_id.in_(keys), PoolListEntry.added_at < until)
        .group_by(PoolListEntry.profile_id)
    )
    asked = (
        select(PoolProfile.id, func.count())
        .join(PoolEvent, PoolEvent.handle == PoolProfile.handle)
        .where(PoolProfile.id.in_(keys), PoolEvent.event == "asked", PoolEvent.at < until)
        .group_by(PoolProfile.id)
    )
    return {
        deed: {key: int(number) for key, number in db.session.execute(query)}
        for deed, query in zip(DEEDS, (shown, listed, asked), strict=True)
    }
