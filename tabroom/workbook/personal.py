"""Which columns of an edition hold personal data: a record of an import or export names them, never their values."""

from __future__ import annotations

from collections.abc import Iterable

OF_SHEET: dict[str, tuple[str, ...]] = {
    "Teams": ("team.coach",),
    "Delegates": ("delegate.contact", "delegate.name", "delegate.name_local"),
    "Judges": (
        "judge.conflicts",
        "judge.contact",
        "judge.institution",
        "judge.languages",
        "judge.name",
        "judge.name_local",
        "judge.rating",
    ),
    "Outcomes": ("outcome.reason",),
    "Lineups": ("lineup.took_part",),
    "Scoresheets": ("scoresheet.reason",),
    "Marks": ("mark.value",),
    "Penalties": ("penalty.reason",),
    "Awards": ("award.winner",),
}
"""By sheet of the edition workbook, as `table.column`."""

IN_RESULTS = ("award.winner", "delegate.name", "delegate.name_local")
IN_RESULTS_WITH_MARKS = (*IN_RESULTS, "judge.name", *OF_SHEET["Marks"])


def columns_in(sheets: Iterable[str]) -> tuple[str, ...]:
    """The personal columns that these sheets carry."""
    return tuple(column for sheet in sheets for column in OF_SHEET.get(sheet, ()))
