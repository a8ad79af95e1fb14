"""Confirm, release, take back; swaps and hand-made tables; panels, rooms and lots."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from flask import Flask

from competition.editions.models import Edition
from competition.entries.models import JudgeConflict, Team
from competition.rounds import blockers
from competition.rounds.models import Draw, Round
from competition.rounds.public import (
    RecordedPlace,
    assign_roles,
    confirm_draw,
    draft_draw,
    last_lot,
    live_draw,
    place_judge,
    record_result,
    register_blocker,
    release_draw,
    released_seats_of_team,
    tables_of_draw,
    tables_of_judge,
    undo_draw,
)
from competition.rounds.services.panels import clear_round_panels, fill_round_panels
from competition.rounds.services.rooms import set_room
from competition.rounds.services.seating import SeatAt, remove_table, seat_table, swap_seats
from competition.rounds.services.setup import RoundValues, create_round, edit_round, remove_round
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid, ProblemsFound, Stale
from core.roles import ROLES, Role
from tests.competition.rounds.builders import make_draw, make_field
from tests.factories import NOW, add, make_edition, make_judge, make_person, make_room, make_round


def drafted(count: int = 8) -> tuple[Edition, list[Team], Round, Draw]:
    edition = make_edition()
    teams, row = make_field(edition, count), make_round(edition)
    return edition, teams, row, draft_draw(actor=SYSTEM, round_id=row.id, seed=1)


def test_of_two_organisers_who_confirm_at_once_the_second_is_told(app: Flask) -> None:
    _edition, _teams, row, _draw = drafted()
    seen = row.version
    assert confirm_draw(actor=SYSTEM, round_id=row.id, version=seen).state == "confirmed"
    with pytest.raises(Stale):
        confirm_draw(actor=SYSTEM, round_id=row.id, version=seen)
    with pytest.raises(Conflict, match="not a draft any more"):
        confirm_draw(actor=SYSTEM, round_id=row.id)


def test_a_draft_that_was_swapped_meanwhile_is_not_confirmed_unseen(app: Flask) -> None:
    _edition, _teams, row, draw = drafted()
    seen = row.version
    first, second = tables_of_draw(draw.id)
    swap_seats(
        actor=SYSTEM,
        round_id=row.id,
        first=SeatAt(table_id=first.id, role=Role.IGO),
        second=SeatAt(table_id=second.id, role=Role.IGO),
    )
    with pytest.raises(Stale):
        confirm_draw(actor=SYSTEM, round_id=row.id, version=seen)


def test_a_draft_that_misses_a_team_is_not_confirmed(app: Flask) -> None:
    edition, _teams, row, draw = drafted()
    make_field(edition, 1)
    with pytest.raises(ProblemsFound) as fault:
        confirm_draw(actor=SYSTEM, round_id=row.id)
    assert [problem.code for problem in fault.value.problems] == ["not_seated"]
    assert draw.state == "draft"


def test_only_a_released_draw_is_seen_by_participants_and_judges(app: Flask) -> None:
    edition, teams, row, draw = drafted()
    judge = make_judge(edition)
    fill_round_panels(actor=SYSTEM, round_id=row.id)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    assert (released_seats_of_team(teams[0].id), tables_of_judge(judge.id)) == ([], [])
    release_draw(actor=SYSTEM, round_id=row.id)
    assert draw.released_at is not None
    (seat,) = released_seats_of_team(teams[0].id)
    (table,) = [table for table in tables_of_draw(draw.id) if teams[0].id in table.team_ids]
    assert (seat.table, seat.role) == (table.name, table.role_of(teams[0].id))
    assert dict(seat.opponents) == {role: team for role, team in table.seats.items() if role is not seat.role}
    assert [table.chair_id for table in tables_of_judge(judge.id)] == [judge.id]


def test_a_confirmed_draw_opens_again_and_a_released_one_is_kept_and_copied(app: Flask) -> None:
    edition, _teams, row, draw = drafted()
    judge = make_judge(edition)
    fill_round_panels(actor=SYSTEM, round_id=row.id)
    confirm_draw(actor=SYSTEM, round_id=row.id)
    assert undo_draw(actor=SYSTEM, round_id=row.id).id == draw.id
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    copy = undo_draw(actor=SYSTEM, round_id=row.id)
    assert (copy.version, copy.state, draw.state) == (2, "draft", "superseded")
    assert draw.released_at is not None
    before, after = tables_of_draw(draw.id), tables_of_draw(copy.id)
    assert [table.seats for table in after] == [table.seats for table in before]
    assert [table.chair_id for table in after] == [table.chair_id for table in before]
    assert judge.id in [table.chair_id for table in after]


def test_a_released_draw_that_something_was_built_on_is_not_taken_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _edition, teams, row, draw = drafted()
    confirm_draw(actor=SYSTEM, round_id=row.id)
    release_draw(actor=SYSTEM, round_id=row.id)
    monkeypatch.setattr(blockers, "_blockers", [])
    blocked = tables_of_draw(draw.id)[1]
    register_blocker(
        lambda tables: {blocked.id: "A judge has opened a sheet."} if blocked.id in tables else {}
    )
    with pytest.raises(Conflict, match="cannot be taken back because of table"):
        undo_draw(actor=SYSTEM, round_id=row.id)
    monkeypatch.setattr(blockers, "_blockers", [])
    table = tables_of_draw(draw.id)[0]
    record_result(
        actor=SYSTEM,
        table_id=table.id,
        source="sheets",
        placings=[RecordedPlace(team_id=team, rank=n) for n, team in enumerate(table.team_ids, 1)],
    )
    with pytest.raises(Conflict, match="results already"):
        undo_draw(actor=SYSTEM, round_id=row.id)
    assert teams


def test_a_swap_says_what_it_changes_and_recounts_the_report(app: Flask) -> None:
    edition = make_edition()
    teams = make_field(edition, 8)
    first, second = make_round(edition, 1), make_round(edition, 2)
    make_draw(first, teams)
    draw = make_draw(second, [teams[i] for i in (0, 1, 4, 5, 2, 3, 6, 7)], state="draft")
    draw.report = {"repeat_meetings": 4}
    one, other = tables_of_draw(draw.id)
    outcome = swap_seats(
        actor=SYSTEM,
        round_id=second.id,
        first=SeatAt(table_id=one.id, role=Role.LOCAL_NGO),
        second=SeatAt(table_id=other.id, role=Role.GOVERNMENT),
    )
    assert (outcome.first, outcome.second) == (teams[4].id, teams[2].id)
    assert dict(outcome.changes)["repeat_meetings"] == (4, 6)
    assert draw.report["repeat_meetings"] == 6
    assert draw.report["changed_by_hand"] == 1
    assert tables_of_draw(draw.id)[0].team_ids == tuple(teams[i].id for i in (0, 1, 2, 5))


def test_a_swap_within_a_table_or_with_a_vacant_seat_works(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 7), make_round(edition)
    draw = make_draw(row, [*teams, None], state="draft")
    one, other = tables_of_draw(draw.id)
    swap_seats(
        actor=SYSTEM,
        round_id=row.id,
        first=SeatAt(table_id=one.id, role=Role.GOVERNMENT),
        second=SeatAt(table_id=one.id, role=Role.IGO),
    )
    swap_seats(
        actor=SYSTEM,
        round_id=row.id,
        first=SeatAt(table_id=one.id, role=Role.IGO),
        second=SeatAt(table_id=other.id, role=Role.IGO),
    )
    seats = [list(table.seats.values()) for table in tables_of_draw(draw.id)]
    ids = [team.id for team in teams]
    assert seats == [[ids[3], ids[1], ids[2], None], [ids[4], ids[5], ids[6], ids[0]]]


def test_teams_of_a_fixed_edition_keep_their_role_in_a_swap(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    teams, row = make_field(edition, 8), make_round(edition)
    for number, team in enumerate(teams):
        team.role = ROLES[number % 4].value
    db.session.flush()
    one, _other = tables_of_draw(make_draw(row, teams, state="draft").id)
    with pytest.raises(Invalid, match="keep their role"):
        swap_seats(
            actor=SYSTEM,
            round_id=row.id,
            first=SeatAt(table_id=one.id, role=Role.GOVERNMENT),
            second=SeatAt(table_id=one.id, role=Role.IGO),
        )


def test_an_elimination_table_is_seated_by_hand_and_every_team_once(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 8), make_round(edition, 4, stage="elimination")
    ids = [team.id for team in teams]
    for name, part in (("SF1", ids[:4]), ("SF2", ids[4:])):
        seat_table(actor=SYSTEM, round_id=row.id, name=name, seats=dict(zip(ROLES, part, strict=True)))
    draw = live_draw(row.id)
    assert draw is not None
    tables = tables_of_draw(draw.id)
    assert [(table.name, list(table.team_ids)) for table in tables] == [("SF1", ids[:4]), ("SF2", ids[4:])]
    with pytest.raises(ProblemsFound):
        seat_table(
            actor=SYSTEM, round_id=row.id, name="SF3", seats={**dict.fromkeys(ROLES), Role.IGO: ids[0]}
        )
    with pytest.raises(Conflict, match="already"):
        seat_table(actor=SYSTEM, round_id=row.id, name="SF1", seats=dict.fromkeys(ROLES))
    seat_table(actor=SYSTEM, round_id=row.id, name="SF1", seats=dict.fromkeys(ROLES), table_id=tables[0].id)
    remove_table(actor=SYSTEM, round_id=row.id, table_id=tables[1].id)
    assert [(table.name, table.team_ids) for table in tables_of_draw(draw.id)] == [("SF1", ())]
    assert confirm_draw(actor=SYSTEM, round_id=row.id).state == "confirmed"


def test_panels_have_one_chair_the_highest_rated_and_no_conflicts(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 16), make_round(edition)
    coach = make_person()
    teams[3].coach_person_id = coach.id
    judges = [
        make_judge(edition, rating=Decimal(number % 10), institution_id=teams[number].institution_id)
        for number in range(8)
    ]
    judges += [make_judge(edition, person_id=coach.id), make_judge(edition), make_judge(edition)]
    add(JudgeConflict(judge_id=judges[9].id, team_id=teams[8].id))
    add(JudgeConflict(judge_id=judges[10].id, institution_id=teams[9].institution_id))
    draw = draft_draw(actor=SYSTEM, round_id=row.id, seed=4)
    barred = {judge.id: {teams[number].id} for number, judge in enumerate(judges[:8])}
    barred |= {judges[8].id: {teams[3].id}, judges[9].id: {teams[8].id}, judges[10].id: {teams[9].id}}
    ratings = {judge.id: float(judge.rating or 5) for judge in judges}
    tables = tables_of_draw(draw.id)
    for table in tables:
        panel = [place.judge_id for place in table.panel]
        assert len(panel) == 2
        assert table.chair_id == panel[0]
        assert ratings[panel[0]] == max(ratings[judge] for judge in panel)
        assert all(not barred[judge] & set(table.team_ids) for judge in panel)
    assert max(Counter(place.judge_id for table in tables for place in table.panel).values()) == 1


def test_a_judge_sees_no_team_twice_when_it_can_be_avoided_and_takes_turns(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 32)
    judges = [make_judge(edition) for _ in range(12)]
    load: Counter[int] = Counter()
    seen: Counter[tuple[int, int]] = Counter()
    for number in (1, 2, 3):
        row = make_round(edition, number)
        draw = draft_draw(actor=SYSTEM, round_id=row.id, method="scheduled", seed=9)
        for table in tables_of_draw(draw.id):
            load.update(place.judge_id for place in table.panel)
            seen.update((place.judge_id, team) for place in table.panel for team in table.team_ids)
    assert set(seen.values()) == {1}
    assert sorted(load[judge.id] for judge in judges) == [2] * 12


def test_a_judge_with_conflicts_everywhere_stays_without_a_table(app: Flask) -> None:
    edition = make_edition()
    teams, row = make_field(edition, 4), make_round(edition)
    judge = make_judge(edition)
    add(JudgeConflict(judge_id=judge.id, team_id=teams[0].id))
    draw = draft_draw(actor=SYSTEM, round_id=row.id)
    assert tables_of_draw(draw.id)[0].panel == ()


def test_a_judge_is_moved_by_hand_with_a_warning_and_the_old_chair_becomes_panellist(app: Flask) -> None:
    edition, teams, row, draw = drafted()
    own = make_judge(edition, institution_id=teams[0].institution_id)
    chair = make_judge(edition, rating=Decimal(9))
    here = next(table for table in tables_of_draw(draw.id) if teams[0].id in table.team_ids)
    there = next(table for table in tables_of_draw(draw.id) if table.id != here.id)
    assert (
        place_judge(actor=SYSTEM, round_id=row.id, table_id=here.id, judge_id=chair.id, position="chair")
        == []
    )
    assert (
        place_judge(actor=SYSTEM, round_id=row.id, table_id=there.id, judge_id=own.id, position="chair") == []
    )
    warnings = place_judge(actor=SYSTEM, round_id=row.id, table_id=here.id, judge_id=own.id, position="chair")
    assert warnings == ["own_institution"]
    panels = {
        table.id: [(place.judge_id, place.position) for place in table.panel]
        for table in tables_of_draw(draw.id)
    }
    assert panels == {here.id: [(own.id, "chair"), (chair.id, "panellist")], there.id: []}
    place_judge(actor=SYSTEM, round_id=row.id, table_id=here.id, judge_id=own.id, position=None)
    clear_round_panels(actor=SYSTEM, round_id=row.id)
    assert all(table.panel == () for table in tables_of_draw(draw.id))


def test_rooms_large_enough_are_given_and_can_be_changed(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 8)
    small, hall, aula = (make_room(edition, name, capacity=n) for name, n in (("S", 0), ("H", 40), ("A", 30)))
    row = make_round(edition)
    draw = draft_draw(actor=SYSTEM, round_id=row.id)
    assert [table.room for table in tables_of_draw(draw.id)] == ["S", "H"]
    first, second = tables_of_draw(draw.id)
    assert set_room(actor=SYSTEM, round_id=row.id, table_id=first.id, room_id=hall.id) == second.name
    assert set_room(actor=SYSTEM, round_id=row.id, table_id=second.id, room_id=aula.id) is None
    assert [table.room for table in tables_of_draw(draw.id)] == ["H", "A"]
    assert small.name == "S"


def test_roles_by_lot_are_balanced_respect_wishes_and_are_repeatable(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    teams = make_field(edition, 18, per_institution=3)
    teams[0].wishes, teams[5].wishes = "igo;government", "local_ngo"
    db.session.flush()
    lot = assign_roles(actor=SYSTEM, edition=edition, seed=11)
    assert sorted(Counter(lot.roles.values()).values()) == [4, 4, 5, 5]
    assert (lot.roles[teams[0].id], lot.roles[teams[5].id], lot.regret) == (Role.IGO, Role.LOCAL_NGO, 0)
    for start in range(0, 18, 3):
        assert len({lot.roles[team.id] for team in teams[start : start + 3]}) == 3
    assert [team.role for team in teams] == [lot.roles[team.id].value for team in teams]
    again = assign_roles(actor=SYSTEM, edition=edition, seed=11)
    assert (dict(again.roles), again.changed) == (dict(lot.roles), 0)
    assert last_lot(edition.id) == {"seed": 11, "teams": 18, "kept": 0, "regret": 0}


def test_teams_that_sit_in_a_draw_keep_their_role_in_a_new_lot(app: Flask) -> None:
    edition = make_edition(role_policy="fixed")
    teams, row = make_field(edition, 8), make_round(edition)
    assign_roles(actor=SYSTEM, edition=edition, seed=1)
    draft_draw(actor=SYSTEM, round_id=row.id)
    before = {team.id: team.role for team in teams}
    later = make_field(edition, 4)
    lot = assign_roles(actor=SYSTEM, edition=edition, seed=2)
    assert {team.id: team.role for team in teams} == before
    assert sorted(Counter(lot.roles.values()).values()) == [3, 3, 3, 3]
    assert len({team.role for team in later}) == 4
    with pytest.raises(Invalid):
        assign_roles(actor=SYSTEM, edition=make_edition(), seed=1)


def test_rounds_are_numbered_edited_and_settled_once_they_are_drawn(app: Flask) -> None:
    edition = make_edition()
    make_field(edition, 4)
    values = RoundValues(
        name="One", name_zh="", stage="preliminary", division_id=None, weight=Decimal(1), starts_at=NOW
    )
    first = create_round(actor=SYSTEM, edition_id=edition.id, values=values)
    second = create_round(actor=SYSTEM, edition_id=edition.id, values=values)
    assert (first.number, second.number) == (1, 2)
    seen = first.version
    edit_round(actor=SYSTEM, round_id=first.id, values={**values, "name": "Opening"}, version=seen)
    assert first.name == "Opening"
    with pytest.raises(Stale):
        edit_round(actor=SYSTEM, round_id=first.id, values=values, version=seen)
    draft_draw(actor=SYSTEM, round_id=first.id)
    with pytest.raises(Conflict, match="settled"):
        edit_round(
            actor=SYSTEM, round_id=first.id, values={**values, "stage": "elimination"}, version=first.version
        )
    with pytest.raises(Invalid):
        create_round(actor=SYSTEM, edition_id=edition.id, values={**values, "weight": Decimal(0)})
    remove_round(actor=SYSTEM, round_id=second.id, version=second.version)
    with pytest.raises(Conflict, match="Only the last round"):
        remove_round(actor=SYSTEM, round_id=first.id, version=first.version)
