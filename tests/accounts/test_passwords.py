"""Which passwords are taken, and what checking one costs."""

from __future__ import annotations

import pytest

from accounts.models import Person, User
from accounts.passwords import check_password
from core.errors import Invalid
from tests.factories import NOW

PERSON = Person(name="Ouyang Xue", name_local="欧阳雪欧阳雪欧阳雪欧", created_at=NOW)
USER = User(email="ouyang.xue@example.org", created_at=NOW)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "一二三四五六七八九十甲", "Tr0ub4dor&3x", "a b c d e f g h"]
)
def test_a_long_password_of_ones_own_is_taken(password: str) -> None:
    assert check_password(password, user=USER, person=PERSON) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short one",
        "x" * 201,
        "password123",
        "Password2026!",
        "passwordpassword",
        "1234567890",
        "aaaaaaaaaaaa",
        "abababababab",
        "............",
        "Ouyang Xue",
        "ouyangxue!!",
        "ouyang.xue@example.org",
        "欧阳雪欧阳雪欧阳雪欧",
    ],
)
def test_a_password_that_anybody_would_try_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, user=USER, person=PERSON)
