"""A CV is a PDF by its content, five megabytes at most, and nobody's but its person's before a reveal."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from core.errors import Invalid
from talent_pool.person_models import PoolCv
from talent_pool.public import leave_pool
from talent_pool.services.cvs import MOST_BYTES, check_cv, save_cv
from tests.papers import a_pdf
from tests.talent_pool.conftest import Browser, actor_of, make_card

GOOD = a_pdf("What I did")


@pytest.mark.parametrize("data", [b"", b"MZ no PDF", b"%PDF-" + b"x" * MOST_BYTES + b"%%EOF"])
def test_no_file_another_file_and_too_large_a_file_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        check_cv(data)


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_a_cv_of_exactly_five_megabytes_is_taken_and_no_larger_one(more: int, is_taken: bool) -> None:
    room = MOST_BYTES - len(a_pdf("What I did", note=b"-")) + 1
    data = a_pdf("What I did", note=b"-" * (room + more))
    assert len(data) == MOST_BYTES + more
    if is_taken:
        check_cv(data)
    else:
        with pytest.raises(Invalid, match="5 MB"):
            check_cv(data)


def test_a_cv_is_replaced_removed_and_gone_with_its_person(
    app: Flask, browser: Callable[..., Browser]
) -> None:
    user, _profile = make_card()
    page = browser(user)

    def upload(data: bytes) -> int:
        file = (io.BytesIO(data), "../../evil.exe")
        return page.post("/pool/cv", "/pool/", file=file).status_code

    assert upload(b"MZ no PDF") == 303
    assert "not a PDF that can be read" in page.get("/pool/").text
    assert page.get("/pool/cv").status_code == 404
    newer = a_pdf("What I did since")
    assert (upload(GOOD), upload(newer)) == (303, 303)
    answer = page.get("/pool/cv")
    assert answer.data == newer
    assert "evil" not in answer.headers["Content-Disposition"]
    assert page.post("/pool/cv/remove", "/pool/").status_code == 303
    save_cv(actor=actor_of(user), data=GOOD)
    leave_pool(actor=actor_of(user))
    assert db.session.scalar(select(func.count(PoolCv.id))) == 0
