"""The talent pool under load: CPU of one search page's data with all facets, and until a withdrawal is gone everywhere.

python -m benchmarks.talent                      20,000 invented people on SQLite
python -m benchmarks.talent --full               20,000 and 100,000 people, SQLite and PostgreSQL
python -m benchmarks.talent --full --on sqlite   one of the two alone

A page is what the page shows, without its HTML: the query read, cards found, filters applied, every value of every
facet counted under all other filters, 15 cards in order, each as its employer may see it. CPU time is that of this
process, and on PostgreSQL also that of the server process behind our connection (utime + stime of /proc/PID/stat before
and after all searches of a kind; its clock ticks 100 times a second, so it is shared out over the searches of a kind).
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LIMITS = {
    ("sqlite", 20_000): 5,
    ("sqlite", 100_000): 10,
    ("postgresql", 20_000): 15,
    ("postgresql", 100_000): 35,
}
WITHDRAWAL_LIMITS = {"sqlite": 10, "postgresql": 50}
"""Milliseconds: a page, and a withdrawal until a process that had it in memory no longer shows it."""
KINDS: dict[str, tuple[str, ...]] = {
    "everything": ("",),
    "one word": ("law", "港口", "negotiation", "環境", "diplomacy", "海", "draft*", "audits", "债券"),
    "several": (
        "law port",
        "谈判 法律",
        "环境 OR climate",
        "trade -law",
        "(water OR 能源) NOT 移民",
        "NOT law",
    ),
    "phrases": (
        '"listen first"',
        "多方谈判",
        '"three countries"',
        "可执行的条款",
        '"law and port"',
        "利益并把共识",
    ),
}
FILTERS: tuple[dict[str, list[str]], ...] = (
    {},
    {"role": ["igo"]},
    {"language": ["fr", "es"], "role": ["igo", "government"]},
    {"year": ["2024-2025"], "result": ["top_quarter"]},
)


def page(index: Any, parse_query: Any, employer: Any, words: str, filters: dict[str, list[str]]) -> int:
    """Everything a search page shows, but for its HTML."""
    found = index.search_cards(employer, parse_query(words), filters, offset=0, limit=15)
    total: int = found.total
    return total


def measure_pages(app: Any, people: int, rounds: int) -> tuple[float, float]:
    """Median and 95th percentile of the CPU milliseconds of a page; also prints them by kind."""
    from core.db import db
    from talent_pool import index
    from talent_pool.search.query import parse_query

    employer = an_employer()
    began = time.process_time()
    page(index, parse_query, employer, "", {})
    print(
        f"    first search of a process: {(time.process_time() - began) * 1000:8.0f} ms CPU of ours (reads every card)"
    )
    server = server_clock()
    everything: list[float] = []
    for kind, queries in KINDS.items():
        spent = []
        for at in range(rounds * len(queries) * len(FILTERS)):
            words, filters = queries[at % len(queries)], FILTERS[at // len(queries) % len(FILTERS)]
            db.session.rollback()
            before, began = server(), time.process_time()
            page(index, parse_query, employer, words, filters)
            spent.append([(time.process_time() - began) * 1000, before])
        share = (server() - spent[0][1]) / len(spent) * 1000
        figures = sorted(own + share for own, _before in spent)
        everything += figures
        print(f"    {kind:12} median {at_share(figures, 0.5):6.2f}   p95 {at_share(figures, 0.95):6.2f} ms"
              f"   (server's part {share:5.2f})")  # fmt: skip
    return at_share(sorted(everything), 0.5), at_share(sorted(everything), 0.95)


def measure_withdrawal(app: Any, times: int) -> float:
    """The 95th percentile of the CPU milliseconds from a person's click to a search that no longer counts them."""
    from sqlalchemy import select

    from core.access import Actor
    from core.db import db, open_write_transaction
    from talent_pool import index
    from talent_pool.consent import is_visible_to
    from talent_pool.models import PoolProfile
    from talent_pool.public import leave_pool

    employer, spent, server = an_employer(), [], server_clock()
    dice = random.Random(3)
    seen = select(PoolProfile.person_id).where(is_visible_to(employer))
    people = dice.sample(list(db.session.scalars(seen)), times)
    total = index.search_cards(employer, None).total
    begun = server()
    for person_id in people:
        db.session.rollback()
        began = time.process_time()
        open_write_transaction()
        leave_pool(actor=Actor(person_id=person_id, user_id=person_id))
        db.session.commit()
        now_there = index.search_cards(employer, None).total
        spent.append((time.process_time() - began) * 1000)
        total -= 1
        assert now_there == total
    share = (server() - begun) / times * 1000
    return at_share(sorted(spent), 0.95) + share


