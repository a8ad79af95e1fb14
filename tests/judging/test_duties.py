"""Around the sheets: lateness, reminders, judges who step back, feedback that is released."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import db, utc_now
from core.errors import Conflict, NotFound
from core.idempotency import new_key
from core.links import PrivateLink
from core.outbox import OutboxMessage
from judging.duties import due_at, has_recused
from judging.entry import feedback_field
from judging.feedback import feedback_of_team, release_feedback, withhold_feedback
from judging.models import Recusal, SheetReminder
from judging.services.duties import BETWEEN_REMINDERS, ask_again, recuse, remind_judge
from judging.services.tables import reopen_sheet, waive_sheet
from tests.factories import make_judge, make_organiser, make_person, make_user, sign_in
from tests.judging.scene import ORGANISER, as_judge, form_for, sheet_of, submit


@pytest.fixture
def desk(client, scene):
    """The browser of a director of the scene's edition."""
    person = make_person("Dora")
    make_organiser(scene.edition, person)
    sign_in(client, make_user(person=person))
    return client


def board(scene, rest=""):
    return f"/e/{scene.edition.slug}/sheets/1/{rest}"


def place(scene, judge, deed):
    return board(scene, f"{scene.table.public_id}/{judge.public_id}/{deed}")


def key(**more):
    return {"idempotency_key": new_key(), **more}


def mails():
    return db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "remind_judge")).all()


def test_a_sheet_is_late_when_its_time_is_over(desk, scene):
    scene.round.starts_at = utc_now() - timedelta(minutes=100)
    assert "Due at" in desk.get(board(scene)).text
    assert desk.post(board(scene, "due"), data=key(minutes="90")).status_code == 303
    page = desk.get(board(scene)).text
    assert "Due since" in page
    assert page.count(">overdue<") == 2


@pytest.mark.parametrize("minutes", ["0", "-5", "2881", "soon", ""])
def test_an_impossible_time_is_refused(desk, scene, minutes):
    assert desk.post(board(scene, "due"), data=key(minutes=minutes)).status_code == 422


def test_sheets_are_due_four_hours_after_the_start_unless_said_otherwise(scene):
    from competition.rounds.public import get_round_facts

    assert due_at(get_round_facts(scene.edition.id, 1)) is None
    scene.round.starts_at = start = utc_now()
    db.session.flush()
    assert due_at(get_round_facts(scene.edition.id, 1)) == start + timedelta(hours=4)


def test_the_board_refreshes_its_tables_and_says_what_is_ready(desk, scene):
    page = desk.get(board(scene)).text
    assert f'hx-get="{board(scene)}"' in page
    for judge in (scene.chair, scene.panellist):
        submit(scene, judge, [9, 7, 5, 3])
    part = desk.get(board(scene), headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "1 table is ready to confirm" in part
    assert "<form" not in part


def test_a_judge_is_reminded_by_one_click_with_the_link_they_have(desk, new_client, scene):
    scene.chair.contact = "chan@judges.example.org"
    as_judge(new_client(), scene.chair)
    link = db.session.scalars(select(PrivateLink)).one()
    answer = desk.post(place(scene, scene.chair, "remind"), data=key())
    assert answer.status_code == 303
    (mail,) = mails()
    assert mail.to_address == "chan@judges.example.org"
    assert f"[[link:{link.id}]]" in mail.body
    assert link.revoked_at is None
    assert "reminded at" in desk.get(board(scene)).text


def test_a_judge_without_a_link_gets_one_with_the_reminder(scene):
    scene.chair.contact = "chan@judges.example.org"
    remind_judge(actor=ORGANISER, edition=scene.edition, table=scene.facts, judge=scene.chair)
    link = db.session.scalars(select(PrivateLink)).one()
    assert f"[[link:{link.id}]]" in mails()[0].body


def test_nobody_is_reminded_twice_within_ten_minutes(scene):
    scene.chair.contact = "chan@judges.example.org"
    deed = {"actor": ORGANISER, "edition": scene.edition, "table": scene.facts, "judge": scene.chair}
    remind_judge(**deed)
    with pytest.raises(Conflict, match="less than 10 minutes ago"):
        remind_judge(**deed)
    db.session.scalars(select(SheetReminder)).one().sent_at = utc_now() - BETWEEN_REMINDERS
    db.session.flush()
    remind_judge(**deed)
    assert len(mails()) == 2


@pytest.mark.parametrize("state", ["submitted", "waived", "recused"])
def test_nobody_is_reminded_of_a_sheet_that_is_not_waited_for(scene, state):
    scene.chair.contact = "chan@judges.example.org"
    if state == "submitted":
        submit(scene, scene.chair, [7, 6, 5, 4])
    elif state == "waived":
        waive_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="ill")
    else:
        recuse(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="my sister")
    with pytest.raises(Conflict, match="Nobody waits"):
        remind_judge(actor=ORGANISER, edition=scene.edition, table=scene.facts, judge=scene.chair)


def test_a_judge_without_an_address_cannot_be_reminded(scene):
    with pytest.raises(Conflict, match="no e-mail address"):
        remind_judge(actor=ORGANISER, edition=scene.edition, table=scene.facts, judge=scene.chair)


