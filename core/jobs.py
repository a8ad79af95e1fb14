"""Long work as rows: queued with the deed that asks for it, done by a worker, with progress and cancelling.

A job carries ids, never data. A handler opens its own `unit_of_work` for its writes and calls
`run.conclude()` as the last step inside it: then the work and its record are one commit, and a killed
process leaves nothing or all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from flask import Flask
from flask_babel import gettext
from sqlalchemy import JSON, CheckConstraint, Connection, Index, String, Text, and_, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Public, db, unit_of_work, utc_now
from core.errors import DomainError, ProblemsFound, is_passing
from core.localised import N_
from core.problems import Problem

log = structlog.get_logger(__name__)
HEARTBEAT_SECONDS = 10.0
LOST_AFTER = timedelta(seconds=90)
MOST_ATTEMPTS = 3
KEEP_FINISHED = timedelta(days=30)
PROGRESS_SECONDS = 0.2
MOST_PROBLEMS = 1000

BROKE = N_(
    "This work stopped because of a fault on our side. It was recorded, and nothing was changed by halves."
)
LOST = N_("This work was interrupted three times and was given up. Start it again, or tell the operator.")
UNKNOWN = N_("This version of the program does not know this kind of work any more. Nothing was changed.")


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
STATES = ", ".join(f"'{state.value}'" for state in JobState)


class Job(Base, Public):
    """One piece of long work. `message` and `error` are English source texts, translated when shown.

    `scope` says whose it is ("edition:12"); `person_id` who asked (no foreign key: core knows no person).
    """

    __tablename__ = "job"
    __table_args__ = (CheckConstraint(f"state IN ({STATES})", name="state"), Index(None, "state", "id"))

    kind: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default=JobState.QUEUED.value)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")
    message_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    error_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    scope: Mapped[str] = mapped_column(String(80), default="", index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    is_cancel_requested: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str] = mapped_column(String(80), default="")

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while nobody knows."""
        if self.state == JobState.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total > 0 else None

    @property
    def message_text(self) -> str:
        """What is being done, in the reader's language."""
        return _said(self.message, self.message_values)

    @property
    def error_text(self) -> str:
        """Why it failed, in the reader's language."""
        return _said(self.error, self.error_values)

    @property
    def problems(self) -> list[Problem]:
        """The faults found in the input, when that is why it failed (the first thousand of them)."""
        return [
            Problem(**{**stored, "where": tuple(stored["where"])})
            for stored in self.result.get("problems", [])
        ]


class JobCancelled(Exception):
    """Raised inside a handler, by `progress()`, once somebody has asked for the job to be cancelled."""


class JobInterrupted(Exception):
    """Raised inside a handler, by `progress()`, once the worker has been asked to stop: the job goes back."""


class JobTakenOver(Exception):
    """This worker was believed dead and the job is no longer its own: its writes must not be kept."""


@dataclass(slots=True)
class JobRun:
    """One attempt at one job, in the hands of its handler."""

    job_id: int
    job_public_id: str
    kind: str
    arguments: Mapping[str, Any]
    scope: str
    person_id: int | None
    attempt: int
    worker: str
    stopping: threading.Event = field(default_factory=threading.Event)
    _written_at: float = 0.0
    _written: tuple[str, int] = ("", -1)

    def progress(self, done: int, total: int, message: str, **values: object) -> None:
        """Say how far the work is. Cheap to call often: it writes five times a second at most.

        `message` is marked English source text. It writes in a short transaction of its own on another
        connection. While the handler itself holds SQLite's only write lock that would wait for ever, so then
        it does nothing: report progress while computing, before the writing transaction opens.
        Raises JobCancelled or JobInterrupted when the work should stop.
        """
        is_news = message != self._written[0] or (done >= total and done != self._written[1])
        if not is_news and time.monotonic() - self._written_at < PROGRESS_SECONDS:
            return
        if _holds_write_lock():
            return
        self._written, self._written_at = (message, done), time.monotonic()
        self._write(done=done, total=total, message=message, message_values=plain_values(values))
        if self.stopping.is_set():
            raise JobInterrupted

    def _write(self, **values: Any) -> None:
        with own_transaction() as connection:
            changed = connection.execute(
                update(Job).where(*self._is_mine()).values(heartbeat_at=utc_now(), **values)
            )
            if changed.rowcount == 0:
                raise JobTakenOver
            is_cancelled = connection.scalar(select(Job.is_cancel_requested).where(Job.id == self.job_id))
        if is_cancelled:
            raise JobCancelled

    def conclude(self, result: Mapping[str, Any] | None = None) -> None:
        """Record the job as done within the handler's own transaction, as its last step.

        Raises JobTakenOver (which undoes that transaction) when another worker has the job by now.
        """
        changed = db.session.execute(update(Job).where(*self._is_mine()).values(**_done(result)))
        if changed.rowcount == 0:  # type: ignore[attr-defined]
            raise JobTakenOver

    def _is_mine(self) -> tuple[Any, ...]:
        return (
            Job.id == self.job_id,
            Job.state == JobState.RUNNING.value,
            Job.worker == self.worker,
            Job.attempts == self.attempt,
        )

    def finish(self, **values: Any) -> bool:
        """Write the outcome, unless the handler concluded the job or it was taken away."""
        with unit_of_work():
            changed = db.session.execute(update(Job).where(*self._is_mine()).values(**values))
            return bool(changed.rowcount)  # type: ignore[attr-defined]


