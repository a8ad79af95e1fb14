"""What other features may use of cases."""

from __future__ import annotations

from competition.cases.format import CaseContent, from_json, to_json
from competition.cases.library import library_cases, library_content
from competition.cases.models import Brief, Case, CaseFile, RoundCase
from competition.cases.queries import cases_of, find_round_case, newest_briefs, read_cases
from competition.cases.reading import Readable, readable
from competition.cases.services import assign_case, import_case, is_open, open_rounds, set_released

case_table = Case.__table__
brief_table = Brief.__table__
case_file_table = CaseFile.__table__
round_case_table = RoundCase.__table__

__all__ = [
    "Case",
    "CaseContent",
    "Readable",
    "RoundCase",
    "assign_case",
    "brief_table",
    "case_file_table",
    "case_table",
    "cases_of",
    "find_round_case",
    "from_json",
    "import_case",
    "is_open",
    "library_cases",
    "library_content",
    "newest_briefs",
    "open_rounds",
    "read_cases",
    "readable",
    "round_case_table",
    "set_released",
    "to_json",
]
