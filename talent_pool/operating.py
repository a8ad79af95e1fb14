"""What the operator answers for, without knowing who is in the pool: records, deadlines, retention, abroad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, true, union

from competition.editions.public import edition_table
from core.db import db
from judging.public import released_editions
from talent_pool.consent import HOLDS_FOR, home_country
from talent_pool.models import PUBLIC_ID, ContactRequest, Employer, PoolConsent, PoolProfile
from talent_pool.person_models import (
    DeletionNotice,
    PoolConsentRecord,
    PoolEvent,
    PoolInvitation,
    RightsRequest,
)
from talent_pool.services.invitations import former_of

SOON = timedelta(days=30)
MOST_RIGHTS = 200
RECORDS_A_PAGE = 50
DISCLOSING = ("viewed", "revealed", "downloaded", "exported")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many people are in the pool, came, left, and whose yes ends soon."""

    present: int
    paused: int
    given: int
    left: int
    ended: int
    ending_soon: int
    overdue: int
    waiting_requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """How many people's cards were opened, and how many were named, in one country this year."""

    country: str
    viewed: int
    revealed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitingEdition:
    """An edition with published results and how many of its people an invitation would reach."""

    slug: str
    name: str
    name_zh: str
    reachable: int


def standing_of_pool(now: datetime) -> Standing:
    """Numbers of consents and of what became of them this year."""
    live = PoolConsent.withdrawn_at.is_(None)
    lapses = PoolConsent.confirmed_at <= now - HOLDS_FOR
    soon = PoolConsent.confirmed_at <= now - HOLDS_FOR + SOON
    return Standing(
        present=_count(PoolConsent, live, ~lapses),
        paused=_count(PoolProfile, PoolProfile.paused_at.is_not(None)),
        given=_acts("given", now),
        left=_acts("withdrawn", now),
        ended=_acts("ended", now),
        ending_soon=_count(PoolConsent, live, soon, ~lapses),
        overdue=_count(PoolConsent, live, lapses),
        waiting_requests=_count(
            ContactRequest, ContactRequest.state == "asked", ContactRequest.expires_at > now
        ),
    )


def disclosed_abroad(now: datetime) -> tuple[int, int, list[Abroad]]:
    """This year: people disclosed abroad in all, of them named, and both by country.

    Counted by card: somebody who left and rejoined counts twice, nobody is left out who erased their log.
    """
    of_year = [
        PoolEvent.at >= _new_year(now),
        PoolEvent.event.in_(DISCLOSING),
        Employer.country != home_country(),
    ]
    base = select(PoolEvent.handle).join(Employer, Employer.id == PoolEvent.employer_id).where(*of_year)
    named = base.where(PoolEvent.event != "viewed")
    query = (
        select(
            Employer.country,
            func.count(PoolEvent.handle.distinct()).label("viewed"),
            func.count(PoolEvent.handle.distinct()).filter(PoolEvent.event != "viewed").label("revealed"),
        )
        .join(PoolEvent, PoolEvent.employer_id == Employer.id)
        .where(*of_year)
        .group_by(Employer.country)
        .order_by(Employer.country)
    )
    rows = [
        Abroad(country=row.country, viewed=row.viewed, revealed=row.revealed)
        for row in db.session.execute(query)
    ]
    return len(set(db.session.scalars(base))), len(set(db.session.scalars(named))), rows


def records_page(wanted: str, page: int) -> tuple[Sequence[PoolConsentRecord], int]:
    """One page of consent records, the latest first, and how many there are; whose they are is not shown.

    `wanted` is what a person gave the operator: the random name of their card, or the id of a receipt. It finds every
    record of that person, so that a question about them can be answered.
    """
    condition = _asked_about(wanted.strip()) if wanted.strip() else true()
    query = select(PoolConsentRecord).where(condition).order_by(PoolConsentRecord.id.desc())
    rows = db.session.scalars(query.limit(RECORDS_A_PAGE).offset((page - 1) * RECORDS_A_PAGE)).all()
    return rows, _count(PoolConsentRecord, condition)


def _asked_about(wanted: str) -> ColumnElement[bool]:
    """A receipt whose person was erased finds itself; a name that a card once had finds as well as the present one."""
    if PUBLIC_ID.fullmatch(wanted):
        person = select(PoolConsentRecord.person_id).where(PoolConsentRecord.public_id == wanted)
        return or_(PoolConsentRecord.public_id == wanted, PoolConsentRecord.person_id.in_(person))
    handle = wanted.upper()
    whose = union(
        *(
            select(model.person_id).where(model.handle == handle)
            for model in (PoolProfile, PoolEvent, DeletionNotice)
        )
    )
    return PoolConsentRecord.person_id.in_(whose)


def count_records() -> int:
    """How many consent records there are."""
    return _count(PoolConsentRecord)


def rights_requests() -> Sequence[RightsRequest]:
    """What people asked, open ones by deadline first, then the latest that are done."""
    query = select(RightsRequest).order_by(
        RightsRequest.done_at.is_not(None), RightsRequest.due_at, RightsRequest.id
    )
    return db.session.scalars(query.limit(MOST_RIGHTS)).all()


def count_open_rights() -> int:
    """How many requests about rights wait for the operator."""
    return _count(RightsRequest, RightsRequest.done_at.is_(None))


def inviting_editions() -> list[InvitingEdition]:
    """Editions whose people can be told of the pool."""
    keys = [edition.edition_id for edition in released_editions()]
    columns = select(
        edition_table.c.id, edition_table.c.slug, edition_table.c.name, edition_table.c.name_zh
    ).where(edition_table.c.id.in_(keys))
    rows = {row.id: row for row in db.session.execute(columns)}
    return [
        InvitingEdition(
            slug=rows[key].slug,
            name=rows[key].name,
            name_zh=rows[key].name_zh,
            reachable=len(former_of(key)),
        )
        for key in keys
    ]


def invitation_counts() -> tuple[int, int, int]:
    """How many people were invited, reminded, and said no."""
    return (
        _count(PoolInvitation),
        _count(PoolInvitation, PoolInvitation.reminded_at.is_not(None)),
        _count(PoolInvitation, PoolInvitation.declined_at.is_not(None)),
    )


def _acts(act: str, now: datetime) -> int:
    return _count(PoolConsentRecord, PoolConsentRecord.act == act, PoolConsentRecord.at >= _new_year(now))


def _new_year(now: datetime) -> datetime:
    return datetime(now.year, 1, 1, tzinfo=UTC)


def _count(model: type, *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
