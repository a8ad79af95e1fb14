"""Parley in production on several hosts: two webs and a worker that share PostgreSQL and Redis, and no disk."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from accounts.models import User
from app import create_app
from core.db import db
from core.spreadsheets import read_workbook
from tests.conftest import make_settings, new_postgresql
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in
from tests.journeys.house import free_port
from tests.talent_pool.conftest import make_card, make_employer

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SECRET = "several-hosts-share-this-secret-of-40-signs"
PATIENCE = 60
SIGN_INS = 4
WRONG = 422

pytestmark = pytest.mark.skipif(
    shutil.which("redis-server") is None,
    reason="SEVERAL HOSTS ARE NOT TRIED: no redis-server here (`make redis` installs it)",
)


@dataclass(slots=True)
class Estate:
    """Addresses of the hosts' web processes, and what they all share."""

    folder: Path
    database_url: str
    ports: tuple[int, int]
    redis_port: int
    redis: subprocess.Popen[bytes]

    def environment(self, host: str) -> dict[str, str]:
        """What a host is told: each has a folder of its own."""
        outside = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PARLEY_") and name not in ("FLASK_APP", "FLASK_DEBUG")
        }
        return outside | {
            "PARLEY_ENV": "production",
            "PARLEY_SECRET_KEY": SECRET,
            "PARLEY_PUBLIC_URL": "http://127.0.0.1",
            "PARLEY_TRUSTED_HOSTS": "127.0.0.1",
            "PARLEY_INSTANCE": str(self.folder / host),
            "PARLEY_LIMIT_SIGN_IN": f"{SIGN_INS} per hour",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "OPENBLAS_NUM_THREADS": "1",
        }


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Everything running: each process is stopped at the end."""
    folder, redis_port = tmp_path_factory.mktemp("estate"), free_port()
    ports = (free_port(), free_port())
    with ExitStack() as stack:
        url = stack.enter_context(new_postgresql())
        redis = [
            "redis-server",
            "--port",
            str(redis_port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        shared = stack.enter_context(_running(redis, folder, "redis", dict(os.environ)))
        found = Estate(folder, url, ports, redis_port, shared)
        flask = [str(BIN / "flask"), "--app", "app"]
        subprocess.run(
            [*flask, "db", "upgrade"],
            cwd=ROOT,
            env=found.environment("setup"),
            check=True,
            capture_output=True,
        )
        for name, port in zip(("north", "south"), ports, strict=True):
            web = [
                str(BIN / "gunicorn"),
                "app:create_app()",
                f"--bind=127.0.0.1:{port}",
                "--threads=4",
                "--log-level=warning",
            ]
            stack.enter_context(_running(web, folder, name, found.environment(name)))
        stack.enter_context(_running([*flask, "worker"], folder, "worker", found.environment("worker")))
        for port in ports:
            _wait_until(lambda port=port: _answers(port), folder)
        yield found


@contextmanager
def _running(
    command: list[str], folder: Path, name: str, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return Visitor().get(port, "/healthz").status == 200
    except OSError:
        return False


def _wait_until(holds: Callable[[], bool], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.2)
    logs = "\n".join(path.read_text(errors="replace")[-3000:] for path in folder.glob("*.log"))
    raise AssertionError(f"It does not come to that:\n{logs}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said."""

    status: int
    body: bytes
    location: str

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Visitor:
    """A browser behind a load balancer: one cookie, whichever host answers."""

    cookie: str = ""
    answers: list[int] = field(default_factory=list)

    def get(self, port: int, path: str) -> Answer:
        return self._ask(port, "GET", path, b"", {})

    def send(self, port: int, page: str, path: str, **fields: str) -> Answer:
        """Send a form that stands on `page`."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(port, page).text)
        assert token is not None
        body = urlencode({"csrf_token": unescape(token[1]), **fields}).encode()
        return self._ask(port, "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            line.request(method, path, body, {**headers, **({"Cookie": self.cookie} if self.cookie else {})})
            answer = line.getresponse()
            said = Answer(answer.status, answer.read(), urlsplit(answer.headers.get("Location", "")).path)
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if cookie.startswith("parley="):
                self.cookie = cookie.partition(";")[0]
        return said


@contextmanager
def _at_home(estate: Estate) -> Iterator[Callable[[User], Visitor]]:
    """An application on the shared database, and who signs somebody in there."""
    app = create_app(make_settings(estate.folder / "setup", estate.database_url, secret_key=SECRET))

    def signed_in(user: User) -> Visitor:
        client = app.test_client()
        sign_in(client, user)
        cookie = client.get_cookie("parley")
        assert cookie is not None
        return Visitor(cookie=f"parley={cookie.value}")

    with app.app_context():
        yield signed_in
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def director(estate: Estate) -> Visitor:
    """A director of the edition "small", signed in."""
    with _at_home(estate) as signed_in:
        person = make_person()
        make_organiser(make_edition("small"), person)
        return signed_in(make_user(person=person))


def test_a_session_is_known_at_every_host(estate: Estate, director: Visitor) -> None:
    north, south = estate.ports
    assert [director.get(port, "/e/small/overview").status for port in (north, south, north)] == [
        200,
        200,
        200,
    ]
    assert Visitor().get(south, "/e/small/overview").status == 302


def test_a_file_made_by_a_worker_elsewhere_is_fetched_from_any_host(
    estate: Estate, director: Visitor
) -> None:
    north, south = estate.ports
    asked = director.send(north, "/e/small/files/", "/e/small/files/export")
    assert asked.status == 303
    _wait_until(lambda: "/download" in director.get(south, asked.location).text, estate.folder)
    for port in (north, south):
        names = [sheet.name for sheet in read_workbook(director.get(port, f"{asked.location}/download").body)]
        assert names[:2] == ["Edition", "Institutions"]
    assert not any(estate.folder.rglob("*.xlsx"))


def test_who_leaves_the_pool_at_one_host_is_gone_at_the_next_search_of_every_other(estate: Estate) -> None:
    north, south = estate.ports
    with _at_home(estate) as signed_in:
        participant, employer = make_card("Harbour mediation")[0], make_employer()[0]
        leaving, searching = signed_in(participant), signed_in(employer)
    found = [searching.get(port, "/employers/search?q=mediation") for port in (north, south)]
    assert [(answer.status, "Harbour mediation" in answer.text) for answer in found] == [(200, True)] * 2
    assert leaving.send(north, "/pool/consent", "/pool/leave").status == 303
    found = [searching.get(port, "/employers/search?q=mediation") for port in (south, north)]
    assert [(answer.status, "Harbour mediation" in answer.text) for answer in found] == [(200, False)] * 2


def test_attempts_to_sign_in_are_counted_over_all_hosts(estate: Estate) -> None:
    north, south = estate.ports

    def attempt(port: int) -> int:
        form = {"email": "nobody@example.org", "password": "wrong password 1"}
        return Visitor().send(port, "/sign-in", "/sign-in", **form).status

    assert [attempt((north, south)[at % 2]) for at in range(SIGN_INS)] == [WRONG] * SIGN_INS
    assert [attempt(north), attempt(south)] == [429, 429]


def test_every_host_goes_on_when_redis_is_gone(estate: Estate, director: Visitor) -> None:
    estate.redis.terminate()
    estate.redis.wait(20)
    for port in estate.ports:
        assert director.get(port, "/healthz").status == 200
        assert director.get(port, "/e/small/overview").status == 200
        form = {"email": "nobody@example.org", "password": "wrong password 1"}
        assert Visitor().send(port, "/sign-in", "/sign-in", **form).status == WRONG
