"""Writing consent records: every act is one more row in the fields of ISO/IEC TS 27560, with its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, inspect, select
from sqlalchemy import event as orm_event

from core.access import Actor
from core.db import db
from core.links import public_address
from talent_pool.consent import HOLDS_FOR, find_consent, home_country
from talent_pool.models import Employer, PoolConsent, PoolProfile
from talent_pool.notice import Notice, controller, kept_notice, present_notice
from talent_pool.person_models import PoolConsentRecord, PoolEvent, PoolNotice, PoolRule

SCHEMA = "ISO/IEC TS 27560:2023"
PURPOSES = ("listing", "abroad", "statistics")
STATES = {
    "given": "given", "changed": "given", "confirmed": "given", "resumed": "given", "paused": "suspended",
    "withdrawn": "withdrawn", "ended": "expired", "erased": "withdrawn",
}  # fmt: skip

EMPLOYERS = select(
    Employer.id,
    Employer.public_id,
    Employer.state,
    Employer.name,
    Employer.name_local,
    Employer.kind,
    Employer.country,
).order_by(Employer.name, Employer.id)
TEXT = select(PoolNotice.id).where(PoolNotice.text_hash == bindparam("text_hash"))
YES = ("given", "confirmed")
LAST_YES = (
    select(PoolConsentRecord.text_version, PoolConsentRecord.text_hash, PoolConsentRecord.language)
    .where(
        PoolConsentRecord.person_id == bindparam("person"),
        PoolConsentRecord.act.in_(YES),
        PoolConsentRecord.at >= bindparam("since"),
    )
    .order_by(PoolConsentRecord.id.desc())
    .limit(1)
)
RULES = (
    select(PoolRule.rule, PoolRule.value)
    .where(PoolRule.profile_id == bindparam("profile"))
    .order_by(PoolRule.rule, PoolRule.value)
)


class TextShown(NamedTuple):
    """Which text an act is about."""

    text_version: str
    text_hash: str
    language: str


def add_record(
    act: str, *, actor: Actor, consent: PoolConsent, profile: PoolProfile | None, now: datetime
) -> PoolConsentRecord:
    """Note one act of consent with everything that held at that moment.

    A yes is to the text that is in force; whatever is done later stands under the text that was agreed to, also when
    there is a newer one by then.
    """
    text = None if act in YES else _last_yes(consent)
    if text is None:
        text = _in_force(now)
    row = PoolConsentRecord(person_id=consent.person_id, act=act, at=now, **text._asdict(), record={})
    db.session.add(row)
    with db.session.no_autoflush:
        row.record = _record(row, actor, consent, profile)
    db.session.flush()
    return row


def _record(
    row: PoolConsentRecord,
    actor: Actor,
    consent: PoolConsent,
    profile: PoolProfile | None,
) -> dict[str, Any]:
    everybody = db.session.execute(EMPLOYERS).all()
    employers = [_named(one) for one in everybody if one.state == "approved"]
    return {
        "schema_version": SCHEMA,
        "notice": {
            "version": row.text_version,
            "hash_sha256": row.text_hash,
            "language": row.language,
            "address": public_address("/pool/join"),
        },
        "pii_controllers": [controller()],
        "lawful_basis": "consent",
        "purposes": [
            {
                "purpose": purpose,
                "is_agreed": agreed,
                "pii_categories": PII[purpose],
                "recipients": (recipients := _recipients(purpose, employers)),
                "jurisdictions": sorted({one["country"] or "unknown" for one in recipients}),
            }
            for purpose, agreed in _agreed(consent).items()
        ],
        "storage": {"location": home_country(), "retention_days": HOLDS_FOR.days},
        "withdrawal": {"method": "one button", "address": public_address("/pool/consent")},
        "adult_declared": True,
        "choices": _choices(profile, {one.id: one.public_id for one in everybody}),
        "event": {
            "type": row.act,
            "state": STATES[row.act],
            "at": row.at.isoformat(),
            "by": "system" if actor.is_system else "data subject",
            "valid_until": (consent.confirmed_at + HOLDS_FOR).isoformat(),
        },
    }


PII = {
    "listing": ["what the person puts on the card"],
    "abroad": ["what the person puts on the card"],
    "statistics": [
        "roles, divisions and countries of the person's parts in competitions, as counts of five and more"
    ],
}


def _agreed(consent: PoolConsent) -> dict[str, bool]:
    return {
        "listing": True,
        "abroad": consent.allows_abroad,
        "statistics": consent.allows_statistics,
    }


def _named(row: Any) -> dict[str, str]:
    return {"name": row.name or row.name_local, "kind": row.kind, "country": row.country}


def _recipients(purpose: str, employers: list[dict[str, str]]) -> list[dict[str, str]]:
    """Who may see what a purpose is about: employers at home for the listing, the others for abroad."""
    if purpose == "statistics":
        return []
    home = home_country()
    return [one for one in employers if (one["country"] != home) == (purpose == "abroad")]


def _choices(profile: PoolProfile | None, names: dict[int, str]) -> dict[str, Any]:
    if profile is None:
        return {}
    found: dict[str, list[str]] = {}
    for rule, value in db.session.execute(RULES, {"profile": profile.id}):
        is_key = rule in ("shown", "hidden", "preapproved")
        found.setdefault(rule, []).append(names.get(int(value), "") if is_key else value)
    return {
        "audience": profile.audience,
        "new_employers": profile.new_employers,
        "exceptions": found,
    }


def receipt_of(row: PoolConsentRecord) -> dict[str, Any]:
    """The receipt that a person keeps: the record under its id, and the whole text that was shown."""
    notice = db.session.scalar(select(PoolNotice).where(PoolNotice.text_hash == row.text_hash))
    return {"record_id": row.public_id, **row.record, "notice_text": notice.text if notice else ""}


def records_of(person_id: int) -> list[PoolConsentRecord]:
    """Every act of a person, newest first."""
    query = select(PoolConsentRecord).where(PoolConsentRecord.person_id == person_id)
    return list(db.session.scalars(query.order_by(PoolConsentRecord.id.desc())))


def agreed_notice(consent: PoolConsent) -> Notice:
    """The text to which a person said yes last, as it was shown to them."""
    said = _last_yes(consent)
    text = said and db.session.scalar(select(PoolNotice.text).where(PoolNotice.text_hash == said.text_hash))
    return kept_notice(said.text_version, said.language, text) if said and text else present_notice()


def is_superseded(agreed: Notice) -> bool:
    """Whether the text in force is another one by now, in the language in which this one was agreed to."""
    return agreed.text_hash != present_notice(agreed.language).text_hash


def has_new_text(person_id: int) -> bool:
    """Whether a person's yes is to an earlier text than the present one."""
    consent = find_consent(person_id)
    return consent is not None and is_superseded(agreed_notice(consent))


