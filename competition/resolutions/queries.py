"""Reading resolutions: a round's issues and window, a team's own table, the texts that were written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from accounts.public import own_data_provider
from competition.cases.public import Case, find_round_case, is_open
from competition.editions.public import Edition
from competition.entries.public import find_own_delegate
from competition.resolutions.models import (
    Resolution,
    ResolutionSignature,
    ResolutionText,
    ResolutionWindow,
)
from competition.resolutions.wording import Issue, issues_of_case
from competition.rounds.public import (
    RoundFacts,
    TableFacts,
    negotiation_table,
    results_of_tables,
    tables_of_draw,
)
from core.access import Actor, CapacityKind
from core.db import db
from core.localised import N_
from core.roles import Role

NOT_RELEASED = N_("The draw of this round is not released yet.")
NOT_YET = N_("Writing has not begun yet.")
OVER = N_("The time for writing is over.")
MARKED = N_("The result of this table is confirmed, so its resolution stays as it is.")
CASE_CLOSED = N_("The case of this round cannot be read yet.")
ARCHIVED = N_("This edition is archived.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """The table at which the reader's team sits in a round, and its role there."""

    table: TableFacts
    team_id: int
    role: Role


def find_own_table(actor: Actor, edition: Edition, facts: RoundFacts) -> OwnTable | None:
    """Where the reader sits as delegate or captain in a released round; nobody else writes or reads here."""
    kinds = (CapacityKind.DELEGATE, CapacityKind.CAPTAIN)
    if (
        facts.draw_id is None
        or not facts.is_released
        or not actor.capacities_of(*kinds, edition_id=edition.id)
    ):
        return None
    me = find_own_delegate(actor, edition)
    if me is None:
        return None
    for table in tables_of_draw(facts.draw_id):
        if (role := table.role_of(me.team_id)) is not None:
            return OwnTable(table=table, team_id=me.team_id, role=role)
    return None


def issues_of_round(facts: RoundFacts) -> list[Issue] | None:
    """What the round's case asks to settle; None where the tables name their issues themselves."""
    row = find_round_case(facts.id)
    if row is None:
        return None
    return issues_of_case(db.session.get_one(Case, row.case_id).issues) or None


def find_window(round_id: int) -> ResolutionWindow | None:
    """The times an organiser set for a round."""
    return db.session.scalar(select(ResolutionWindow).where(ResolutionWindow.round_id == round_id))


def why_closed(edition: Edition, facts: RoundFacts, table: TableFacts, now: datetime) -> str:
    """Why nothing can be written at a table at `now` (source text); empty while it can."""
    if edition.archived_at is not None:
        return ARCHIVED
    if not facts.is_released:
        return NOT_RELEASED
    window = find_window(facts.id)
    if window is not None and window.opens_at is not None and now < window.opens_at:
        return NOT_YET
    if window is not None and window.closes_at is not None and window.closes_at <= now:
        return OVER
    if facts.has_results or results_of_tables([table.id]):
        return MARKED
    row = find_round_case(facts.id)
    if row is not None and not is_open(row, now) and find_resolution(table.id) is None:
        return CASE_CLOSED
    return ""


def find_resolution(table_id: int) -> Resolution | None:
    """The resolution of a table."""
    return db.session.scalar(select(Resolution).where(Resolution.table_id == table_id))


def texts_of_table(table_id: int) -> Sequence[ResolutionText]:
    """Every text of a table's resolution, newest first."""
    query = (
        select(ResolutionText)
        .join(Resolution, Resolution.id == ResolutionText.resolution_id)
        .where(Resolution.table_id == table_id)
        .order_by(ResolutionText.version.desc())
    )
    return db.session.scalars(query).all()


@own_data_provider("resolutions")
def own_words(person_id: int) -> list[Any]:
    """The texts that a person wrote, and their word on texts, table by table."""
    name = negotiation_table.c.name
    wrote = (
        select(name, ResolutionText.version, ResolutionText.written_at)
        .join(Resolution, Resolution.id == ResolutionText.resolution_id)
        .join(negotiation_table, negotiation_table.c.id == Resolution.table_id)
        .where(ResolutionText.person_id == person_id)
    )
    signed = (
        select(
            name,
            ResolutionSignature.version,
            ResolutionSignature.signed_at,
            ResolutionSignature.is_confirmed,
            ResolutionSignature.remark,
        )
        .join(Resolution, Resolution.id == ResolutionSignature.resolution_id)
        .join(negotiation_table, negotiation_table.c.id == Resolution.table_id)
        .where(ResolutionSignature.person_id == person_id)
    )
    return [
        *({"table": row[0], "version": row[1], "written_at": row[2]} for row in db.session.execute(wrote)),
        *(
            {
                "table": row[0],
                "version": row[1],
                "signed_at": row[2],
                "is_confirmed": row[3],
                "remark": row[4],
            }
            for row in db.session.execute(signed)
        ),
    ]
