"""Seating elimination rounds from the break and from results, lots between level teams, and the tree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from competition.rounds.models import Draw, PanelJudge, Round
from competition.rounds.public import (
    RecordedPlace,
    confirm_draw,
    get_round_facts,
    record_result,
    release_draw,
    tables_of_draw,
)
from core.db import db
from core.errors import Conflict, Invalid, Stale
from core.idempotency import new_key
from core.roles import ROLES
from judging.closing.break_ import break_of
from judging.closing.elimination import way_to
from judging.closing.elimination_scores import role_orders
from judging.closing.models import Lot
from judging.closing.services.break_ import publish_break
from judging.closing.services.elimination import draw_role_lot, seat_round
from judging.closing.tree import trees_of
from tests.factories import make_round
from tests.judging.closing.championship import ORGANISER, fixed, furnish, play, record_round, rotating
from tests.judging.judged import make_judged


def publish(edition):
    return publish_break(actor=ORGANISER, edition=edition, shown=break_of(edition).token)


def ranked_field(count=16, size=8):
    """A rotating edition of `count` teams ranked in their order by one round's scores; the break is published."""
    edition, teams = rotating(count=count, size=size, reserves=0)
    quarter = count // 4
    order = [teams[table + quarter * place] for table in range(quarter) for place in range(4)]
    play(edition, 1, order, scores=[100 - teams.index(team) for team in order])
    furnish(edition)
    publish(edition)
    return edition, teams


def seat(edition, number, **choice):
    facts = get_round_facts(edition.id, number)
    return seat_round(actor=ORGANISER, edition=edition, facts=facts, version=facts.version, **choice)


def seated(draw):
    return [set(table.team_ids) for table in tables_of_draw(draw.id)]


def finish(edition, number, order_of, *, score=None):
    """Release the draft of a round and record it: at each table the teams in the order of `order_of`."""
    facts = get_round_facts(edition.id, number)
    confirm_draw(actor=ORGANISER, round_id=facts.id)
    release_draw(actor=ORGANISER, round_id=facts.id)
    for table in tables_of_draw(facts.draw_id):
        order = sorted(table.team_ids, key=order_of)
        placings = [
            RecordedPlace(team_id=team, rank=rank, score=Decimal(score(team) if score else 90 - rank))
            for rank, team in enumerate(order, 1)
        ]
        record_result(actor=ORGANISER, table_id=table.id, source="given", placings=placings)
    db.session.get_one(Round, facts.id).results_state = "confirmed"
    db.session.flush()


def test_eight_teams_fold_into_two_tables_with_panels_and_rooms(app):
    edition, teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    draw = seat(edition, 2, seed=5)
    keys = [team.id for team in teams]
    assert seated(draw) == [
        {keys[0], keys[3], keys[4], keys[7]},
        {keys[1], keys[2], keys[5], keys[6]},
    ]
    tables = tables_of_draw(draw.id)
    assert all(table.room_id is not None and table.chair_id is not None for table in tables)
    assert (draw.state, draw.method, draw.seed) == ("draft", "elimination", 5)
    assert draw.report["seated_from"] == "break"


def test_the_same_seed_gives_the_same_tables_and_an_earlier_draft_is_kept(app):
    edition, _teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    first, second = seat(edition, 2, seed=5), seat(edition, 2, seed=5)
    assert [dict(table.seats) for table in tables_of_draw(first.id)] == [
        dict(table.seats) for table in tables_of_draw(second.id)
    ]
    assert (first.state, second.version) == ("superseded", 2)


def test_the_top_two_of_each_table_go_on_to_the_final(app):
    edition, teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    seat(edition, 2)
    make_round(edition, 3, stage="elimination")
    with pytest.raises(Conflict, match="Round 2 is not confirmed"):
        way_to(edition, get_round_facts(edition.id, 3))
    finish(edition, 2, order_of=lambda team: -team)
    draw = seat(edition, 3)
    keys = [team.id for team in teams]
    assert seated(draw) == [{keys[4], keys[5], keys[6], keys[7]}]
    finish(edition, 3, order_of=lambda team: team)
    make_round(edition, 4, stage="elimination")
    with pytest.raises(Invalid, match="final has been held"):
        seat(edition, 4)


