"""Before a reveal, nothing of who somebody is stands on any page, mail, export or line of the log of an employer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from core.audit import AuditEntry
from core.db import db, utc_now
from core.outbox import OutboxMessage
from talent_pool.employer_models import SavedSearch
from talent_pool.public import save_profile
from talent_pool.services import asking, exports, lists, saved
from tests.factories import make_delegate, make_edition, make_institution, make_team
from tests.talent_pool.conftest import Browser, actor_of, make_card, make_employer
from tests.talent_pool.test_asking import make_offer, revealed

PHONE = "+86 139 1234 5678"


def test_a_seeded_person_is_nowhere(
    app: Flask, browser: Callable[..., Browser], capfd: pytest.CaptureFixture[str]
) -> None:
    user, profile = make_card("Port mediator", name="Zoë Quillfeather", name_local="奎尔佐伊")
    edition = make_edition(name="Harbour Games")
    institution = make_institution(edition, "Zanzibar Polytechnic")
    team = make_team(edition, "Crimson Herons", institution_id=institution.id)
    make_delegate(
        team, "Zoë Quillfeather", person_id=user.person_id, contact=f"zq@quill.example {PHONE}"[:254]
    )
    save_profile(actor=actor_of(user), headline="Port mediator", about="港口调解", shows_results=True)
    searcher, _employer = make_employer()
    actor, address, own_address = actor_of(searcher), searcher.email, user.email
    saved.save_search(actor=actor, name="Port", words="port OR 港口", filters={})
    row = lists.add_list(actor=actor, name="Mine")
    lists.put_on_list(actor=actor, public_id=row.public_id, handles=[profile.handle])
    offer = make_offer(searcher)
    asking.ask_people(actor=actor, handles=[profile.handle], opportunity=offer.public_id, message="Come")
    revealed(searcher, "Told Already")
    db.session.execute(SavedSearch.__table__.update().values(told_at=utc_now() - timedelta(days=2)))
    db.session.commit()
    page = browser(searcher)
    seen = [
        page.get(f"/employers/{path}").text
        for path in (
            "search",
            "search?q=port",
            "search?q=quillfeather",
            "search?q=奎尔",
            "search?q=zanzibar",
            "searches",
            "lists",
            f"lists/{row.public_id}",
            f"cards/{profile.handle}",
            f"ask?handle={profile.handle}",
            "opportunities",
            "requests",
            "members",
            "deletions",
            "search?q=(quill",
        )
    ]
    assert all(profile.handle in seen[place] for place in (0, 1, 7, 8, 9, 11))
    assert all(profile.handle not in seen[place] for place in (2, 3, 4))
    saved.send_digests(utc_now())
    mails = [
        f"{mail.subject} {mail.body}"
        for mail in db.session.scalars(select(OutboxMessage))
        if mail.to_address == address
    ]
    assert len(mails) >= 2
    file = exports.export_revealed(actor=actor)
    cells = [
        str(cell.value)
        for sheet in load_workbook(BytesIO(file.data)).worksheets
        for line in sheet.iter_rows()
        for cell in line
    ]
    record = [f"{entry.verb} {entry.details}" for entry in db.session.scalars(select(AuditEntry))]
    log = "".join(capfd.readouterr())
    shown = " ".join([*seen, *mails, *cells, *record, log])
    hidden = ("Quillfeather", "奎尔佐伊", "Crimson", "Zanzibar Polytechnic", own_address, "zq@quill", PHONE)
    assert [word for word in hidden if word in shown] == []
