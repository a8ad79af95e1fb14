"""One person's agenda: what of the timetable concerns them, with their table, room and role once it is released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select

from competition.day.queries import Entry, is_published, whole_timetable, without_links
from competition.editions.public import Edition, Room, rooms_of
from competition.entries.public import delegate_table, team_division_table, team_table
from competition.rounds.public import RoundFacts, released_seats_of_team, round_facts, tables_of_judge
from core.access import Actor, CapacityKind
from core.db import db

K = CapacityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose agenda it is: the teams they belong to, the judge they are, whether they organise."""

    team_ids: tuple[int, ...] = ()
    judge_id: int | None = None
    is_organiser: bool = False


def reader_of(actor: Actor, edition: Edition) -> Reader:
    """The actor as the reader of an agenda, from everything they are in this edition."""
    teams = [one.subject_id for one in actor.capacities_of(K.CAPTAIN, K.COACH, edition_id=edition.id)]
    delegates = actor.capacities_of(K.DELEGATE, edition_id=edition.id)
    teams += _teams_of_delegates([one.subject_id for one in delegates])
    judges = actor.capacities_of(K.JUDGE, edition_id=edition.id)
    return Reader(
        team_ids=tuple(sorted({key for key in teams if key is not None})),
        judge_id=judges[0].subject_id if judges else None,
        is_organiser=bool(actor.capacities_of(K.DIRECTOR, K.TAB, edition_id=edition.id)),
    )


def reader_of_feed(kind: str, subject_id: int) -> Reader:
    """The reader behind a calendar link."""
    if kind == "judge":
        return Reader(judge_id=subject_id)
    if kind == "organiser":
        return Reader(is_organiser=True)
    return Reader(team_ids=tuple([subject_id] if kind == "coach" else _teams_of_delegates([subject_id])))


def _teams_of_delegates(delegate_ids: Iterable[int | None]) -> list[int]:
    query = select(delegate_table.c.team_id).where(delegate_table.c.id.in_(list(delegate_ids)))
    return list(db.session.scalars(query))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the reader sits in a round: at whose table, as whom."""

    table: str
    table_id: str
    room: str
    role: str = ""


def agenda_of(edition: Edition, reader: Reader, locale: str = "") -> list[Entry]:
    """What concerns the reader, in the order of time.

    Before the timetable is published only the rounds are in it whose draw is released. Links of online rooms are
    those of the reader's own table, or of what the reader is invited to.
    """
    is_open = reader.is_organiser or is_published(edition.id)
    rounds = {facts.number: facts for facts in round_facts(edition.id)}
    seats = {key: _seats(key) for key in reader.team_ids}
    bench = _bench(reader.judge_id)
    names, divisions = _team_names(reader.team_ids), _divisions(reader.team_ids)
    rooms = {room.name: room for room in rooms_of(edition.id)}
    found: list[Entry] = []
    for entry in whole_timetable(edition, locale):
        if entry.round is None:
            found += [entry] if is_open and _is_for(entry, reader, divisions) else []
        elif reader.is_organiser:
            found.append(without_links(entry))
        elif is_open or rounds[entry.round].is_released:
            facts = rounds[entry.round]
            lines = [_at(entry, seats[key].get(facts.number), facts, divisions[key], rooms) for key in seats]
            many = len(seats) > 1
            found += [
                replace(line, team=names[key] if many else "", uid=f"{line.uid}-{at}" if many else line.uid)
                for at, (key, line) in enumerate(zip(seats, lines, strict=True))
                if line is not None
            ]
            found += [_placed(entry, bench[facts.number], rooms)] if facts.number in bench else []
            if reader.judge_id is not None and not facts.is_released:
                found.append(replace(entry, detail=_("Your table appears here once the draw is released.")))
    return found


def _is_for(entry: Entry, reader: Reader, divisions: Mapping[int, set[int]]) -> bool:
    if reader.is_organiser or entry.audience == "all":
        return True
    if entry.audience == "judges":
        return reader.judge_id is not None
    if entry.audience == "division":
        return any(entry.division_id in own for own in divisions.values())
    return entry.audience == "teams" and bool(reader.team_ids)


def _at(
    entry: Entry, place: _Place | None, facts: RoundFacts, divisions: set[int], rooms: Mapping[str, Room]
) -> Entry | None:
    """A team's line for a round: its seat, what it waits for, or nothing where it does not play."""
    if place is not None:
        return _placed(entry, place, rooms)
    if facts.is_released or (facts.division_id is not None and facts.division_id not in divisions):
        return None
    if facts.is_preliminary:
        return replace(entry, detail=_("Your table appears here once the draw is released."))
    return replace(entry, detail=_("For the teams that advance."))


def _placed(entry: Entry, place: _Place, rooms: Mapping[str, Room]) -> Entry:
    room = rooms.get(place.room)
    return replace(
        entry,
        table=place.table,
        table_id=place.table_id,
        role=place.role,
        place=place.room,
        site=room.site if room else "",
        link=room.link if room else "",
        backup_link=room.backup_link if room else "",
    )


def _seats(team_id: int) -> dict[int, _Place]:
    return {
        seat.round: _Place(
            table=seat.table, table_id=seat.table_public_id, room=seat.room, role=seat.role.value
        )
        for seat in released_seats_of_team(team_id)
    }


def _bench(judge_id: int | None) -> dict[int, _Place]:
    tables = tables_of_judge(judge_id) if judge_id is not None else []
    return {
        table.round_number: _Place(table=table.name, table_id=table.public_id, room=table.room)
        for table in tables
    }


def _team_names(team_ids: Iterable[int]) -> dict[int, str]:
    query = select(team_table.c.id, team_table.c.name).where(team_table.c.id.in_(list(team_ids)))
    return {row.id: row.name for row in db.session.execute(query)}


def _divisions(team_ids: Iterable[int]) -> dict[int, set[int]]:
    """The divisions of each of these teams."""
    found: dict[int, set[int]] = {key: set() for key in team_ids}
    table = team_division_table
    query = select(table.c.team_id, table.c.division_id).where(table.c.team_id.in_(list(found)))
    for team_id, division_id in db.session.execute(query):
        found[team_id].add(division_id)
    return found