def test_of_six_teams_the_best_two_wait(app):
    edition, teams = ranked_field(count=8, size=6)
    make_round(edition, 2, stage="elimination")
    draw = seat(edition, 2)
    keys = [team.id for team in teams]
    assert seated(draw) == [set(keys[2:6])]
    assert draw.report["byes"] == keys[:2]
    finish(edition, 2, order_of=lambda team: -team)
    make_round(edition, 3, stage="elimination")
    assert seated(seat(edition, 3)) == [{keys[0], keys[1], keys[4], keys[5]}]


def test_a_number_that_cannot_be_seated_is_refused_in_words(app):
    edition, _teams = ranked_field(count=8, size=5)
    make_round(edition, 2, stage="elimination")
    with pytest.raises(Invalid, match="5 teams cannot break"):
        seat(edition, 2)


def test_nothing_is_seated_before_the_break_is_published(app):
    edition, teams = rotating(size=4)
    play(edition, 1, teams, scores=[90, 80, 70, 60, 88, 78, 68, 58])
    make_round(edition, 2, stage="elimination")
    with pytest.raises(Conflict, match="not published"):
        seat(edition, 2)


def test_a_released_elimination_round_is_never_seated_again(app):
    edition, teams = ranked_field()
    play(edition, 2, teams[8:], stage="elimination", state="published")
    before = db.session.scalar(select(func.count(Draw.id)))
    with pytest.raises(Conflict, match="Take it back"):
        seat(edition, 2)
    assert db.session.scalar(select(func.count(Draw.id))) == before


def test_a_stale_page_seats_nothing(app):
    edition, _teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    facts = get_round_facts(edition.id, 2)
    seat(edition, 2)
    with pytest.raises(Stale):
        seat_round(actor=ORGANISER, edition=edition, facts=facts, version=facts.version)


def test_in_balance_a_team_gets_a_role_it_has_had_least(app):
    edition, teams = ranked_field(count=4, size=4)
    make_round(edition, 2, stage="elimination")
    draw = seat(edition, 2, roles="balance")
    (table,) = tables_of_draw(draw.id)
    first = {team.id: role for team, role in zip(teams, ROLES, strict=True)}
    assert all(table.role_of(team) is not role for team, role in first.items())


