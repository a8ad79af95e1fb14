"""Every benchmark in its quick form, one after the other: `python -m benchmarks` (add `--full` for the long forms)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(arguments: list[str]) -> int:
    """Run each benchmark as a process of its own, so that no one's memory or imports weigh on the next."""
    worst = 0
    for path in sorted(HERE.glob("[!_]*.py")):
        if "__main__" not in path.read_text(encoding="utf-8"):
            continue
        print(f"\n== {path.stem}", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}", *arguments]).returncode
        )
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
