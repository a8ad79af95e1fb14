"""The search index of cards in the database: writing it, and asking it, alike on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, delete, func, select
from sqlalchemy.orm import aliased

from core.db import db
from talent_pool.cards import FACETS, facets_of, searchable_texts
from talent_pool.consent import is_visible
from talent_pool.models import PoolFacet, PoolProfile, PoolToken
from talent_pool.search.query import Clause
from talent_pool.search.tokens import placed_tokens

Filters = Mapping[str, Sequence[str]]


def write_index(profile: PoolProfile) -> None:
    """Replace what can be found of a profile by what its card holds now."""
    clear_index(profile.id)
    if not profile.is_listed:
        return
    places = placed_tokens(searchable_texts(profile.card))
    db.session.add_all(
        PoolToken(profile_id=profile.id, position=place, token=token) for place, token in places
    )
    db.session.add_all(
        PoolFacet(profile_id=profile.id, facet=facet, value=value) for facet, value in facets_of(profile.card)
    )
    db.session.flush()


def clear_index(profile_id: int) -> None:
    """Take a profile out of every search."""
    for model in (PoolToken, PoolFacet):
        rows = delete(model).where(model.profile_id == profile_id)
        db.session.execute(rows, execution_options={"synchronize_session": "fetch"})


def count_cards(clauses: Iterable[Clause], filters: Filters) -> int:
    """How many visible cards hold the clauses and the filters."""
    found = _found(clauses, filters).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def find_cards(clauses: Iterable[Clause], filters: Filters, *, offset: int, limit: int) -> list[PoolProfile]:
    """One page of visible cards, those confirmed last first."""
    query = select(PoolProfile).where(PoolProfile.id.in_(_found(clauses, filters)))
    query = query.order_by(PoolProfile.updated_at.desc(), PoolProfile.handle)
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def count_facets(clauses: Iterable[Clause], filters: Filters) -> dict[str, dict[str, int]]:
    """For each facet how many cards show each value, under the clauses and the other facets' filters."""
    wanted = tuple(clauses)
    return {facet: _count_values(facet, wanted, filters) for facet in FACETS}


def _count_values(facet: str, clauses: tuple[Clause, ...], filters: Filters) -> dict[str, int]:
    others = {name: values for name, values in filters.items() if name != facet}
    rows = db.session.execute(
        select(PoolFacet.value, func.count())
        .where(PoolFacet.facet == facet, PoolFacet.profile_id.in_(_found(clauses, others)))
        .group_by(PoolFacet.value)
    )
    return {value: count for value, count in rows}  # noqa: C416 - rows are no pairs to the type checker


def _found(clauses: Iterable[Clause], filters: Filters) -> Select[int]:
    """The keys of all visible profiles that hold the clauses and the filters."""
    conditions: list[ColumnElement[bool]] = [is_visible()]
    for clause in clauses:
        holds = PoolProfile.id.in_(_holders(clause))
        conditions.append(~holds if clause.is_excluded else holds)
    for facet, values in filters.items():
        if values:
            shows = select(PoolFacet.profile_id).where(PoolFacet.facet == facet, PoolFacet.value.in_(values))
            conditions.append(PoolProfile.id.in_(shows))
    return select(PoolProfile.id).where(*conditions)


def _holders(clause: Clause) -> Select[int]:
    """The profiles on whose card the clause's tokens follow one another."""
    first = aliased(PoolToken)
    query = select(first.profile_id)
    last = len(clause.tokens) - 1
    for offset, token in enumerate(clause.tokens):
        place = first if offset == 0 else aliased(PoolToken)
        if offset:
            follows = place.position == first.position + offset
            query = query.join(place, and_(place.profile_id == first.profile_id, follows))
        is_beginning = clause.is_prefix and offset == last
        query = query.where(place.token.startswith(token) if is_beginning else place.token == token)
    return query
