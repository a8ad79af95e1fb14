"""Awards: tiers after the elimination, marks, nominations and coaches; the seal of two; publishing; taking back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from competition.rounds.models import PanelJudge
from competition.rounds.public import get_table
from core.access import Actor
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.idempotency import new_key
from judging.closing.awards import find_seal, lines_of, winners_of
from judging.closing.final_ranking import final_ranking
from judging.closing.models import Nomination
from judging.closing.services.awards import (
    add_usual_lines,
    move_line,
    nominate,
    publish_awards,
    reopen_awards,
    save_line,
    seal_awards,
    turn_key,
)
from judging.closing.views.awards import ceremony
from judging.models import Award
from judging.released import released_results_of_person
from judging.snapshots import publish_snapshot, take_snapshot
from tests.factories import (
    add,
    make_delegate,
    make_edition,
    make_judge,
    make_person,
    make_round,
    make_team,
)
from tests.judging.closing.championship import ORGANISER, fixed, play, rotating
from tests.judging.judged import make_judged
from tests.judging.scene import as_judge, make_draw, make_table, seat_judge


def line(edition, name, kind="team_tier", **values):
    plain = {
        "name": name,
        "name_zh": "",
        "kind": kind,
        "scope": "overall",
        "count": None,
        "percentage": None,
        "criteria": [],
        "worth": Decimal(0),
    }
    return save_line(actor=ORGANISER, edition=edition, values={**plain, **values})


def won(edition):
    return [(winner.award, winner.bracket, winner.name) for winner in winners_of(edition)]


def ranked(edition, selection="overall"):
    from competition.entries.models import Team

    names = dict(db.session.execute(select(Team.id, Team.name)).all())
    return [(names[each.team], each.rank) for each in final_ranking(edition, selection) if each.rank]


def preliminary(count=8, **values):
    edition, teams = rotating(count=count, **values)
    order = [teams[table + count // 4 * place] for table in range(count // 4) for place in range(4)]
    play(edition, 1, order, scores=[100 - teams.index(team) for team in order])
    return edition, teams


def test_the_final_comes_before_the_preliminaries(app):
    edition, teams = preliminary()
    play(edition, 2, [teams[3], teams[2], teams[1], teams[0]], stage="elimination")
    assert [name for name, _rank in ranked(edition)] == [
        "Team 04",
        "Team 03",
        "Team 02",
        "Team 01",
        "Team 05",
        "Team 06",
        "Team 07",
        "Team 08",
    ]


def test_who_went_out_in_the_semi_finals_is_ranked_by_place_and_then_preliminary_rank(app):
    edition, teams = preliminary()
    play(edition, 2, teams, stage="elimination")
    play(edition, 3, [teams[4], teams[0], teams[1], teams[5]], stage="elimination")
    assert [name[-2:] for name, _rank in ranked(edition)] == ["05", "01", "02", "06", "03", "07", "04", "08"]


def test_gold_of_each_role_is_decided_by_the_last_round_of_two_tables(app):
    edition, teams = fixed(tables=4, size=4, elimination_basis="round_raw")
    play(edition, 1, teams, scores=[90 - place // 4 for place in range(16)])
    play(edition, 2, teams[:8], stage="elimination", scores=[50, 50, 50, 50, 60, 60, 60, 60])
    play(edition, 3, teams[:4], stage="elimination", scores=[99, 99, 99, 99])
    line(edition, "Gold", count=1, scope="role")
    line(edition, "Silver", count=1, scope="role")
    assert won(edition)[:2] == [
        ("Gold", "role:government", "government 2"),
        ("Gold", "role:enterprise", "enterprise 2"),
    ]
    assert ("Silver", "role:igo", "igo 1") in won(edition)
    assert len(won(edition)) == 8


def test_tiers_by_percentage_and_a_tie_at_the_end_of_a_tier_lifts_all_of_it(app):
    edition, teams = rotating()
    play(edition, 1, teams)
    line(edition, "Gold", count=1)
    line(edition, "Silver", percentage=Decimal(25))
    assert won(edition) == [
        ("Gold", "", "Team 01"),
        ("Gold", "", "Team 05"),
        ("Silver", "", "Team 02"),
        ("Silver", "", "Team 06"),
    ]


def test_nobody_wins_two_individual_awards(app):
    made = make_judged(rounds=2, panel=1, role_policy="rotating", minimum_rounds=1)
    line(made.edition, "Best speaker", "individual_marks")
    speech = next(one for one in made.criteria if one.code == "speech")
    line(made.edition, "Best speech", "individual_marks", criteria=[speech.id], count=2)
    first, second = made.teams[-4:], made.teams[-8:-4]
    winners = winners_of(made.edition)
    best = {winner.delegate_id for winner in winners if winner.award == "Best speaker"}
    next_best = {winner.delegate_id for winner in winners if winner.award == "Best speech"}
    assert best == {one.id for team in first for one in made.delegates[team.id]}
    assert next_best == {one.id for team in second for one in made.delegates[team.id]}


def nominated_scene():
    edition, teams = rotating(count=4)
    people = [make_delegate(team, f"Speaker {at}") for at, team in enumerate(teams)]
    row = make_round(edition, 1)
    table = make_table(make_draw(row), list(teams))
    judges = [make_judge(edition, f"Judge {at}") for at in range(3)]
    for at, judge in enumerate(judges):
        seat_judge(table, judge, "chair" if at == 0 else "panellist" if at == 1 else "trainee")
    award = line(edition, "Diplomacy", "individual_nominations")
    return edition, get_table(edition.id, table.public_id), judges, people, award


def test_the_most_nominated_delegate_wins_and_a_judge_may_change_their_mind(app):
    edition, table, judges, people, award = nominated_scene()

    def name(judge, person):
        nominate(
            actor=ORGANISER,
            edition=edition,
            table=table,
            judge_id=judge.id,
            chosen={award.public_id: person.public_id if person else ""},
        )

    name(judges[0], people[2])
    name(judges[1], people[1])
    assert {winner.name for winner in winners_of(edition)} == {"Speaker 1", "Speaker 2"}
    name(judges[0], people[1])
    assert [winner.name for winner in winners_of(edition)] == ["Speaker 1"]
    name(judges[1], None)
    assert db.session.scalar(select(func.count(Nomination.id))) == 1
    with pytest.raises(Forbidden):
        name(judges[2], people[0])
    with pytest.raises(NotFound):
        name(judges[0], make_delegate(make_team(make_edition())))


def test_the_best_coach_is_the_one_whose_teams_tiers_are_worth_most(app):
    edition, teams = preliminary()
    coach = make_person("Mei Tan", name_local="陈梅")
    teams[1].coach_person_id = teams[2].coach_person_id = coach.id
    teams[0].coach = "Prof. One"
    line(edition, "Gold", count=1, worth=Decimal(3))
    line(edition, "Silver", count=2, worth=Decimal(2))
    line(edition, "Best coach", "best_coach")
    (winner,) = [winner for winner in winners_of(edition) if winner.award == "Best coach"]
    assert (winner.name, winner.name_local, winner.team) == ("Mei Tan", "陈梅", "Team 02, Team 03")


def test_winners_by_hand_are_recognised_by_id_or_team_name(app):
    edition, teams = rotating(count=4)
    person = make_delegate(teams[0], "Lin Wei", name_local="林薇", code="D-7")
    line(edition, "Jury's prize", "by_hand", winners=["D-7", "Team 02", "The volunteers"])
    winners = winners_of(edition)
    assert [(winner.of, winner.name) for winner in winners] == [
        ("delegate", "Lin Wei"),
        ("team", "Team 02"),
        ("other", "The volunteers"),
    ]
    assert (winners[0].delegate_id, winners[1].team_id) == (person.id, teams[1].id)


@pytest.mark.parametrize(
    "values",
    [
        {"count": None},
        {"count": 2, "percentage": Decimal(5)},
        {"count": 0},
        {"percentage": Decimal(101)},
        {"count": 1, "worth": Decimal(-1)},
        {"count": 1, "scope": "planet"},
        {"kind": "by_hand"},
        {"kind": "raffle", "count": 1},
    ],
)
def test_an_award_that_does_not_fit_is_refused(app, values):
    edition, _teams = rotating(count=4)
    with pytest.raises(Invalid):
        line(edition, "Odd", **values)


def organisers():
    return [Actor(person_id=make_person(f"Organiser {at}").id, is_system=True) for at in range(2)]


def sealed():
    edition, teams = preliminary()
    line(edition, "Gold", count=1)
    line(edition, "Silver", count=2)
    seal_awards(actor=ORGANISER, edition=edition, version=0)
    return edition, teams


def test_two_organisers_open_the_seal_and_nobody_alone(app):
    edition, _teams = sealed()
    first, second = organisers()
    turn_key(actor=first, edition=edition, version=1)
    with pytest.raises(Conflict, match="Another organiser"):
        turn_key(actor=first, edition=edition, version=2)
    with pytest.raises(Forbidden):
        turn_key(actor=ORGANISER, edition=edition, version=2)
    with pytest.raises(Stale):
        turn_key(actor=second, edition=edition, version=1)
    with pytest.raises(Stale):
        publish_awards(actor=first, edition=edition, version=2)
    turn_key(actor=second, edition=edition, version=2)
    assert find_seal(edition.id).state == "unsealed"
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs[-3:] == ["award.sealed", "award.first_key", "award.unsealed"]


def test_nothing_about_sealed_awards_changes(app):
    edition, _teams = sealed()
    with pytest.raises(Conflict, match="sealed"):
        line(edition, "Bronze", count=3)
    with pytest.raises(Conflict, match="sealed"):
        move_line(actor=ORGANISER, edition=edition, public_id=lines_of(edition.id)[0].public_id, by=1)


def test_awards_are_not_sealed_while_results_are_open(app):
    edition, _teams = preliminary()
    line(edition, "Gold", count=1)
    make_round(edition, 2)
    with pytest.raises(Conflict, match="not confirmed: 2"):
        seal_awards(actor=ORGANISER, edition=edition, version=0)


def publish(edition):
    for actor in organisers():
        turn_key(actor=actor, edition=edition, version=find_seal(edition.id).version)
    return publish_awards(actor=ORGANISER, edition=edition, version=find_seal(edition.id).version)


def test_published_awards_reach_the_person_and_are_taken_back_by_decision(app):
    edition, teams = sealed()
    person = make_person("Lin Wei")
    make_delegate(teams[0], "Lin Wei", person_id=person.id)
    namesake = make_person("Team 01")
    make_delegate(teams[5], "Team 01", person_id=namesake.id)
    add(Award(edition_id=edition.id, award="Older prize", winner="Lin Wei", position=4))
    assert publish(edition) == 3
    publish_snapshot(actor=ORGANISER, snapshot=take_snapshot(actor=ORGANISER, edition=edition))
    (released,) = released_results_of_person(person.id)
    assert released.awards == ("Older prize", "Gold")
    (other,) = released_results_of_person(namesake.id)
    assert other.awards == ()
    with pytest.raises(Invalid):
        reopen_awards(actor=ORGANISER, edition=edition, version=find_seal(edition.id).version, reason=" ")
    reopen_awards(
        actor=ORGANISER, edition=edition, version=find_seal(edition.id).version, reason="Table 2 corrected"
    )
    assert db.session.scalars(select(Award.award)).all() == ["Older prize"]
    assert find_seal(edition.id).winners == []


def test_the_script_reads_the_greatest_award_last(app):
    edition, _teams = sealed()
    publish(edition)
    from judging.closing.awards import Winner

    blocks = ceremony([Winner(**stored) for stored in find_seal(edition.id).winners])
    assert [
        (award, [[one.name for one in own] for _bracket, own in read]) for award, _zh, read in blocks
    ] == [
        ("Silver", [["Team 03", "Team 02"]]),
        ("Gold", [["Team 01"]]),
    ]


def test_published_awards_survive_a_round_trip_of_the_workbook(app):
    from tabroom.workbook.stored import READERS

    edition, _teams = sealed()
    publish(edition)
    assert [(row["award"], row["winner"], row["kind"]) for row in READERS["Awards"](edition.id)] == [
        ("Gold", "Team 01", "team"),
        ("Silver", "Team 02", "team"),
        ("Silver", "Team 03", "team"),
    ]


def form(**values):
    return {"idempotency_key": new_key(), **values}


def test_awards_from_the_first_line_to_the_public_page(organiser, app):
    edition, _teams = preliminary()
    edition.is_public = True
    tab, director = organiser(edition), organiser(edition, "director")
    path = f"/e/{edition.slug}/awards/"
    assert tab.post(path + "usual", data=form()).status_code == 303
    assert [one.name for one in lines_of(edition.id)][:3] == ["Gold", "Silver", "Bronze"]
    bronze = lines_of(edition.id)[2]
    assert "Bronze" in tab.get(f"{path}lines/{bronze.public_id}").text
    gone = form(version=str(bronze.version))
    assert tab.post(f"{path}lines/{bronze.public_id}/remove", data=gone).status_code == 303
    assert tab.post(path + "seal", data=form(version="0")).status_code == 303
    shown = tab.get(path).text
    assert "Turn the first key" in shown
    assert "Team 01" not in shown
    assert tab.get(path + "script").status_code == 302
    assert tab.post(path + "key", data=form(version="1")).status_code == 303
    assert "You have turned your key" in tab.get(path).text
    assert tab.post(path + "key", data=form(version="2")).status_code == 409
    assert director.post(path + "key", data=form(version="2")).status_code == 303
    assert "Team 01" in tab.get(path + "script").text
    assert tab.get(path + "published").status_code == 404
    assert tab.post(path + "publish", data=form(version="3")).status_code == 403
    again = form(version="3")
    assert [director.post(path + "publish", data=again).status_code for _ in range(2)] == [303, 303]
    assert "Team 01" in tab.get(path + "published").text
    assert db.session.scalar(select(func.count(Award.id))) == 3
    reopened = form(version="4", reason="A correction")
    assert director.post(path + "reopen", data=reopened).status_code == 303
    assert tab.get(path + "published").status_code == 404


def test_a_line_is_added_edited_and_refused_in_words(organiser, app):
    edition, _teams = rotating(count=4)
    tab = organiser(edition)
    path = f"/e/{edition.slug}/awards/lines/"
    gold = form(name="Gold", kind="team_tier", scope="overall", count="1", version="0")
    assert tab.post(path + "new", data={**gold, "count": "many"}).status_code == 422
    empty = tab.post(path + "new", data={**gold, "count": ""})
    assert empty.status_code == 422
    assert "a number or a percentage" in empty.text
    assert tab.post(path + "new", data=gold).status_code == 303
    (line_,) = lines_of(edition.id)
    changed = form(name="First prize", kind="team_tier", scope="overall", count="2", version="1")
    assert tab.post(path + line_.public_id, data=changed).status_code == 303
    stale = tab.post(path + line_.public_id, data={**changed, "idempotency_key": new_key()})
    assert stale.status_code == 409
    assert [(one.name, one.count) for one in lines_of(edition.id)] == [("First prize", 2)]


def test_a_judge_nominates_on_their_phone_for_their_own_tables(client, app):
    edition, table, judges, people, award = nominated_scene()
    as_judge(client, judges[1])
    path = f"/e/{edition.slug}/judge/nominations"
    assert path in client.get(f"/e/{edition.slug}/judge/").text
    assert "Speaker 3" in client.get(path).text
    sent = form(**{f"award-{award.public_id}": people[3].public_id})
    assert client.post(f"{path}/{table.public_id}", data=sent).status_code == 303
    assert [winner.name for winner in winners_of(edition)] == ["Speaker 3"]
    row = db.session.scalars(select(PanelJudge).where(PanelJudge.judge_id == judges[1].id)).one()
    db.session.delete(row)
    db.session.flush()
    assert client.post(f"{path}/{table.public_id}", data=form()).status_code == 404


def test_the_usual_awards_are_given_in_each_role_where_teams_keep_theirs(app):
    edition, _teams = fixed()
    add_usual_lines(actor=ORGANISER, edition=edition)
    scopes = [one.scope for one in lines_of(edition.id)]
    assert scopes == ["role", "role", "role", "role", "overall"]
