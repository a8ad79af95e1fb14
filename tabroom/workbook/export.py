"""Writing an edition as its workbook; import of this file gives the same edition again."""

from __future__ import annotations

from collections.abc import Iterator

from core.spreadsheets import Value, WorkbookWriter
from tabroom.workbook.columns import Kind, Sheet
from tabroom.workbook.layout import SETTINGS, SHEETS
from tabroom.workbook.rows import Workbook
from tabroom.workbook.stored import read_edition
from tabroom.workbook.values import write_value

TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"


def export_edition(edition_id: int) -> bytes:
    """The edition workbook of a stored edition."""
    return write_workbook(read_edition(edition_id))


def write_workbook(book: Workbook) -> bytes:
    """The file for these rows: every sheet, the same rows always as the same bytes."""
    writer = WorkbookWriter(title=book.settings["name"])
    zone = book.settings["timezone"]
    writer.add_sheet("Edition", ("key", "value"), _settings(book, zone), widths=(24, 60))
    for sheet in SHEETS[1:]:
        writer.add_sheet(
            sheet.name,
            sheet.names,
            _rows(book, sheet, zone),
            number_formats=[
                TIME_FORMAT if column.kind is Kind.LOCAL_TIME else None for column in sheet.columns
            ],
        )
    return writer.save()


def _settings(book: Workbook, zone: str) -> Iterator[tuple[Value, Value]]:
    for column in SETTINGS:
        yield column.name, write_value(book.settings[column.name], zone)


def _rows(book: Workbook, sheet: Sheet, zone: str) -> Iterator[list[Value]]:
    for row in book.rows(sheet.name):
        yield [write_value(row[name], zone) for name in sheet.names]
