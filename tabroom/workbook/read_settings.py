"""The sheet `Edition`: one setting a row, each read by its own kind, and checked for what it may say."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from competition.editions.public import is_timezone
from core.forms import folded
from core.localised import N_
from core.spreadsheets import Sheet as FileSheet
from core.spreadsheets import Value
from judging.scoring.metrics import METRICS
from tabroom.workbook.columns import Column
from tabroom.workbook.faults import Faults
from tabroom.workbook.layout import SETTINGS
from tabroom.workbook.rows import Rows, Settings
from tabroom.workbook.values import Bad, read_value

SLUG = N_("Use small letters, digits and single hyphens, such as shanghai-2025.")


def read_settings(sheet: FileSheet, table: Rows, faults: Faults) -> Settings:
    """The settings in the rows of `table`; their values are read from the file's cells, each by its own kind."""
    known = {column.name: column for column in SETTINGS}
    settings = default_settings()
    values_of = {number: row[1:] for number, row in enumerate(_key_value(sheet), start=2)}
    for row in table:
        key = row["key"].casefold().replace(" ", "_")
        column = known.get(key)
        if column is None:
            _warn_unknown_key(row.number, row["key"], faults.guess(key, known), faults)
            continue
        if key in settings.numbers and settings.numbers[key] != row.number:
            continue
        settings.numbers[key] = row.number
        _read_setting(settings, column, values_of[row.number], row.number, faults)
    for column in SETTINGS:
        if column.is_required and settings[column.name] is None and column.name not in settings.numbers:
            faults.add(
                ("Edition", 1, column.name),
                "missing_key",
                N_("The key “%(key)s” is missing."),
                None,
                key=column.name,
            )
    _check_settings(settings, faults)
    return settings


def _warn_unknown_key(number: int, key: str, guess: str, faults: Faults) -> None:
    message = (
        N_("This key is not part of the format and is not read. Did you mean “%(guess)s”?")
        if guess
        else N_("This key is not part of the format and is not read.")
    )
    faults.warn(("Edition", number, key), "unknown_key", message, key, guess=guess)


def default_settings() -> Settings:
    """What an edition is where its file says nothing."""
    return Settings(values={column.name: column.default for column in SETTINGS})


def _key_value(sheet: FileSheet) -> list[tuple[Value, Value]]:
    """(key, value) cells as they are in the file: the kind of a value depends on its key."""
    headers = [
        folded(str(cell)).casefold() if cell is not None else "" for cell in (sheet.rows[:1] or [[]])[0]
    ]
    at = {name: headers.index(name) for name in ("key", "value") if name in headers}

    def cell(row: list[Value], name: str) -> Value:
        return row[at[name]] if name in at and at[name] < len(row) else None

    return [(cell(row, "key"), cell(row, "value")) for row in sheet.rows[1:]]


def _read_setting(settings: Settings, column: Column, cell: Any, number: int, faults: Faults) -> None:
    try:
        value = read_value(cell[0], column)
    except Bad as fault:
        faults.add(("Edition", number, column.name), fault.code, fault.message, cell[0], **fault.values)
        return
    if value is not None:
        is_metrics = column.name == "standings_metrics"
        settings.values[column.name] = (
            tuple(name.casefold().replace(" ", "_") for name in value) if is_metrics else value
        )
    elif column.is_required:
        faults.add(("Edition", number, column.name), "required", N_("This cell must not be empty."))


def _check_settings(settings: Settings, faults: Faults) -> None:
    def fault(key: str, code: str, message: str, **values: object) -> None:
        faults.add(("Edition", settings.numbers.get(key, 1), key), code, message, settings[key], **values)

    slug, zone = settings["slug"], settings["timezone"]
    if slug is not None and not _is_slug(slug):
        fault("slug", "bad_slug", SLUG)
    if zone is not None and not is_timezone(zone):
        fault("timezone", "unknown_timezone", N_("There is no such time zone. Write one like Asia/Shanghai."))
        settings.values["timezone"] = None
    for key, count in (("table_points", 4), ("three_team_points", 3)):
        if not _are_points(settings[key], count):
            fault(
                key,
                "bad_points",
                N_("Write %(count)s numbers with ; between them, the first place first."),
                count=count,
            )
    for metric in settings["standings_metrics"] or ():
        if metric not in METRICS:
            fault(
                "standings_metrics",
                "unknown_metric",
                N_("“%(metric)s” is not a metric. There are: %(metrics)s."),
                metric=metric,
                metrics=", ".join(METRICS),
            )
    starts, ends = settings["starts_on"], settings["ends_on"]
    if starts and ends and ends < starts:
        fault("ends_on", "ends_before_start", N_("The edition ends before it starts."))
    if settings["team_size_maximum"] < settings["team_size_minimum"]:
        fault("team_size_maximum", "sizes_crossed", N_("The largest team is smaller than the smallest."))


def _is_slug(slug: str) -> bool:
    parts = slug.split("-")
    return all(part and part.isascii() and part.isalnum() and part == part.lower() for part in parts)


def _are_points(parts: tuple[str, ...], count: int) -> bool:
    try:
        numbers = [Decimal(part) for part in parts]
    except InvalidOperation:
        return False
    return len(numbers) == count and all(
        number.is_finite() and abs(number) <= 1_000_000 and number == round(number, 6) for number in numbers
    )
