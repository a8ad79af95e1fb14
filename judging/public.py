"""What other features may use of judging."""

from __future__ import annotations

from sqlalchemy import func, select

from core.db import db
from judging.analysis.adjusted import Adjustment, adjustment_of
from judging.analysis.audit import AuditMark, audit_marks, raw_scores
from judging.board import TableBoard, boards_of_round
from judging.bulk import NewMark, NewSheet, insert_marks, insert_sheets, results_from_sheets
from judging.cli import standings_csv
from judging.closing.break_ import break_of, find_break
from judging.closing.certificates import issued_certificates
from judging.closing.own import OwnAward, own_awards, own_certificate_count
from judging.closing.public_pages import closing_pages
from judging.closing.services.break_ import publish_break
from judging.closing.services.elimination import seat_round
from judging.delegates import DelegateRow, delegate_standings
from judging.evidence import CriterionEvidence, criterion_evidence
from judging.models import Award, Criterion, Mark, Scoresheet, StandingsSnapshot
from judging.progress import (
    SheetProgress,
    has_sheet_of_tables,
    owed_counts,
    owed_judges,
    owed_tables,
    sheet_progress,
)
from judging.publicity import SCORE_METRICS, teams_with_hidden_scores
from judging.queries import criteria_of, has_sheet_of, has_submitted_sheet
from judging.released import (
    ReleasedEdition,
    ReleasedPart,
    ReleasedResult,
    released_editions,
    released_parts,
    released_results_of_person,
)
from judging.services.rubric import save_criterion
from judging.services.sheets import find_entry, save_draft, submit_sheet
from judging.services.tables import confirm_table, reopen_sheet, waive_sheet
from judging.snapshots import find_published, publish_snapshot, selections, standings_of, take_snapshot
from judging.standings import RoundCell, StandingsRow, StandingsTable, team_standings

criterion_table = Criterion.__table__
scoresheet_table = Scoresheet.__table__
mark_table = Mark.__table__
snapshot_table = StandingsSnapshot.__table__
award_table = Award.__table__


def criteria_count(edition_id: int) -> int:
    """How many criteria the rubric has."""
    return db.session.scalar(select(func.count(Criterion.id)).where(Criterion.edition_id == edition_id)) or 0


__all__ = [
    "SCORE_METRICS",
    "Adjustment",
    "AuditMark",
    "Award",
    "Criterion",
    "CriterionEvidence",
    "DelegateRow",
    "Mark",
    "NewMark",
    "NewSheet",
    "OwnAward",
    "ReleasedEdition",
    "ReleasedPart",
    "ReleasedResult",
    "RoundCell",
    "Scoresheet",
    "SheetProgress",
    "StandingsRow",
    "StandingsSnapshot",
    "StandingsTable",
    "TableBoard",
    "adjustment_of",
    "audit_marks",
    "award_table",
    "boards_of_round",
    "break_of",
    "closing_pages",
    "confirm_table",
    "criteria_count",
    "criteria_of",
    "criterion_evidence",
    "criterion_table",
    "delegate_standings",
    "find_break",
    "find_entry",
    "find_published",
    "has_sheet_of",
    "has_sheet_of_tables",
    "has_submitted_sheet",
    "insert_marks",
    "insert_sheets",
    "issued_certificates",
    "mark_table",
    "owed_counts",
    "owed_judges",
    "owed_tables",
    "own_awards",
    "own_certificate_count",
    "publish_break",
    "publish_snapshot",
    "raw_scores",
    "released_editions",
    "released_parts",
    "released_results_of_person",
    "reopen_sheet",
    "results_from_sheets",
    "save_criterion",
    "save_draft",
    "scoresheet_table",
    "seat_round",
    "selections",
    "sheet_progress",
    "snapshot_table",
    "standings_csv",
    "standings_of",
    "submit_sheet",
    "take_snapshot",
    "team_standings",
    "teams_with_hidden_scores",
    "waive_sheet",
]