def fixed_field(tables=4, size=4, **rules):
    """A fixed edition in which the k-th team of each role is k-th; the break is published."""
    edition, teams = fixed(tables=tables, size=size, reserves=0, **rules)
    scores = [90 - 5 * (place // 4) for place in range(len(teams))]
    play(edition, 1, teams, scores=scores)
    furnish(edition)
    publish(edition)
    return edition, teams


def by_role(teams, role):
    return [team for team in teams if team.role == role.value]


def test_where_roles_are_kept_each_table_seats_one_of_each_and_the_best_of_each_role_go_on(app):
    edition, teams = fixed_field(elimination_basis="round_raw")
    make_round(edition, 2, stage="elimination")
    draw = seat(edition, 2)
    for table in tables_of_draw(draw.id):
        for role, team in table.seats.items():
            assert team in [each.id for each in by_role(teams, role)]
    finish(edition, 2, order_of=lambda team: team, score=lambda team: 50 + team % 7)
    make_round(edition, 3, stage="elimination")
    facts = get_round_facts(edition.id, 3)
    way = way_to(edition, facts)
    assert (way.places, way.most_places) == (2, 3)
    for role, order in way.orders.items():
        own = [team.id for team in by_role(teams, role)]
        assert list(order.teams) == sorted(own, key=lambda team: (-(50 + team % 7), own.index(team)))
    draw = seat(edition, 3)
    chosen = {team for table in seated(draw) for team in table}
    assert chosen == {team for order in way.orders.values() for team in order.teams[:2]}
    assert len(tables_of_draw(draw.id)) == 2


def test_a_tie_goes_by_preliminary_rank(app):
    edition, teams = fixed_field(elimination_basis="round_raw")
    make_round(edition, 2, stage="elimination")
    seat(edition, 2)
    finish(edition, 2, order_of=lambda team: team, score=lambda _team: 70)
    make_round(edition, 3, stage="elimination")
    way = way_to(edition, get_round_facts(edition.id, 3))
    assert way.ties == {}
    for role, order in way.orders.items():
        assert list(order.teams) == [team.id for team in by_role(teams, role)]


def test_level_also_in_the_preliminaries_a_lot_decides_once(app):
    edition, teams = fixed(tables=4, size=4, reserves=0, elimination_basis="round_raw")
    play(edition, 1, teams, scores=[80] * 16)
    furnish(edition)
    publish(edition)
    make_round(edition, 2, stage="elimination")
    seat(edition, 2)
    finish(edition, 2, order_of=lambda team: team, score=lambda _team: 70)
    make_round(edition, 3, stage="elimination")
    facts = get_round_facts(edition.id, 3)
    assert {role: len(tied) for role, tied in way_to(edition, facts).ties.items()} == dict.fromkeys(ROLES, 4)
    with pytest.raises(Conflict, match="Draw the lots first"):
        seat(edition, 3)
    for role in ROLES:
        draw_role_lot(actor=ORGANISER, edition=edition, facts=facts, role=role.value, seed=11)
    with pytest.raises(Conflict):
        draw_role_lot(actor=ORGANISER, edition=edition, facts=facts, role="igo", seed=12)
    lot = db.session.scalars(select(Lot).where(Lot.occasion == "round:2:igo")).one()
    advancing = {team for table in seated(seat(edition, 3)) for team in table}
    own = {team.id for team in by_role(teams, ROLES[3])}
    assert advancing & own == {team["team_id"] for team in lot.teams[:2]}


def test_by_the_sum_of_all_rounds_the_preliminaries_count(app):
    edition, teams = fixed_field(elimination_basis="cumulative")
    make_round(edition, 2, stage="elimination")
    seat(edition, 2)
    best = {team.id: 10 - at // 4 for at, team in enumerate(reversed(teams))}
    finish(edition, 2, order_of=lambda team: team, score=lambda team: 70 + best[team] // 4)
    make_round(edition, 3, stage="elimination")
    way = way_to(edition, get_round_facts(edition.id, 3))
    for role, order in way.orders.items():
        assert list(order.teams) == [team.id for team in by_role(teams, role)]


def test_the_severity_of_judges_known_from_all_rounds_is_taken_off(app):
    made = make_judged(rounds=4, severity=lambda judge: 12 * (judge % 3 == 0), panel=1, noise=1)
    made.rounds[3].stage = "elimination"
    db.session.flush()
    facts = get_round_facts(made.edition.id, 4)
    for role, order in role_orders(made.edition, facts).items():
        own = made.by_role[role.value]
        assert order.is_adjusted
        assert list(order.teams) == [team.id for team in reversed(own)]
    made.edition.elimination_basis = "round_raw"
    orders = role_orders(made.edition, facts).values()
    assert not any(order.is_adjusted for order in orders)
    assert any(
        list(order.teams) != [team.id for team in reversed(made.by_role[order.role.value])]
        for order in orders
    )


def test_a_team_that_left_lets_the_next_one_move_up(app):
    edition, teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    seat(edition, 2)
    finish(edition, 2, order_of=lambda team: team)
    teams[0].status, teams[0].withdrawn_from = "withdrawn", 3
    make_round(edition, 3, stage="elimination")
    way = way_to(edition, get_round_facts(edition.id, 3))
    assert way.left_out == ("Team 01",)
    assert {one.team for one in way.contenders} == {"Team 04", "Team 05", "Team 02", "Team 03"}


def test_a_round_that_was_seated_elsewhere_is_followed_as_it_is(app):
    edition, teams = ranked_field()
    row = make_round(edition, 2, stage="elimination", results_state="published")
    record_round(row, [teams[7], teams[6], teams[5], teams[4], *teams[:4]])
    make_round(edition, 3, stage="elimination")
    advancing = {team for table in seated(seat(edition, 3)) for team in table}
    assert advancing == {teams[at].id for at in (7, 6, 0, 1)}


def form(**values):
    return {"idempotency_key": new_key(), **values}


def test_the_organiser_seats_the_round_from_its_draw_page(organiser, app):
    edition, _teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    tab = organiser(edition)
    draw_page = f"/e/{edition.slug}/rounds/2/"
    page = f"{draw_page}elimination"
    assert page in tab.get(draw_page).text
    assert "Who advances by the published break" in tab.get(page).text
    version = get_round_facts(edition.id, 2).version
    sent = form(version=str(version), roles="lot", seed="3")
    assert [tab.post(page, data=sent).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count(Draw.id))) == 2
    assert db.session.scalar(select(func.count(PanelJudge.id))) > 0
    shown = tab.get(draw_page).text
    assert "seated from the break" in shown
    stale = tab.post(page, data=form(version=str(version), roles="lot", seed="3"))
    assert stale.status_code == 409
    bad = tab.post(page, data=form(version="1", roles="whim"))
    assert bad.status_code == 422
    assert tab.get(f"/e/{edition.slug}/rounds/1/elimination").status_code == 404


def test_the_page_says_what_is_still_missing(organiser, app):
    edition, teams = rotating(size=4)
    play(edition, 1, teams, scores=[90, 80, 70, 60, 88, 78, 68, 58])
    make_round(edition, 2, stage="elimination")
    page = organiser(edition).get(f"/e/{edition.slug}/rounds/2/elimination").text
    assert "The break is not published yet" in page


def test_the_public_tree_shows_what_is_released_and_published_only(organiser, app):
    edition, _teams = ranked_field()
    edition.is_public = True
    make_round(edition, 2, stage="elimination", name="Semi-finals")
    tab = organiser(edition)
    seat(edition, 2)
    path = f"/e/{edition.slug}/tree"
    assert "Team 01" not in tab.get(path).text
    assert "Team 01" in tab.get(path + "/all").text
    finish(edition, 2, order_of=lambda team: team)
    (tree,) = trees_of(edition, is_public=True)
    (table, _other) = tree.rounds[0].tables
    assert (table.has_result, {seat_.rank for seat_ in table.seats}) == (False, {None})
    assert "Team 01" in tab.get(path).text
    db.session.scalars(select(Round).where(Round.number == 2)).one().results_state = "published"
    db.session.flush()
    (tree,) = trees_of(edition, is_public=True)
    ranks = {each.team: (each.rank, each.score) for each in tree.rounds[0].tables[0].seats}
    assert ranks["Team 01"] == (1, Decimal(89))


def test_scores_of_fewer_than_three_judges_are_not_public(app):
    edition, _teams = ranked_field()
    make_round(edition, 2, stage="elimination")
    draw = seat(edition, 2)
    for table in tables_of_draw(draw.id):
        places = db.session.scalars(select(PanelJudge).where(PanelJudge.table_id == table.id)).all()
        for place in places[2:]:
            db.session.delete(place)
    finish(edition, 2, order_of=lambda team: team)
    db.session.scalars(select(Round).where(Round.number == 2)).one().results_state = "published"
    db.session.flush()
    (tree,) = trees_of(edition, is_public=True)
    assert {seat_.score for table in tree.rounds[0].tables for seat_ in table.seats} == {None}
    (tree,) = trees_of(edition, is_public=False)
    assert {seat_.score for table in tree.rounds[0].tables for seat_ in table.seats} == {89, 88, 87, 86}


def test_without_elimination_there_is_no_public_tree(client, app):
    edition, _teams = rotating(is_public=True)
    assert client.get(f"/e/{edition.slug}/tree").status_code == 404
