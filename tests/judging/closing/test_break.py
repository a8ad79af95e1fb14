"""The break: who advances, caps, lots at the line, publishing, and changing what is published."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import func, select

from competition.rounds.models import Round, Seat
from core.access import Actor, Capacity, CapacityKind
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.idempotency import new_key
from judging.closing.alive import alive_tables
from judging.closing.break_ import break_of, find_break
from judging.closing.lots import drawn_order, lots_among, ticket
from judging.closing.models import BreakPublication, Dispute, Lot
from judging.closing.services.break_ import (
    draw_break_lot,
    exclude_team,
    faults_against_publishing,
    include_team,
    publish_break,
    set_cap,
)
from judging.standings import team_standings
from tests.factories import NOW, add, make_division, make_edition, make_round, make_team
from tests.judging.closing.championship import ORGANISER, fixed, play, rotating


def names(rows):
    return [row.row.team for row in rows]


def played(**values):
    """Eight teams, two rounds with one winner each: Team 01 before Team 05, 02 level with 06 and so on."""
    edition, teams = rotating(**values)
    play(edition, 1, teams)
    play(edition, 2, teams)
    return edition, teams


def unequal(**values):
    """Eight teams whose points differ but for none at the line."""
    edition, teams = rotating(**values)
    play(edition, 1, teams, scores=[90, 80, 70, 60, 88, 78, 68, 58])
    return edition, teams


def publish(edition, decision=""):
    return publish_break(actor=ORGANISER, edition=edition, shown=break_of(edition).token, decision=decision)


def test_the_best_of_the_standings_advance_and_the_next_wait(app):
    edition, _teams = unequal()
    (bracket,) = break_of(edition).brackets
    assert names(bracket.advancing) == ["Team 01", "Team 05", "Team 02", "Team 06"]
    assert names(bracket.waiting) == ["Team 03"]


def test_each_role_has_a_break_of_its_own_where_teams_keep_theirs(app):
    edition, teams = fixed(tables=3, size=2)
    play(edition, 1, teams, scores=[9, 9, 9, 9, 7, 7, 7, 7, 5, 5, 5, 5])
    found = break_of(edition)
    assert [bracket.selection for bracket in found.brackets] == [
        "role:government",
        "role:enterprise",
        "role:local_ngo",
        "role:igo",
    ]
    assert names(found.brackets[3].advancing) == ["igo 1", "igo 2"]
    assert names(found.brackets[3].waiting) == ["igo 3"]


def test_a_team_breaks_in_one_division_only(app):
    from competition.editions.models import BreakRule
    from competition.entries.models import TeamDivision

    edition, teams = rotating(size=4)
    db.session.query(BreakRule).delete()
    first, second = make_division(edition, "young"), make_division(edition, "all", position=1)
    for division, members in ((first, teams[:2]), (second, teams)):
        add(BreakRule(edition_id=edition.id, division_id=division.id, size=2))
        for team in members:
            add(TeamDivision(team_id=team.id, division_id=division.id))
    play(edition, 1, teams, scores=[90, 80, 70, 60, 88, 78, 68, 58])
    young, everybody = break_of(edition).brackets
    assert names(young.advancing) == ["Team 01", "Team 02"]
    assert names(everybody.advancing) == ["Team 05", "Team 06"]
    assert {row.row.team: row.why for row in everybody.passed} == {
        "Team 01": "breaks_elsewhere",
        "Team 02": "breaks_elsewhere",
    }


def test_no_more_of_an_institution_advance_than_its_cap(app):
    edition, teams = unequal()
    teams[1].institution_id = teams[4].institution_id = teams[0].institution_id
    db.session.flush()
    set_cap(actor=ORGANISER, edition=edition, selection="overall", cap=1, version=0)
    (bracket,) = break_of(edition).brackets
    assert names(bracket.advancing) == ["Team 01", "Team 06", "Team 03", "Team 07"]
    assert {row.row.team: row.why for row in bracket.passed} == {
        "Team 02": "institution_cap",
        "Team 05": "institution_cap",
    }
    with pytest.raises(Stale):
        set_cap(actor=ORGANISER, edition=edition, selection="overall", cap=None, version=0)


def test_too_few_rounds_played_do_not_advance(app):
    edition, teams = rotating(count=9, size=4)
    play(edition, 1, teams[:8])
    play(edition, 2, [teams[8], *teams[1:8]])
    play(edition, 3, [teams[8], *teams[1:8]])
    (bracket,) = break_of(edition).brackets
    assert {row.row.team: row.why for row in bracket.passed} == {"Team 01": "minimum_rounds"}
    assert bracket.minimum_rounds == 2


def test_level_teams_at_the_line_wait_for_a_lot_that_anybody_can_repeat(app):
    edition, _teams = played(size=5, reserves=0)
    (bracket,) = break_of(edition).brackets
    assert names(bracket.tied) == ["Team 03", "Team 07"]
    lot = draw_break_lot(actor=ORGANISER, edition=edition, selection="overall", seed=7)
    order = sorted(["Team 03", "Team 07"], key=lambda name: hashlib.sha256(f"7:{name}".encode()).hexdigest())
    assert [team["team"] for team in lot.teams] == order == drawn_order(7, ["Team 07", "Team 03"])
    assert ticket(7, "Team 03") == hashlib.sha256(b"7:Team 03").hexdigest()
    (bracket,) = break_of(edition).brackets
    assert names(bracket.advancing)[4:] == order[:1]
    with pytest.raises(Conflict):
        draw_break_lot(actor=ORGANISER, edition=edition, selection="overall", seed=8)
    assert db.session.scalar(select(func.count(Lot.id))) == 1


def test_a_ranking_by_lot_uses_the_recorded_lot_and_nobody_elses(app):
    edition, teams = played(size=5, reserves=0, standings_metrics="points;total_score;manual")
    first, second = drawn_order(7, ["Team 03", "Team 07"])
    assert ranks(edition) == ["1=", "1=", "3=", "3=", "5=", "5=", "7=", "7="]
    draw_break_lot(actor=ORGANISER, edition=edition, selection="overall", seed=7)
    assert ranks(edition) == ["1=", "1=", "3=", "3=", "5", "6", "7=", "7="]
    assert [row.team for row in team_standings(edition).rows][4:6] == [first, second]
    (bracket,) = break_of(edition).brackets
    assert names(bracket.advancing)[4:] == [first]
    assert lots_among(edition.id, [[teams[2].id, teams[0].id]]) == {}


def ranks(edition):
    return [row.rank_text for row in team_standings(edition).rows]


def test_lots_are_not_drawn_before_the_rounds_are_over(app):
    edition, _teams = played(size=5)
    make_round(edition, 3)
    with pytest.raises(Conflict, match="Still open: 3"):
        draw_break_lot(actor=ORGANISER, edition=edition, selection="overall")


def test_a_team_that_gives_up_its_place_lets_the_reserve_move_up(app):
    edition, teams = unequal()
    exclude_team(actor=ORGANISER, edition=edition, team_id=teams[0].public_id, reason="Flight home")
    (bracket,) = break_of(edition).brackets
    assert names(bracket.advancing) == ["Team 05", "Team 02", "Team 06", "Team 03"]
    assert [(row.row.team, row.reason) for row in bracket.passed] == [("Team 01", "Flight home")]
    include_team(actor=ORGANISER, edition=edition, team_id=teams[0].public_id)
    assert names(break_of(edition).brackets[0].advancing)[0] == "Team 01"


def protest(edition, row):
    from competition.rounds.public import tables_of_edition

    table = next(table for table in tables_of_edition(edition.id) if table.round_id == row.id)
    return add(
        Dispute(
            edition_id=edition.id,
            kind="protest",
            ground="procedure",
            table_id=table.id,
            team_id=table.team_ids[0],
            respondent="panel",
            words="No time was kept.",
            filed_at=NOW,
        )
    )


def test_an_open_protest_blocks_publishing(app):
    edition, _teams = unequal()
    found = protest(edition, db.session.scalars(select(Round)).first())
    with pytest.raises(Conflict, match="Open protests"):
        publish(edition)
    found.state = "dismissed"
    assert publish(edition).version == 1


def test_a_query_about_arithmetic_does_not_block(app):
    edition, _teams = unequal()
    protest(edition, db.session.scalars(select(Round)).first()).kind = "query"
    assert publish(edition).version == 1


def test_nothing_is_published_while_a_round_is_open_or_a_tie_stands(app):
    edition, _teams = played(size=5)
    make_round(edition, 3)
    said = [message for message, _values in faults_against_publishing(edition, break_of(edition))]
    assert said == [
        "Preliminary rounds without confirmed results: %(rounds)s.",
        "%(count)s teams are level at the line. Draw a lot among them.",
    ]
    with pytest.raises(Conflict):
        publish(edition)


def test_roles_must_break_in_equal_numbers(app):
    from competition.editions.models import BreakRule

    edition, teams = fixed(tables=3, size=2)
    play(edition, 1, teams, scores=[9, 9, 9, 9, 7, 7, 7, 7, 5, 5, 5, 5])
    db.session.scalars(select(BreakRule).where(BreakRule.role == "igo")).one().size = 1
    with pytest.raises(Conflict, match="As many teams of every role"):
        publish(edition)


def test_an_edition_without_sizes_has_no_break(app):
    edition = make_edition()
    make_team(edition)
    assert break_of(edition).brackets == ()
    with pytest.raises(Conflict, match="No sizes"):
        publish(edition)


def test_what_was_published_stays_until_the_director_decides(app):
    edition, teams = unequal()
    first = publish(edition)
    before = first.brackets
    exclude_team(actor=ORGANISER, edition=edition, team_id=teams[0].public_id, reason="Withdrew")
    assert find_break(edition.id).brackets == before
    with pytest.raises(Invalid, match="Write down the decision"):
        publish(edition)
    second = publish(edition, "Team 01 withdrew; Team 03 takes its place.")
    assert (second.version, first.is_live, second.is_live) == (2, False, True)
    assert [line["team"] for line in second.brackets["overall"]["advancing"]] == [
        "Team 05",
        "Team 02",
        "Team 06",
        "Team 03",
    ]
    with pytest.raises(Conflict, match="published already"):
        publish(edition, "Once more.")
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs[-3:] == ["break.published", "break.team_excluded", "break.changed"]


def test_after_publication_the_tab_team_changes_nothing(app):
    edition, teams = unequal()
    publish(edition)
    tab = Actor(person_id=1, capacities=frozenset({Capacity(kind=CapacityKind.TAB, edition_id=edition.id)}))
    with pytest.raises(Forbidden):
        exclude_team(actor=tab, edition=edition, team_id=teams[0].public_id, reason="Late")
    with pytest.raises(Forbidden):
        set_cap(actor=tab, edition=edition, selection="overall", cap=1, version=0)


def test_a_break_that_changed_since_it_was_shown_is_not_published(app):
    edition, teams = unequal()
    shown = break_of(edition).token
    exclude_team(actor=ORGANISER, edition=edition, team_id=teams[0].public_id, reason="Withdrew")
    with pytest.raises(Stale):
        publish_break(actor=ORGANISER, edition=edition, shown=shown)


def test_publishing_does_not_touch_elimination_rounds_that_are_seated(app):
    edition, teams = unequal()
    play(edition, 2, teams[4:], stage="elimination", state="published")
    before = db.session.execute(select(Seat.draw_id, Seat.role, Seat.team_id).order_by(Seat.id)).all()
    publish(edition)
    after = db.session.execute(select(Seat.draw_id, Seat.role, Seat.team_id).order_by(Seat.id)).all()
    assert before == after
    assert names(break_of(edition).brackets[0].advancing) == ["Team 01", "Team 05", "Team 02", "Team 06"]


def test_before_the_last_round_it_is_known_who_is_through_alive_or_out(app):
    edition, teams = rotating(size=2, reserves=0)
    play(edition, 1, teams)
    play(edition, 2, teams)
    last = make_round(edition, 3)
    from tests.competition.rounds.builders import make_draw

    make_draw(last, [teams[0], teams[3], teams[2], teams[1], teams[4], teams[7], teams[6], teams[5]])
    (table,) = alive_tables(edition)
    assert (table.metric, table.is_exact) == ("points", True)
    by_name = {row.team: table.chances[row.team_id] for row in table.rows}
    assert by_name["Team 04"] == by_name["Team 08"] == "out"
    assert by_name["Team 01"] == "alive"
    last.results_state = "confirmed"
    assert alive_tables(edition) == []


def test_without_a_draw_only_bounds_are_given(app):
    edition, teams = rotating(size=4, reserves=0)
    play(edition, 1, teams)
    play(edition, 2, teams)
    make_round(edition, 3)
    (table,) = alive_tables(edition)
    assert (table.metric, table.is_exact) == ("points", False)


def form(**values):
    return {"idempotency_key": new_key(), **values}


def test_organisers_draw_the_lot_and_the_director_publishes(organiser, app):
    edition, _teams = played(size=5, reserves=0)
    edition.is_public = True
    tab, director = organiser(edition), organiser(edition, "director")
    path = f"/e/{edition.slug}/break/"
    page = tab.get(path).text
    assert "2 teams are level at the line" in page
    assert tab.get(path + "published").status_code == 404
    answer = tab.post(path + "lot", data=form(selection="overall", seed="7"))
    assert answer.status_code == 303
    assert "Lot drawn with seed 7" in tab.get(path).text
    token = break_of(edition).token
    assert tab.post(path + "publish", data=form(token=token)).status_code == 403
    assert director.post(path + "publish", data=form(token=token)).status_code == 303
    public = tab.get(path + "published").text
    assert "Who advances" in public
    assert "printf" in public
    assert db.session.scalar(select(func.count(BreakPublication.id))) == 1


def test_a_form_sent_twice_publishes_once_and_a_bad_seed_is_refused_in_words(organiser, app):
    edition, _teams = played(size=5, reserves=0)
    director = organiser(edition, "director")
    path = f"/e/{edition.slug}/break/"
    refused = director.post(path + "lot", data=form(selection="overall", seed="-3"))
    assert refused.status_code == 422
    assert "A seed is a whole number" in refused.text
    again = form(selection="overall", seed="")
    assert [director.post(path + "lot", data=again).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count(Lot.id))) == 1
    again = form(token=break_of(edition).token)
    assert [director.post(path + "publish", data=again).status_code for _ in range(2)] == [303, 303]
    assert db.session.scalar(select(func.count(BreakPublication.id))) == 1


def test_caps_and_passing_over_on_the_page(organiser, app):
    edition, teams = unequal()
    tab = organiser(edition)
    path = f"/e/{edition.slug}/break/"
    assert tab.post(path + "cap", data=form(selection="overall", cap="x", version="0")).status_code == 422
    assert tab.post(path + "cap", data=form(selection="overall", cap="1", version="0")).status_code == 303
    assert tab.post(path + "exclude", data=form(team=teams[0].public_id)).status_code == 422
    gone = form(team=teams[0].public_id, reason="Flight home")
    assert tab.post(path + "exclude", data=gone).status_code == 303
    assert "Flight home" in tab.get(path).text
    assert tab.post(path + "include", data=form(team=teams[0].public_id)).status_code == 303
    foreign = make_team(make_edition())
    assert tab.post(path + "exclude", data=form(team=foreign.public_id, reason="x")).status_code == 404


def test_the_page_of_who_is_alive(organiser, app):
    edition, teams = rotating(size=4, reserves=0)
    play(edition, 1, teams)
    make_round(edition, 2)
    page = organiser(edition).get(f"/e/{edition.slug}/break/alive").text
    assert "Rounds that still count: 2." in page
    assert page.count("Alive") >= 8


def test_outsiders_of_a_hidden_edition_see_no_break(client, app):
    edition, teams = unequal()
    publish(edition)
    assert client.get(f"/e/{edition.slug}/break/published").status_code == 404
    edition.is_public = True
    assert client.get(f"/e/{edition.slug}/break/published").status_code == 200
    assert teams[0].name in client.get(f"/e/{edition.slug}/break/published").text
