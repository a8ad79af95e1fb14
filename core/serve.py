"""`flask serve`: web and worker together on one machine, stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from core.access import Permission, requires

GRACE = 10
"""Seconds a process has to finish what it is doing before it is killed."""


@click.command("serve")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=5000,
    envvar="PORT",
    show_default=True,
    show_envvar=True,
    help="Port on 127.0.0.1.",
)
@requires(Permission.OPERATE)
def serve_command(port: int) -> None:
    """Serve the site on 127.0.0.1 and run its worker; Ctrl-C stops both."""
    environment = {**os.environ}
    environment.setdefault("PARLEY_PUBLIC_URL", f"http://127.0.0.1:{port}")
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    processes = [
        subprocess.Popen(command, env=environment)  # noqa: S603 - our own two programs, no input
        for command in _commands(port)
    ]
    click.echo(f"\nParley is at http://127.0.0.1:{port} (Ctrl-C stops it)\n")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.3)
    except KeyboardInterrupt:
        click.echo("Stopping ...")
    finally:
        _stop(processes)
    failed = [process.returncode for process in processes if process.returncode not in (0, -signal.SIGTERM)]
    sys.exit(1 if failed else 0)


def _commands(port: int) -> list[list[str]]:
    folder = Path(sys.executable).parent
    return [
        [
            str(folder / "gunicorn"),
            "app:create_app()",
            f"--bind=127.0.0.1:{port}",
            "--workers=1",
            "--threads=8",
            "--timeout=120",
            "--log-level=warning",
        ],
        [str(folder / "flask"), "--app", "app", "worker"],
    ]


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
