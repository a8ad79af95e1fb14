"""What everybody sees of published standings: kept until they change, and never a single judge's marks."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from competition.rounds.public import RecordedPlace, record_result
from core.db import db
from judging.models import Scoresheet
from judging.publicity import hidden_seats
from judging.snapshots import publish_snapshot, take_snapshot, unpublish_snapshot
from tests.factories import make_edition
from tests.judging.judged import make_judged
from tests.judging.scene import ORGANISER


def harsh(judge: int) -> int:
    return 12 if judge % 3 == 0 else 0


def published(**shape):
    made = make_judged(**{"severity": harsh, "noise": 2, "rounds": 2, "is_public": True, **shape})
    snapshot = take_snapshot(actor=ORGANISER, edition=made.edition)
    publish_snapshot(actor=ORGANISER, snapshot=snapshot)
    return made, snapshot


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def test_the_page_is_kept_and_dropped_by_the_write_that_changes_it(app, client):
    made, snapshot = published()
    address = f"/e/{made.edition.slug}/standings/published"
    first = client.get(address)
    assert made.by_role["government"][0].name in text_of(first)
    snapshot.tables = {name: [] for name in snapshot.tables}
    assert text_of(client.get(address)) == text_of(first)
    made.by_role["government"][0].name = "Renamed"
    again = take_snapshot(actor=ORGANISER, edition=made.edition)
    publish_snapshot(actor=ORGANISER, snapshot=again)
    assert "Renamed" in text_of(client.get(address))
    unpublish_snapshot(actor=ORGANISER, snapshot=again)
    assert client.get(address).status_code == 404


def test_each_language_and_each_ranking_has_its_own_page(app, client):
    made, _snapshot = published()
    address = f"/e/{made.edition.slug}/standings/published"
    pages = {
        text_of(client.get(address, headers={"Accept-Language": language}, query_string={"of": of}))
        for language in ("en", "zh-CN")
        for of in ("role:government", "role:igo")
    }
    assert len(pages) == 4
    for nothing in ("overall", "role:nobody", "x"):
        assert client.get(address, query_string={"of": nothing}).status_code == 404


def test_a_rank_opens_for_everybody_without_any_judge_or_mark(app, client):
    made, snapshot = published()
    row = snapshot.tables["role:igo"][0]
    page = text_of(
        client.get(f"/e/{made.edition.slug}/standings/published/{row['team_public_id']}?of=role:igo")
    )
    assert "Adjustment for the severity of the judges together" in page
    assert "Sheet of" not in page
    assert not any(re.search(rf"{judge.name}\b", page) for judge in made.judges)


def test_where_two_judges_sat_the_rank_is_all_there_is(app, client):
    made, snapshot = published(panel=2)
    row = snapshot.tables["role:igo"][0]
    page = text_of(
        client.get(f"/e/{made.edition.slug}/standings/published/{row['team_public_id']}?of=role:igo")
    )
    assert "fewer than three judges sat" in page
    for value in {cell["score"] for cell in row["rounds"]} | set(row["values"].values()):
        assert (
            value is None
            or not re.search(rf"(?<![\d.]){re.escape(value)}(?![\d.])", page)
            or Decimal(value) < 5
        )


def test_arithmetic_that_no_longer_leads_to_what_was_published_is_not_shown(app, client):
    made, snapshot = published(role_policy="rotating")
    table = made.tables[1][0]
    row = snapshot.tables["overall"][0]
    address = f"/e/{made.edition.slug}/standings/published/{row['team_public_id']}"
    assert "Compared, in this order" in text_of(client.get(address))
    record_result(
        actor=ORGANISER,
        table_id=table.id,
        source="given",
        placings=[
            RecordedPlace(team_id=seat, rank=place, score=Decimal(90 - place))
            for place, seat in enumerate(_seated(table), 1)
        ],
    )
    changed = [
        client.get(f"/e/{made.edition.slug}/standings/published/{one['team_public_id']}")
        for one in snapshot.tables["overall"]
    ]
    assert any("have changed since these standings were published" in text_of(page) for page in changed)


def _seated(table) -> list[int]:
    from competition.rounds.models import Seat

    return list(db.session.scalars(select(Seat.team_id).where(Seat.table_id == table.id).order_by(Seat.id)))


@pytest.mark.parametrize("team_id", ["nobody", "x" * 16])
def test_nobody_else_is_explained(app, client, team_id):
    made, _snapshot = published()
    assert client.get(f"/e/{made.edition.slug}/standings/published/{team_id}").status_code == 404
    hidden = make_edition()
    assert client.get(f"/e/{hidden.slug}/standings/published/{team_id}").status_code == 404


def test_a_waived_sheet_hides_a_score_as_an_empty_chair_does(app):
    made, _snapshot = published()
    assert hidden_seats(made.edition.id, 2) == set()
    table = made.tables[1][0]
    sheet = db.session.scalar(select(Scoresheet).where(Scoresheet.table_id == table.id))
    sheet.state = "waived"
    db.session.flush()
    assert hidden_seats(made.edition.id, 2) == {(team, 1) for team in _seated(table)}
