"""Demo people who can sign in, with random passwords that are printed once and kept nowhere."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from accounts.public import create_person, create_user
from core.access import SYSTEM

WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "indigo", "jade", "kelp", "lotus",
    "maple", "north", "olive", "pearl", "quartz", "river", "sable", "tulip", "umber", "violet", "willow", "zephyr",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Who can sign in, with what."""

    who: str
    person_id: int
    address: str
    password: str


def invent_password() -> str:
    """Four random words and three digits: easy to type, 28 bits, for invented people on one machine only."""
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(1000):03d}"


def add_sign_in(
    who: str, account: str, name: str, *, name_local: str = "", is_operator: bool = False
) -> SignIn:
    """A demo person with a confirmed address; demo people need no second factor."""
    person = create_person(actor=SYSTEM, name=name, name_local=name_local)
    address, password = f"{account}@example.org", invent_password()
    create_user(
        actor=SYSTEM,
        person_id=person.person_id,
        email=address,
        is_confirmed=True,
        is_operator=is_operator,
        is_demo=True,
        password=password,
    )
    return SignIn(who=who, person_id=person.person_id, address=address, password=password)
