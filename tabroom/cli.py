"""`flask edition import`, `export` and `results`: an edition as a file, from and to the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from competition.editions.cli import edition_cli
from competition.editions.public import get_edition
from core.access import SYSTEM, Permission, requires
from core.db import unit_of_work
from core.errors import DomainError, NotFound, ProblemsFound
from core.localised import N_
from core.problems import Problem
from tabroom.workbook.service import Report, import_file

EVERY_FAULT = 100_000
"""On the command line all faults are listed; beyond this number nobody's list would help."""
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write.",
)


@edition_cli.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be created and changed; change nothing.")
@requires(Permission.CREATE_EDITION)
def import_command(file: Path, dry_run: bool) -> None:
    """Import the edition workbook FILE: all of it, or nothing with every fault listed."""
    if not file.is_file():
        _refuse(NotFound(N_("There is no file “%(name)s”."), name=str(file)))
    line = _ProgressLine()
    try:
        report = import_file(
            actor=SYSTEM, source=file, is_dry_run=dry_run, progress=line.show, most_listed=EVERY_FAULT
        )
    except DomainError as error:
        line.end()
        _refuse(error)
    line.end()
    for warning in report.warnings:
        click.echo(f"warning: {problem_line(warning)}", err=True)
    click.echo(report_text(report))


@edition_cli.command("export")
@click.argument("slug")
@OUTPUT
@requires(Permission.EXPORT_EDITION)
def export_command(slug: str, output: Path) -> None:
    """Write the edition workbook of edition SLUG."""
    _write(slug, "workbook", output)


@edition_cli.command("results")
@click.argument("slug")
@OUTPUT
@click.option("--with-marks", is_flag=True, help="The tab room's form, with every judge's marks.")
@requires(Permission.EXPORT_EDITION)
def results_command(slug: str, output: Path, with_marks: bool) -> None:
    """Write the results workbook of edition SLUG for people to read."""
    _write(slug, "results_with_marks" if with_marks else "results", output)


def _write(slug: str, form: str, output: Path) -> None:
    """Make the file, put it in its place only when it is complete, and log it."""
    from tabroom.workbook.exports import log_export, make_export

    try:
        edition = get_edition(slug)
        part = output.with_name(f".{output.name}.part")
        part.write_bytes(make_export(edition, form))
        with unit_of_work():
            log_export(actor=SYSTEM, edition_id=edition.id, form=form)
        part.replace(output)
    except DomainError as error:
        _refuse(error)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error
    click.echo(str(output))


def _refuse(error: DomainError) -> NoReturn:
    """Every fault on standard error, then exit 1."""
    for problem in error.problems if isinstance(error, ProblemsFound) else ():
        kind = "warning: " if problem.is_warning else ""
        click.echo(f"{kind}{problem_line(problem)}", err=True)
    raise click.ClickException(error.text) from error


def problem_line(problem: Problem) -> str:
    """A fault in one line: sheet, row, column, what was found, what is wrong."""
    sheet, *rest = (*problem.where, "")[:3] if problem.where else ("",)
    place = str(sheet)
    if rest and isinstance(rest[0], int) and rest[0]:
        place += f" row {rest[0]}"
    if len(rest) > 1 and rest[1]:
        place += f" {rest[1]}"
    text = problem.text
    value = problem.values.get("value")
    found = f" (found “{value}”)" if value and f"“{value}”" not in text else ""
    return f"{place}: {text}{found}" if place else text


def report_text(report: Report) -> str:
    """What an import did, sheet by sheet."""
    verb = "would be imported" if report.is_dry_run else "imported"
    if report.changes_nothing:
        return f"{report.slug}: nothing to change, the edition is as the file says."
    lines = [f"{report.slug}: {'new edition' if report.is_new else 'edition'} {verb}."]
    for sheet, counts in report.counts.items():
        parts = [f"{count} {word}" for word, count in counts.items() if count]
        lines.append(f"  {sheet}: {', '.join(parts)}")
    return "\n".join(lines)


class _ProgressLine:
    """One line on standard error that is rewritten in place; plain lines where nobody watches."""

    def __init__(self) -> None:
        self.is_live = sys.stderr.isatty()
        self.width = 0

    def show(self, done: int, total: int, message: str) -> None:
        text = f"[{done + 1}/{total}] {message} ..."
        if self.is_live:
            click.echo("\r" + text.ljust(self.width), nl=False, err=True)
            self.width = len(text)
        else:
            click.echo(text, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self.is_live and self.width:
            click.echo("", err=True)
