"""Employers: proof of a domain, vetting by the operator, members and their invitations, a second step."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from accounts.people import add_user
from core import mail
from core.access import NEEDS_SECOND_FACTOR, SYSTEM, CapacityKind, capacities_of_person
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.outbox import OutboxMessage
from talent_pool.models import Employer
from talent_pool.public import apply_employer, decide_employer
from talent_pool.services import domains, members
from talent_pool.services.domains import domain_of, is_at
from tests.factories import make_person, make_user
from tests.talent_pool.conftest import Browser, actor_of, make_employer


def person_at(address: str) -> User:
    return add_user(actor=SYSTEM, person=make_person("Mo"), email=address, confirmed_at=utc_now())


def apply(user: User, website: str = "www.harbour.example.org") -> Employer:
    return apply_employer(
        actor=actor_of(user), name="Harbour", kind="igo", website=website, purpose="Staff", country="CN"
    )


def mailed_code() -> str:
    """The code as the mail's reader finds it: filled in at sending, in a session of its own."""
    db.session.commit()
    message = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "domain_code").order_by(OutboxMessage.id.desc())
    ).first()
    assert message is not None
    found = re.search(r"\b\d{6}\b", mail.compose(message).get_content())
    assert found is not None
    assert "[[employer_domain_code:" in message.body
    return found.group()


@pytest.mark.parametrize(
    ("address", "domain", "is_theirs"),
    [
        ("a@harbour.org", "harbour.org", True),
        ("a@mail.harbour.org", "harbour.org", True),
        ("a@HARBOUR.org", "harbour.org", True),
        ("a@notharbour.org", "harbour.org", False),
        ("a@harbour.org.evil.com", "harbour.org", False),
        ("a@gmail.com", "gmail.com", False),
        ("a@qq.com", "qq.com", False),
        ("", "harbour.org", False),
        ("a@harbour.org", "", False),
        ("a@fudan.edu.cn", "edu.cn", False),
        ("a@fudan.edu.cn", "fudan.edu.cn", True),
        ("a@port.gov.cn", "gov.cn", False),
        ("a@x.co.uk", "co.uk", False),
        ("a@vip.qq.com", "vip.qq.com", False),
        ("a@hotmail.co.uk", "hotmail.co.uk", False),
        ("a@un.org", "un.org", True),
        ("a@com", "com", False),
    ],
)
def test_an_address_lies_at_a_domain_or_below_it(address: str, domain: str, is_theirs: bool) -> None:
    assert is_at(address, domain) is is_theirs
    assert domain_of("https://www.Harbour.org/jobs") == "harbour.org"


def test_an_applicant_who_signs_in_at_the_domain_has_proved_it(app: Flask) -> None:
    employer = apply(person_at("mo@harbour.example.org"))
    assert (employer.domain, employer.proved_at is not None) == ("harbour.example.org", True)


def test_a_code_mailed_to_the_domain_proves_it(app: Flask) -> None:
    user = person_at("mo@gmail.com")
    employer = apply(user)
    actor = actor_of(user)
    assert employer.proved_at is None
    for elsewhere in ("mo@gmail.com", "hr@harbour.example.com"):
        with pytest.raises(Invalid):
            domains.send_code(actor=actor, address=elsewhere)
    domains.send_code(actor=actor, address="hr@harbour.example.org")
    with pytest.raises(Conflict):
        domains.send_code(actor=actor, address="hr@harbour.example.org")
    code = mailed_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert domains.prove(actor=actor, code=wrong) is False
    assert db.session.scalars(select(Employer.proof_tries)).one() == 1
    assert domains.prove(actor=actor, code=f"{code[:3]} {code[3:]}") is True
    assert db.session.scalars(select(Employer.domain)).one() == "harbour.example.org"
    with pytest.raises(Conflict):
        domains.prove(actor=actor, code=code)


def test_a_code_ends_after_five_tries_and_after_a_day(app: Flask) -> None:
    user = person_at("mo@gmail.com")
    apply(user)
    actor, now = actor_of(user), utc_now()
    domains.send_code(actor=actor, address="hr@harbour.example.org", now=now)
    code = mailed_code()
    with pytest.raises(Conflict):
        domains.prove(actor=actor, code=code, now=now + timedelta(hours=25))
    for _number in range(5):
        domains.prove(actor=actor, code="x")
    with pytest.raises(Conflict):
        domains.prove(actor=actor, code="x")


