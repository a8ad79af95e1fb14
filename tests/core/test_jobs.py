"""Long work is done once, entirely or not at all, whatever happens to the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy import delete, func, select, update

from config import Settings
from core import jobs
from core.db import db, open_write_transaction, unit_of_work, utc_now
from core.errors import Conflict, ProblemsFound
from core.jobs import Job, JobRun, JobState, enqueue, find_job, handler, request_cancel
from core.outbox import OutboxMessage
from core.problems import Problem
from core.worker import Worker, run_pending

TABLES = [Job.__table__, OutboxMessage.__table__]


def make_app(database_url: str, folder: Path) -> Flask:
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=database_url)
    app.extensions["parley_settings"] = Settings(
        environment="testing", secret_key="only-for-tests", database_url=database_url, instance_path=folder
    )
    db.init_app(app)
    Babel(app)
    with app.app_context():
        db.metadata.create_all(db.engine, tables=TABLES)  # type: ignore[arg-type]
    return app


@pytest.fixture
def real(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A small application whose commits are real: workers and threads have their own connections."""
    app = make_app(database_url, tmp_path)
    with app.app_context():
        clear()
        yield app
        clear()
        db.engine.dispose()


def clear() -> None:
    with unit_of_work():
        db.session.execute(delete(Job))
        db.session.execute(delete(OutboxMessage))


@pytest.fixture
def handles() -> Iterator[Callable[[Callable[[JobRun], Mapping[str, Any] | None]], None]]:
    """Register a handler of kind "test" for one test."""

    def register(function: Callable[[JobRun], Mapping[str, Any] | None]) -> None:
        handler("test")(function)

    yield register
    jobs._handlers.pop("test", None)


Handles = Callable[[Callable[[JobRun], Mapping[str, Any] | None]], None]


def queue(kind: str = "test", **arguments: Any) -> str:
    with unit_of_work():
        return enqueue(kind=kind, arguments=arguments, scope="edition:1", person_id=5).public_id


def job(public_id: str) -> Job:
    db.session.remove()
    found = find_job(public_id)
    assert found is not None
    return found


