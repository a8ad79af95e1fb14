"""Recording results: versions, points, stand-ins, confirmed rounds, in both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from competition.entries.models import Team
from competition.rounds.models import TableResult
from competition.rounds.public import (
    RecordedPlace,
    RecordedTable,
    confirm_round_results,
    last_confirmed_round,
    live_draw,
    record_result,
    record_results,
    reopen_round_results,
    seated_results,
    tables_of_draw,
)
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid
from tests.competition.rounds.builders import make_draw, make_field
from tests.factories import make_edition, make_round


def places(teams: list[Team], ranks: list[int | None]) -> list[RecordedPlace]:
    return [
        RecordedPlace(team_id=team.id, rank=rank, score=Decimal(70 - i))
        for i, (team, rank) in enumerate(zip(teams, ranks, strict=True))
    ]


def one_table(count: int = 4, **values: object) -> tuple[int, int, list[Team]]:
    edition = make_edition()
    teams = make_field(edition, count)
    row = make_round(edition, **values)
    draw = make_draw(row, [*teams, None, None, None, None][:4])
    return edition.id, tables_of_draw(draw.id)[0].id, teams


def test_ranks_become_points_times_the_weight_of_the_round(app: Flask) -> None:
    edition_id, table_id, teams = one_table(weight=Decimal(2))
    record_result(actor=SYSTEM, table_id=table_id, source="sheets", placings=places(teams, [2, 1, 3, 3]))
    found = {
        result.team_id: (result.rank, result.is_shared, result.points, result.score)
        for result in seated_results(edition_id)
    }
    assert found == {
        teams[0].id: (2, False, Decimal(4), Decimal(70)),
        teams[1].id: (1, False, Decimal(6), Decimal(69)),
        teams[2].id: (3, True, Decimal(1), Decimal(68)),
        teams[3].id: (3, True, Decimal(1), Decimal(67)),
    }


def test_a_correction_supersedes_the_result_and_edits_nothing(app: Flask) -> None:
    edition_id, table_id, teams = one_table()
    first = record_result(
        actor=SYSTEM, table_id=table_id, source="sheets", placings=places(teams, [1, 2, 3, 4])
    )
    second = record_result(
        actor=SYSTEM, table_id=table_id, source="given", placings=places(teams, [4, 3, 2, 1])
    )
    assert (first.version, second.version) == (1, 2)
    rows = db.session.execute(
        select(TableResult.version, TableResult.is_live, TableResult.source).order_by(TableResult.version)
    ).all()
    assert [tuple(row) for row in rows] == [(1, False, "sheets"), (2, True, "given")]
    assert [result.points for result in seated_results(edition_id)] == [Decimal(n) for n in (0, 1, 2, 3)]


def test_a_stand_in_is_taken_out_before_ranking(app: Flask) -> None:
    edition_id, table_id, teams = one_table()
    teams[1].status = "stand_in"
    db.session.flush()
    record_result(actor=SYSTEM, table_id=table_id, source="sheets", placings=places(teams, [1, 2, 3, 4]))
    found = [(result.rank, result.points) for result in seated_results(edition_id)]
    assert found == [(1, Decimal("2.5")), (None, Decimal(0)), (2, Decimal("1.5")), (3, Decimal("0.5"))]


def test_an_absent_team_and_a_vacant_seat_leave_a_table_of_three(app: Flask) -> None:
    edition_id, table_id, teams = one_table()
    record_result(
        actor=SYSTEM, table_id=table_id, source="sheets", placings=places(teams, [1, None, 2, 3])[:4]
    )
    assert [result.points for result in seated_results(edition_id)] == [
        Decimal(text) for text in ("2.5", "0", "1.5", "0.5")
    ]
    edition_id, table_id, teams = one_table(3)
    record_result(actor=SYSTEM, table_id=table_id, source="given", placings=places(teams, [3, 2, 1]))
    assert [result.points for result in seated_results(edition_id)] == [
        Decimal(t) for t in ("0.5", "1.5", "2.5")
    ]


def test_a_team_that_does_not_sit_there_is_refused_and_nothing_is_recorded(app: Flask) -> None:
    edition_id, table_id, teams = one_table()
    stranger = make_field(make_edition(), 1)[0]
    for wrong in (stranger, teams[0]):
        with pytest.raises(Invalid):
            record_result(
                actor=SYSTEM,
                table_id=table_id,
                source="sheets",
                placings=places([*teams[:3], wrong], [1, 2, 3, 4]),
            )
    assert seated_results(edition_id) == []


def test_a_table_of_a_replaced_draw_takes_no_result(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 4), make_round(edition)
    draw = make_draw(row, teams, state="superseded")
    with pytest.raises(Conflict):
        record_result(
            actor=SYSTEM,
            table_id=tables_of_draw(draw.id)[0].id,
            source="sheets",
            placings=places(teams, [1, 2, 3, 4]),
        )


def test_many_tables_are_recorded_at_once(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 40), make_round(edition)
    draw = make_draw(row, teams)
    by_id = {team.id: team for team in teams}
    recorded = [
        RecordedTable(
            table_id=table.id, placings=places([by_id[team] for team in table.team_ids], [1, 2, 3, 4])
        )
        for table in tables_of_draw(draw.id)
    ]
    for _ in range(2):
        assert len(record_results(actor=SYSTEM, source="given", recorded=recorded)) == 10
    results = seated_results(edition.id)
    assert len(results) == 40
    assert sum(result.points for result in results) == Decimal(60)


def test_a_round_is_confirmed_only_when_every_table_has_a_result_and_only_once(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 8), make_round(edition, 3)
    with pytest.raises(Conflict, match="no draw yet"):
        confirm_round_results(actor=SYSTEM, round_id=row.id)
    make_draw(row, teams)
    draw = live_draw(row.id)
    assert draw is not None
    first, second = tables_of_draw(draw.id)
    record_result(actor=SYSTEM, table_id=first.id, source="sheets", placings=places(teams[:4], [1, 2, 3, 4]))
    with pytest.raises(Conflict, match=r"yet: 2\."):
        confirm_round_results(actor=SYSTEM, round_id=row.id)
    record_result(actor=SYSTEM, table_id=second.id, source="sheets", placings=places(teams[4:], [1, 2, 3, 4]))
    assert last_confirmed_round(edition.id) is None
    assert confirm_round_results(actor=SYSTEM, round_id=row.id).results_state == "confirmed"
    assert last_confirmed_round(edition.id) == 3
    with pytest.raises(Conflict, match="another state"):
        confirm_round_results(actor=SYSTEM, round_id=row.id)
    assert reopen_round_results(actor=SYSTEM, round_id=row.id).results_state == "open"
