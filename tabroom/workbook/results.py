"""The results workbook for people: standings, role brackets, delegates, tables, awards; marks only for the tab room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from competition.editions.public import Edition, divisions_of
from core.errors import Invalid
from core.localised import in_language, translated
from core.roles import ROLES
from core.spreadsheets import Value, WorkbookWriter, column_letters
from judging.public import (
    SCORE_METRICS,
    StandingsTable,
    delegate_standings,
    team_standings,
    teams_with_hidden_scores,
)
from tabroom.workbook.results_tables import has_shown_score, read_tables
from tabroom.workbook.stored import read_edition

CHARTED = 16
SCORE = "0.00####"


@dataclass(slots=True)
class _Book:
    """What the sheets share."""

    edition: Edition
    writer: WorkbookWriter
    has_marks: bool
    notes: list[str]


def results_workbook(edition: Edition, *, has_marks: bool) -> bytes:
    """The file. The public form shows scores only where three judges or more sat, and nobody's marks."""
    book = _Book(edition, WorkbookWriter(title=edition.name), has_marks, [])
    rankings = list(_rankings(book))
    _add_about(book)
    for name, table in rankings:
        _add_standings(book, name, table)
    _add_delegates(book)
    _add_tables(book)
    stored = read_edition(edition.id)
    awards = [[row[name] for name in ("award", "kind", "winner", "reason")] for row in stored.rows("Awards")]
    book.writer.add_sheet(_("Awards"), (_("Award"), _("Kind"), _("Winner"), _("Reason")), awards)
    if has_marks:
        _add_marks(book, stored.rows("Marks"))
    return book.writer.save()


def _locale() -> str:
    return str(get_locale() or "en")


def _rankings(book: _Book) -> Iterator[tuple[str, StandingsTable]]:
    """(sheet name, ranking): overall, then each division, then each role bracket of a fixed edition."""
    wanted: list[tuple[str, dict[str, str]]] = [(_("Standings"), {})]
    for division in divisions_of(book.edition.id):
        name = in_language(division.name, division.name_zh, _locale()) or division.code
        wanted.append((name, {"division": division.code}))
    if book.edition.role_policy == "fixed":
        wanted += [(role_name(role), {"role": role.value}) for role in ROLES]
    for name, selection in wanted:
        try:
            table = team_standings(book.edition, **selection)  # type: ignore[arg-type]
        except Invalid as fault:
            book.notes.append(translated(fault.message, fault.values))
            return
        book.notes += [translated(note) for note in table.notes]
        yield name, table


def role_name(role: str) -> str:
    """The role in the reader's language."""
    names: dict[str, str] = {
        "government": _("Government"),
        "enterprise": _("Enterprise"),
        "local_ngo": _("Local NGO"),
        "igo": _("IGO"),
    }
    return names.get(role, "")


def metric_name(metric: str) -> str:
    """The metric in the reader's language."""
    names: dict[str, str] = {
        "points": _("Points"),
        "total_score": _("Total score"),
        "average_score": _("Average score"),
        "adjusted_score": _("Adjusted score"),
        "firsts": _("Firsts"),
        "seconds": _("Seconds"),
        "draw_strength": _("Draw strength"),
        "manual": _("Lot"),
    }
    return names.get(metric, metric.replace("_", " ").capitalize())


def _add_about(book: _Book) -> None:
    edition = book.edition
    rows: list[tuple[str, Value]] = [
        (_("Edition"), in_language(edition.name, edition.name_zh, _locale())),
        (_("Place"), edition.place),
        (_("First day"), edition.starts_on),
        (_("Last day"), edition.ends_on),
        (
            _("Form"),
            _("Tab room: with every judge's marks") if book.has_marks else _("Public: without marks"),
        ),
    ]
    if not book.has_marks:
        rows.append((_("Scores"), _("Shown where three judges or more sat at the table.")))
    rows += [(_("Note"), note) for note in dict.fromkeys(book.notes)]
    book.writer.add_sheet(
        _("About"),
        (_("What"), _("Value")),
        [row for row in rows if row[1]],
        widths=(18, 80),
        number_formats=(None, None),
        autofilter=False,
    )


def _aligned(values: Iterable[Value]) -> str:
    """A format with as many decimals as the longest number needs (with optional digits Excel shows 3 as “3.”)."""
    numbers = [Decimal(value) for value in values if isinstance(value, (int, Decimal))]
    decimals = max((-int(number.as_tuple().exponent) for number in numbers), default=0)
    return f"0.{'0' * decimals}" if decimals > 0 else "0"


def _format(metric: str, values: Iterable[Value]) -> str:
    return SCORE if metric.endswith("score") else _aligned(values)


def _add_standings(book: _Book, name: str, table: StandingsTable) -> None:
    is_fixed = book.edition.role_policy == "fixed"
    rounds = sorted({cell.round for row in table.rows for cell in row.rounds})
    values = _shown_values(book, table)
    shown = [column for column in table.columns if any(row[column] is not None for row in values)]
    headers = [_("Rank"), _("Team"), _("Institution")]
    headers += [_("Role")] * is_fixed + [metric_name(metric) for metric in shown]
    headers += [_("Round %(round)s: points", round=number) for number in rounds]
    first = len(headers) - len(rounds)
    rows: list[list[Value]] = []
    for row, known in zip(table.rows, values, strict=True):
        cells = {cell.round: cell for cell in row.rounds}
        line: list[Value] = [_rank(row), row.team, row.institution, *([role_name(row.role)] * is_fixed)]
        line += [known[metric] for metric in shown]
        line += [cells[number].points if number in cells else None for number in rounds]
        rows.append(line)
    formats: list[str | None] = [None] * (3 + is_fixed)
    formats += [_format(metric, (row[metric] for row in values)) for metric in shown]
    formats += [_aligned(cell for line in rows for cell in line[first:])] * len(rounds)
    has_trend = len(rounds) > 1 and bool(rows)
    sheet = book.writer.add_sheet(name, headers + [_("Trend")] * has_trend, rows, number_formats=formats)
    if has_trend:
        _add_trends(sheet, first, len(rounds), len(rows))
    _add_chart(book, sheet, headers, rows, 3 + is_fixed)


