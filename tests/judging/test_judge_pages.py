"""A judge on a phone: finding the table, marking, being told what is wrong, handing in once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.db import db
from core.idempotency import new_key
from judging.entry import mark_field, tick_field
from judging.models import Mark, Scoresheet
from judging.queries import find_sheet
from judging.services.tables import reopen_sheet
from tests.factories import make_edition, make_judge, make_organiser, make_person, make_user, sign_in
from tests.judging.scene import ORGANISER, as_judge, form_for, make_scene, seat_judge, sheet_of, submit


def post(client, scene, rest="", **data):
    return client.post(scene.path(rest), data=data)


def test_a_judge_sees_their_tables_and_what_they_owe(client, scene):
    as_judge(client, scene.chair)
    page = client.get(f"/e/{scene.edition.slug}/judge/")
    assert page.status_code == 200
    assert "Table 1" in page.text
    assert "You owe this sheet" in page.text


def test_the_sheet_has_a_field_for_every_mark(client, scene):
    as_judge(client, scene.chair)
    page = client.get(scene.path())
    assert page.status_code == 200
    assert page.text.count('class="form-control stepper-input"') == 12


def test_a_signed_in_judge_needs_no_link(client, scene):
    user = make_user()
    scene.chair.person_id = user.person_id
    sign_in(client, user)
    assert client.get(scene.path()).status_code == 200


def test_a_table_that_is_not_the_judges_is_not_found(client, scene):
    stranger = make_judge(scene.edition, "Stranger")
    as_judge(client, stranger)
    assert client.get(scene.path()).status_code == 404
    assert client.post(scene.path(), data=form_for(scene, [1, 2, 3, 4])).status_code == 404
    assert db.session.scalar(select(func.count(Scoresheet.id))) == 0


def test_a_judge_of_another_edition_finds_nothing(client, scene):
    other = make_judge(make_edition(), "Elsewhere")
    as_judge(client, other)
    assert client.get(scene.path()).status_code == 404
    assert client.get(f"/e/{scene.edition.slug}/judge/").status_code == 404


@pytest.mark.parametrize("state", ["draft", "confirmed"])
def test_a_draw_that_is_not_released_is_not_found(client, app, state):
    scene = make_scene(state)
    as_judge(client, scene.chair)
    assert client.get(scene.path()).status_code == 404
    assert "Table 1" not in client.get(f"/e/{scene.edition.slug}/judge/").text


def test_a_draft_keeps_what_is_there_so_far(client, scene):
    as_judge(client, scene.chair)
    answer = client.post(scene.path(), data=form_for(scene, [7, "", "", ""], ""))
    assert answer.status_code == 303
    assert db.session.scalars(select(Mark.mark)).all() == [Decimal(7)]
    assert 'value="7"' in client.get(scene.path()).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("11", "11 is not possible. Marks go from 0 to 10."),
        ("-1", "-1 is not possible. Marks go from 0 to 10."),
        ("7.5", "7.5 is not possible. Marks go 0, 1, … up to 10."),
        ("many", "Type a number, for example 7.5."),
        ("nan", "This number is too large."),
    ],
)
def test_an_impossible_mark_is_refused_and_everything_typed_is_kept(client, scene, typed, message):
    as_judge(client, scene.chair)
    answer = client.post(scene.path(), data=form_for(scene, [typed, 6, 5, 4], "8.5"))
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{typed}"' in answer.text
    assert answer.text.count('value="8.5"') == 8
    assert db.session.scalar(select(func.count(Scoresheet.id))) == 0


def test_a_mark_may_be_typed_with_a_comma(client, scene):
    as_judge(client, scene.chair)
    assert client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4], "8,5")).status_code == 303


def test_review_says_what_is_missing_and_keeps_the_draft(client, scene):
    as_judge(client, scene.chair)
    form = {**form_for(scene, [7, "", 5, 4]), "action": "review"}
    answer = client.post(scene.path(), data=form)
    assert answer.status_code == 303
    assert answer.headers["Location"] == scene.path() + "?check=1"
    for _reload in range(2):
        page = client.get(answer.headers["Location"])
        assert "Team B: 1 mark is missing" in page.text
        assert "Your draft is saved as it is." in page.text
    db.session.expire_all()
    assert sheet_of(scene, scene.chair).state == "draft"


def test_a_delegate_who_did_not_take_part_needs_no_mark(client, scene):
    as_judge(client, scene.chair)
    form = {**form_for(scene, [7, 6, 5, 4]), "action": "review"}
    out = scene.delegates[scene.teams[0].id][0]
    del form[tick_field(out.public_id)], form[mark_field(out.public_id, scene.speaking)]
    assert client.post(scene.path(), data=form).status_code == 303
    assert sheet_of(scene, scene.chair).absent == [out.id]


def test_a_team_of_which_nobody_took_part_is_a_fault(client, scene):
    as_judge(client, scene.chair)
    form = {**form_for(scene, [7, 6, 5, 4]), "action": "review"}
    for one in scene.delegates[scene.teams[0].id]:
        del form[tick_field(one.public_id)]
    answer = client.post(scene.path(), data=form)
    assert answer.status_code == 303
    assert "Tick at least one delegate who took part." in client.get(answer.headers["Location"]).text


def test_review_shows_totals_ranks_and_ties_from_the_server(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, 6, 6, 4]))
    page = client.get(scene.path("/review"))
    assert "There is a tie" in page.text
    assert ">2=</span>" in page.text
    assert ">19.00</span>" in page.text


def test_a_sheet_is_submitted_once_however_often_the_form_is_sent(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4]))
    key = new_key()
    answers = [post(client, scene, "/submit", version="1", idempotency_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    sheets = db.session.scalars(select(Scoresheet)).all()
    assert [(sheet.state, sheet.version) for sheet in sheets] == [("submitted", 1)]


def test_a_second_key_for_a_submitted_sheet_is_a_conflict(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4]))
    post(client, scene, "/submit", version="1", idempotency_key=new_key())
    assert post(client, scene, "/submit", version="2", idempotency_key=new_key()).status_code == 409


def test_an_incomplete_sheet_cannot_be_submitted(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, "", 5, 4]))
    assert post(client, scene, "/submit", version="1", idempotency_key=new_key()).status_code == 422
    db.session.expire_all()
    assert sheet_of(scene, scene.chair).state == "draft"


def test_a_submitted_sheet_is_read_only(client, scene):
    submit(scene, scene.chair, [7, 6, 5, 4])
    as_judge(client, scene.chair)
    page = client.get(scene.path())
    assert "stepper-input" not in page.text
    assert "ask an organiser to reopen" in page.text
    answer = client.post(scene.path(), data=form_for(scene, [1, 1, 1, 1], version=2))
    assert answer.status_code == 409
    assert "already submitted" in answer.text


def test_the_same_form_sent_twice_is_no_conflict(client, scene):
    as_judge(client, scene.chair)
    answers = [client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4])).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert find_sheet(scene.table.id, scene.chair.id).revision == 1


def test_a_second_phone_gets_a_conflict_that_keeps_what_was_typed(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4]))
    answer = client.post(scene.path(), data=form_for(scene, [9, 6, 5, 4], page="another"))
    assert answer.status_code == 409
    assert "Two versions of this sheet" in answer.text
    assert f'name="{mark_field(scene.teams[0].public_id, scene.argument)}" value="9"' in answer.text
    again = client.post(scene.path(), data=form_for(scene, [9, 6, 5, 4], version=1))
    assert again.status_code == 303


def test_a_page_never_conflicts_with_its_own_autosave(client, scene):
    as_judge(client, scene.chair)
    client.post(scene.path("/autosave"), data=form_for(scene, [7, 6, 5, 4], page="mine"))
    answer = client.post(scene.path(), data=form_for(scene, [8, 6, 5, 4], page="mine"))
    assert answer.status_code == 303


def test_autosave_answers_with_the_time_and_the_new_revision(client, scene):
    as_judge(client, scene.chair)
    json = {"Accept": "application/json"}
    saved = client.post(scene.path("/autosave"), data=form_for(scene, [7, "", "", ""], ""), headers=json)
    assert (saved.status_code, saved.json["version"]) == (200, 1)
    assert saved.json["saved_at"].startswith("20")
    stale = client.post(scene.path("/autosave"), data=form_for(scene, [8, "", "", ""], ""), headers=json)
    assert (stale.status_code, stale.json["error"]) == (409, "stale")


def test_an_impossible_mark_keeps_no_other_mark_from_being_saved(client, scene):
    as_judge(client, scene.chair)
    typed = form_for(scene, [77, 6, "many", 5], "")
    saved = client.post(scene.path("/autosave"), data=typed, headers={"Accept": "application/json"})
    assert saved.status_code == 200
    assert [fault["message"] for fault in saved.json["faults"]] == [
        "77 is not possible. Marks go from 0 to 10.",
        "Type a number, for example 7.5.",
    ]
    assert sorted(db.session.scalars(select(Mark.mark))) == [Decimal(5), Decimal(6)]


def whole(scene, arguments, key, **more):
    """What a phone that was without a line sends in one go."""
    return form_for(scene, arguments, whole="1", idempotency_key=key, **more)


def test_a_phone_without_a_line_hands_the_whole_sheet_in_at_once(client, scene):
    as_judge(client, scene.chair)
    json, key = {"Accept": "application/json"}, new_key()
    answers = [
        client.post(scene.path("/submit"), data=whole(scene, [7, 6, 5, 4], key), headers=json)
        for _ in range(2)
    ]
    assert [(answer.status_code, answer.json) for answer in answers] == [
        (200, {"received": True, "location": scene.path()})
    ] * 2
    sheets = db.session.scalars(select(Scoresheet)).all()
    assert [(sheet.state, sheet.version) for sheet in sheets] == [("submitted", 1)]


def test_the_key_of_a_received_sheet_counts_under_a_new_link_and_after_reopening(client, new_client, scene):
    as_judge(client, scene.chair)
    json, key = {"Accept": "application/json"}, new_key()
    client.post(scene.path("/submit"), data=whole(scene, [7, 6, 5, 4], key), headers=json)
    reopen_sheet(actor=ORGANISER, table=scene.facts, judge_id=scene.chair.id, reason="asked for it")
    other = new_client()
    as_judge(other, scene.chair)
    again = other.post(scene.path("/submit"), data=whole(scene, [1, 1, 1, 1], key), headers=json)
    assert again.json["received"] is True
    assert sheet_of(scene, scene.chair).state == "draft"
    marks = db.session.scalars(select(Mark.mark).where(Mark.criterion_id == scene.argument.id))
    assert sorted(set(marks)) == [Decimal(4), Decimal(5), Decimal(6), Decimal(7)]


def test_a_whole_sheet_from_a_phone_that_knows_an_older_draft_is_stale(client, scene):
    as_judge(client, scene.chair)
    json = {"Accept": "application/json"}
    client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4], page="tablet"))
    late = whole(scene, [9, 6, 5, 4], new_key(), page="phone")
    answer = client.post(scene.path("/submit"), data=late, headers=json)
    assert (answer.status_code, answer.json["error"]) == (409, "stale")
    db.session.expire_all()
    assert sheet_of(scene, scene.chair).state == "draft"


def test_a_whole_sheet_that_is_not_complete_is_refused_field_by_field(client, scene):
    as_judge(client, scene.chair)
    answer = client.post(scene.path("/submit"), data=whole(scene, [9, "", 5, 4], new_key()))
    field = mark_field(scene.teams[1].public_id, scene.argument)
    assert (answer.status_code, answer.json["faults"]) == (
        422,
        [{"field": field, "message": "Give a mark."}],
    )


def test_the_pulse_says_whose_sheet_it_is_and_how_it_stands(client, scene):
    as_judge(client, scene.chair)
    before = client.get(scene.path("/pulse")).json
    client.post(scene.path(), data=form_for(scene, [7, 6, 5, 4], page="mine"))
    after = client.get(scene.path("/pulse")).json
    assert (before["version"], before["saved_from"], before["is_open"]) == (0, "", True)
    assert (after["version"], after["saved_from"], after["key"]) == (1, "mine", before["key"])


def test_no_judge_sees_the_marks_of_another(client, scene):
    submit(scene, scene.panellist, [9, 9, 9, 9], 9)
    as_judge(client, scene.chair)
    assert 'value="9"' not in client.get(scene.path()).text
    organisers = f"/e/{scene.edition.slug}/sheets/1/{scene.table.public_id}"
    assert client.get(organisers).status_code == 403


def test_a_trainee_is_told_that_the_marks_do_not_count(client, scene):
    trainee = make_judge(scene.edition, "Trainee")
    seat_judge(scene.table, trainee, "trainee")
    as_judge(client, trainee)
    assert "This sheet is for practice" in client.get(scene.path()).text


def test_a_forbidden_tie_stops_the_only_judge(client, app):
    scene = make_scene(table_ties="forbidden")
    db.session.execute(scene_panel_without(scene.panellist.id))
    as_judge(client, scene.chair)
    client.post(scene.path(), data=form_for(scene, [7, 7, 5, 4]))
    assert "allows no ties" in client.get(scene.path("/review")).text
    assert post(client, scene, "/submit", version="1", idempotency_key=new_key()).status_code == 422


def scene_panel_without(judge_id):
    from sqlalchemy import delete

    from competition.rounds.models import PanelJudge

    return delete(PanelJudge).where(PanelJudge.judge_id == judge_id)


def test_an_organiser_types_a_paper_sheet_in_and_it_is_recorded(client, scene):
    user = make_user(person=make_person("Ola"))
    make_organiser(scene.edition, db.session.get_one(type(make_person()), user.person_id), "tab")
    sign_in(client, user)
    paper = f"/e/{scene.edition.slug}/sheets/1/{scene.table.public_id}/{scene.chair.public_id}/sheet"
    assert "paper sheet of Chair Chan" in client.get(paper).text
    assert client.post(paper, data=form_for(scene, [7, 6, 5, 4])).status_code == 303
    client.post(paper + "/submit", data={"version": "1", "idempotency_key": new_key()})
    sheet = sheet_of(scene, scene.chair)
    assert (sheet.state, sheet.entered_by) == ("submitted", user.person_id)


def test_a_judges_link_leads_to_their_tables(client, scene):
    from core.links import PrivateLink, landing_of

    as_judge(client, scene.chair)
    link = db.session.scalars(select(PrivateLink)).one()
    with client.application.test_request_context():
        found = landing_of(link)
    assert found.title == f"Chair Chan, judge at {scene.edition.name}"
    assert (found.url, found.is_shared) == (f"/e/{scene.edition.slug}/judge/", False)