Handler = Callable[[JobRun], Mapping[str, Any] | None]
_handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the jobs of one kind; what it returns becomes the job's result."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(*, kind: str, arguments: Mapping[str, Any], scope: str = "", person_id: int | None = None) -> Job:
    """Add a job to the current transaction; taken after the commit. Arguments are ids, not data."""
    job = Job(
        kind=kind,
        arguments=dict(arguments),
        scope=scope,
        person_id=person_id,
        created_at=utc_now(),
        message="",
    )
    db.session.add(job)
    db.session.flush()
    return job


def find_job(public_id: str) -> Job | None:
    """The job with this public id as it is now."""
    query = select(Job).where(Job.public_id == public_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def request_cancel(job: Job, *, now: datetime | None = None) -> None:
    """Ask for the job to stop: at once while it waits, at its next step while it runs."""
    waiting = update(Job).where(Job.id == job.id, Job.state == JobState.QUEUED.value)
    ended = {"state": JobState.CANCELLED.value, "finished_at": now or utc_now(), "is_cancel_requested": True}
    if db.session.execute(waiting.values(**ended)).rowcount == 0:  # type: ignore[attr-defined]
        running = update(Job).where(Job.id == job.id, Job.state == JobState.RUNNING.value)
        db.session.execute(running.values(is_cancel_requested=True))
    db.session.refresh(job)


def has_queued() -> bool:
    """Whether any job waits (a plain read: it takes no lock)."""
    found = db.session.scalar(select(Job.id).where(Job.state == JobState.QUEUED.value).limit(1))
    db.session.rollback()
    return found is not None


def claim(worker: str, *, stopping: threading.Event | None = None) -> JobRun | None:
    """Take the oldest waiting job for `worker`, or None. Two workers never take the same one."""
    oldest = select(Job).where(Job.state == JobState.QUEUED.value).order_by(Job.id).limit(1)
    with unit_of_work():
        job = db.session.scalar(oldest.with_for_update(skip_locked=True))
        if job is None:
            return None
        now = utc_now()
        job.state, job.worker, job.attempts = JobState.RUNNING.value, worker, job.attempts + 1
        job.heartbeat_at, job.started_at = now, job.started_at or now
        job.done, job.total = 0, 0
        run = JobRun(
            job_id=job.id,
            job_public_id=job.public_id,
            kind=job.kind,
            arguments=job.arguments,
            scope=job.scope,
            person_id=job.person_id,
            attempt=job.attempts,
            worker=worker,
        )
    if stopping is not None:
        run.stopping = stopping
    return run


def work(run: JobRun) -> None:
    """Run the handler of one claimed job and write its outcome; no exception of the handler escapes."""
    function = _handlers.get(run.kind)
    if function is None:
        log.error("job_unknown", kind=run.kind, job=run.job_public_id)
        run.finish(**_failed(UNKNOWN))
        return
    try:
        result = function(run)
        db.session.remove()
        run.finish(**_done(result))
    except JobCancelled:
        run.finish(state=JobState.CANCELLED.value, finished_at=utc_now())
    except JobInterrupted:
        run.finish(state=JobState.QUEUED.value, attempts=run.attempt - 1, worker="", heartbeat_at=None)
    except JobTakenOver:
        log.warning("job_taken_over", kind=run.kind, job=run.job_public_id)
    except DomainError as error:
        log.info("job_refused", kind=run.kind, job=run.job_public_id, error=error.word)
        run.finish(**_refused(error))
    except Exception as error:
        log.exception("job_broke", kind=run.kind, job=run.job_public_id)
        if isinstance(error, DBAPIError) and is_passing(error) and run.attempt < MOST_ATTEMPTS:
            run.finish(state=JobState.QUEUED.value, worker="", heartbeat_at=None)
        else:
            run.finish(**_failed(BROKE))
    finally:
        db.session.remove()


def sweep(now: datetime) -> int:
    """Put jobs whose worker died back in the queue, at most twice; then give up. Returns how many."""
    lost = and_(Job.state == JobState.RUNNING.value, Job.heartbeat_at < now - LOST_AFTER)
    if db.session.scalar(select(Job.id).where(lost).limit(1)) is None:
        db.session.rollback()
        return 0
    with unit_of_work():
        jobs = db.session.scalars(select(Job).where(lost).with_for_update(skip_locked=True)).all()
        for job in jobs:
            _give_back(job, now)
        return len(jobs)


def _give_back(job: Job, now: datetime) -> None:
    log.warning("job_lost", kind=job.kind, job=job.public_id, attempts=job.attempts)
    job.worker, job.heartbeat_at = "", None
    if job.is_cancel_requested:
        job.state, job.finished_at = JobState.CANCELLED.value, now
    elif job.attempts < MOST_ATTEMPTS:
        job.state = JobState.QUEUED.value
    else:
        job.state, job.error, job.finished_at = JobState.FAILED.value, LOST, now


def purge(now: datetime) -> int:
    """Delete jobs that were finished a month ago; their results may name people. Returns how many."""
    with unit_of_work():
        old = delete(Job).where(Job.state.in_(FINISHED), Job.finished_at < now - KEEP_FINISHED)
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]


