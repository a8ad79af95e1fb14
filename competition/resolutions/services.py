"""Writing a resolution, giving a seat's word on it, and setting a round's window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from competition.editions.public import Edition
from competition.resolutions.models import (
    Resolution,
    ResolutionSignature,
    ResolutionText,
    ResolutionWindow,
)
from competition.resolutions.queries import OwnTable, find_resolution, find_window, why_closed
from competition.resolutions.standing import EMPTY, standing_of
from competition.resolutions.wording import Item, Wording, checked, differing, loaded, stored
from competition.rounds.public import RoundFacts
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.localised import N_, chosen_locale, translated
from core.revisions import bump

STATE_WORDS = {
    "agreed": N_("agreed"),
    "partly": N_("partly agreed"),
    "not_agreed": N_("not agreed"),
    "": N_("nothing said yet"),
}


def write_text(
    *,
    actor: Actor,
    edition: Edition,
    facts: RoundFacts,
    place: OwnTable,
    wording: Wording,
    version: int,
    now: datetime,
) -> int:
    """Keep a new text; every earlier confirmation is about another text then. Returns the text's version.

    The same text again is no new one. Raises Stale when another team wrote since `version` was shown, with what it
    changed; Conflict outside the window; Invalid for a text that contradicts itself.
    """
    _refuse_closed(edition, facts, place, now)
    _refuse_empty_seat(place)
    text = checked(wording)
    resolution = _resolution(place, now)
    present = _text(resolution)
    if present is not None and loaded(present.outcome, present.items, present.remark) == text:
        return resolution.version
    if resolution.version != version:
        raise Stale(
            N_("Another team wrote something while you were writing. What you typed was not saved over it."),
            further=_told(text, present),
        )
    resolution.version += 1
    db.session.add(
        ResolutionText(
            resolution_id=resolution.id,
            version=resolution.version,
            outcome=text.outcome,
            items=stored(text),
            remark=text.remark,
            role=place.role.value,
            team_id=place.team_id,
            written_at=now,
            person_id=actor.person_id,
            link_id=actor.link_id,
        )
    )
    db.session.flush()
    _record(
        actor, edition, "resolution.written", resolution, version=resolution.version, role=place.role.value
    )
    return resolution.version


def give_word(
    *,
    actor: Actor,
    edition: Edition,
    facts: RoundFacts,
    place: OwnTable,
    version: int,
    is_confirmed: bool,
    remark: str,
    now: datetime,
) -> None:
    """Say for one's own seat that this text is what was agreed, or that it is not.

    Raises Stale when there is another text by now; Conflict outside the window and while an issue is left open;
    Invalid for an objection without words.
    """
    _refuse_closed(edition, facts, place, now)
    _refuse_empty_seat(place)
    resolution = find_resolution(place.table.id)
    if resolution is None:
        raise Conflict(N_("Nothing has been written yet that could be confirmed."))
    hold(resolution)
    if resolution.version != version:
        raise Stale(N_("The text was changed after you opened it. Read it again, then confirm."))
    if is_confirmed and standing_of(place.table).unsaid:
        raise Conflict(
            N_("Something is still left open. Say of every issue whether it is agreed, then confirm.")
        )
    if not is_confirmed and not remark.strip():
        raise Invalid(N_("Say in a few words what is not right: the others at your table see it."))
    word = _word(resolution, place)
    word.is_confirmed, word.remark, word.signed_at = (
        is_confirmed,
        remark.strip()[:500] if not is_confirmed else "",
        now,
    )
    word.person_id, word.link_id = actor.person_id, actor.link_id
    db.session.add(word)
    db.session.flush()
    verb = "resolution.confirmed" if is_confirmed else "resolution.objected"
    _record(actor, edition, verb, resolution, version=version, role=place.role.value)


def set_window(
    *,
    actor: Actor,
    edition: Edition,
    facts: RoundFacts,
    opens_at: datetime | None,
    closes_at: datetime | None,
) -> None:
    """Say from when until when the tables of a round may write. Raises Invalid when it would end before it begins."""
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid(N_("The end must come after the beginning."))
    row = find_window(facts.id)
    if row is None:
        row = ResolutionWindow(round_id=facts.id)
        db.session.add(row)
    row.opens_at, row.closes_at = opens_at, closes_at
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, "resolution.window_set", "round", facts.id, scope=scope, details={"round": facts.number})
    bump(scope)


def _resolution(place: OwnTable, now: datetime) -> Resolution:
    """The table's resolution, held until the end of the transaction; two teams that begin at once meet here."""
    found = find_resolution(place.table.id)
    if found is None:
        try:
            with db.session.begin_nested():
                db.session.add(Resolution(table_id=place.table.id, created_at=now))
        except IntegrityError:
            raise Stale(N_("Another team has just begun the resolution. Look at what it wrote.")) from None
        found = find_resolution(place.table.id)
    assert found is not None
    hold(found)
    return found


def _text(resolution: Resolution) -> ResolutionText | None:
    query = select(ResolutionText).where(
        ResolutionText.resolution_id == resolution.id, ResolutionText.version == resolution.version
    )
    return db.session.scalar(query)


def _word(resolution: Resolution, place: OwnTable) -> ResolutionSignature:
    query = select(ResolutionSignature).where(
        ResolutionSignature.resolution_id == resolution.id,
        ResolutionSignature.version == resolution.version,
        ResolutionSignature.role == place.role.value,
    )
    found = db.session.scalar(query)
    if found is not None:
        found.team_id = place.team_id
        return found
    return ResolutionSignature(
        resolution_id=resolution.id, version=resolution.version, role=place.role.value, team_id=place.team_id
    )


def _refuse_closed(edition: Edition, facts: RoundFacts, place: OwnTable, now: datetime) -> None:
    if reason := why_closed(edition, facts, place.table, now):
        raise Conflict(reason)


def _refuse_empty_seat(place: OwnTable) -> None:
    """A stand-in signs nothing, nor does a team that was absent or left."""
    seat = standing_of(place.table).seat_of(place.team_id)
    if seat is None or seat.state in EMPTY:
        raise Forbidden(N_("Your seat at this table counts as empty, so it writes and confirms nothing."))


def _told(typed: Wording, present: ResolutionText | None) -> Sequence[str]:
    """What the text that counts says otherwise than what was typed, a line each in the reader's language."""
    if present is None:
        return ()
    locale = chosen_locale()
    lines = []
    for item in differing(typed, loaded(present.outcome, present.items, present.remark)):
        if item is None:
            lines.append(translated(N_("The outcome or the remark is another one now.")))
        else:
            lines.append(f"{item.title(locale)}: {_short(item, locale)}")
    return lines


def _short(item: Item, locale: str) -> str:
    parts = [translated(STATE_WORDS[item.state]), item.choice(locale), item.terms]
    return " · ".join(part for part in parts if part)[:300]


def _record(actor: Actor, edition: Edition, verb: str, resolution: Resolution, **details: object) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, "resolution", resolution.id, scope=scope, details=details)
    bump(scope)
