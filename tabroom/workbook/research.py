"""The research workbook: an edition's marks, seats and resolutions in tidy rows under codes, and first summaries.

People, teams, institutions and judges stand under codes that only this installation can turn back (their order is that
of a keyed hash): pseudonymous, not anonymous, since scores can be compared with published ones. pandas joins and sums
up; it is imported here alone, by the job that makes the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext as _

from competition.editions.public import Edition
from competition.resolutions.public import Standing, standings_of
from competition.rounds.public import tables_of_edition
from core.logs import keyed_hash
from core.spreadsheets import Value, WorkbookWriter
from tabroom.workbook.results_tables import read_tables
from tabroom.workbook.rows import Workbook
from tabroom.workbook.stored import read_edition
from tabroom.workbook.values import name_text

if TYPE_CHECKING:
    import pandas as pd

FEWEST_PAIRS, DECIMALS = 10, 6
"""Two criteria are compared where at least so many sheets have both; figures are rounded to so many places."""
QUARTILES = {"25%": "lower_quartile", "50%": "median", "75%": "upper_quartile"}


def research_workbook(edition: Edition) -> bytes:
    """The file; its headers are fixed English words, as other programs read them."""
    book = read_edition(edition.id)
    codes = {what: _codes(edition, what, names) for what, names in _names(book).items()}
    seats, marks = _seats(edition, book, codes), _marks(book, codes)
    marks = marks.merge(seats[["round", "table", "team", "role"]], on=["round", "table", "team"], how="left")
    issues = _issues(edition)
    tables = _tables(seats, issues)
    writer = WorkbookWriter(title=edition.name)
    writer.add_sheet("About", ("about",), [[line] for line in _about(edition)], widths=[110])
    for name, frame in (
        ("Marks", marks),
        ("Seats", seats),
        ("Tables", tables),
        ("Issues", issues),
        ("By role", _by_role(seats)),
        ("By criterion", _by_criterion(marks)),
        ("Criteria together", _together(marks)),
    ):
        writer.add_sheet(name, [str(column) for column in frame.columns], _rows(frame))
    return writer.save()


def _names(book: Workbook) -> dict[str, list[str]]:
    sheets = {"team": "Teams", "institution": "Institutions", "judge": "Judges", "delegate": "Delegates"}
    return {what: [name_text(row[what]) for row in book.rows(sheet)] for what, sheet in sheets.items()}


def _codes(edition: Edition, what: str, names: Iterable[str]) -> dict[str, str]:
    """Name -> code: the same in every file of this edition, in an order that says nothing about the names."""
    key = current_app.extensions["parley_settings"].secret_key
    shuffled = sorted(names, key=lambda name: keyed_hash(key, f"research:{edition.id}:{what}", name))
    return {name: f"{what}-{number:03d}" for number, name in enumerate(shuffled, start=1)}


def _seats(edition: Edition, book: Workbook, codes: dict[str, dict[str, str]]) -> pd.DataFrame:
    """A row a seat: who sat where, and what the table's result says of it."""
    import pandas as pd

    columns = ["round", "table", "role", "team", "rank", "is_shared", "points", "score", "outcome", "judges"]
    rows = [asdict(line) for line in read_tables(edition.id, is_public=False)]
    frame = pd.DataFrame(rows, columns=columns)
    homes = {name_text(row["team"]): row["institution"] for row in book.rows("Teams")}
    for name in ("table", "team"):
        frame[name] = frame[name].map(name_text, na_action="ignore")
    frame.insert(4, "institution", frame["team"].map(homes).map(codes["institution"]))
    frame["team"] = frame["team"].map(codes["team"])
    frame[["points", "score"]] = frame[["points", "score"]].astype(float)
    return frame


def _marks(book: Workbook, codes: dict[str, dict[str, str]]) -> pd.DataFrame:
    """A row a mark of a sheet that was handed in."""
    import pandas as pd

    columns = ["round", "table", "judge", "team", "delegate", "criterion", "mark"]
    frame = pd.DataFrame([row.values for row in book.rows("Marks")], columns=columns)
    for what in ("judge", "team", "delegate"):
        frame[what] = frame[what].map(codes[what])
    frame["mark"] = frame["mark"].astype(float)
    return frame


