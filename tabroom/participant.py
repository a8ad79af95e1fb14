"""What a participant or judge must do next in an edition, and the seats they may know of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from competition.day.public import Entry, agenda_of, reader_of
from competition.editions.public import Edition, is_registration_open
from competition.entries.public import (
    Judge,
    Team,
    are_open,
    delegates_of_team,
    find_hours,
    find_open_offer,
    find_own_delegate,
    own_arrival,
    own_rows,
    team_lines,
    today,
)
from competition.resolutions.public import resolution_places
from competition.rounds.public import ReleasedSeat, released_seats_of_team
from core.access import Actor, CapacityKind, current_actor
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


TeamDuties = Callable[[Actor, Edition, Team], Iterable[Duty]]
JudgeDuties = Callable[[Edition, Judge], Iterable[Duty]]


def duties_of_team(actor: Actor, edition: Edition, team: Team) -> list[Duty]:
    """What the reader owes for a team, gathered from TEAM_DUTIES in their order."""
    return [duty for source in TEAM_DUTIES for duty in source(actor, edition, team)]


def duties_of_judge(edition: Edition, judge: Judge) -> list[Duty]:
    """What a judge owes, gathered from JUDGE_DUTIES in their order."""
    return [duty for source in JUDGE_DUTIES for duty in source(edition, judge)]


def _own_details(actor: Actor, edition: Edition, _team: Team) -> Iterable[Duty]:
    """A delegate confirms their own data."""
    delegate = find_own_delegate(actor, edition)
    if delegate is not None and delegate.confirmed_at is None:
        yield Duty(
            text=_("Confirm your own details"),
            url=url_for("participant.details", slug=edition.slug),
            label=_("Check and confirm"),
        )


def _missing_members(actor: Actor, edition: Edition, team: Team) -> Iterable[Duty]:
    """A captain sees to those who have not confirmed, while that is possible."""
    if not _is_captain(actor, edition):
        return
    missing = [one for one in delegates_of_team(team.id) if one.confirmed_at is None and not one.is_captain]
    if missing and is_registration_open(edition, utc_now()):
        yield Duty(
            text=_("Delegates who have not confirmed yet: %(count)d", count=len(missing)),
            url=url_for("own_team.show", slug=edition.slug),
            label=_("Look at your team"),
        )


def _offered_place(actor: Actor, edition: Edition, team: Team) -> Iterable[Duty]:
    """A captain answers to a place that is free."""
    if _is_captain(actor, edition) and find_open_offer(team, utc_now()) is not None:
        yield Duty(
            text=_("A place is free for your team"),
            url=url_for("own_team.show", slug=edition.slug),
            label=_("Read and answer"),
        )


def _asked_change(actor: Actor, edition: Edition, team: Team) -> Iterable[Duty]:
    """A captain changes what the organisers asked to be changed."""
    if _is_captain(actor, edition) and team.asked_at is not None:
        yield Duty(
            text=_("Change something in your registration"),
            url=url_for("own_team.change", slug=edition.slug),
            label=_("Change and send again"),
        )


def _is_captain(actor: Actor, edition: Edition) -> bool:
    return bool(actor.capacities_of(CapacityKind.CAPTAIN, edition_id=edition.id))


def _resolution(actor: Actor, edition: Edition, _team: Team) -> Iterable[Duty]:
    """A team gives its word on the resolution of its table."""
    for place in resolution_places(actor, edition, utc_now()):
        if place.is_owed:
            yield Duty(
                text=_("Confirm the resolution of table %(table)s", table=place.table),
                url=url_for("resolution.show", slug=edition.slug, number=place.number),
                label=_("Read and confirm"),
            )


def _acceptance(edition: Edition, judge: Judge) -> Iterable[Duty]:
    """A judge accepts."""
    if judge.accepted_at is None:
        yield Duty(
            text=_("Accept, and confirm your own details"),
            url=url_for("participant.details", slug=edition.slug),
            label=_("Check and accept"),
        )


def _sheets(edition: Edition, judge: Judge) -> Iterable[Duty]:
    """A judge hands in the sheets of released tables."""
    owed = owed_tables(judge.id)
    if owed:
        yield Duty(
            text=_("Scoresheets that wait for you: %(count)d", count=len(owed)),
            url=url_for("judge.show", slug=edition.slug),
            label=_("Open your scoresheets"),
        )


def _say_here(actor: Actor, edition: Edition) -> Iterable[Duty]:
    """While self check-in is open, whoever is not here yet says that they are."""
    now = utc_now()
    day = today(edition, now)
    if are_open(find_hours(edition.id, day), now) and any(
        own_arrival(row, day) is None for row in own_rows(actor, edition)
    ):
        yield Duty(
            text=_("Say that you are here"),
            url=url_for("check_in.me", slug=edition.slug),
            label=_("Check in"),
        )


def _team_here(actor: Actor, edition: Edition, _team: Team) -> Iterable[Duty]:
    return _say_here(actor, edition)


def _judge_here(edition: Edition, _judge: Judge) -> Iterable[Duty]:
    return _say_here(current_actor(), edition)


TEAM_DUTIES: tuple[TeamDuties, ...] = (
    _asked_change,
    _offered_place,
    _team_here,
    _own_details,
    _missing_members,
    _resolution,
)
JUDGE_DUTIES: tuple[JudgeDuties, ...] = (_judge_here, _acceptance, _sheets)
"""Whoever knows of something more that a person may owe adds a function here."""

MOST_COMING = 4


def happening_and_coming(actor: Actor, edition: Edition, now: datetime) -> tuple[list[Entry], list[Entry]]:
    """What of the reader's agenda is going on, and the next few things."""
    agenda = [one for one in agenda_of(edition, reader_of(actor, edition)) if not one.is_over(now)]
    happening = [one for one in agenda if one.is_now(now)]
    return happening, [one for one in agenda if one.starts_at > now][:MOST_COMING]


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
