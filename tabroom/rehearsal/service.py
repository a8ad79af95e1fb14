"""Making a rehearsal, asking for its next steps, deleting it by hand and when its seven days are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from competition.editions.public import Edition, delete_edition, get_edition_by_id
from competition.entries.public import team_table
from competition.rounds.public import round_facts
from core.access import SYSTEM, Actor, capacities_of_person
from core.audit import AuditEntry, edition_scope, record
from core.db import db, unit_of_work
from core.errors import Conflict
from core.jobs import Job, JobRun, enqueue, handler
from core.localised import N_
from core.worker import purge_step
from tabroom.rehearsal.copying import copy_edition
from tabroom.rehearsal.plan import next_step, steps_done, steps_in_all
from tabroom.rehearsal.playing import STEP, play

KIND = "play_rehearsal"
MOST_AT_ONCE = 3
PLAYING = N_("Playing the day")


def rehearsals_of(edition_id: int, now: datetime) -> Sequence[Edition]:
    """The rehearsals of an edition whose days are not over, newest first."""
    query = select(Edition).where(Edition.rehearsal_of == edition_id, Edition.expires_at > now)
    return db.session.scalars(query.order_by(Edition.id.desc())).all()


def make_rehearsal(*, actor: Actor, edition: Edition, now: datetime) -> Edition:
    """A copy of the edition to play with. Raises Conflict for a rehearsal, a fourth, without teams or rounds."""
    if edition.rehearsal_of is not None:
        raise Conflict(N_("This is a rehearsal already. Make another one from the edition itself."))
    if len(rehearsals_of(edition.id, now)) >= MOST_AT_ONCE:
        raise Conflict(N_("There are three rehearsals already. Delete one first."))
    if not round_facts(edition.id):
        raise Conflict(N_("No round is planned yet. Plan the rounds, then rehearse them."))
    playing = select(team_table.c.id).where(
        team_table.c.edition_id == edition.id, team_table.c.status == "registered"
    )
    if len(db.session.scalars(playing.limit(4)).all()) < 4:
        raise Conflict(N_("A rehearsal needs at least four teams."))
    copy = copy_edition(edition, now)
    scope = edition_scope(edition.id)
    record(actor, "rehearsal.made", "edition", copy.id, scope=scope, details={"slug": copy.slug})
    return copy


def ask_to_play(*, actor: Actor, edition: Edition, to_the_end: bool) -> Job:
    """Queue the next step, or all of them. Raises Conflict while it is playing."""
    _refuse_real(edition)
    if (job := find_playing(edition)) is not None and not job.is_finished:
        raise Conflict(N_("It is playing already."))
    return enqueue(
        kind=KIND,
        arguments={"edition_id": edition.id, "to_the_end": to_the_end},
        scope=edition_scope(edition.id),
        person_id=actor.person_id,
    )


def find_playing(edition: Edition) -> Job | None:
    """The newest playing of a rehearsal, finished or not."""
    query = select(Job).where(Job.kind == KIND, Job.scope == edition_scope(edition.id))
    return db.session.scalar(query.order_by(Job.id.desc()).limit(1))


@handler(KIND)
def run_playing(run: JobRun) -> Mapping[str, Any] | None:
    """Play step by step, each a commit of its own; what stops it is kept as the job's own fault."""
    edition_id, to_the_end = run.arguments["edition_id"], run.arguments["to_the_end"]
    while True:
        edition = get_edition_by_id(edition_id)
        done, total = steps_done(edition), steps_in_all(edition)
        db.session.rollback()
        run.progress(min(done, total), total, PLAYING)
        with unit_of_work():
            edition = get_edition_by_id(edition_id)
            _refuse_real(edition)
            step = next_step(edition)
            if step is not None:
                play(actor=_actor(run.person_id), edition=edition, step=step)
            if step is None or not to_the_end:
                run.conclude({"is_over": next_step(edition) is None})
                return None


def _actor(person_id: int | None) -> Actor:
    return (
        Actor(person_id=person_id, capacities=capacities_of_person(person_id))
        if person_id is not None
        else SYSTEM
    )


def diary_of(edition: Edition) -> list[tuple[datetime, list[tuple[str, dict[str, Any]]]]]:
    """What happened in a rehearsal, newest first."""
    query = select(AuditEntry.at, AuditEntry.details).where(
        AuditEntry.scope == edition_scope(edition.id), AuditEntry.verb == STEP
    )
    return [
        (at, [(code, values) for code, values in details["happened"]])
        for at, details in db.session.execute(query.order_by(AuditEntry.id.desc()))
    ]


def delete_rehearsal(*, actor: Actor, edition: Edition) -> None:
    """Delete a rehearsal with everything in it. Raises Conflict for a real edition."""
    _refuse_real(edition)
    delete_edition(actor=actor, edition=edition, even_if_played=True)


@purge_step
def delete_expired(now: datetime) -> int:
    """Delete the rehearsals whose seven days are over; nobody could open them any more."""
    with unit_of_work():
        old = db.session.scalars(select(Edition).where(Edition.expires_at <= now)).all()
        for edition in old:
            delete_rehearsal(actor=SYSTEM, edition=edition)
        return len(old)


def _refuse_real(edition: Edition) -> None:
    if edition.rehearsal_of is None:
        raise Conflict(N_("This is the edition itself, not a rehearsal of it."))