def test_a_stranger_to_the_table_cannot_be_reminded_of_it(scene):
    stranger = make_judge(scene.edition, "Stranger", contact="s@judges.example.org")
    with pytest.raises(NotFound):
        remind_judge(actor=ORGANISER, edition=scene.edition, table=scene.facts, judge=stranger)


def test_everybody_who_owes_a_sheet_is_reminded_at_once(desk, scene):
    scene.chair.contact, scene.panellist.contact = "chan@judges.example.org", ""
    page = desk.post(board(scene, "remind"), data=key(), follow_redirects=True).text
    assert "1 judge is reminded." in page
    assert "1 judge has no e-mail address or was reminded just now." in page
    assert [mail.to_address for mail in mails()] == ["chan@judges.example.org"]


def test_a_judge_steps_back_and_the_table_shows_the_gap(desk, new_client, scene):
    judge = new_client()
    as_judge(judge, scene.chair)
    assert "I cannot mark this table" in judge.get(scene.path()).text
    assert judge.post(scene.path("/step-back"), data={"reason": " "}).status_code == 422
    assert judge.post(scene.path("/step-back"), data={"reason": "My sister is in team A"}).status_code == 303
    assert "You stepped back from this table." in judge.get(f"/e/{scene.edition.slug}/judge/").text
    what_if = f"/e/{scene.edition.slug}/rounds/1/what-if/judge/{scene.chair.public_id}"
    for page in (desk.get(board(scene)).text, desk.get(board(scene, scene.table.public_id)).text):
        assert "My sister is in team A" in page
        assert what_if in page
    refused = judge.post(scene.path(), data=form_for(scene, [7, 6, 5, 4]))
    assert refused.status_code == 409
    assert "You stepped back from this table." in refused.text
    assert desk.post(place(scene, scene.chair, "ask-again"), data=key()).status_code == 303
    assert judge.post(scene.path(), data=form_for(scene, [7, 6, 5, 4])).status_code == 303


def test_what_was_typed_before_stepping_back_stays(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4]))
    client.post(scene.path("/step-back"), data={"reason": "called away"})
    ask_again(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id)
    assert sheet_of(scene, scene.chair).state == "draft"
    assert 'value="7"' in client.get(scene.path()).text


def test_nobody_steps_back_from_a_sheet_that_is_in(scene):
    submit(scene, scene.chair, [7, 6, 5, 4])
    with pytest.raises(Conflict, match="handed in"):
        recuse(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="late thought")
    assert not has_recused(scene.table.id, scene.chair.id)


def test_stepping_back_twice_keeps_the_first_reason(scene):
    for reason in ("my sister", "something else"):
        recuse(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason=reason)
    assert [one.reason for one in db.session.scalars(select(Recusal))] == ["my sister"]


@pytest.fixture
def written(client, scene):
    """A sheet with feedback to team A, handed in by the chair."""
    as_judge(client, scene.chair)
    words = {feedback_field(scene.teams[0].public_id): "Listen more"}
    client.post(scene.path(), data={**form_for(scene, [7, 6, 5, 4]), **words})
    client.post(scene.path("/submit"), data=key(version="1"))
    return scene


def texts(team):
    return [one.texts for one in feedback_of_team(team.id)]


def test_feedback_is_read_by_its_team_once_it_is_released(written):
    scene = written
    assert texts(scene.teams[0]) == []
    with pytest.raises(Conflict, match="Confirm the results"):
        release_feedback(actor=ORGANISER, edition_id=scene.edition.id, round_id=scene.round.id)
    scene.round.results_state = "confirmed"
    db.session.flush()
    for _again in range(2):
        release_feedback(actor=ORGANISER, edition_id=scene.edition.id, round_id=scene.round.id)
    assert texts(scene.teams[0]) == [("Listen more",)]
    assert texts(scene.teams[1]) == []
    withhold_feedback(actor=ORGANISER, edition_id=scene.edition.id, round_id=scene.round.id)
    assert texts(scene.teams[0]) == []


def test_feedback_of_a_reopened_sheet_is_not_shown(written):
    scene = written
    scene.round.results_state = "confirmed"
    release_feedback(actor=ORGANISER, edition_id=scene.edition.id, round_id=scene.round.id)
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="typing error")
    assert texts(scene.teams[0]) == []


def test_a_director_releases_feedback_on_the_board_and_the_captain_reads_it(written, new_client, app):
    scene = written
    scene.round.results_state = "confirmed"
    desk, captain = new_client(), new_client()
    person = make_person("Dora")
    make_organiser(scene.edition, person)
    sign_in(desk, make_user(person=person))
    member = make_user(person=make_person("Cam"))
    scene.delegates[scene.teams[0].id][0].person_id = member.person_id
    sign_in(captain, member)
    report = f"/e/{scene.edition.slug}/report"
    assert "Listen more" not in captain.get(report).text
    assert "1 sheet holds feedback to teams." in desk.get(board(scene)).text
    assert desk.post(board(scene, "feedback/release"), data=key()).status_code == 303
    page = captain.get(report).text
    assert "Listen more" in page
    assert "Chair Chan" not in page