def an_employer() -> Any:
    """The employer that searches."""
    from sqlalchemy import select

    from core.db import db
    from talent_pool.models import Employer

    return db.session.scalars(select(Employer)).one()


def server_clock() -> Callable[[], float]:
    """Seconds of CPU that the server process behind our connection has used; always 0 on SQLite, which is ours."""
    from core.db import db

    if db.session.get_bind().dialect.name == "sqlite":
        return lambda: 0.0
    from sqlalchemy import text

    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    path, ticks = Path(f"/proc/{pid}/stat"), os.sysconf("SC_CLK_TCK")

    def read() -> float:
        parts = path.read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / ticks

    return read


def at_share(figures: list[float], share: float) -> float:
    """The figure below which that share of the sorted figures lies."""
    return figures[min(len(figures) - 1, int(len(figures) * share))]


@contextmanager
def filled(url: str, people: int) -> Iterator[Any]:
    """An application on a database with that many invented people and one employer, gone at the end."""
    from app import create_app
    from config import Settings
    from core.db import Base, db, open_write_transaction, utc_now
    from talent_pool.generating import generate_people
    from talent_pool.models import Employer

    with tempfile.TemporaryDirectory() as name:
        app = create_app(
            Settings(
                environment="testing",
                secret_key="benchmark-benchmark-benchmark-benchmark",
                database_url=url or f"sqlite:///{name}/parley.sqlite",
                instance_path=Path(name),
                log_level="WARNING",
            )
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            open_write_transaction()
            generate_people(people, now=utc_now())
            db.session.add(Employer(name="Benchmark", kind="igo", state="approved", created_at=utc_now()))
            db.session.commit()
            if url:
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("VACUUM ANALYZE")
            yield app
            db.session.remove()
            if url:
                Base.metadata.drop_all(db.engine)
            db.engine.dispose()


@contextmanager
def postgresql() -> Iterator[str]:
    """An empty database on TEST_DATABASE_URL, or on a server of the development set that ends with us."""
    import secrets

    from sqlalchemy import create_engine, text

    from config import normalised_database_url
    from tests.conftest import _own_server

    engine = create_engine(
        normalised_database_url(os.environ.get("TEST_DATABASE_URL") or _own_server()),
        isolation_level="AUTOCOMMIT",
    )
    name = f"parley_bench_{secrets.token_hex(4)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def run(kind: str, url: str, people: int, rounds: int) -> bool:
    """One database with one number of people; whether every figure is within its limit."""
    began = time.perf_counter()
    with filled(url, people) as app:
        print(f"  {kind}, {people:,} people (made in {time.perf_counter() - began:.0f} s)")
        median, p95 = measure_pages(app, people, rounds)
        limit = LIMITS.get((kind, people), 10_000)
        print(
            f"    page         median {median:6.2f}   p95 {p95:6.2f} ms   limit {limit} ms   ratio {p95 / limit:.2f}"
        )
        gone, gone_limit = measure_withdrawal(app, 40), WITHDRAWAL_LIMITS[kind]
        ratio = f"ratio {gone / gone_limit:.2f}"
        print(f"    withdrawn and gone            p95 {gone:6.2f} ms   limit {gone_limit} ms   {ratio}")
    return p95 <= limit and gone <= gone_limit


def main(arguments: list[str]) -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--full", action="store_true")
    options.add_argument("--on", choices=("sqlite", "postgresql"))
    options.add_argument("--people", type=int)
    chosen = options.parse_args(arguments)
    sizes = [chosen.people] if chosen.people else [20_000, 100_000] if chosen.full else [20_000]
    kinds = [chosen.on] if chosen.on else ["sqlite", "postgresql"] if chosen.full else ["sqlite"]
    print("Talent pool: CPU time of a search page's data with all facets, and of a withdrawal")
    good = True
    for people in sizes:
        for kind in kinds:
            if kind == "sqlite":
                good &= run(kind, "", people, 4)
            else:
                with postgresql() as url:
                    good &= run(kind, url, people, 4)
    print("  within the limits" if good else "  ABOVE A LIMIT")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
