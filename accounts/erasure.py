"""Erasing a person: what every feature cuts away, what stands against it, and what stays without a name.

Results stay as "Participant #n" (each feature sees to its own); the audit stays whole, but says no longer by whom.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, func, select, update

from accounts.models import Person, SignInChallenge, User
from core.access import Actor
from core.audit import record
from core.db import db, hold
from core.errors import Conflict
from core.links import PrivateLink
from core.localised import N_
from core.outbox import OutboxMessage

Eraser = Callable[[int, str], None]
"""`(person, confirmed address or "") -> None`: cut everything that names the person, keep what is others' too.

The features registered last go first: they build on those before them, which still know the person then.
"""
Objection = Callable[[int], str | None]
"""`person -> English source text` of what must be settled first, or None."""
_erasers: list[Eraser] = []
_objections: list[Objection] = []
OPERATOR = N_("You operate this installation. Let another operator take that from you first.")


def eraser(function: Eraser) -> Eraser:
    """Register what a feature does when somebody is erased."""
    if function not in _erasers:
        _erasers.append(function)
    return function


def erasure_objection(function: Objection) -> Objection:
    """Register a reason why somebody cannot be erased yet."""
    if function not in _objections:
        _objections.append(function)
    return function


def objections_to_erasing(person_id: int) -> list[str]:
    """What must be settled before a person is erased, as source texts."""
    return [reason for objection in _objections if (reason := objection(person_id)) is not None]


@erasure_objection
def operates(person_id: int) -> str | None:
    """An operator hands over first."""
    query = select(User.id).where(User.person_id == person_id, User.is_operator)
    return OPERATOR if db.session.scalar(query) is not None else None


def erase_person(*, actor: Actor, person: Person) -> None:
    """Erase a person for good: account, addresses, names and identity links; raises Conflict for an objection."""
    hold(person)
    if reasons := objections_to_erasing(person.id):
        raise Conflict(reasons[0])
    user = db.session.scalar(select(User).where(User.person_id == person.id))
    address = user.email if user is not None else ""
    for erase in reversed(_erasers):
        erase(person.id, address)
    record(actor, "erase", "person", person.id)
    db.session.flush()
    if address:
        _forget_address(address)
    if user is not None:
        db.session.delete(user)
    person.name, person.name_local = f"Participant #{person.id}", ""
    db.session.flush()
    _cut_links(person.id)


def _forget_address(address: str) -> None:
    for condition in (
        delete(OutboxMessage).where(func.lower(OutboxMessage.to_address) == address),
        delete(SignInChallenge).where(SignInChallenge.address == address),
        delete(PrivateLink).where(func.lower(PrivateLink.bound_address) == address),
    ):
        db.session.execute(condition, execution_options={"synchronize_session": "fetch"})


def _cut_links(person_id: int) -> None:
    """Every column that may say by whom something was done, the audit's first of all, says it no longer."""
    for table in db.metadata.sorted_tables:
        column = table.c.get("person_id")
        if column is not None and column.nullable:
            db.session.execute(update(table).where(column == person_id).values(person_id=None))
    db.session.expire_all()