def test_the_operator_lets_in_the_unproved_only_with_a_reason(app: Flask) -> None:
    operator = make_user(is_operator=True)
    employer = apply(person_at("mo@gmail.com"))
    with pytest.raises(Invalid):
        decide_employer(actor=actor_of(operator), employer=employer, state="approved", reason=" short ")
    assert employer.state == "applied"
    reason = "Rang up their front desk"
    decide_employer(actor=actor_of(operator), employer=employer, state="approved", reason=reason)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "approved")).one()
    assert (employer.state, entry.details) == ("approved", {"reason": reason})
    decide_employer(actor=actor_of(operator), employer=employer, state="suspended")
    decide_employer(actor=actor_of(operator), employer=employer, state="approved")


def test_employers_need_a_second_step() -> None:
    assert CapacityKind.EMPLOYER in NEEDS_SECOND_FACTOR


def owner_at(domain: str = "harbour.example.org") -> tuple[User, Employer]:
    user = person_at(f"mo@{domain}")
    employer = apply(user, domain)
    decide_employer(actor=SYSTEM, employer=employer, state="approved")
    return user, employer


def test_a_colleague_is_invited_at_the_domain_and_says_yes_themselves(app: Flask) -> None:
    owner, employer = owner_at()
    for elsewhere in ("ann@gmail.com", "ann@other.example.org"):
        with pytest.raises(Invalid):
            members.invite_member(actor=actor_of(owner), email=elsewhere)
    invitation = members.invite_member(actor=actor_of(owner), email=" Ann@harbour.example.org ")
    with pytest.raises(Conflict):
        members.invite_member(actor=actor_of(owner), email="ann@harbour.example.org")
    stranger, ann = person_at("x@harbour.example.org"), person_at("ann@harbour.example.org")
    with pytest.raises(NotFound):
        members.accept_invitation(actor=actor_of(stranger), public_id=invitation.public_id)
    assert [found.id for _row, found in members.invitations_to(ann.person_id)] == [employer.id]
    members.accept_invitation(actor=actor_of(ann), public_id=invitation.public_id)
    assert [line.address for line in members.members_of(employer, actor_of(ann))] == [owner.email, ann.email]
    with pytest.raises(Conflict):
        members.accept_invitation(actor=actor_of(ann), public_id=invitation.public_id)
    with pytest.raises(Forbidden):
        members.invite_member(actor=actor_of(ann), email="y@harbour.example.org")


def test_an_invitation_ends(app: Flask) -> None:
    owner, _employer = owner_at()
    late, withdrawn = (
        members.invite_member(actor=actor_of(owner), email=f"{name}@harbour.example.org") for name in "ab"
    )
    members.withdraw_invitation(actor=actor_of(owner), public_id=withdrawn.public_id)
    for name, row, after in (("a", late, timedelta(days=15)), ("b", withdrawn, timedelta())):
        user = person_at(f"{name}@harbour.example.org")
        with pytest.raises(Conflict):
            members.accept_invitation(actor=actor_of(user), public_id=row.public_id, now=utc_now() + after)
    other, _second = owner_at("second.example.org")
    with pytest.raises(NotFound):
        members.withdraw_invitation(actor=actor_of(other), public_id=late.public_id)


def test_a_member_taken_out_is_out_at_once_and_the_last_owner_stays(app: Flask) -> None:
    owner, employer = owner_at()
    invitation = members.invite_member(actor=actor_of(owner), email="ann@harbour.example.org")
    ann = person_at("ann@harbour.example.org")
    members.accept_invitation(actor=actor_of(ann), public_id=invitation.public_id)
    ids = {line.address: line.public_id for line in members.members_of(employer, actor_of(owner))}
    with pytest.raises(Conflict):
        members.remove_member(actor=actor_of(owner), public_id=ids[owner.email])
    other, _second = owner_at("second.example.org")
    with pytest.raises(NotFound):
        members.remove_member(actor=actor_of(other), public_id=ids[ann.email])
    members.remove_member(actor=actor_of(owner), public_id=ids[ann.email])
    kinds = {capacity.kind for capacity in capacities_of_person(ann.person_id)}
    assert CapacityKind.EMPLOYER not in kinds
    assert employer.state == "approved"


def test_the_pages_of_proof_and_members(app: Flask, browser: Callable[..., Browser]) -> None:
    user = person_at("mo@gmail.com")
    apply(user)
    page = browser(user)
    address = "hr@harbour.example.org"
    assert page.post("/employers/proof", "/employers/apply", mailbox="hr@gmail.com").status_code == 422
    assert page.post("/employers/proof", "/employers/apply", mailbox=address).status_code == 303
    assert page.post("/employers/proof/code", "/employers/apply", code="000").status_code == 422
    assert db.session.scalars(select(Employer.proof_tries)).one() == 1
    assert page.post("/employers/proof/code", "/employers/apply", code=mailed_code()).status_code == 303
    assert "Proved" in page.get("/employers/apply").text
    assert page.get("/employers/invitations").status_code == 200
    searcher, _employer = make_employer("Other")
    assert "An address at @example.org" in browser(searcher).get("/employers/members").text