def _last_yes(consent: PoolConsent) -> TextShown | None:
    row = db.session.execute(LAST_YES, {"person": consent.person_id, "since": consent.given_at}).first()
    return TextShown(*row) if row else None


def _in_force(now: datetime) -> TextShown:
    notice = present_notice()
    _keep_text(notice, now)
    return TextShown(notice.version, notice.text_hash, notice.language)


def _keep_text(notice: Notice, now: datetime) -> None:
    if db.session.scalar(TEXT, {"text_hash": notice.text_hash}) is None:
        db.session.add(
            PoolNotice(
                text_hash=notice.text_hash,
                text_version=notice.version,
                language=notice.language,
                text=notice.text,
                first_shown_at=now,
            )
        )


class RecordsAreKept(Exception):
    """Somebody tried to change or remove a row that is only ever added."""


def _refuse_change(_mapper: Any, _connection: Any, row: Any) -> None:
    changed = {attribute.key for attribute in inspect(row).attrs if attribute.history.has_changes()}
    if changed - {"person_id"}:
        raise RecordsAreKept(f"{type(row).__name__} {row.id} is kept as it was written.")


def _refuse_removal(_mapper: Any, _connection: Any, row: Any) -> None:
    raise RecordsAreKept(f"{type(row).__name__} {row.id} is kept.")


for _kept in (PoolConsentRecord, PoolEvent, PoolNotice):
    orm_event.listen(_kept, "before_update", _refuse_change)
    orm_event.listen(_kept, "before_delete", _refuse_removal)
