"""Saved searches and their digest: counts and links, once a day, and never anything of a card."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from core.access import SYSTEM
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.outbox import OutboxMessage
from talent_pool.employer_models import SavedSearch
from talent_pool.models import Employer
from talent_pool.public import decide_employer
from talent_pool.services import saved
from tests.talent_pool.conftest import actor_of, make_card, make_employer


def digests() -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "pool_digest").order_by(OutboxMessage.id)
    return list(db.session.scalars(query))


def told(at: datetime) -> None:
    db.session.execute(update(SavedSearch).values(told_at=at))
    db.session.commit()


def test_the_digest_holds_counts_and_links_and_no_card(app: Flask) -> None:
    searcher, _employer = make_employer()
    row = saved.save_search(actor=actor_of(searcher), name="Port", words="port", filters={})
    saved.save_search(actor=actor_of(searcher), name="Nothing new", words="arbitration", filters={})
    _old, _card = make_card("Port lawyer", about="谈判 secret words", name="Zoë Quill")
    now = utc_now()
    told(now - timedelta(days=1))
    saved.send_digests(now)
    (mail,) = digests()
    assert "Port: 1 new or renewed of 1" in mail.body
    assert f"/employers/search?saved={row.public_id}" in mail.body
    hidden = ("Quill", "lawyer", "secret", "谈判", _card.handle, "Nothing new", _old.email)
    assert [word for word in hidden if word in mail.body + mail.subject] == []
    saved.send_digests(now + timedelta(hours=1))
    saved.send_digests(now + timedelta(days=1))
    assert len(digests()) == 1


def test_nothing_is_mailed_to_whom_it_does_not_concern(app: Flask) -> None:
    searcher, employer = make_employer()
    make_card("Port lawyer")
    row = saved.save_search(actor=actor_of(searcher), name="Port", words="port", filters={})
    told(utc_now() - timedelta(days=1))
    saved.set_daily(actor=actor_of(searcher), public_id=row.public_id, is_daily=False)
    told(utc_now() - timedelta(days=1))
    saved.send_digests(utc_now())
    assert digests() == []
    saved.set_daily(actor=actor_of(searcher), public_id=row.public_id, is_daily=True)
    told(utc_now() - timedelta(days=1))
    decide_employer(actor=SYSTEM, employer=db.session.get_one(Employer, employer.id), state="suspended")
    db.session.commit()
    saved.send_digests(utc_now())
    assert digests() == []


def test_counts_follow_what_can_be_seen(app: Flask) -> None:
    searcher, _employer = make_employer()
    make_card("Port lawyer", languages={"fr": "C1"})
    make_card("Port planner")
    saved.save_search(actor=actor_of(searcher), name="Port", words="port", filters={"language": ["fr"]})
    (line,) = saved.searches_of(actor_of(searcher))
    assert (line.total, line.news) == (1, 0)
    told(utc_now() - timedelta(days=2))
    assert saved.searches_of(actor_of(searcher))[0].news == 1


@pytest.mark.parametrize(("name", "words"), [("", "port"), ("x" * 81, "port"), ("Port", "(port")])
def test_a_search_that_cannot_be_run_is_not_kept(app: Flask, name: str, words: str) -> None:
    searcher, _employer = make_employer()
    with pytest.raises(Invalid):
        saved.save_search(actor=actor_of(searcher), name=name, words=words, filters={})


def test_searches_are_ones_own_and_not_endless(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (searcher, _one), (other, _two) = make_employer("One"), make_employer("Two")
    row = saved.save_search(actor=actor_of(searcher), name="Port", words="", filters={})
    for deed in (saved.remove_search, lambda **who: saved.set_daily(is_daily=False, **who)):
        with pytest.raises(NotFound):
            deed(actor=actor_of(other), public_id=row.public_id)
    monkeypatch.setattr(saved, "MOST_SEARCHES", 1)
    with pytest.raises(Conflict):
        saved.save_search(actor=actor_of(searcher), name="More", words="", filters={})
    saved.remove_search(actor=actor_of(searcher), public_id=row.public_id)
    assert db.session.scalar(select(func.count(SavedSearch.id))) == 0
