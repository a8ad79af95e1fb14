"""What a participant or judge must do next in an edition, and the seats they may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from competition.editions.public import Edition, is_registration_open
from competition.entries.public import (
    Delegate,
    Judge,
    Team,
    delegates_of_team,
    find_open_offer,
    find_own_delegate,
    team_lines,
)
from competition.resolutions.public import resolution_places
from competition.rounds.public import ReleasedSeat, released_seats_of_team
from core.access import Actor, CapacityKind
from core.db import utc_now
from core.localised import chosen_locale, in_language
from core.roles import ROLES, Role
from judging.public import owed_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something a person still owes, with the page where they do it."""

    text: str
    url: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine:
    """A released seat in the reader's words: opponents by name, `None` for an empty chair."""

    round: str
    number: int
    starts_at: datetime | None
    table: str
    room: str
    role: Role
    opponents: tuple[tuple[Role, str | None], ...]
    after_table: str = ""
    """The table that the same panel judges before this one."""


def duties_of_delegate(edition: Edition, delegate: Delegate | None) -> list[Duty]:
    """What a delegate owes: confirming their own data."""
    if delegate is None or delegate.confirmed_at is not None:
        return []
    return [
        Duty(
            text=_("Confirm your own details"),
            url=url_for("participant.details", slug=edition.slug),
            label=_("Check and confirm"),
        )
    ]


def duties_of_team(actor: Actor, edition: Edition, team: Team) -> list[Duty]:
    """What the reader owes for a team: their own details, and as captain the missing members."""
    duties = duties_of_delegate(edition, find_own_delegate(actor, edition))
    if actor.capacities_of(CapacityKind.CAPTAIN, edition_id=edition.id):
        offer = find_open_offer(team, utc_now())
        if offer is not None:
            duties.insert(
                0,
                Duty(
                    text=_("A place is free for your team"),
                    url=url_for("own_team.show", slug=edition.slug),
                    label=_("Read and answer"),
                ),
            )
        if team.asked_at is not None:
            duties.insert(
                0,
                Duty(
                    text=_("Change something in your registration"),
                    url=url_for("own_team.change", slug=edition.slug),
                    label=_("Change and send again"),
                ),
            )
        missing = [
            row.name for row in delegates_of_team(team.id) if row.confirmed_at is None and not row.is_captain
        ]
        if missing and is_registration_open(edition, utc_now()):
            duties.append(
                Duty(
                    text=_("Delegates who have not confirmed yet: %(count)d", count=len(missing)),
                    url=url_for("own_team.show", slug=edition.slug),
                    label=_("Look at your team"),
                )
            )
    return [*duties, *duties_of_table(actor, edition)]


def duties_of_table(actor: Actor, edition: Edition) -> list[Duty]:
    """What the reader's table waits for: their team's word on the resolution."""
    return [
        Duty(
            text=_("Confirm the resolution of table %(table)s", table=place.table),
            url=url_for("resolution.show", slug=edition.slug, number=place.number),
            label=_("Read and confirm"),
        )
        for place in resolution_places(actor, edition, utc_now())
        if place.is_owed
    ]


def duties_of_judge(edition: Edition, judge: Judge) -> list[Duty]:
    """What a judge owes: accepting, and sheets of released tables."""
    duties = []
    if judge.accepted_at is None:
        duties.append(
            Duty(
                text=_("Accept, and confirm your own details"),
                url=url_for("participant.details", slug=edition.slug),
                label=_("Check and accept"),
            )
        )
    owed = owed_tables(judge.id)
    if owed:
        duties.append(
            Duty(
                text=_("Scoresheets that wait for you: %(count)d", count=len(owed)),
                url=url_for("judge.show", slug=edition.slug),
                label=_("Open your scoresheets"),
            )
        )
    return duties


def seat_lines(edition: Edition, team: Team) -> list[SeatLine]:
    """A team's released seats, newest round first."""
    names = {line.id: line.name for line in team_lines(edition.id)}
    seats = sorted(released_seats_of_team(team.id), key=lambda seat: -seat.round)
    return [_line(seat, names) for seat in seats]


def _line(seat: ReleasedSeat, names: dict[int, str]) -> SeatLine:
    return SeatLine(
        round=in_language(seat.round_name, seat.round_name_zh, chosen_locale()) or str(seat.round),
        number=seat.round,
        starts_at=seat.starts_at,
        table=seat.table,
        room=seat.room,
        role=seat.role,
        after_table=seat.turn.after if seat.turn is not None else "",
        opponents=tuple(
            (role, names.get(team_id) if (team_id := seat.opponents.get(role)) is not None else None)
            for role in ROLES
            if role != seat.role
        ),
    )
