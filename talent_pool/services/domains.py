"""Proof that an applicant speaks for an organisation: a code mailed to an address at its own domain."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from accounts.public import confirmed_address
from core.access import Actor
from core.audit import record
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.localised import N_
from core.outbox import checked_address, register_secret
from talent_pool.consent import acting_person
from talent_pool.mails import CODE, post_domain_code
from talent_pool.models import Employer

HOLDS_FOR = timedelta(hours=24)
WAIT = timedelta(minutes=2)
MOST_TRIES = 5
OPEN_TO_ALL = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.co.jp",
        "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "mail.ru", "yandex.ru", "proton.me",
        "protonmail.com",
        "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "sina.com", "sina.cn", "sohu.com", "139.com",
        "189.cn", "aliyun.com", "tom.com", "21cn.com", "naver.com", "daum.net", "hanmail.net",
    }
)  # fmt: skip
"""Where anybody gets an address, there and below (vip.qq.com): they prove nothing."""
OPEN_NAMES = frozenset({"gmail", "hotmail", "outlook", "yahoo", "live", "msn", "yandex"})
"""The same in many countries: hotmail.co.uk, yahoo.fr."""
REGISTRIES = frozenset(
    {"ac", "co", "com", "edu", "gob", "gov", "gouv", "go", "mil", "ne", "net", "or", "org", "sch"}
)
"""What stands before a country's letters where many register: edu.cn belongs to no one organisation."""


def domain_of(website: str) -> str:
    """The domain that a website belongs to, as far as its address says: without the www in front."""
    host = (urlsplit(website).hostname or "").rstrip(".").casefold()
    return host.removeprefix("www.")


def is_at(address: str, domain: str) -> bool:
    """Whether an address lies at a domain or below it, and not everybody can have one there."""
    host = address.rpartition("@")[2].casefold()
    return bool(domain) and not is_open_to_all(domain) and (host == domain or host.endswith(f".{domain}"))


def is_open_to_all(domain: str) -> bool:
    """Whether an address at this domain says nothing of an organisation: anybody gets one, or many share it."""
    labels = domain.split(".")
    if len(labels) < 2 or (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in REGISTRIES):
        return True
    above = (".".join(labels[start:]) for start in range(len(labels)))
    return labels[0] in OPEN_NAMES or any(one in OPEN_TO_ALL for one in above)


def send_code(*, actor: Actor, address: str, now: datetime | None = None) -> Employer:
    """Mail a code to an address at the organisation's domain. Raises Invalid for an address elsewhere."""
    employer, moment = _own_application(actor), now or utc_now()
    hold(employer)
    to, domain = checked_address(address), domain_of(employer.website)
    if is_open_to_all(domain):
        raise Invalid(N_("Everybody can have an address at %(domain)s, so it proves nothing."), domain=domain)
    if not is_at(to, domain):
        raise Invalid(
            N_("The address must end in @%(domain)s, the domain of the website you gave."), domain=domain
        )
    if employer.proof_sent_at is not None and moment < employer.proof_sent_at + WAIT:
        raise Conflict(N_("A code is on its way. Wait two minutes before you ask for another one."))
    employer.proof_address, employer.proof_nonce = to, secrets.token_urlsafe(24)
    employer.proof_sent_at, employer.proof_tries = moment, 0
    db.session.flush()
    record(actor, "ask_for_proof", "employer", employer.id)
    post_domain_code(employer, to, acting_person(actor))
    return employer


def prove(*, actor: Actor, code: str, now: datetime | None = None) -> bool:
    """Whether the code is the one that was mailed; every wrong try counts. Raises Conflict when it is too late."""
    employer, moment = _own_application(actor), now or utc_now()
    hold(employer)
    if not _is_live(employer, moment):
        raise Conflict(N_("This code no longer counts. Ask for another one."))
    typed = "".join(character for character in code if character.isdigit())
    if not hmac.compare_digest(_code(employer).encode(), typed.encode()):
        employer.proof_tries += 1
        db.session.flush()
        return False
    employer.domain, employer.proved_at, employer.proof_nonce = domain_of(employer.website), moment, ""
    db.session.flush()
    record(actor, "prove_domain", "employer", employer.id)
    return True


def prove_by_own_address(employer: Employer, person_id: int, now: datetime) -> None:
    """An applicant who signs in with an address at the domain has proved it already."""
    domain = domain_of(employer.website)
    if is_at(confirmed_address(person_id) or "", domain):
        employer.domain, employer.proved_at = domain, now


def _own_application(actor: Actor) -> Employer:
    query = select(Employer).where(Employer.applicant_id == acting_person(actor), Employer.state == "applied")
    employer = db.session.scalars(query.order_by(Employer.id.desc())).first()
    if employer is None:
        raise NotFound
    return employer


def _is_live(employer: Employer, now: datetime) -> bool:
    sent_at = employer.proof_sent_at
    is_there = bool(employer.proof_nonce) and sent_at is not None and now < sent_at + HOLDS_FOR
    return is_there and employer.proof_tries < MOST_TRIES


def _code(employer: Employer) -> str:
    """Six digits derived from the nonce under the server's secret: the database alone makes none."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"employer-domain:{employer.proof_nonce}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def _code_for_mail(key: int) -> str | None:
    employer = db.session.get(Employer, key)
    return _code(employer) if employer is not None and _is_live(employer, utc_now()) else None


register_secret(CODE, _code_for_mail)
