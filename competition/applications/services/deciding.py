"""Use cases of the organisers' answer: the line, and accepting, keeping as reserve or declining many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from competition.applications.models import Application, ApplicationCall
from competition.applications.queries import find_plan, ranking
from competition.applications.services.letters import post_answer
from competition.applications.services.records import hold_version, noted
from competition.editions.public import Edition
from core.access import Actor
from core.db import db, hold
from core.errors import Conflict, Invalid
from core.localised import N_

OUTCOMES = ("accepted", "reserve", "declined")
OPEN_STATES = ("applied", "reserve", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How many got which answer, and who was passed over because something changed since the page was shown."""

    counts: Mapping[str, int]
    passed: tuple[str, ...]


def draw_line(
    *, actor: Actor, edition: Edition, call: ApplicationCall, version: int, places: int, reserves: int
) -> None:
    """Say how many are accepted and how many stand by."""
    hold_version(call, version)
    call.places, call.reserves = places, reserves
    call.version += 1
    noted(
        actor,
        edition.id,
        "draw_line",
        "application_call",
        call.id,
        details={"places": places, "reserves": reserves},
    )


def answer(
    *,
    actor: Actor,
    edition: Edition,
    picks: Mapping[str, tuple[int, str]],
    reasons: Mapping[str, str],
) -> Answered:
    """Give each picked application (`public_id -> version, outcome`) its answer by mail, with the outcome's reason.

    Who has the same answer already is left alone; accepted people are not un-accepted (they withdraw, or leave a team).
    """
    hold(edition)
    if any(outcome == "declined" for _version, outcome in picks.values()) and not reasons.get("declined"):
        raise Invalid(N_("Say why, so that those who are declined understand."))
    plan = find_plan(edition.id)
    if plan is not None and plan.confirmed_at is not None:
        raise Conflict(N_("The teams are formed and confirmed. Change single teams by hand."))
    order = {line.key: place for place, line in enumerate(ranking(edition.id), start=1)}
    counts, passed = dict.fromkeys(OUTCOMES, 0), list[str]()
    query = select(Application).where(Application.edition_id == edition.id, Application.public_id.in_(picks))
    for row in db.session.scalars(query.order_by(Application.id)).all():
        version, outcome = picks[row.public_id]
        hold(row)
        if row.version != version or row.state not in OPEN_STATES:
            passed.append(row.name)
            continue
        rank = order.get(row.id)
        if row.state == outcome:
            row.reserve_rank = rank if outcome == "reserve" else None
            continue
        row.state, row.reason = outcome, reasons.get(outcome, "")
        row.reserve_rank = rank if outcome == "reserve" else None
        row.version += 1
        counts[outcome] += 1
        db.session.flush()
        noted(actor, edition.id, outcome, "application", row.id)
        post_answer(edition, row)
    return Answered(counts=counts, passed=tuple(passed))
