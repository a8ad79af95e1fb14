"""Standings of a large edition: CPU from results and from marks, and the public page from its cache.

python -m benchmarks.results            400 teams, nine rounds, three judges a table, on SQLite
python -m benchmarks.results --full     the same in both role policies, and with two hundred readers of the page
"""

import argparse
import gc
import os
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TABLES, ROUNDS, PANEL = 100, 9, 3


def cpu_of(work: Callable[[], object], times: int = 3) -> float:
    """The least CPU of a few runs, in seconds."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def measure(app: Any, policy: str, readers: int) -> None:
    """Build the edition, then print what its standings and its public page take."""
    from competition.rounds.public import seated_results
    from core.db import db
    from judging.analysis import adjusted
    from judging.analysis.adjusted import adjustment_of
    from judging.analysis.audit import raw_scores
    from judging.snapshots import publish_snapshot, take_snapshot
    from judging.standings import team_standings
    from tests.judging.judged import make_judged
    from tests.judging.scene import ORGANISER

    made = make_judged(
        tables=TABLES, rounds=ROUNDS, panel=PANEL, noise=6,
        severity=lambda judge: judge % 7, strength=lambda number: 55 + number * 37 % 30,
        slug=f"bench-{policy}", role_policy=policy, is_public=True,
    )  # fmt: skip
    edition = made.edition
    publish_snapshot(actor=ORGANISER, snapshot=take_snapshot(actor=ORGANISER, edition=edition))
    db.session.commit()
    db.session.expunge_all()
    gc.collect()
    gc.freeze()
    results = seated_results(edition.id)

    def from_marks() -> None:
        raw_scores(edition, ROUNDS, results)
        team_standings(edition)

    def with_severity() -> None:
        adjusted.forget()
        team_standings(edition)

    team_standings(edition)
    print(f"\n{policy}: {TABLES * 4} teams, {ROUNDS} rounds, {len(results)} results")
    print(
        f"  standings from results, severities known   {cpu_of(lambda: team_standings(edition)):6.3f} CPU s"
    )
    print(f"  table scores from marks, and standings     {cpu_of(from_marks):6.3f} CPU s   (at most 0.3)")
    print(f"  the same with severities estimated anew    {cpu_of(with_severity):6.3f} CPU s")
    kept = cpu_of(lambda: adjustment_of(edition, ROUNDS, results))
    print(f"  severities alone, kept                     {kept:6.3f} CPU s")
    read_page(app, edition.slug, readers)


def read_page(app: Any, slug: str, readers: int) -> None:
    """The public page, first without and then from the cache."""
    client = app.test_client()
    address, wish = f"/e/{slug}/standings/published", {"Accept-Encoding": "gzip"}
    taken, used = [], []
    for _ in range(readers):
        begun, before = time.perf_counter(), time.process_time()
        response = client.get(address, headers=wish)
        taken.append((time.perf_counter() - begun) * 1000)
        used.append((time.process_time() - before) * 1000)
        assert response.status_code == 200
    packed, plain = len(response.data), response.data
    if response.headers.get("Content-Encoding") == "gzip":
        plain = zlib.decompress(response.data, wbits=31)
    rest, cpu = sorted(taken[1:]), sorted(used[1:])
    sizes = f"{packed / 1000:6.1f} kB of {len(plain) / 1000:.0f}"
    print(f"  public page, first reader                  {taken[0]:6.1f} ms")
    print(
        f"  public page, from the cache, p95           {rest[int(len(rest) * 0.95)]:6.1f} ms      (at most 30)"
    )
    print(f"  public page, from the cache, CPU p95       {cpu[int(len(cpu) * 0.95)]:6.1f} ms")
    print(f"  public page, compressed                    {sizes}   (at most 150)")


def main() -> int:
    """Make an application on a fresh SQLite file and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()

    from app import create_app
    from config import Settings
    from core.db import Base, db

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(
            Settings(
                environment="testing",
                secret_key="only-for-benchmarks",
                database_url=f"sqlite:///{folder / 'bench.sqlite'}",
                instance_path=folder,
                public_url="http://localhost",
                limit_per_address="1000000 per minute",
            )
        )
        for policy in ("rotating", "fixed") if options.full else ("rotating",):
            with app.app_context():
                Base.metadata.create_all(db.engine)
                measure(app, policy, 200 if options.full else 50)
                db.session.remove()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