class TestTheQueue:
    def test_a_job_is_done_and_keeps_its_result(self, real: Flask, handles: Handles) -> None:
        handles(lambda run: {"doubled": run.arguments["number"] * 2})
        public_id = queue(number=21)

        assert run_pending(real) == 1

        done = job(public_id)
        assert (done.state, done.result, done.attempts) == (JobState.DONE, {"doubled": 42}, 1)
        assert (done.percent, done.scope, done.person_id) == (100, "edition:1", 5)
        assert done.started_at is not None
        assert done.finished_at is not None

    def test_a_job_exists_only_if_the_deed_that_asked_for_it_does(self, real: Flask) -> None:
        def refused() -> None:
            with unit_of_work():
                enqueue(kind="test", arguments={})
                raise Conflict

        with pytest.raises(Conflict):
            refused()

        assert db.session.scalar(select(func.count()).select_from(Job)) == 0

    def test_jobs_are_done_in_the_order_they_came(self, real: Flask, handles: Handles) -> None:
        seen: list[int] = []
        handles(lambda run: seen.append(run.arguments["n"]))
        for n in range(3):
            queue(n=n)

        assert run_pending(real) == 3
        assert seen == [0, 1, 2]

    def test_two_workers_never_take_the_same_job(self, real: Flask, handles: Handles) -> None:
        seen: list[int] = []
        handles(lambda run: seen.append(run.arguments["n"]))
        for n in range(20):
            queue(n=n)
        db.session.remove()

        threads = [threading.Thread(target=Worker(real, f"w{n}").drain) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(seen) == list(range(20))

    def test_an_unknown_kind_fails_with_a_sentence(self, real: Flask) -> None:
        public_id = queue(kind="gone")
        run_pending(real)
        with real.test_request_context():
            assert job(public_id).error_text.startswith("This version of the program does not know")


class TestFailing:
    def test_a_domain_error_is_told_as_it_is(self, real: Flask, handles: Handles) -> None:
        def refuse(run: JobRun) -> None:
            raise Conflict("Round %(number)s is already confirmed.", number=3)

        handles(refuse)
        public_id = queue()
        run_pending(real)

        failed = job(public_id)
        assert failed.state == JobState.FAILED
        with real.test_request_context():
            assert failed.error_text == "Round 3 is already confirmed."

    def test_all_problems_are_kept_for_the_screen(self, real: Flask, handles: Handles) -> None:
        problems = [
            Problem(where=("Draw", n, "igo"), code="x", message="%(n)s", values={"n": n}) for n in range(1500)
        ]

        def refuse(run: JobRun) -> None:
            raise ProblemsFound(problems)

        handles(refuse)
        public_id = queue()
        run_pending(real)

        failed = job(public_id)
        assert failed.problems == problems[:1000]
        assert failed.result["problem_count"] == 1500

    def test_a_fault_of_ours_tells_nothing_of_its_inside_and_undoes_everything(
        self, real: Flask, handles: Handles
    ) -> None:
        def break_(run: JobRun) -> None:
            with unit_of_work():
                enqueue(kind="never", arguments={})
                raise RuntimeError("secret inside")

        handles(break_)
        public_id = queue()
        run_pending(real)

        failed = job(public_id)
        assert (failed.state, failed.error) == (JobState.FAILED, jobs.BROKE)
        assert db.session.scalar(select(func.count()).select_from(Job)) == 1


class TestProgress:
    def test_progress_is_seen_from_outside_while_the_job_runs(self, real: Flask, handles: Handles) -> None:
        seen: list[tuple[int, int, int | None, str]] = []

        def work(run: JobRun) -> None:
            run.progress(30, 120, "Reading %(sheet)s", sheet="Marks")
            with real.app_context():
                now = find_job(run.job_public_id)
                assert now is not None
                with real.test_request_context():
                    seen.append((now.done, now.total, now.percent, now.message_text))

        handles(work)
        queue()
        run_pending(real)

        assert seen == [(30, 120, 25, "Reading Marks")]

    def test_telling_it_often_is_cheap(
        self, real: Flask, handles: Handles, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        writes: list[int] = []
        original = JobRun._write
        monkeypatch.setattr(JobRun, "_write", lambda run, **v: (writes.append(v["done"]), original(run, **v)))

        def work(run: JobRun) -> None:
            for n in range(1, 20_001):
                run.progress(n, 20_000, "Reading")

        handles(work)
        queue()
        run_pending(real)

        assert writes[0] == 1
        assert writes[-1] == 20_000
        assert len(writes) < 20

    def test_inside_the_writing_transaction_it_never_waits_for_itself(
        self, real: Flask, handles: Handles
    ) -> None:
        def work(run: JobRun) -> None:
            with unit_of_work():
                run.progress(1, 2, "Writing")

        handles(work)
        public_id = queue()
        started = time.monotonic()
        run_pending(real)

        assert job(public_id).state == JobState.DONE
        assert time.monotonic() - started < 5


class TestCancelling:
    def test_a_waiting_job_is_cancelled_at_once(self, real: Flask) -> None:
        public_id = queue()
        with unit_of_work():
            request_cancel(job_in_transaction(public_id))
        assert job(public_id).state == JobState.CANCELLED
        assert run_pending(real) == 0

    def test_a_running_job_stops_at_its_next_step_and_leaves_nothing(
        self, real: Flask, handles: Handles
    ) -> None:
        def work(run: JobRun) -> None:
            run.progress(1, 3, "First")
            with real.app_context(), unit_of_work():
                request_cancel(job_in_transaction(run.job_public_id))
            run.progress(2, 3, "Second")
            raise AssertionError("it went on")

        handles(work)
        public_id = queue()
        run_pending(real)

        cancelled = job(public_id)
        assert (cancelled.state, cancelled.done) == (JobState.CANCELLED, 2)

    def test_a_finished_job_stays_finished(self, real: Flask, handles: Handles) -> None:
        handles(lambda run: {"kept": True})
        public_id = queue()
        run_pending(real)
        with unit_of_work():
            request_cancel(job_in_transaction(public_id))
        assert job(public_id).state == JobState.DONE


def job_in_transaction(public_id: str) -> Job:
    found = find_job(public_id)
    assert found is not None
    return found


class TestLostWorkers:
    def lose(self, public_id: str) -> None:
        """Make the job look as if its worker had died two minutes ago."""
        with unit_of_work():
            db.session.execute(
                update(Job)
                .where(Job.public_id == public_id)
                .values(heartbeat_at=utc_now() - timedelta(seconds=120))
            )

    def test_a_lost_job_goes_back_twice_and_is_then_given_up(self, real: Flask, handles: Handles) -> None:
        handles(lambda run: None)
        public_id = queue()
        states = []
        for _ in range(3):
            assert jobs.claim("dead") is not None
            self.lose(public_id)
            assert jobs.sweep(utc_now()) == 1
            states.append(job(public_id).state)

        assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
        assert job(public_id).error == jobs.LOST

    def test_a_job_with_a_fresh_heartbeat_is_left_alone(self, real: Flask) -> None:
        queue()
        assert jobs.claim("alive") is not None
        assert jobs.sweep(utc_now() + timedelta(seconds=80)) == 0

    def test_a_cancelled_job_is_not_taken_up_again(self, real: Flask) -> None:
        public_id = queue()
        jobs.claim("dead")
        with unit_of_work():
            request_cancel(job_in_transaction(public_id))
        self.lose(public_id)
        jobs.sweep(utc_now())
        assert job(public_id).state == JobState.CANCELLED

    def test_a_worker_that_was_given_up_cannot_keep_its_writes(self, real: Flask, handles: Handles) -> None:
        def work(run: JobRun) -> None:
            if run.attempt == 1:
                with real.app_context():
                    self.lose(run.job_public_id)
                    jobs.sweep(utc_now())
            with unit_of_work():
                enqueue(kind="effect", arguments={"attempt": run.attempt})
                run.conclude({"attempt": run.attempt})

        handles(work)
        handler("effect")(lambda run: None)
        public_id = queue()
        run_pending(real)

        effects = db.session.scalars(select(Job.arguments).where(Job.kind == "effect")).all()
        assert effects == [{"attempt": 2}]
        assert job(public_id).result == {"attempt": 2}

    def test_the_heartbeat_goes_on_while_the_handler_is_silent(self, real: Flask, handles: Handles) -> None:
        def work(run: JobRun) -> None:
            before = read(run)
            with jobs.heartbeat(real, run, seconds=0.05):
                time.sleep(0.4)
            assert read(run) > before

        def read(run: JobRun) -> Any:
            with real.app_context():
                return job_in_transaction(run.job_public_id).heartbeat_at

        handles(work)
        public_id = queue()
        run_pending(real)
        assert job(public_id).state == JobState.DONE


WORKER = """
import sys, time
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.core.test_jobs import make_app, effects
from core.db import unit_of_work
from core.jobs import enqueue, handler
from core.worker import Worker, _stop_on_signals

@handler("slow")
def slow(run):
    run.progress(1, 2, "Reading")
    print("started", flush=True)
    if run.arguments["in_transaction"]:
        with unit_of_work():
            enqueue(kind="effect", arguments={{}})
            print("written", flush=True)
            time.sleep(60)
    for n in range(600):
        time.sleep(0.1)
        run.progress(n, 600, "Waiting %(n)s", n=n)

app = make_app({url!r}, Path({folder!r}))
worker = Worker(app)
_stop_on_signals(worker)
worker.run()
print("stopped", flush=True)
"""


def effects() -> int:
    count = db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "effect"))
    db.session.remove()
    return count or 0


