"""Reading cases, briefs and their openings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, select, update

from accounts.public import eraser
from competition.cases.format import CaseContent, FileContent
from competition.cases.models import Brief, BriefOpening, Case, CaseFile, RoundCase
from competition.likeness.searching import Wanted
from competition.rounds.public import round_
from core.db import db
from core.errors import NotFound
from core.filters import ListFilter
from core.localised import N_
from core.roles import ROLES

OPENINGS_PER_PAGE = 200
MOST_SEARCHED = 20_000
"""How far back a search looks among the openings of one case."""


def cases_of(edition_id: int) -> Sequence[Case]:
    """The cases of an edition, oldest first."""
    return db.session.scalars(select(Case).where(Case.edition_id == edition_id).order_by(Case.id)).all()


def get_case(edition_id: int, public_id: str) -> Case:
    """A case of this edition; raises NotFound."""
    case = db.session.scalar(select(Case).where(Case.edition_id == edition_id, Case.public_id == public_id))
    if case is None:
        raise NotFound(N_("There is no such case in this edition."))
    return case


def newest_briefs(case_id: int) -> dict[str, Brief]:
    """The brief that is read now, by role."""
    rows = db.session.scalars(select(Brief).where(Brief.case_id == case_id).order_by(Brief.revision))
    return {brief.role: brief for brief in rows}


def revisions_of(case_id: int, role: str) -> Sequence[Brief]:
    """Every revision of a role's brief, newest first."""
    query = select(Brief).where(Brief.case_id == case_id, Brief.role == role)
    return db.session.scalars(query.order_by(Brief.revision.desc())).all()


def files_of(case_id: int) -> Sequence[CaseFile]:
    """The files of a case without their content, public ones first."""
    query = select(CaseFile).where(CaseFile.case_id == case_id)
    return db.session.scalars(query.order_by(CaseFile.role.is_not(None), CaseFile.role, CaseFile.id)).all()


