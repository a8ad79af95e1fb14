"""What other features see of people."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.passwords import hasher
from accounts.public import (
    PersonCard,
    confirmed_address,
    create_person,
    create_user,
    find_person,
    find_user_by_email,
    get_people,
    get_person,
)
from core.access import SYSTEM
from core.errors import Conflict, Invalid, NotFound
from tests.factories import make_person, make_user


def test_a_person_is_a_card(app: Flask) -> None:
    row = make_person("Ouyang Xue", name_local="欧阳雪", locale="zh_Hans")
    card = PersonCard(
        person_id=row.id, public_id=row.public_id, name="Ouyang Xue", name_local="欧阳雪", locale="zh_Hans"
    )
    assert (get_person(row.id), find_person(row.id + 1)) == (card, None)
    assert get_people([row.id, row.id + 1]) == {row.id: card}
    with pytest.raises(NotFound):
        get_person(row.id + 1)


def test_a_user_is_found_by_any_spelling_of_the_address(app: Flask) -> None:
    user = make_user("ada@example.org")
    found = find_user_by_email(" ADA@example.org")
    assert found is not None
    assert (found.user_id, found.person_id) == (user.id, user.person_id)
    assert [find_user_by_email(text) for text in ("bob@example.org", "nonsense", "")] == [None, None, None]


def test_an_address_counts_once_confirmed(app: Flask) -> None:
    person = create_person(actor=SYSTEM, name="", name_local="欧阳雪")
    assert confirmed_address(person.person_id) is None
    card = create_user(actor=SYSTEM, person_id=person.person_id, email="Xue@example.org")
    assert (card.email, card.email_confirmed_at) == ("xue@example.org", None)
    assert confirmed_address(person.person_id) is None
    other = create_person(actor=SYSTEM, name="Ada")
    create_user(actor=SYSTEM, person_id=other.person_id, email="ada@example.org", is_confirmed=True)
    assert confirmed_address(other.person_id) == "ada@example.org"


def test_a_user_may_be_made_with_a_password(app: Flask) -> None:
    person = create_person(actor=SYSTEM, name="Ada")
    create_user(
        actor=SYSTEM,
        person_id=person.person_id,
        email="ada@example.org",
        is_confirmed=True,
        is_demo=True,
        password="k3-fjord-lamp",
    )
    from accounts.people import find_user

    user = find_user("ada@example.org")
    assert user is not None
    assert (user.is_demo, hasher.verify(user.password_hash or "", "k3-fjord-lamp")) == (True, True)


def test_an_address_and_a_person_have_one_user(app: Flask) -> None:
    first, second = (create_person(actor=SYSTEM, name=name) for name in ("Ada", "Bob"))
    create_user(actor=SYSTEM, person_id=first.person_id, email="ada@example.org")
    with pytest.raises(Conflict):
        create_user(actor=SYSTEM, person_id=second.person_id, email="ADA@example.org")
    with pytest.raises(Conflict):
        create_user(actor=SYSTEM, person_id=first.person_id, email="other@example.org")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_person_has_a_name_of_sensible_length(app: Flask, name: str) -> None:
    with pytest.raises(Invalid):
        create_person(actor=SYSTEM, name=name)
