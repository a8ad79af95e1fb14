"""A delegate in another's place from a round on: recorded, and never touching a result or a sheet that is there."""

from __future__ import annotations

from sqlalchemy import func, select

from competition.editions.public import Edition
from competition.entries.public import (
    Delegate,
    NewDelegate,
    Substitution,
    Team,
    add_substitute,
    substitutions_of,
)
from competition.rounds.models import Draw, Lineup, NegotiationTable, Round, TableResult, TeamResult
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid
from core.localised import N_
from core.revisions import bump

GIVEN = ("submitted", "confirmed")


def substitute(
    *,
    actor: Actor,
    edition: Edition,
    team: Team,
    leaving: Delegate,
    person: NewDelegate,
    from_round: int,
    reason: str,
) -> Substitution:
    """Put `person` in the place of `leaving` from a round on; both stay on the roster with the rounds they played.

    Raises Conflict for the captain, for somebody replaced already, and for a round that has a result or marks of them.
    """
    hold(edition)
    hold(team)
    _refuse_leaving(team, leaving)
    rounds = db.session.scalars(
        select(Round).where(Round.edition_id == edition.id).order_by(Round.number)
    ).all()
    if from_round not in [row.number for row in rounds]:
        raise Invalid(N_("There is no such round."))
    _refuse_played(team, leaving, from_round)
    incoming = add_substitute(actor=actor, edition=edition, team=team, person=person)
    row = Substitution(
        edition_id=edition.id,
        team_id=team.id,
        out_id=leaving.id,
        in_id=incoming.id,
        from_round=from_round,
        reason=reason,
        noted_at=utc_now(),
    )
    db.session.add(row)
    db.session.flush()
    for one in rounds:
        _line_up(one, row)
    scope = edition_scope(edition.id)
    details = {"out": leaving.id, "in": incoming.id, "from_round": from_round}
    record(actor, "substitute", "team", team.id, scope=scope, details=details)
    bump(scope)
    return row


def line_up_new_round(row: Round) -> None:
    """A round that is made later knows of the substitutions before it."""
    for one in substitutions_of(row.edition_id):
        _line_up(row, one)


def _line_up(row: Round, one: Substitution) -> None:
    """Who of the two did not take part in a round; what somebody said about that round stands."""
    absent = one.out_id if row.number >= one.from_round else one.in_id
    known = select(Lineup).where(Lineup.round_id == row.id, Lineup.delegate_id == absent)
    if db.session.scalar(known) is None:
        db.session.add(Lineup(round_id=row.id, team_id=one.team_id, delegate_id=absent, took_part=False))
    db.session.flush()


def _refuse_leaving(team: Team, leaving: Delegate) -> None:
    if leaving.is_captain:
        raise Conflict(N_("The captain stays. Name another captain first."))
    if any(one.out_id == leaving.id for one in substitutions_of(team.edition_id)):
        raise Conflict(N_("%(name)s has been replaced already."), name=leaving.name)


def _refuse_played(team: Team, leaving: Delegate, from_round: int) -> None:
    """Results and marks from that round on must not change under anybody."""
    results = (
        select(func.max(Round.number))
        .join(Draw, Draw.round_id == Round.id)
        .join(NegotiationTable, NegotiationTable.draw_id == Draw.id)
        .join(TableResult, TableResult.table_id == NegotiationTable.id)
        .join(TeamResult, TeamResult.table_result_id == TableResult.id)
        .where(TableResult.is_live, TeamResult.team_id == team.id, Round.number >= from_round)
    )
    mark, sheet = db.metadata.tables["mark"], db.metadata.tables["scoresheet"]
    marked = (
        select(func.max(Round.number))
        .join(Draw, Draw.round_id == Round.id)
        .join(NegotiationTable, NegotiationTable.draw_id == Draw.id)
        .join(sheet, sheet.c.table_id == NegotiationTable.id)
        .join(mark, mark.c.scoresheet_id == sheet.c.id)
        .where(mark.c.delegate_id == leaving.id, sheet.c.state.in_(GIVEN), Round.number >= from_round)
    )
    last = max(db.session.scalar(results) or 0, db.session.scalar(marked) or 0)
    if last:
        raise Conflict(
            N_("Round %(number)d has a result or marks already. Choose a later round."), number=last
        )
