"""Queries, protests and appeals: who files them until when, who decides, what follows, and who is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from competition.rounds.models import Penalty
from competition.rounds.public import (
    confirm_round_results,
    publish_round_results,
    results_of_tables,
    tables_of_edition,
)
from core.access import Actor, Capacity, CapacityKind
from core.audit import AuditEntry
from core.db import db, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.idempotency import new_key
from core.outbox import OutboxMessage
from judging.board import board_of_table
from judging.closing.disputes import lines_of, marked_tables, open_protests, rule_of
from judging.closing.models import Dispute
from judging.closing.services.disputes import (
    Filing,
    appeal_dispute,
    decide_dispute,
    file_dispute,
    set_deadlines,
    withdraw_dispute,
)
from judging.services.tables import confirm_table
from tests.factories import make_delegate, make_organiser, make_person, make_user, sign_in
from tests.judging.closing.championship import ORGANISER, play, rotating
from tests.judging.scene import submit


@pytest.fixture
def event(app):
    """A round with one table whose results are confirmed; its captains have addresses."""
    edition, teams = rotating(count=4)
    for at, team in enumerate(teams):
        make_delegate(team, f"Captain {at}", is_captain=True, contact=f"captain{at}@example.org")
    row = play(edition, 1, teams, state="open")
    confirm_round_results(actor=ORGANISER, round_id=row.id)
    return edition, teams, row


def filing(edition, teams, kind="protest", ground="procedure", **values):
    (table,) = tables_of_edition(edition.id)
    plain = {
        "kind": kind,
        "ground": ground,
        "table": table,
        "team_id": teams[0].id,
        "respondent": "panel",
        "respondent_team_id": None,
        "words": "The clock was stopped.",
    }
    return Filing(**{**plain, **values})


def file(edition, teams, kind="protest", ground="procedure", now=None, on_behalf=False, **values):
    return file_dispute(
        actor=ORGANISER,
        edition=edition,
        filing=filing(edition, teams, kind, ground, **values),
        now=now,
        on_behalf=on_behalf,
    )


def decide(edition, dispute, outcome="dismissed", actor=ORGANISER, **values):
    return decide_dispute(
        actor=actor,
        edition=edition,
        dispute=dispute,
        version=dispute.version,
        outcome=outcome,
        decision=values.pop("decision", "The clock was right."),
        **values,
    )


def mails():
    return [(mail.to_address, mail.body) for mail in db.session.scalars(select(OutboxMessage))]


def test_a_protest_marks_its_table_and_counts_as_open(event):
    edition, teams, _row = event
    dispute = file(edition, teams)
    assert marked_tables([dispute.table_id]) == {dispute.table_id: "protest"}
    assert [line.table for line in open_protests(edition.id)] == ["1"]
    decide(edition, dispute)
    assert marked_tables([dispute.table_id]) == {}
    assert open_protests(edition.id) == []


def test_a_query_waits_for_published_results_and_ends_with_its_deadline(event):
    edition, teams, row = event
    with pytest.raises(Conflict, match="not published yet"):
        file(edition, teams, "query", "arithmetic")
    publish_round_results(actor=ORGANISER, round_id=row.id)
    query = file(edition, teams, "query", "arithmetic")
    assert query.deadline_at - query.filed_at <= timedelta(minutes=120)
    withdraw_dispute(actor=ORGANISER, edition=edition, dispute=query, version=query.version)
    with pytest.raises(Conflict, match="deadline for this round has passed"):
        file(edition, teams, "query", "arithmetic", now=utc_now() + timedelta(minutes=121))


def test_an_organiser_files_for_a_team_after_the_deadline(event):
    edition, teams, row = event
    publish_round_results(actor=ORGANISER, round_id=row.id)
    late = utc_now() + timedelta(minutes=61)
    with pytest.raises(Conflict):
        file(edition, teams, now=late)
    assert file(edition, teams, now=late, on_behalf=True).is_on_behalf


def test_the_deadlines_can_be_set_and_a_stale_form_is_refused(event):
    edition, teams, row = event
    set_deadlines(actor=ORGANISER, edition=edition, query=30, protest=10, appeal=5, version=0)
    assert rule_of(edition.id).protest_minutes == 10
    publish_round_results(actor=ORGANISER, round_id=row.id)
    with pytest.raises(Conflict):
        file(edition, teams, now=utc_now() + timedelta(minutes=11))
    with pytest.raises(Stale):
        set_deadlines(actor=ORGANISER, edition=edition, query=1, protest=1, appeal=1, version=0)
    with pytest.raises(Invalid):
        set_deadlines(actor=ORGANISER, edition=edition, query=0, protest=1, appeal=1, version=1)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"ground": "mood"}, Invalid),
        ({"kind": "appeal", "ground": "appeal"}, Invalid),
        ({"respondent": "weather"}, Invalid),
        ({"respondent": "team"}, Invalid),
        ({"words": " "}, Invalid),
        ({"team_id": 0}, NotFound),
    ],
)
def test_what_does_not_fit_is_refused(event, values, fault):
    edition, teams, _row = event
    with pytest.raises(fault):
        file(edition, teams, **values)


def test_the_same_is_not_filed_twice_while_it_is_open(event):
    edition, teams, _row = event
    file(edition, teams)
    with pytest.raises(Conflict, match="already filed"):
        file(edition, teams)


def test_those_concerned_are_told_by_mail(event):
    edition, teams, _row = event
    user = make_user("director@example.org", make_person("Dee"))
    make_organiser(edition, db.session.get_one(type(make_person()), user.person_id))
    dispute = file(edition, teams, respondent="team", respondent_team_id=teams[1].id, ground="conduct")
    assert [address for address, _body in mails()] == ["director@example.org", "captain1@example.org"]
    decide(edition, dispute, decision="The chair kept time.")
    told = mails()[2:]
    assert {address for address, _body in told} == {"captain0@example.org", "captain1@example.org"}
    assert all("The chair kept time." in body for _address, body in told)


def test_an_upheld_protest_takes_marks_and_the_result_follows(scene):
    submit(scene, scene.chair, [9, 8, 5, 3])
    submit(scene, scene.panellist, [9, 8, 5, 3])
    shown = board_of_table(scene.edition, scene.facts).token
    confirm_table(actor=ORGANISER, edition=scene.edition, table=scene.facts, shown=shown)
    before = {result.team_id: result.rank for result in results_of_tables([scene.table.id])}
    dispute = file(scene.edition, [scene.teams[1]], ground="conduct")
    with pytest.raises(Invalid):
        decide(scene.edition, dispute, penalty_team_id=scene.teams[0].id, penalty_amount=Decimal(3))
    assert decide(
        scene.edition, dispute, "upheld", penalty_team_id=scene.teams[0].id, penalty_amount=Decimal(3)
    )
    after = {result.team_id: result.rank for result in results_of_tables([scene.table.id])}
    assert (before[scene.teams[0].id], after[scene.teams[0].id]) == (1, 2)
    assert db.session.scalars(select(Penalty.reason)).all() == ["The clock was right."]


def test_a_decision_stands_and_is_appealed_once_in_time(event):
    edition, teams, _row = event
    dispute = file(edition, teams)
    with pytest.raises(Conflict, match="no decision"):
        appeal_dispute(actor=ORGANISER, edition=edition, dispute=dispute, team_id=teams[0].id, words="No.")
    decide(edition, dispute)
    with pytest.raises(Conflict, match="decided or withdrawn"):
        decide(edition, dispute)
    with pytest.raises(NotFound):
        appeal_dispute(actor=ORGANISER, edition=edition, dispute=dispute, team_id=teams[2].id, words="No.")
    late = utc_now() + timedelta(minutes=61)
    with pytest.raises(Conflict, match="deadline for an appeal"):
        appeal_dispute(
            actor=ORGANISER, edition=edition, dispute=dispute, team_id=teams[0].id, words="No.", now=late
        )
    appeal = appeal_dispute(
        actor=ORGANISER, edition=edition, dispute=dispute, team_id=teams[0].id, words="Nobody heard us."
    )
    assert [line.dispute.kind for line in open_protests(edition.id)] == ["appeal"]
    with pytest.raises(Conflict, match="an appeal against this decision already"):
        appeal_dispute(actor=ORGANISER, edition=edition, dispute=dispute, team_id=teams[0].id, words="No.")
    decide(edition, appeal, "upheld")
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.thing == "dispute")).all()
    assert verbs == ["dispute.filed", "dispute.dismissed", "dispute.appealed", "dispute.upheld"]


def test_an_appeal_is_decided_by_the_director_and_by_somebody_else(event):
    edition, teams, _row = event
    first = Actor(
        person_id=make_person().id,
        capacities=frozenset({Capacity(kind=CapacityKind.DIRECTOR, edition_id=edition.id)}),
    )
    tab = Actor(
        person_id=make_person().id,
        capacities=frozenset({Capacity(kind=CapacityKind.TAB, edition_id=edition.id)}),
    )
    dispute = file(edition, teams)
    decide(edition, dispute, actor=first)
    appeal = appeal_dispute(
        actor=ORGANISER, edition=edition, dispute=dispute, team_id=teams[0].id, words="Nobody heard us."
    )
    for actor in (tab, first):
        with pytest.raises(Forbidden):
            decide(edition, appeal, actor=actor)


def test_a_stale_decision_is_refused(event):
    edition, teams, _row = event
    dispute = file(edition, teams)
    with pytest.raises(Stale):
        decide_dispute(
            actor=ORGANISER, edition=edition, dispute=dispute, version=7, outcome="upheld", decision="Yes."
        )


def form(**values):
    return {"idempotency_key": new_key(), **values}


@pytest.fixture
def captain(client, event):
    """A browser in which the captain of the first team is signed in."""
    from competition.entries.models import Delegate

    _edition, teams, _row = event
    person = make_person("Captain")
    row = db.session.scalars(select(Delegate).where(Delegate.team_id == teams[0].id)).one()
    row.person_id = person.id
    sign_in(client, make_user(person=person))
    return client


def test_a_captain_files_on_the_teams_page_and_the_organiser_decides(captain, new_client, event):
    edition, _teams, _row = event
    (table,) = tables_of_edition(edition.id)
    path = f"/e/{edition.slug}/team/disputes"
    assert path in captain.get(f"/e/{edition.slug}/team").text
    assert "Protests at once" in captain.get(path).text
    sent = form(table=table.public_id, about="protest.procedure", respondent="panel", words="The clock.")
    assert [captain.post(path, data=sent).status_code for _ in range(2)] == [303, 303]
    (line,) = lines_of(edition.id)
    assert "The clock." in captain.get(path).text
    refused = captain.post(path, data=form(table=table.public_id, about="protest.other", respondent="panel"))
    assert refused.status_code == 422
    tab = new_client()
    person = make_person("Tab")
    make_organiser(edition, person, "tab")
    sign_in(tab, make_user(person=person))
    assert "Open protest" in tab.get(f"/e/{edition.slug}/sheets/1/").text
    assert "An open protest" in tab.get(f"/e/{edition.slug}/sheets/1/{table.public_id}").text
    assert "The panel" in tab.get(f"/e/{edition.slug}/disputes/").text
    place = f"/e/{edition.slug}/disputes/{line.dispute.public_id}"
    assert "The clock." in tab.get(place).text
    bad = form(version="1", outcome="upheld", decision="")
    assert tab.post(place + "/decide", data=bad).status_code == 422
    wrong = form(version="1", outcome="upheld", decision="Yes", penalty_amount="lots")
    assert tab.post(place + "/decide", data=wrong).status_code == 422
    good = form(version="1", outcome="dismissed", decision="The clock was right.")
    assert tab.post(place + "/decide", data=good).status_code == 303
    assert "The clock was right." in captain.get(path).text
    appealed = captain.post(f"{path}/{line.dispute.public_id}/appeal", data=form(words="No."))
    assert appealed.status_code == 303
    assert db.session.scalars(select(Dispute.kind).order_by(Dispute.id)).all() == ["protest", "appeal"]


def test_a_captain_withdraws_only_their_own(captain, event):
    edition, teams, _row = event
    other = file(edition, teams, team_id=teams[1].id, respondent="team", respondent_team_id=teams[0].id)
    path = f"/e/{edition.slug}/team/disputes"
    assert captain.post(f"{path}/{other.public_id}/withdraw", data=form(version="1")).status_code == 404
    assert "talk to the organisers" in captain.get(path).text
    assert "The clock was stopped." not in captain.get(path).text
    own = file(edition, teams)
    assert captain.post(f"{path}/{own.public_id}/withdraw", data=form(version="1")).status_code == 303


def test_organisers_file_for_a_team_and_set_deadlines_on_the_page(organiser, event):
    edition, teams, _row = event
    (table,) = tables_of_edition(edition.id)
    tab = organiser(edition)
    path = f"/e/{edition.slug}/disputes/"
    sent = form(
        team=teams[2].public_id,
        table=table.public_id,
        about="protest.conduct",
        respondent=f"team.{teams[3].public_id}",
        words="They shouted.",
    )
    assert tab.post(path + "file", data=sent).status_code == 303
    (line,) = lines_of(edition.id)
    assert (line.team, line.respondent_team, line.dispute.is_on_behalf) == ("Team 03", "Team 04", True)
    times = form(query="30", protest="20", appeal="x", version="0")
    assert tab.post(path + "deadlines", data=times).status_code == 422
    times = form(query="30", protest="20", appeal="10", version="0")
    assert tab.post(path + "deadlines", data=times).status_code == 303
    assert rule_of(edition.id).appeal_minutes == 10


def test_a_round_imported_as_published_counts_from_its_results(event):
    edition, teams, row = event
    row.results_state = "published"
    query = file(edition, teams, "query", "arithmetic")
    assert query.deadline_at is not None
    with pytest.raises(Conflict, match="deadline for this round has passed"):
        file(edition, teams, now=utc_now() + timedelta(minutes=61))
