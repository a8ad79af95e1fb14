"""Drawing a lot: once for the same teams, with a seed that is kept and shown."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from competition.editions.public import Edition
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, Invalid
from core.localised import N_
from core.revisions import bump
from judging.closing.lots import LARGEST_SEED, drawn_order, lots_on
from judging.closing.models import Lot


def draw_lot(
    *, actor: Actor, edition: Edition, occasion: str, names: Mapping[int, str], seed: int | None = None
) -> Lot:
    """Draw the order of the teams in `names` (their names by key).

    `seed`: a number named in public, for example by the audience; without one it is made up here. Raises Conflict
    when a lot was drawn among exactly these teams before, Invalid for a seed out of range or fewer than two teams.
    """
    if len(names) < 2:
        raise Invalid(N_("A lot needs at least two level teams."))
    if any({team["team_id"] for team in lot.teams} == set(names) for lot in lots_on(edition.id, occasion)):
        raise Conflict(N_("A lot was already drawn among these teams, and it stands. Nothing was changed."))
    seed = secrets.randbelow(LARGEST_SEED) if seed is None else seed
    if not 0 <= seed <= LARGEST_SEED:
        raise Invalid(N_("A seed is a whole number from 0 to %(largest)s."), largest=LARGEST_SEED)
    keys = {name: key for key, name in names.items()}
    order = drawn_order(seed, keys)
    lot = Lot(
        edition_id=edition.id,
        occasion=occasion,
        seed=seed,
        teams=[
            {"team_id": keys[name], "team": name, "lot": len(order) - place}
            for place, name in enumerate(order)
        ],
        drawn_at=utc_now(),
        drawn_by=actor.person_id,
    )
    db.session.add(lot)
    db.session.flush()
    scope = edition_scope(edition.id)
    details = {"occasion": occasion, "seed": seed, "order": [keys[name] for name in order]}
    record(actor, "lot.drawn", "lot", lot.id, scope=scope, details=details)
    bump(scope)
    return lot
