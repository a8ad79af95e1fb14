"""One's own data as files: JSON for machines, a spreadsheet with a sheet for every list for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from accounts.own_data_words import words_of
from core.spreadsheets import WorkbookWriter


def as_json(data: Mapping[str, Any]) -> str:
    """Everything as one JSON text: times as ISO 8601, exact numbers as they are written."""
    return json.dumps(_plain(data), ensure_ascii=False, indent=2)


def as_workbook(data: Mapping[str, Any]) -> bytes:
    """Everything as one workbook in the reader's language: a sheet of single facts, then one for every list."""
    writer, facts = WorkbookWriter(title="Parley"), []
    lists: list[tuple[str, list[Any]]] = []
    for path, value in _parts("", data):
        if isinstance(value, list):
            lists.append((path, value))
        else:
            facts.append((" › ".join(words_of(part) for part in path.split("/")), _cell(value)))
    writer.add_sheet(_("Facts"), (_("What (times in UTC)"), _("Value")), facts)
    for path, rows in lists:
        headers, cells = _table(rows)
        name = " ".join(words_of(part) for part in path.split("/"))
        writer.add_sheet(name, [_heading(key, rows) for key in headers], cells)
    return writer.save()


def _heading(key: str, rows: Sequence[Any]) -> str:
    has_times = any(isinstance(row, Mapping) and isinstance(row.get(key), datetime) for row in rows)
    word = words_of(key)
    return _("%(what)s (UTC)", what=word) if has_times else word


def _parts(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Single facts and lists by their path."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _parts(f"{path}/{key}".strip("/"), part)
    elif isinstance(value, (list, tuple)):
        if value:
            yield path, list(value)
    else:
        yield path, value


def _table(rows: Sequence[Any]) -> tuple[list[str], list[list[Any]]]:
    records = [row if isinstance(row, Mapping) else {"value": row} for row in rows]
    headers = list(dict.fromkeys(key for row in records for key in row))
    return headers, [[_cell(row.get(key)) for key in headers] for row in records]


def _cell(value: Any) -> Any:
    """What a cell can hold; anything with parts of its own as JSON."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, microsecond=0)
    if isinstance(value, (Mapping, list, tuple)):
        return json.dumps(_plain(value), ensure_ascii=False)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value
