"""What judges wrote to the teams: released round by round, read by the team without the judges' names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from competition.rounds.public import draw, negotiation_table, round_, seat
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict
from core.localised import N_
from core.revisions import bump
from judging.models import FeedbackRelease, Scoresheet
from judging.queries import GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFeedback:
    """What the judges of one round wrote to a team, in no telling order."""

    number: int
    name: str
    name_zh: str
    texts: tuple[str, ...]


def released_at(round_id: int) -> datetime | None:
    """Since when teams read the feedback of a round."""
    return db.session.scalar(select(FeedbackRelease.released_at).where(FeedbackRelease.round_id == round_id))


def feedback_count(draw_id: int | None) -> int:
    """How many sheets of a draw that were handed in hold feedback."""
    query = (
        select(Scoresheet.remarks)
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .where(negotiation_table.c.draw_id == draw_id, Scoresheet.state.in_(GIVEN))
    )
    return sum(any(one.get("feedback") for one in remarks.values()) for remarks in db.session.scalars(query))


def release_feedback(*, actor: Actor, edition_id: int, round_id: int) -> None:
    """Let every team read what was written to it in a round. Raises Conflict before the round is confirmed."""
    state = db.session.scalar(select(round_.c.results_state).where(round_.c.id == round_id))
    if state == "open":
        raise Conflict(N_("Confirm the results of the round first; then teams can read their feedback."))
    if released_at(round_id) is None:
        db.session.add(FeedbackRelease(round_id=round_id, released_at=utc_now(), released_by=actor.person_id))
        db.session.flush()
        _record(actor, "feedback.released", edition_id, round_id)


def withhold_feedback(*, actor: Actor, edition_id: int, round_id: int) -> None:
    """Take the feedback of a round back; whoever has read it has read it."""
    row = db.session.scalar(select(FeedbackRelease).where(FeedbackRelease.round_id == round_id))
    if row is not None:
        db.session.delete(row)
        db.session.flush()
        _record(actor, "feedback.withheld", edition_id, round_id)


def feedback_of_team(team_id: int) -> Sequence[RoundFeedback]:
    """The released feedback to a team, newest round first; only from sheets that were handed in and still stand."""
    query = (
        select(round_.c.number, round_.c.name, round_.c.name_zh, Scoresheet.remarks)
        .join(negotiation_table, negotiation_table.c.id == Scoresheet.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
        .join(FeedbackRelease, FeedbackRelease.round_id == round_.c.id)
        .join(seat, seat.c.table_id == negotiation_table.c.id)
        .where(seat.c.team_id == team_id, draw.c.state == "released", Scoresheet.state.in_(GIVEN))
        .order_by(round_.c.number.desc(), Scoresheet.public_id)
    )
    rounds: dict[int, tuple[str, str, list[str]]] = {}
    for number, name, name_zh, remarks in db.session.execute(query):
        text = remarks.get(str(team_id), {}).get("feedback", "")
        if text:
            rounds.setdefault(number, (name, name_zh, []))[2].append(text)
    return [
        RoundFeedback(number=number, name=name, name_zh=name_zh, texts=tuple(texts))
        for number, (name, name_zh, texts) in rounds.items()
    ]


def _record(actor: Actor, verb: str, edition_id: int, round_id: int) -> None:
    record(actor, verb, "round", round_id, scope=edition_scope(edition_id))
    bump(edition_scope(edition_id))