def get_file(case_id: int, public_id: str) -> CaseFile:
    """A file of a case; raises NotFound."""
    query = select(CaseFile).where(CaseFile.case_id == case_id, CaseFile.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such file in this case."))
    return found


def find_round_case(round_id: int) -> RoundCase | None:
    """What a round negotiates."""
    return db.session.scalar(select(RoundCase).where(RoundCase.round_id == round_id))


def read_cases(edition_id: int, now: datetime) -> dict[int, Case]:
    """Round's number -> its case, for the rounds whose case may be read at `now`."""
    query = (
        select(round_.c.number, RoundCase, Case)
        .join(RoundCase, RoundCase.round_id == round_.c.id)
        .join(Case, Case.id == RoundCase.case_id)
        .where(round_.c.edition_id == edition_id)
    )
    return {
        number: case
        for number, row, case in db.session.execute(query)
        if row.released_at is not None or (row.release_at is not None and row.release_at <= now)
    }


def rounds_of_case(case_id: int) -> list[tuple[int, RoundCase]]:
    """(round's number, its release) for every round that negotiates the case."""
    query = (
        select(round_.c.number, RoundCase)
        .join(RoundCase, RoundCase.round_id == round_.c.id)
        .where(RoundCase.case_id == case_id)
        .order_by(round_.c.number)
    )
    return [(number, row) for number, row in db.session.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningFilter(ListFilter):
    """Which openings of a case's briefs: by role, and by words in the reader's or a file's name."""

    KNOWN: ClassVar = {"role": tuple(role.value for role in ROLES), "sort": ("reader", "first")}

    role: str = ""


def count_openings(case_id: int, asked: OpeningFilter) -> int:
    """How many openings the filter leaves."""
    query = _openings(select(func.count(BriefOpening.id)), case_id, asked)
    return db.session.scalar(query) or 0


def openings_of(
    case_id: int, asked: OpeningFilter, page: int | None = 1
) -> Sequence[tuple[BriefOpening, str, int, int]]:
    """One page of the openings, newest first, with the role, the revision and the round's number; all where None."""
    query = _openings(select(BriefOpening, Brief.role, Brief.revision, round_.c.number), case_id, asked)
    orders = {"": BriefOpening.id.desc(), "first": BriefOpening.id, "reader": func.lower(BriefOpening.reader)}
    query = query.order_by(orders[asked.sort], BriefOpening.id.desc())
    if page is not None:
        query = query.limit(OPENINGS_PER_PAGE).offset((page - 1) * OPENINGS_PER_PAGE)
    return [tuple(row) for row in db.session.execute(query)]


def _openings(query: Any, case_id: int, asked: OpeningFilter) -> Any:
    query = (
        query.select_from(BriefOpening)
        .join(Brief, Brief.id == BriefOpening.brief_id)
        .join(round_, round_.c.id == BriefOpening.round_id)
        .where(Brief.case_id == case_id)
    )
    if asked.role:
        query = query.where(Brief.role == asked.role)
    return query.where(BriefOpening.id.in_(_openings_like(case_id, asked.q))) if asked.q else query


def _openings_like(case_id: int, text: str) -> list[int]:
    """The openings whose reader's name, as it is written or sounds, or whose file fits."""
    query = (
        select(BriefOpening.id, BriefOpening.reader, BriefOpening.file_name)
        .join(Brief, Brief.id == BriefOpening.brief_id)
        .where(Brief.case_id == case_id)
        .order_by(BriefOpening.id.desc())
        .limit(MOST_SEARCHED)
    )
    wanted = Wanted.of(text)
    return [key for key, reader, file in db.session.execute(query) if wanted.fits((reader,), file)]


def roles_read(case_id: int, team_id: int) -> set[str]:
    """The roles in which people of a team have opened a brief of the case."""
    query = (
        select(Brief.role)
        .join(BriefOpening, BriefOpening.brief_id == Brief.id)
        .where(Brief.case_id == case_id, BriefOpening.team_id == team_id)
    )
    return set(db.session.scalars(query))


def readers_of_brief(case_id: int, role: str) -> list[tuple[int, str]]:
    """(person, name) of everybody with an account who has opened some revision of a role's brief."""
    query = (
        select(BriefOpening.person_id, func.max(BriefOpening.reader))
        .join(Brief, Brief.id == BriefOpening.brief_id)
        .where(Brief.case_id == case_id, Brief.role == role, BriefOpening.person_id.is_not(None))
        .group_by(BriefOpening.person_id)
        .order_by(BriefOpening.person_id)
    )
    return [(person_id, name) for person_id, name in db.session.execute(query) if person_id is not None]


def earlier_revisions_read(
    case_id: int, role: str, *, team_id: int | None, person_id: int | None
) -> Sequence[Brief]:
    """The replaced revisions of a brief that somebody's team (or they themselves) had opened, newest first."""
    if team_id is None and person_id is None:
        return ()
    own = BriefOpening.team_id == team_id if team_id is not None else BriefOpening.person_id == person_id
    opened = select(BriefOpening.brief_id).where(own)
    return [brief for brief in revisions_of(case_id, role)[1:] if brief.id in set(db.session.scalars(opened))]


def teams_that_read(round_id: int) -> set[int]:
    """The teams whose people have opened a brief in a round."""
    query = select(BriefOpening.team_id).where(
        BriefOpening.round_id == round_id, BriefOpening.team_id.is_not(None)
    )
    return {team for team in db.session.scalars(query) if team is not None}


def next_revision(case_id: int, role: str) -> int:
    """The number of a role's next brief."""
    query = select(func.max(Brief.revision)).where(Brief.case_id == case_id, Brief.role == role)
    return (db.session.scalar(query) or 0) + 1


def content_of(case: Case) -> CaseContent:
    """Everything of a case, as it travels in a file."""
    briefs = newest_briefs(case.id)
    return CaseContent(
        texts={
            "title": case.title,
            "title_zh": case.title_zh,
            "background": case.background,
            "background_zh": case.background_zh,
            "session_plan": case.session_plan,
            "session_plan_zh": case.session_plan_zh,
        },
        issues=case.issues,
        briefs={
            role.value: {
                name: getattr(briefs[role.value], name) for name in ("party", "party_zh", "body", "body_zh")
            }
            for role in ROLES
            if role.value in briefs
        },
        files=[FileContent(role=one.role, name=one.name, data=one.data) for one in files_of(case.id)],
    )


@eraser
def erase_readers(person_id: int, address: str) -> None:
    """That a brief was opened stays on record; by whom goes."""
    rows = update(BriefOpening).where(BriefOpening.person_id == person_id).values(reader="", person_id=None)
    db.session.execute(rows, execution_options={"synchronize_session": "fetch"})