@pytest.fixture
def start_worker(
    real: Flask, database_url: str, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        root = str(Path(jobs.__file__).parent.parent)
        code = WORKER.format(root=root, url=database_url, folder=str(tmp_path))
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": root},
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def wait_for_line(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    for printed in process.stdout:
        if printed.strip() == line:
            return
    raise AssertionError(f"the worker ended without saying {line!r}")


class TestRealProcesses:
    def test_a_killed_worker_leaves_nothing_and_the_job_is_found_again(
        self, real: Flask, start_worker: Callable[[], subprocess.Popen[str]]
    ) -> None:
        public_id = queue(kind="slow", in_transaction=True)
        db.session.remove()
        process = start_worker()
        wait_for_line(process, "written")

        process.kill()
        process.wait()

        assert effects() == 0
        assert job(public_id).state == JobState.RUNNING
        db.session.remove()
        assert jobs.sweep(utc_now() + timedelta(seconds=100)) == 1
        assert job(public_id).state == JobState.QUEUED

    def test_a_worker_that_is_asked_to_stop_gives_its_job_back(
        self, real: Flask, start_worker: Callable[[], subprocess.Popen[str]]
    ) -> None:
        public_id = queue(kind="slow", in_transaction=False)
        db.session.remove()
        process = start_worker()
        wait_for_line(process, "started")

        process.send_signal(signal.SIGTERM)
        wait_for_line(process, "stopped")

        assert process.wait(timeout=10) == 0
        returned = job(public_id)
        assert (returned.state, returned.attempts, returned.worker) == (JobState.QUEUED, 0, "")


def test_mail_does_not_wait_for_a_long_job(
    real: Flask, handles: Handles, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_started, may_end, was_sent = threading.Event(), threading.Event(), threading.Event()

    def send_due() -> int:
        if has_started.is_set():
            was_sent.set()
        return 0

    def work(run: JobRun) -> None:
        has_started.set()
        may_end.wait(20)

    monkeypatch.setattr("core.mail.send_due", send_due)
    handles(work)
    public_id = queue()
    db.session.remove()
    worker = Worker(real, "both")
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        assert was_sent.wait(10)
    finally:
        may_end.set()
        worker.stopping.set()
        thread.join(20)
    assert job(public_id).state == JobState.DONE


class TestClearingAway:
    def test_old_finished_jobs_go_and_waiting_ones_stay(self, real: Flask, handles: Handles) -> None:
        handles(lambda run: None)
        queue()
        run_pending(real)
        waiting = queue()

        assert jobs.purge(utc_now() + timedelta(days=29)) == 0
        assert jobs.purge(utc_now() + timedelta(days=31)) == 1
        assert job(waiting).state == JobState.QUEUED


def test_a_lock_that_lasts_is_tried_again_and_not_blamed_on_the_job(real: Flask, handles: Handles) -> None:
    from sqlalchemy.exc import OperationalError

    def work(run: JobRun) -> Mapping[str, Any]:
        if run.attempt < 3:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        return {"attempt": run.attempt}

    handles(work)
    public_id = queue()
    assert run_pending(real) == 3
    assert job(public_id).result == {"attempt": 3}


def test_run_pending_can_be_called_inside_a_request_of_a_test(real: Flask, handles: Handles) -> None:
    handles(lambda run: None)
    queue()
    with real.test_request_context():
        open_write_transaction()
        db.session.commit()
        assert run_pending(real) == 1


def test_jobs_run_inside_the_rolled_back_transaction_of_a_test(app: Flask, handles: Handles) -> None:
    def work(run: JobRun) -> dict[str, Any]:
        run.progress(1, 2, "Reading")
        with unit_of_work():
            run.conclude({"seen": True})
        return {}

    handles(work)
    public_id = enqueue(kind="test", arguments={}).public_id
    db.session.commit()

    assert run_pending(app) == 1
    assert job(public_id).result == {"seen": True}