def _shown_values(book: _Book, table: StandingsTable) -> list[Mapping[str, Value]]:
    """Every team's metrics by name; the public does not see the scores that a single judge's marks would show in."""
    hidden = set() if book.has_marks else teams_with_hidden_scores(book.edition.id, table.after_round)
    return [
        {**row.values, **dict.fromkeys(SCORE_METRICS)} if row.team_id in hidden else row.values
        for row in table.rows
    ]


def _rank(row: Any) -> Value:
    """A shared rank as `2=`, a rank held alone as a number, nothing for the unranked."""
    rank: Value = row.rank_text if row.is_shared and row.rank is not None else row.rank
    return rank


def _add_trends(sheet: Any, first: int, count: int, rows: int) -> None:
    """A spark line of the points round by round."""
    begin, end = column_letters(first + 1), column_letters(first + count)
    quoted = sheet.get_name().replace("'", "''")
    for row in range(1, rows + 1):
        place = f"'{quoted}'!{begin}{row + 1}:{end}{row + 1}"
        sheet.add_sparkline(row, first + count, {"range": place, "type": "column"})


def _add_chart(
    book: _Book, sheet: Any, headers: Sequence[str], rows: Sequence[Sequence[Value]], column: int
) -> None:
    """A bar chart of the first metric, the best teams on top."""
    count = min(CHARTED, len(rows))
    if count < 2 or column >= len(headers):
        return
    chart = book.writer.book.add_chart({"type": "bar"})
    name = sheet.get_name()
    chart.add_series(
        {
            "name": headers[column],
            "categories": [name, 1, 1, count, 1],
            "values": [name, 1, column, count, column],
            "fill": {"color": "#3A4FA3"},
            "gap": 40,
        }
    )
    chart.set_title({"name": headers[column], "overlay": False})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 640, "height": 120 + 26 * count})
    sheet.insert_chart(1, len(headers) + 2, chart, {"object_position": 3})


def _add_delegates(book: _Book) -> None:
    """The public form ranks delegates and shows no averages: those are made of single judges' marks."""
    rows = delegate_standings(book.edition)
    codes = list(dict.fromkeys(code for row in rows for code in row.by_criterion))
    headers = [
        _("Rank"),
        _("Delegate"),
        _("Name"),
        _("Name in own script"),
        _("Team"),
        _("Role"),
        _("Rounds"),
    ]
    formats: list[str | None] = [None] * len(headers)
    if book.has_marks:
        headers += [_("Average"), *codes]
        formats += [SCORE] * (1 + len(codes))
    lines: list[list[Value]] = []
    for row in rows:
        rank: Value = row.rank_text if row.is_shared else row.rank
        line: list[Value] = [
            rank,
            row.code,
            row.name,
            row.name_local,
            row.team,
            role_name(row.role),
            row.rounds,
        ]
        if book.has_marks:
            line += [row.overall, *(row.by_criterion.get(code) for code in codes)]
        lines.append(line)
    book.writer.add_sheet(_("Delegates"), headers, lines, number_formats=formats)


def _add_tables(book: _Book) -> None:
    headers = (
        _("Round"),
        _("Table"),
        _("Room"),
        _("Role"),
        _("Team"),
        _("Rank"),
        _("Points"),
        _("Score"),
        _("Advances"),
        _("Outcome"),
    )
    rows: list[list[Value]] = []
    for line in read_tables(book.edition.id, is_public=not book.has_marks):
        is_shown = book.has_marks or has_shown_score(line)
        advances = None if line.advances is None else (_("yes") if line.advances else _("no"))
        rank: Value = f"{line.rank}=" if line.is_shared and line.rank is not None else line.rank
        score = line.score if is_shown else None
        outcome = {"late": _("late"), "absent": _("absent"), "left": _("left")}.get(line.outcome or "", "")
        rows.append(
            [
                line.round,
                line.table,
                line.room,
                role_name(line.role),
                line.team or _("vacant"),
                rank,
                line.points,
                score,
                advances,
                outcome,
            ]
        )
    formats = [None] * 6 + [_aligned(row[6] for row in rows), SCORE]
    book.writer.add_sheet(_("Tables"), headers, rows, number_formats=formats)


def _add_marks(book: _Book, marks: Sequence[Any]) -> None:
    names = ("round", "table", "judge", "team", "delegate", "criterion", "mark")
    headers = (_("Round"), _("Table"), _("Judge"), _("Team"), _("Delegate"), _("Criterion"), _("Mark"))
    rows = [[row[name] for name in names] for row in marks]
    formats = [None] * 6 + [_aligned(row[6] for row in rows)]
    book.writer.add_sheet(_("Marks"), headers, rows, number_formats=formats)
