"""Use cases of the day's papers: badges and certificates of attendance, made by a job and kept until made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from competition.day.attendance import attendance_pdf, attendances_of
from competition.day.badges import badges_of, badges_pdf
from competition.day.models import DayPaper
from competition.editions.public import Edition, get_edition_by_id
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, unit_of_work, utc_now
from core.errors import Conflict
from core.jobs import FINISHED, Job, JobRun, enqueue, handler
from core.localised import N_

KIND = "day_paper"
MAKING = N_("Making the pages")
BADGE_KINDS = ("delegate", "coach", "judge", "organiser")
PAPERS = ("A4", "Letter")


def order_badges(*, actor: Actor, edition: Edition, kinds: Sequence[str], paper: str) -> Job:
    """Queue the making of badges of these kinds. Raises Conflict where there is nobody to make one for."""
    chosen = [kind for kind in BADGE_KINDS if kind in kinds]
    if not badges_of(edition, chosen):
        raise Conflict(N_("There is nobody to make a badge for."))
    return _order(actor, edition, "badges", {"kinds": chosen, "paper": _paper(paper)})


def order_attendance(*, actor: Actor, edition: Edition, paper: str) -> Job:
    """Queue the making of certificates for those who were there. Raises Conflict while nobody was."""
    if not attendances_of(edition):
        raise Conflict(N_("Nobody has been checked in yet, so there is nobody to certify."))
    return _order(actor, edition, "attendance", {"paper": _paper(paper)})


def _paper(name: str) -> str:
    return name if name in PAPERS else PAPERS[0]


def _order(actor: Actor, edition: Edition, what: str, arguments: Mapping[str, Any]) -> Job:
    waiting = find_making(edition.id, what)
    if waiting is not None:
        return waiting
    scope = edition_scope(edition.id)
    record(actor, f"{what}.ordered", "edition", edition.id, scope=scope)
    return enqueue(
        kind=KIND,
        arguments={"edition_id": edition.id, "what": what, **arguments},
        scope=scope,
        person_id=actor.person_id,
    )


def find_making(edition_id: int, what: str) -> Job | None:
    """The job that makes this paper now, or waits to."""
    query = select(Job).where(
        Job.kind == KIND,
        Job.scope == edition_scope(edition_id),
        Job.state.not_in([state.value for state in FINISHED]),
    )
    return next(
        (job for job in db.session.scalars(query.order_by(Job.id.desc())) if job.arguments["what"] == what),
        None,
    )


def find_paper(edition_id: int, what: str) -> DayPaper | None:
    """The newest paper of this kind."""
    return db.session.scalar(select(DayPaper).where(DayPaper.edition_id == edition_id, DayPaper.what == what))


@handler(KIND)
def run_paper(run: JobRun) -> Mapping[str, Any]:
    """Make the paper and keep it in the place of the last one."""
    edition = get_edition_by_id(run.arguments["edition_id"])
    what, paper = run.arguments["what"], run.arguments["paper"]
    if what == "badges":
        badges = badges_of(edition, run.arguments["kinds"])
        data, pages = badges_pdf(edition, badges, paper, lambda done: run.progress(done, len(badges), MAKING))
    else:
        people = attendances_of(edition)
        data, pages = attendance_pdf(
            edition, people, paper, lambda done: run.progress(done, len(people), MAKING)
        )
    values = {"edition_id": edition.id, "what": what, "made_at": utc_now(), "pages": pages, "data": data}
    db.session.rollback()
    with unit_of_work():
        db.session.execute(
            delete(DayPaper).where(DayPaper.edition_id == values["edition_id"], DayPaper.what == what)
        )
        db.session.add(DayPaper(**values))
        run.conclude({"pages": pages, "size": len(data)})
    return {"pages": pages, "size": len(data)}
