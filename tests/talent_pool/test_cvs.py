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
from talent_pool.services.cvs import MOST_BYTES, check_pdf, save_cv
from tests.talent_pool.conftest import Browser, actor_of, make_card

GOOD = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>%PDF-1.7 %%EOF",
        b"PK\x03\x04 %PDF- %%EOF",
        b"%PDF-1.7 cut off",
        b"%PDF-1.7 /JavaScript (app.alert) %%EOF",
        b"%PDF-1.7 /OpenAction << /S /Launch >> %%EOF",
        b"%PDF-1.7 /EmbeddedFile %%EOF",
        b"%PDF-1.7 /Encrypt 5 0 R %%EOF",
        b"%PDF-" + b"x" * MOST_BYTES + b"%%EOF",
    ],
)
def test_what_is_no_plain_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        check_pdf(data)


def test_a_cv_of_exactly_five_megabytes_is_taken() -> None:
    check_pdf(b"%PDF-" + b"x" * (MOST_BYTES - 10) + b"%%EOF")


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
    assert (upload(GOOD), upload(GOOD + b"%%EOF\n")) == (303, 303)
    answer = page.get("/pool/cv")
    assert answer.data == GOOD + b"%%EOF\n"
    assert "evil" not in answer.headers["Content-Disposition"]
    assert page.post("/pool/cv/remove", "/pool/").status_code == 303
    save_cv(actor=actor_of(user), data=GOOD)
    leave_pool(actor=actor_of(user))
    assert db.session.scalar(select(func.count(PoolCv.id))) == 0
