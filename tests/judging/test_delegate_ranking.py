"""The best delegates in public: names and ranks, chosen by the director, never a mark."""

from __future__ import annotations

import re

import pytest

from core.errors import Conflict, Invalid
from judging.delegates import delegate_standings, published_delegates
from judging.services.delegate_ranking import publish_delegates, withdraw_delegates
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in
from tests.judging.judged import make_judged
from tests.judging.scene import ORGANISER


def test_the_first_ones_are_published_with_whoever_shares_their_rank(app):
    edition = make_judged(rounds=1).edition
    rows = delegate_standings(edition)
    publish_delegates(actor=ORGANISER, edition=edition, count=3)
    shown = published_delegates(edition.id)
    expected = [row for row in rows if row.rank <= 3]
    assert [(one.rank_text, one.name, one.team) for one in shown] == [
        (row.rank_text, row.name, row.team) for row in expected
    ]
    publish_delegates(actor=ORGANISER, edition=edition, count=1)
    assert len(published_delegates(edition.id)) == sum(row.rank == 1 for row in rows)
    withdraw_delegates(actor=ORGANISER, edition=edition)
    assert published_delegates(edition.id) == []


@pytest.mark.parametrize("count", [0, -1, 501])
def test_a_number_out_of_range_is_refused(app, count):
    with pytest.raises(Invalid):
        publish_delegates(actor=ORGANISER, edition=make_judged(rounds=1).edition, count=count)


def test_nothing_is_published_before_there_are_marks_and_nothing_withdrawn_twice(app):
    edition = make_edition()
    with pytest.raises(Conflict):
        publish_delegates(actor=ORGANISER, edition=edition, count=10)
    with pytest.raises(Conflict):
        withdraw_delegates(actor=ORGANISER, edition=edition)


def test_the_public_page_has_no_mark_and_is_not_there_before(app, client, new_client):
    edition = make_judged(rounds=1).edition
    edition.is_public = True
    path = f"/e/{edition.slug}/standings/delegates"
    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    anybody = new_client()
    assert anybody.get(f"{path}/published").status_code == 404
    sent = {"count": "2", "idempotency_key": "k" * 24}
    assert client.post(f"{path}/publish", data=sent).status_code == 303
    page = anybody.get(f"{path}/published").get_data(as_text=True)
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r">\s*\d+\.\d", table) == []
    assert f"{path}/published" in anybody.get(f"/e/{edition.slug}/").get_data(as_text=True)
    gone = {"withdraw": "1", "idempotency_key": "l" * 24}
    assert client.post(f"{path}/publish", data=gone).status_code == 303
    assert anybody.get(f"{path}/published").status_code == 404
