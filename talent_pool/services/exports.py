"""Exports: people who said yes to an employer, stamped and noted in their log; and the operator's consent records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts.public import get_person
from core.access import Actor, Permission
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, NotFound
from core.localised import N_
from core.spreadsheets import Value, WorkbookWriter
from talent_pool.caps import room, spend
from talent_pool.consent import find_contact, get_employer, is_visible_to
from talent_pool.employer_models import Opportunity
from talent_pool.labels import act_names
from talent_pool.models import ContactRequest, Employer, PoolProfile
from talent_pool.person_models import PoolConsentRecord, PoolEvent
from talent_pool.services.opportunities import get_opportunity

Revealed = tuple[ContactRequest, PoolProfile, str]
NEVER_TAKEN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A finished workbook."""

    name: str
    data: bytes


def export_revealed(*, actor: Actor, opportunity: str = "", now: datetime | None = None) -> ExportFile:
    """Those who said yes (for one opportunity, if given): as many as the day's cap has room for, those not taken yet
    first. Raises Conflict for nobody, CapReached where there is no room, NotFound."""
    employer, moment = get_employer(actor), now or utc_now()
    offer = get_opportunity(employer, opportunity) if opportunity else None
    found = _revealed(employer, offer)
    if not found:
        raise Conflict(N_("Nobody has said yes yet, so there is nothing to export."))
    batch = _batch(employer, found, room("exported", actor=actor, now=moment)) or found
    profiles = [profile for _request, profile, _title in batch]
    spend("exported", actor=actor, employer=employer, profiles=profiles, now=moment)
    record(actor, "export", "employer", employer.id, details={"rows": len(batch)})
    rows = [_row(employer, *one) for one in batch]
    data = _workbook(actor, employer, rows, len(found), moment)
    return ExportFile(name=f"revealed-{moment:%Y%m%d-%H%M}.xlsx", data=data)


def export_records(*, actor: Actor, now: datetime | None = None) -> ExportFile:
    """Every consent record as the operator must be able to show it: what was done when, to which text; never by whom.

    Raises Forbidden for all but the operator.
    """
    if not actor.may(Permission.OPERATE):
        raise Forbidden
    moment, acts = now or utc_now(), act_names()
    query = select(PoolConsentRecord).order_by(PoolConsentRecord.id).execution_options(yield_per=1_000)
    rows = (_record_row(row, acts) for row in db.session.scalars(query))
    book = WorkbookWriter(title=_("Consent records"), is_large=True)
    headers = [_("Record"), _("Act"), _("When (UTC)"), _("Text"), _("Language"), _("Hash of the text")]
    book.add_sheet(_("Consent records"), headers, rows)
    record(actor, "export", "pool_consent_record", None)
    return ExportFile(name=f"consent-records-{moment:%Y%m%d-%H%M}.xlsx", data=book.save())


def _record_row(row: PoolConsentRecord, acts: dict[str, str]) -> list[Value]:
    moment = row.at.replace(tzinfo=None)
    return [row.public_id, acts[row.act], moment, row.text_version, row.language, row.text_hash]


def _batch(employer: Employer, found: list[Revealed], most: int) -> list[Revealed]:
    """As many as there is room for, in their order: those not taken yet, then those taken longest ago."""
    rows = db.session.execute(
        select(PoolEvent.handle, func.max(PoolEvent.at).label("last"))
        .where(PoolEvent.employer_id == employer.id, PoolEvent.event == "exported")
        .group_by(PoolEvent.handle)
    )
    taken = {row.handle: row.last for row in rows}
    places = sorted(range(len(found)), key=lambda place: taken.get(found[place][1].handle, NEVER_TAKEN))
    return [found[place] for place in sorted(places[:most])]


def _revealed(employer: Employer, offer: Opportunity | None) -> list[Revealed]:
    query = (
        select(ContactRequest, PoolProfile, Opportunity.title)
        .join(PoolProfile, PoolProfile.id == ContactRequest.profile_id)
        .outerjoin(Opportunity, Opportunity.id == ContactRequest.opportunity_id)
        .where(
            ContactRequest.employer_id == employer.id,
            ContactRequest.state == "accepted",
            is_visible_to(employer),
        )
        .order_by(ContactRequest.id)
    )
    if offer is not None:
        query = query.where(ContactRequest.opportunity_id == offer.id)
    return [(request, profile, title or "") for request, profile, title in db.session.execute(query)]


def _row(employer: Employer, request: ContactRequest, profile: PoolProfile, title: str) -> list[str]:
    """What the person revealed, and nothing of their card but its random handle."""
    contact = find_contact(employer, request, profile.person_id)
    if contact is None:
        raise NotFound
    told = request.answered_at.date().isoformat() if request.answered_at else ""
    return [
        profile.handle,
        contact.name,
        contact.name_local,
        contact.address,
        contact.institution,
        contact.institution_local,
        title,
        told,
    ]


def _workbook(actor: Actor, employer: Employer, rows: list[list[str]], every: int, moment: datetime) -> bytes:
    book = WorkbookWriter(title=_("Revealed contacts"))
    headers = [
        _("Card"),
        _("Name"),
        _("Name in another script"),
        _("E-mail"),
        _("Institution"),
        _("Institution in another script"),
        _("Opportunity"),
        _("Said yes on"),
    ]
    book.add_sheet(_("People"), headers, rows)
    member = get_person(actor.person_id) if actor.person_id is not None else None
    stamp = [
        [_("For"), employer.name or employer.name_local],
        [_("Taken by"), (member.name or member.name_local) if member else ""],
        [_("Taken at"), f"{moment:%Y-%m-%d %H:%M} UTC"],
        [_("Use"), _("Only for the opportunity named in each line. Pass it on to nobody.")],
        [_("Delete"), _("When the person withdraws (you are told), and once the opportunity is filled.")],
    ]
    if len(rows) < every:
        part = _("%(count)d of %(all)d people; tomorrow those who are not in it.", count=len(rows), all=every)
        stamp.append([_("Rows"), part])
    book.add_sheet(_("About this file"), [_("What"), _("Content")], stamp, autofilter=False)
    return book.save()
