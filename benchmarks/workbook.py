"""How long an import takes: 400 teams, nine rounds of marks, panels of three; CPU seconds per step."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app import create_app
from config import Settings
from core.access import SYSTEM
from core.db import Base, db
from tabroom.workbook.export import export_edition
from tabroom.workbook.service import import_file
from tests.tabroom.workbook.build import file_of, large

LIMIT = 30.0


def measured(what: str, work: Callable[[], object]) -> float:
    """CPU seconds of `work`, printed with its wall time."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    seconds = time.process_time() - cpu
    print(f"{what:<44} {seconds:8.2f} s CPU {time.perf_counter() - wall:8.2f} s")
    return seconds


def main() -> int:
    """Measure import, second import and export on SQLite; fails above the limit."""
    content = large()
    source = file_of(content)
    print(
        f"{len(content['Marks']) - 1} marks, {len(content['Panels']) - 1} panel places, {len(source) / 1e6:.1f} MB"
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            environment="testing",
            secret_key="benchmark",
            database_url=f"sqlite:///{folder}/bench.sqlite",
            instance_path=Path(folder),
            log_level="WARNING",
        )
        app = create_app(settings)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            first = measured(
                "import of 400 teams, 9 rounds", lambda: import_file(actor=SYSTEM, source=source)
            )
            measured(
                "the same file again (nothing to change)", lambda: import_file(actor=SYSTEM, source=source)
            )
            measured("export", lambda: export_edition(1))
            db.session.remove()
            db.engine.dispose()
    print(f"import: {first:.1f} s CPU, limit {LIMIT:.0f} s, ratio {first / LIMIT:.2f}")
    return 0 if first < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
