"""Issuing certificates, revoking one, and making all of them into one document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from competition.editions.public import Edition, get_edition_by_id, refuse_rehearsal
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, unit_of_work, utc_now
from core.errors import Conflict, Invalid
from core.jobs import FINISHED, Job, JobRun, enqueue, handler
from core.localised import N_
from core.revisions import bump
from judging.closing.certificate_paper import certificates_pdf
from judging.closing.certificates import Due, certificates_of, due_certificates, new_code
from judging.closing.models import Certificate, CertificateBook

KIND = "certificates"
WORDS = ("name", "name_local", "team", "institution", "role", "award", "award_zh")
REPLACED = N_("Replaced by a newer certificate.")
MAKING = N_("Writing the certificates")


def issue_certificates(*, actor: Actor, edition: Edition) -> tuple[int, int]:
    """Issue what is due and was not issued yet; one whose words are no longer right is replaced by a new one.

    Returns how many were issued and how many replaced. Raises Conflict when nobody is due any.
    """
    hold(edition)
    refuse_rehearsal(edition)
    due = {one.key: one for one in due_certificates(edition)}
    if not due:
        raise Conflict(N_("Nobody has taken part yet: certificates follow from results."))
    present = {_key(row): row for row in certificates_of(edition.id)}
    revoked = set(_revoked_by_hand(edition.id))
    now, issued, replaced = utc_now(), 0, 0
    for key, one in due.items():
        row = present.get(key)
        if (row is not None and all(getattr(row, name) == getattr(one, name) for name in WORDS)) or (
            row is None and key in revoked
        ):
            continue
        if row is not None:
            row.revoked_at, row.revoked_because = now, REPLACED
            replaced += 1
        db.session.add(_certificate(edition, one))
        issued += 1
    for key, row in present.items():
        if key not in due:
            row.revoked_at, row.revoked_because = now, REPLACED
            replaced += 1
    db.session.flush()
    _record(actor, "certificates.issued", edition, None, issued=issued, replaced=replaced)
    return issued, replaced


def _key(row: Certificate) -> tuple[Any, ...]:
    return Due(
        kind=row.kind,
        name=row.name,
        award=row.award,
        delegate_id=row.delegate_id,
        judge_id=row.judge_id,
        team_id=row.team_id,
    ).key


def _revoked_by_hand(edition_id: int) -> list[tuple[Any, ...]]:
    """For whom and what certificates were revoked with a reason: they are not issued again by themselves."""
    query = select(Certificate).where(
        Certificate.edition_id == edition_id,
        Certificate.revoked_at.is_not(None),
        Certificate.revoked_because != REPLACED,
    )
    return [_key(row) for row in db.session.scalars(query)]


def _certificate(edition: Edition, due: Due) -> Certificate:
    return Certificate(
        edition_id=edition.id,
        code=new_code(),
        kind=due.kind,
        delegate_id=due.delegate_id,
        judge_id=due.judge_id,
        team_id=due.team_id,
        issued_at=utc_now(),
        **{name: getattr(due, name) for name in WORDS},
    )


def revoke_certificate(*, actor: Actor, edition: Edition, certificate: Certificate, reason: str) -> None:
    """Take a certificate back: whoever checks its code is told so."""
    hold(edition)
    db.session.refresh(certificate)
    if certificate.revoked_at is not None:
        raise Conflict(N_("This certificate was revoked already. Nothing was changed."))
    if not reason.strip():
        raise Invalid(N_("Say why it is revoked: the reason is kept."))
    certificate.revoked_at, certificate.revoked_because = utc_now(), reason.strip()[:300]
    _record(actor, "certificate.revoked", edition, certificate.id)


def order_book(*, actor: Actor, edition: Edition) -> Job:
    """Queue the making of all certificates as one document; one at a time."""
    if not certificates_of(edition.id):
        raise Conflict(N_("No certificates are issued yet."))
    waiting = find_making(edition.id)
    if waiting is not None:
        return waiting
    _record(actor, "certificates.ordered", edition, None)
    return enqueue(
        kind=KIND,
        arguments={"edition_id": edition.id},
        scope=edition_scope(edition.id),
        person_id=actor.person_id,
    )


def find_making(edition_id: int) -> Job | None:
    """The job that makes the document now, or waits to."""
    query = select(Job).where(
        Job.kind == KIND,
        Job.scope == edition_scope(edition_id),
        Job.state.not_in([state.value for state in FINISHED]),
    )
    return db.session.scalars(query.order_by(Job.id.desc())).first()


def find_book(edition_id: int) -> CertificateBook | None:
    """The newest document with all certificates."""
    return db.session.scalar(select(CertificateBook).where(CertificateBook.edition_id == edition_id))


@handler(KIND)
def run_book(run: JobRun) -> Mapping[str, Any]:
    """Make the document and keep it in the place of the last one."""
    edition = get_edition_by_id(run.arguments["edition_id"])
    rows = certificates_of(edition.id)
    data, pages = certificates_pdf(edition, rows, lambda done: run.progress(done, len(rows), MAKING))
    values = {"edition_id": edition.id, "made_at": utc_now(), "pages": pages, "data": data}
    db.session.rollback()
    with unit_of_work():
        db.session.execute(delete(CertificateBook).where(CertificateBook.edition_id == values["edition_id"]))
        db.session.add(CertificateBook(**values))
        run.conclude({"pages": pages, "size": len(data)})
    return {"pages": pages, "size": len(data)}


def _record(actor: Actor, verb: str, edition: Edition, thing_id: int | None, **details: Any) -> None:
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, verb, "certificate", thing_id, scope=scope, details=details)
    bump(scope)
