"""The export: people who said yes to an employer, stamped with who took it, and noted in their log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.public import get_person
from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Conflict, NotFound
from core.localised import N_
from core.spreadsheets import WorkbookWriter
from talent_pool.caps import spend
from talent_pool.consent import find_contact, get_employer, is_visible_to
from talent_pool.employer_models import Opportunity
from talent_pool.models import ContactRequest, Employer, PoolProfile
from talent_pool.services.opportunities import get_opportunity


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A finished workbook."""

    name: str
    data: bytes


def export_revealed(*, actor: Actor, opportunity: str = "", now: datetime | None = None) -> ExportFile:
    """Everybody who said yes (for one opportunity, if given). Raises Conflict for nobody, CapReached, NotFound."""
    employer, moment = get_employer(actor), now or utc_now()
    offer = get_opportunity(employer, opportunity) if opportunity else None
    found = _revealed(employer, offer)
    if not found:
        raise Conflict(N_("Nobody has said yes yet, so there is nothing to export."))
    spend(
        "exported",
        actor=actor,
        employer=employer,
        profiles=[profile for _r, profile, _t in found],
        now=moment,
    )
    record(actor, "export", "employer", employer.id, details={"rows": len(found)})
    rows = [_row(employer, *one) for one in found]
    return ExportFile(
        name=f"revealed-{moment:%Y%m%d-%H%M}.xlsx", data=_workbook(actor, employer, rows, moment)
    )


def _revealed(employer: Employer, offer: Opportunity | None) -> list[tuple[ContactRequest, PoolProfile, str]]:
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


def _workbook(actor: Actor, employer: Employer, rows: list[list[str]], moment: datetime) -> bytes:
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
    book.add_sheet(_("About this file"), [_("What"), _("Content")], stamp, autofilter=False)
    return book.save()