@contextmanager
def heartbeat(app: Flask, run: JobRun, *, seconds: float = HEARTBEAT_SECONDS) -> Iterator[None]:
    """Keep saying that the job is alive, from a thread with its own connection, while the block runs."""
    with app.app_context():
        shares_one_connection = isinstance(db.engine, Connection)
    if shares_one_connection:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(app, run, ended, seconds), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=30)


def _beat(app: Flask, run: JobRun, ended: threading.Event, seconds: float) -> None:
    while not ended.wait(seconds):
        with app.app_context():
            try:
                run._write()
            except (JobCancelled, JobTakenOver):
                continue
            except DBAPIError:
                log.info("heartbeat_missed", job=run.job_public_id)


@contextmanager
def own_transaction() -> Iterator[Connection]:
    """A short write transaction beside the session's (inside it where there is only one connection)."""
    engine = db.engine
    if isinstance(engine, Connection):
        with engine.begin_nested():
            yield engine
        return
    with engine.connect().execution_options(parley_immediate=True) as connection, connection.begin():
        yield connection


def _holds_write_lock() -> bool:
    session = db.session()
    if not session.in_transaction() or isinstance(db.engine, Connection):
        return False
    connection = session.connection()
    return connection.dialect.name == "sqlite" and bool(
        connection.get_execution_options().get("parley_immediate")
    )


def plain_values(values: Mapping[str, object]) -> dict[str, Any]:
    """Values that JSON can hold: numbers, texts, truth and none as they are, everything else as its text."""
    return {
        name: value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
        for name, value in values.items()
    }


def _done(result: Mapping[str, Any] | None) -> dict[str, Any]:
    now = utc_now()
    return {
        "state": JobState.DONE.value,
        "result": dict(result or {}),
        "finished_at": now,
        "heartbeat_at": now,
    }


def _failed(error: str, values: Mapping[str, object] | None = None) -> dict[str, Any]:
    return {
        "state": JobState.FAILED.value,
        "error": error,
        "error_values": plain_values(values or {}),
        "finished_at": utc_now(),
    }


def _refused(error: DomainError) -> dict[str, Any]:
    outcome = _failed(error.message, error.values)
    if isinstance(error, ProblemsFound):
        stored = [_stored(problem) for problem in error.problems[:MOST_PROBLEMS]]
        outcome["result"] = {**error.beside, "problems": stored, "problem_count": len(error.problems)}
    return outcome


def _stored(problem: Problem) -> dict[str, Any]:
    return {
        "where": [part if isinstance(part, int) else str(part) for part in problem.where],
        "code": problem.code,
        "message": problem.message,
        "values": plain_values(problem.values),
        "is_warning": problem.is_warning,
    }


def _said(message: str, values: Mapping[str, Any]) -> str:
    text = gettext(message) if message else ""
    return text % values if values else text