def _issues(edition: Edition) -> pd.DataFrame:
    """A row an issue of each resolution that was begun."""
    import pandas as pd

    columns = ["round", "table", "outcome", "issue", "state", "confirmed", "needed"]
    tables = tables_of_edition(edition.id, states=("released",))
    standings = standings_of(tables)
    return pd.DataFrame(
        [
            (
                table.round_number,
                table.name,
                one.wording.outcome,
                item.code,
                state,
                one.signatures,
                one.needed,
            )
            for table in tables
            if (one := standings[table.id]).is_begun
            for item, state in _states(one)
        ],
        columns=columns,
    )


def _states(one: Standing) -> Iterable[tuple[Any, str]]:
    nothing = "not_agreed" if one.is_impasse else "nothing_said"
    return [(item, item.state or nothing) for item in one.wording.items]


def _tables(seats: pd.DataFrame, issues: pd.DataFrame) -> pd.DataFrame:
    """A row a table: how its teams were marked beside what they settled."""
    at = ["round", "table"]
    marked = seats.groupby(at, sort=False).agg(
        teams=("team", "count"),
        mean_score=("score", "mean"),
        score_range=("score", lambda scores: scores.max() - scores.min()),
    )
    settled = issues.groupby(at, sort=False).agg(
        outcome=("outcome", "first"),
        issues=("issue", "count"),
        agreed=("state", lambda states: (states == "agreed").sum()),
        partly=("state", lambda states: (states == "partly").sum()),
        confirmed=("confirmed", "first"),
        needed=("needed", "first"),
    )
    return marked.join(settled, how="left").reset_index()


def _by_role(seats: pd.DataFrame) -> pd.DataFrame:
    """How each role fared over all tables with a result."""
    played = seats.dropna(subset=["rank"])
    return (
        played.groupby("role", sort=False)
        .agg(
            seats=("rank", "count"),
            mean_rank=("rank", "mean"),
            first_places=("rank", lambda ranks: (ranks == 1).mean()),
            mean_points=("points", "mean"),
            mean_score=("score", "mean"),
            sd_score=("score", "std"),
        )
        .reset_index()
    )


def _by_criterion(marks: pd.DataFrame) -> pd.DataFrame:
    """How the marks of each criterion lie, role by role."""
    import pandas as pd

    columns = ["criterion", "role", "marks", "mean", "sd", "lowest", *QUARTILES.values(), "highest"]
    if marks.empty:
        return pd.DataFrame(columns=columns)
    lying = marks.groupby(["criterion", "role"], sort=False)["mark"].describe()
    names = {"count": "marks", "std": "sd", "min": "lowest", "max": "highest", **QUARTILES}
    return lying.rename(columns=names).reset_index()[columns]


def _together(marks: pd.DataFrame) -> pd.DataFrame:
    """Pearson's correlation of each two criteria over sheets: one value a judge, table and team, delegates averaged."""
    import pandas as pd

    if marks.empty:
        return pd.DataFrame(columns=["criterion"])
    by_sheet = marks.pivot_table(
        index=["round", "table", "judge", "team"], columns="criterion", values="mark", sort=False
    )
    return by_sheet.corr(min_periods=FEWEST_PAIRS).rename_axis(index="criterion", columns=None).reset_index()


def _rows(frame: pd.DataFrame) -> Iterator[Sequence[Value]]:
    """The rows as a workbook takes them: what is missing is an empty cell, what was worked out has six decimals."""
    for row in frame.itertuples(index=False, name=None):
        yield [_value(cell) for cell in row]


def _value(cell: Any) -> Value:
    import pandas as pd

    if pd.isna(cell):
        return None
    plain: Value = cell.item() if hasattr(cell, "item") else cell
    return Decimal(str(round(plain, DECIMALS))) if isinstance(plain, float) else plain


def _about(edition: Edition) -> list[str]:
    return [
        edition.name,
        _(
            "Teams, institutions, judges and delegates stand under codes. The codes are the same in every file of this "
            "edition; only this installation can turn them back."
        ),
        _(
            "This is pseudonymous, not anonymous: scores and ranks can be compared with those that were published. "
            "Treat it as personal data."
        ),
        _("Marks: each mark of a sheet that was handed in, with the role of the team."),
        _(
            "Seats: who sat where, and what the table’s result says; the outcome tells which teams were absent or left."
        ),
        _("Tables: how a table was marked, beside what its resolution settled."),
        _("Issues: each issue of a resolution: agreed, partly, not_agreed or nothing_said."),
        _(
            "By role, By criterion: counts, means, standard deviations and quartiles; first_places is a share of the "
            "seats."
        ),
        _(
            "Criteria together: Pearson’s correlation of the marks of one judge for one team; empty below %(few)s "
            "sheets.",
            few=FEWEST_PAIRS,
        ),
    ]
