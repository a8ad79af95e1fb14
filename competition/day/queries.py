"""Reading the timetable: its items, the rounds that appear by themselves, and how long their sessions take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from competition.day.models import RoundSessions, Timetable, TimetableItem
from competition.day.plan import SessionPlan, minutes_of
from competition.editions.public import Division, Edition, Room, divisions_of, rooms_of
from competition.rounds.public import RoundFacts, round_facts
from core.db import db
from core.errors import NotFound
from core.localised import N_, chosen_locale, in_language

SESSIONS = ("opening", "bilateral", "ad_hoc", "pause", "quadrilateral", "resolution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a timetable or agenda, texts in the reader's language.

    `uid` names it for calendars, `round` is the number of a round (None: an item). `link` and `backup_link` are
    filled in only for those concerned. `detail` is what is still to be known ("The draw is not released yet.").
    """

    uid: str
    sequence: int
    changed_at: datetime
    title: str
    starts_at: datetime
    ends_at: datetime
    site: str = ""
    place: str = ""
    audience: str = "all"
    division: str = ""
    division_id: int | None = None
    link: str = ""
    backup_link: str = ""
    item_id: str = ""
    round: int | None = None
    team: str = ""
    table: str = ""
    table_id: str = ""
    role: str = ""
    detail: str = ""

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def is_now(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


def find_timetable(edition_id: int) -> Timetable | None:
    """The row that says whether the timetable is published."""
    return db.session.scalar(select(Timetable).where(Timetable.edition_id == edition_id))


def is_published(edition_id: int) -> bool:
    """Whether others than organisers see the timetable."""
    row = find_timetable(edition_id)
    return row is not None and row.published_at is not None


def items_of(edition_id: int) -> Sequence[TimetableItem]:
    """The items of an edition in the order of time."""
    query = select(TimetableItem).where(TimetableItem.edition_id == edition_id)
    return db.session.scalars(query.order_by(TimetableItem.starts_at, TimetableItem.id)).all()


def get_item(edition_id: int, public_id: str) -> TimetableItem:
    """An item of this edition; raises NotFound for any other."""
    query = select(TimetableItem).where(
        TimetableItem.edition_id == edition_id, TimetableItem.public_id == public_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such line in this timetable."))
    return found


def find_sessions(round_id: int) -> RoundSessions | None:
    """The minutes that were set for a round."""
    return db.session.scalar(select(RoundSessions).where(RoundSessions.round_id == round_id))


def plan_of(row: RoundSessions | None) -> SessionPlan:
    """The sessions of a round; the usual ones where none were set."""
    return SessionPlan(**{name: getattr(row, name) for name in SESSIONS}) if row else SessionPlan()


def plans_of(round_ids: Sequence[int]) -> dict[int, SessionPlan]:
    """The sessions of several rounds by their keys."""
    rows = db.session.scalars(select(RoundSessions).where(RoundSessions.round_id.in_(round_ids)))
    set_ones = {row.round_id: plan_of(row) for row in rows}
    return {key: set_ones.get(key, SessionPlan()) for key in round_ids}


def whole_timetable(edition: Edition, locale: str = "") -> list[Entry]:
    """Everything, as organisers see it: items and the rounds that have a time, in the order of time.

    Texts are in `locale`, or in the language of whoever asks.
    """
    locale = locale or chosen_locale()
    rooms = {room.id: room for room in rooms_of(edition.id)}
    divisions = {row.id: row for row in divisions_of(edition.id)}
    entries = [item_entry(item, rooms, divisions, locale) for item in items_of(edition.id)]
    return sorted(
        [*entries, *round_entries(edition, divisions, locale)], key=lambda one: (one.starts_at, one.uid)
    )


def public_timetable(edition: Edition) -> list[Entry]:
    """What anybody may see: what is for everybody or for teams and judges, without any link."""
    hidden = ("organisers",)
    return [without_links(one) for one in whole_timetable(edition) if one.audience not in hidden]


def without_links(entry: Entry) -> Entry:
    """The entry for somebody whom its online room does not concern."""
    return replace(entry, link="", backup_link="")


def item_entry(
    item: TimetableItem, rooms: Mapping[int, Room], divisions: Mapping[int, Division], locale: str
) -> Entry:
    """An item as a line; its own links and places come before those of its room."""
    room = rooms.get(item.room_id) if item.room_id is not None else None
    return Entry(
        uid=f"item-{item.public_id}",
        sequence=item.sequence,
        changed_at=item.changed_at,
        title=in_language(item.title, item.title_zh, locale),
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        site=item.site or (room.site if room else ""),
        place=", ".join(filter(None, (room.name if room else "", item.place))),
        audience=item.audience,
        division=division_name(divisions.get(item.division_id), locale)
        if item.division_id is not None
        else "",
        division_id=item.division_id,
        link=item.link or (room.link if room else ""),
        backup_link=item.backup_link or (room.backup_link if room else ""),
        item_id=item.public_id,
    )


def division_name(division: Division | None, locale: str) -> str:
    """What a division is called in the reader's language."""
    return in_language(division.name, division.name_zh, locale) or division.code if division else ""


def round_entries(edition: Edition, divisions: Mapping[int, Division], locale: str) -> list[Entry]:
    """The rounds that have a time; they end when their sessions do."""
    rounds = [facts for facts in round_facts(edition.id) if facts.starts_at is not None]
    plans = plans_of([facts.id for facts in rounds])
    return [_round_entry(edition, facts, plans[facts.id], divisions, locale) for facts in rounds]


def _round_entry(
    edition: Edition, facts: RoundFacts, plan: SessionPlan, divisions: Mapping[int, Division], locale: str
) -> Entry:
    assert facts.starts_at is not None
    division = divisions.get(facts.division_id) if facts.division_id is not None else None
    return Entry(
        uid=f"round-{edition.public_id}-{facts.number}",
        sequence=facts.version,
        changed_at=facts.released_at or edition.created_at,
        title=round_title(facts, locale),
        starts_at=facts.starts_at,
        ends_at=facts.starts_at + timedelta(minutes=max(minutes_of(plan), 1)),
        audience="division" if division else "all",
        division=division_name(division, locale),
        division_id=facts.division_id,
        round=facts.number,
    )


def round_title(facts: RoundFacts, locale: str) -> str:
    """What a round is called in the reader's language."""
    return in_language(facts.name, facts.name_zh, locale) or _("Round %(number)d", number=facts.number)
