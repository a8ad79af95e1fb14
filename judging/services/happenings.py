"""What happened at a table besides the marks: outcomes, penalties, who took part; a confirmed result follows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from competition.editions.public import Edition
from competition.rounds.public import Lineup, Outcome, Penalty, TableFacts
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db
from core.errors import Invalid, NotFound
from core.localised import N_
from core.revisions import bump
from judging.queries import lock_table
from judging.services.tables import record_again

OUTCOMES = ("played", "late", "absent", "left")


def set_outcome(
    *, actor: Actor, edition: Edition, table: TableFacts, team_id: int, outcome: str, reason: str
) -> bool:
    """Say what happened at a seat; `played` takes an earlier word back. Returns whether a result changed with it."""
    _check_seat(table, team_id)
    if outcome not in OUTCOMES:
        raise Invalid(N_("Choose what happened."))
    if outcome != "played":
        _require(reason)
    lock_table(table.id)
    db.session.execute(delete(Outcome).where(Outcome.round_id == table.round_id, Outcome.team_id == team_id))
    if outcome != "played":
        db.session.add(Outcome(round_id=table.round_id, team_id=team_id, outcome=outcome, reason=reason))
    return _settle(actor, edition, table, "outcome.set", team=team_id, outcome=outcome)


def add_penalty(
    *, actor: Actor, edition: Edition, table: TableFacts, team_id: int, amount: Decimal, reason: str
) -> bool:
    """Take marks from a team's score at this table. Returns whether a confirmed result changed with it."""
    _check_seat(table, team_id)
    _require(reason)
    if amount <= 0:
        raise Invalid(N_("A penalty is a number of marks above zero."))
    lock_table(table.id)
    db.session.add(Penalty(round_id=table.round_id, team_id=team_id, amount=amount, reason=reason))
    return _settle(actor, edition, table, "penalty.added", team=team_id, amount=str(amount))


def remove_penalty(*, actor: Actor, edition: Edition, table: TableFacts, penalty_id: str) -> bool:
    """Take a penalty back. Returns whether a confirmed result changed with it."""
    lock_table(table.id)
    row = db.session.scalar(select(Penalty).where(Penalty.public_id == penalty_id))
    if row is None or row.round_id != table.round_id or row.team_id not in table.team_ids:
        raise NotFound(N_("There is no such penalty at this table."))
    db.session.delete(row)
    return _settle(actor, edition, table, "penalty.removed", team=row.team_id, amount=str(row.amount))


def set_lineup(
    *, actor: Actor, edition: Edition, table: TableFacts, team_id: int, out: set[int], delegates: set[int]
) -> bool:
    """Say which of a team's delegates did not take part. Returns whether a confirmed result changed with it."""
    _check_seat(table, team_id)
    if not out <= delegates:
        raise Invalid(N_("One of these delegates is not in this team."))
    lock_table(table.id)
    db.session.execute(delete(Lineup).where(Lineup.round_id == table.round_id, Lineup.team_id == team_id))
    db.session.add_all(
        Lineup(round_id=table.round_id, team_id=team_id, delegate_id=one, took_part=False)
        for one in sorted(out)
    )
    return _settle(actor, edition, table, "lineup.set", team=team_id, out=sorted(out))


def penalties_of_table(table: TableFacts) -> list[Penalty]:
    """The penalties of the teams at a table, in the order they were given."""
    query = select(Penalty).where(Penalty.round_id == table.round_id, Penalty.team_id.in_(table.team_ids))
    return list(db.session.scalars(query.order_by(Penalty.id)))


def _settle(actor: Actor, edition: Edition, table: TableFacts, verb: str, **details: Any) -> bool:
    db.session.flush()
    scope = edition_scope(edition.id)
    has_reason = verb in ("outcome.set", "penalty.added")
    record(
        actor,
        verb,
        "table",
        table.id,
        scope=scope,
        details=details,
        personal=["reason"] if has_reason else (),
    )
    bump(scope)
    return record_again(actor=actor, edition=edition, table=table)


def _check_seat(table: TableFacts, team_id: int) -> None:
    if team_id not in table.team_ids:
        raise NotFound(N_("This team does not sit at this table."))


def _require(reason: str) -> None:
    if not reason.strip():
        raise Invalid(N_("Say why: the reason is kept with the result."))
