"""The commands `python -m judging.scoring panel | severity | reliability`: CSV in, CSV out, one line per fault."""

import argparse
import csv
import os
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import TextIOWrapper
from math import isnan
from typing import TYPE_CHECKING, TextIO

from judging.scoring.command_input import Columns, InputError, decimals, floats, read_columns
from judging.scoring.tables import PANEL_METHODS, panel_score

if TYPE_CHECKING:
    from judging.scoring.ratings import Ratings

COLUMNS = ("target", "judge", "criterion", "mark")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command on standard input; 0, or 2 with one line on standard error for unusable input."""
    # matrices of this size are multiplied fastest by one thread; more only wait for each other
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    options = _parser().parse_args(arguments)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # whatever the machine's own encoding is
            stream.reconfigure(encoding="utf-8", errors="strict")
    try:
        options.run(options, sys.stdin, sys.stdout)
    except UnicodeDecodeError:
        _note("the input is not text in UTF-8")
        return 2
    except (InputError, csv.Error) as error:
        _note(str(error))
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m judging.scoring", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    panel = commands.add_parser("panel", help="panel scores from target,criterion,judge,mark")
    panel.add_argument("--method", choices=PANEL_METHODS, default="mean")
    panel.add_argument("--decimals", type=int, choices=range(11), default=2, metavar="0-10")
    panel.set_defaults(run=_panel)
    severity = commands.add_parser(
        "severity", help="adjusted targets and severities from target,judge,criterion,mark[,occasion][,group]"
    )
    severity.add_argument("--method", choices=("reml", "additive"), default="reml")
    severity.set_defaults(run=_severity)
    reliability = commands.add_parser("reliability", help="agreement, from the same columns as severity")
    reliability.set_defaults(run=_reliability)
    return parser


def _panel(options: argparse.Namespace, source: TextIO, sink: TextIO) -> None:
    columns = read_columns(source, ("target", "criterion", "judge", "mark"))
    marks: dict[tuple[str, str], dict[str, Decimal]] = {}
    rows = zip(
        columns["target"], columns["criterion"], columns["judge"], decimals(columns["mark"]), strict=True
    )
    for target, criterion, judge, mark in rows:
        given = marks.setdefault((target, criterion), {})
        if judge in given:
            raise InputError(f"judge {judge} marked {target} twice on {criterion or 'one criterion'}")
        given[judge] = mark
    scores = (
        (target, criterion, panel_score(list(given.values()), options.method, options.decimals))
        for (target, criterion), given in marks.items()
    )
    _write(sink, ("target", "criterion", "score"), scores)


def _ratings(columns: Columns) -> "Ratings":
    from judging.scoring.ratings import ratings_from_columns

    try:
        return ratings_from_columns(
            target=columns["target"],
            judge=columns["judge"],
            criterion=columns["criterion"],
            mark=floats(columns["mark"]),
            occasion=columns.get("occasion"),
            group=columns.get("group"),
        )
    except ValueError as error:
        raise InputError(str(error)) from error


def _severity(options: argparse.Namespace, source: TextIO, sink: TextIO) -> None:
    from judging.scoring.severity import REASONS, TOLD_APART, estimate_severity

    columns = read_columns(source, COLUMNS, ("occasion", "group"))
    ratings = _ratings(columns)
    found = estimate_severity(ratings, options.method, one_round_rule="occasion" in columns)
    for group, reason in found.unadjusted.items():
        _note(f"{'all targets' if group is None else f'group {group}'} left unadjusted: {REASONS[reason]}")
    _note_repeats(found.repeats)
    if found.judges_are_alike:
        _note(
            f"judges differ {found.spread:.1f} times as much as by chance alone: severity was removed from these "
            f"estimates, but below {TOLD_APART:g} that adds more noise than it removes, and standings keep raw scores"
        )
    if found.at_ceiling:
        _note(
            f"{found.at_ceiling:.0%} of the marks stand at the end of the scale: how much more they are worth is "
            "unknown, standard errors are widened for it"
        )
    header = ("kind", "id", "estimate", "standard_error", "n", "component")
    targets = [
        ("target", each.target, _number(each.estimate), _number(each.standard_error), each.n, each.component)
        for each in found.targets
    ]
    judges = [
        ("judge", each.judge, _number(each.severity), _number(each.standard_error), each.n, each.component)
        for each in found.judges
    ]
    _write(sink, header, [*targets, *judges])


def _reliability(options: argparse.Namespace, source: TextIO, sink: TextIO) -> None:
    from judging.scoring.ratings import repeats_in
    from judging.scoring.reliability import reliability, spelled

    ratings = _ratings(read_columns(source, COLUMNS, ("occasion",)))
    rows = [row for row in spelled(reliability(ratings)) if row[1]]
    _note_repeats(repeats_in(ratings))
    if not rows:
        _note("no agreement can be computed: it takes two judges who marked the same, and marks that differ")
    _write(sink, ("statistic", "value"), rows)


def _note_repeats(count: int) -> None:
    if count:
        _note(f"{count} marks repeat a judge, target and criterion: the marks were averaged")


def _number(value: float) -> str:
    return "" if isnan(value) else f"{round(value, 10) + 0.0:.10g}"


def _note(text: str) -> None:
    print(f"scoring: {text}", file=sys.stderr)  # noqa: T201


def _write(sink: TextIO, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
