"""The worker process: sweeps, runs jobs, sends mail and clears away what is old, until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from core import jobs, mail, outbox
from core.access import Permission, requires
from core.db import db, utc_now

log = structlog.get_logger(__name__)
POLL_SECONDS = 0.5
SWEEP_EVERY = timedelta(seconds=15)
PURGE_EVERY = timedelta(hours=1)

PurgeStep = Callable[[datetime], object]
_purge_steps: list[PurgeStep] = [jobs.purge, outbox.purge]


def purge_step(function: PurgeStep) -> PurgeStep:
    """Register `function(now)` to run about once an hour; it opens its own unit_of_work."""
    if function not in _purge_steps:
        _purge_steps.append(function)
    return function


class Worker:
    """One process's loop. `stopping` is set by a signal; a job notices it at its next step of progress."""

    def __init__(self, app: Flask, name: str = "") -> None:
        self.app = app
        self.name = name or f"{socket.gethostname()[:40]}:{os.getpid()}:{threading.get_ident() % 100_000}"
        self.stopping = threading.Event()
        self._swept_at: datetime | None = None
        self._purged_at: datetime | None = None

    def run(self) -> None:
        """Work until stopped. Mail has a thread of its own: a sign-in code does not wait for a long job."""
        log.info("worker_started", worker=self.name)
        letters = threading.Thread(target=self._repeat, args=(self._send_mail,), name="mail")
        letters.start()
        try:
            self._repeat(self.step)
        finally:
            self.stopping.set()
            letters.join()
        log.info("worker_stopped", worker=self.name)

    def _repeat(self, turn: Callable[[], bool]) -> None:
        """Take turns until stopped; a database that is away for a moment is waited for."""
        while not self.stopping.is_set():
            try:
                is_busy = turn()
            except DBAPIError:
                log.warning("worker_waits_for_database", exc_info=True)
                is_busy = False
                self.stopping.wait(5)
            if not is_busy:
                self.stopping.wait(POLL_SECONDS)

    def drain(self) -> int:
        """Sweep, then work until nothing is due; returns how many jobs were run."""
        count = 0
        self._sweep(utc_now())
        while not self.stopping.is_set() and self._run_one_job():
            count += 1
        self._send_mail()
        return count

    def step(self) -> bool:
        """One turn of the loop but for the mail; whether there was anything to do."""
        now = utc_now()
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            self._sweep(now)
        if self._purged_at is None or now - self._purged_at >= PURGE_EVERY:
            self._purged_at = now
            self._purge(now)
        return self._run_one_job()

    def _sweep(self, now: datetime) -> None:
        with self.app.app_context():
            jobs.sweep(now)
            mail.sweep(now)

    def _purge(self, now: datetime) -> None:
        for step in _purge_steps:
            with self.app.app_context():
                try:
                    step(now)
                except Exception:
                    db.session.rollback()
                    log.exception("purge_failed", step=getattr(step, "__qualname__", ""))

    def _send_mail(self) -> bool:
        with self.app.app_context():
            return mail.send_due() > 0

    def _run_one_job(self) -> bool:
        with self.app.app_context():
            if not jobs.has_queued():
                return False
            run = jobs.claim(self.name, stopping=self.stopping)
        if run is None:
            return False
        started = time.perf_counter()
        with self.app.app_context(), jobs.heartbeat(self.app, run):
            jobs.work(run)
        seconds = round(time.perf_counter() - started, 3)
        log.info("job_worked", kind=run.kind, job=run.job_public_id, seconds=seconds)
        return True


def run_pending(app: Flask) -> int:
    """Do everything that is due now, in this thread (for tests and commands); returns how many jobs ran."""
    return Worker(app).drain()


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then exit.")
@with_appcontext
@requires(Permission.OPERATE)
def worker_command(once: bool) -> None:
    """Run jobs and send mail until stopped (SIGTERM or Ctrl-C ends it after the present step)."""
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]
    _stop_on_signals(worker)
    if once:
        worker.drain()
    else:
        worker.run()


def _stop_on_signals(worker: Worker) -> None:
    def stop(number: int, _frame: FrameType | None) -> None:
        if worker.stopping.is_set():
            raise KeyboardInterrupt
        log.info("worker_stopping", signal=signal.Signals(number).name)
        worker.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
