"""The organisers' pages: board, table, rubric, standings, and who may see and do what."""

from __future__ import annotations

import re
from decimal import Decimal as D

import pytest
from sqlalchemy import select

from competition.rounds.models import Round
from core.audit import AuditEntry
from core.db import db
from core.idempotency import new_key
from core.links import PrivateLink
from core.roles import ROLES
from judging.board import board_of_table
from judging.models import Criterion, StandingsSnapshot
from judging.queries import criteria_of
from judging.rubric_templates import TEMPLATES, USUAL
from judging.services.happenings import penalties_of_table
from judging.services.rubric import save_criterion, versions_of_rubric
from tests.factories import make_edition, make_organiser, make_person, make_user, sign_in
from tests.judging.scene import ORGANISER, as_judge, form_for, make_scene, sheet_of, submit


@pytest.fixture
def organiser(client, scene):
    """Signs an organiser of the scene's edition in; the tab team unless asked for the director."""

    def enter(capacity="tab", browser=None):
        person = make_person("Ola")
        make_organiser(scene.edition, person, capacity)
        sign_in(browser or client, make_user(person=person))
        return browser or client

    return enter


def board_path(scene, rest=""):
    return f"/e/{scene.edition.slug}/sheets/1/{rest}"


def table_path(scene, rest=""):
    return board_path(scene, scene.table.public_id + rest)


def token(scene):
    return board_of_table(scene.edition, scene.facts).token


def both(scene):
    submit(scene, scene.chair, [9, 7, 5, 3])
    submit(scene, scene.panellist, [8, 8, 5, 2])


def test_the_board_shows_who_owes_a_sheet(client, scene, organiser):
    organiser()
    submit(scene, scene.chair, [9, 7, 5, 3])
    page = client.get(board_path(scene)).text
    assert "Waiting for sheets" in page
    assert "Who owes a sheet" in page
    assert page.count("Panellist Park") > 1
    assert client.get(f"/e/{scene.edition.slug}/sheets/").headers["Location"].endswith("/sheets/1/")


def test_a_new_link_is_shown_and_ends_the_earlier_one(client, scene, organiser):
    organiser()
    path = f"/e/{scene.edition.slug}/sheets/judges/{scene.chair.public_id}/link"
    assert client.get(path).status_code == 404
    first, second = (client.post(path, data={"number": "1", "idempotency_key": new_key()}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert "/l/" in client.get(second.headers["Location"]).text
    links = db.session.scalars(select(PrivateLink).order_by(PrivateLink.id)).all()
    assert [link.revoked_at is None for link in links] == [False, True]


def test_a_new_link_asked_for_twice_is_made_once(client, scene, organiser):
    organiser()
    path = f"/e/{scene.edition.slug}/sheets/judges/{scene.chair.public_id}/link"
    assert twice(client, path, number="1") == [303, 303]
    assert len(db.session.scalars(select(PrivateLink)).all()) == 1


@pytest.mark.parametrize("verb", ["publish", "reopen"])
def test_publishing_or_reopening_a_round_twice_happens_once(client, scene, organiser, verb):
    organiser("director")
    both(scene)
    form = {"table": f"{scene.table.public_id}.{token(scene)}", "idempotency_key": new_key()}
    client.post(board_path(scene, "confirm-tables"), data=form)
    client.post(board_path(scene, "confirm"), data={"idempotency_key": new_key()})
    assert client.post(board_path(scene, verb)).status_code == 409
    assert twice(client, board_path(scene, verb)) == [303, 303]
    verbs = list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs.count(verbs[-1]) == 1


def test_two_organisers_confirm_at_once_and_the_second_is_told(client, new_client, scene, organiser):
    organiser()
    other = organiser(browser=new_client())
    both(scene)
    shown = token(scene)
    first = client.post(table_path(scene, "/confirm"), data={"token": shown, "idempotency_key": new_key()})
    second = other.post(table_path(scene, "/confirm"), data={"token": shown, "idempotency_key": new_key()})
    assert (first.status_code, second.status_code) == (303, 409)
    assert "Table 1 was already confirmed. Nothing was changed." in second.text


def test_a_confirmation_sent_twice_is_made_once(client, scene, organiser):
    organiser()
    both(scene)
    form = {"token": token(scene), "idempotency_key": new_key()}
    assert [client.post(table_path(scene, "/confirm"), data=form).status_code for _ in range(2)] == [303, 303]


def test_ready_tables_are_confirmed_together_and_then_the_round(client, scene, organiser):
    organiser()
    both(scene)
    assert "1 table is ready to confirm" in client.get(board_path(scene)).text
    form = {"table": f"{scene.table.public_id}.{token(scene)}", "idempotency_key": new_key()}
    assert client.post(board_path(scene, "confirm-tables"), data=form).status_code == 303
    assert "Every table is confirmed" in client.get(board_path(scene)).text
    answer = client.post(board_path(scene, "confirm"), data={"idempotency_key": new_key()})
    assert answer.status_code == 303
    assert db.session.get_one(Round, scene.round.id).results_state == "confirmed"


def test_a_round_with_an_open_table_is_not_confirmed(client, scene, organiser):
    organiser()
    answer = client.post(board_path(scene, "confirm"), data={"idempotency_key": new_key()})
    assert answer.status_code == 409
    assert "These tables have no confirmed result yet: 1." in answer.text


def test_the_table_shows_the_sheets_side_by_side(client, scene, organiser):
    organiser()
    both(scene)
    page = client.get(table_path(scene)).text
    assert ">23.00<" in page
    assert ">21.00<" in page
    assert "Confirm the table" in page


def twice(client, path, **data):
    """A double click: the same form, key and all."""
    form = {**data, "idempotency_key": new_key()}
    return [client.post(path, data=form).status_code for _click in range(2)]


def test_a_sheet_is_reopened_and_waived_with_a_reason_however_often_the_form_is_sent(
    client, scene, organiser
):
    organiser()
    both(scene)
    sheet = f"/{scene.chair.public_id}"
    assert client.post(table_path(scene, sheet + "/reopen"), data={"reason": ""}).status_code == 422
    assert twice(client, table_path(scene, sheet + "/reopen"), reason="Typo") == [303, 303]
    assert (sheet_of(scene, scene.chair).reason, sheet_of(scene, scene.chair).version) == ("Typo", 2)
    assert twice(client, table_path(scene, sheet + "/waive"), reason="Ill") == [303, 303]
    assert sheet_of(scene, scene.chair).state == "waived"
    assert twice(client, table_path(scene, sheet + "/unwaive")) == [303, 303]
    assert sheet_of(scene, scene.chair).state == "draft"
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.thing == "scoresheet")).all()
    deeds = [one for one in logged if one.verb in ("sheet.reopened", "sheet.waived", "sheet.unwaived")]
    assert [one.details.get("personal") for one in deeds] == [["reason"], ["reason"], None]
    assert not any("Typo" in str(one.details) or "Ill" in str(one.details) for one in deeds)


def test_the_forms_of_a_table_carry_a_key_of_their_own(client, scene, organiser):
    organiser()
    both(scene)
    keys = re.findall(r'name="idempotency_key"\s+value="([^"]+)"', client.get(table_path(scene)).text)
    assert len(keys) == len(set(keys)) == 1 + 2 * 2 + 3 * 4
    assert max(map(len, keys)) <= 64


def test_outcomes_penalties_and_line_ups_are_set_on_the_table(client, scene, organiser):
    organiser()
    team = scene.teams[0]
    at = f"/teams/{team.public_id}"
    assert twice(client, table_path(scene, at + "/outcome"), outcome="late", reason="Train") == [303, 303]
    assert (
        client.post(table_path(scene, at + "/penalty"), data={"amount": "x", "reason": ""}).status_code == 422
    )
    assert twice(client, table_path(scene, at + "/penalty"), amount="1,5", reason="Late") == [303, 303]
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "penalty.added")).all()
    assert [entry.details["personal"] for entry in logged] == [["reason"]]
    assert "Late" not in str(logged[0].details)
    here = scene.delegates[team.id][1].public_id
    assert twice(client, table_path(scene, at + "/lineup"), took_part=here) == [303, 303]
    found = scene.plan.teams[0]
    assert (found.outcome, found.penalty) == ("late", D("1.5"))
    assert [one.is_out for one in found.delegates] == [True, False]
    assert "Train" in client.get(table_path(scene)).text
    (penalty,) = penalties_of_table(scene.facts)
    assert twice(client, table_path(scene, f"/penalties/{penalty.public_id}/remove")) == [303, 303]
    assert penalties_of_table(scene.facts) == []


def test_a_table_of_another_edition_or_round_is_not_found(client, scene, organiser):
    organiser()
    other = make_scene()
    assert client.get(board_path(scene, other.table.public_id)).status_code == 404
    assert client.get(f"/e/{scene.edition.slug}/sheets/2/{scene.table.public_id}").status_code == 404
    assert client.get(f"/e/{other.edition.slug}/sheets/1/").status_code == 404


def test_a_judge_sees_no_organisers_page(client, scene):
    as_judge(client, scene.chair)
    for rest in ("sheets/1/", "standings/", "standings/delegates", "rubric/"):
        assert client.get(f"/e/{scene.edition.slug}/{rest}").status_code == 403


RUBRIC = {
    "code": "style",
    "name": "Style",
    "name_zh": "风格",
    "target": "delegate",
    "minimum": "0",
    "maximum": "10",
    "step": "0.5",
    "weight": "1",
    "session": "",
}


def test_the_rubric_is_written_ordered_and_changed(client, scene, organiser):
    organiser("director")
    path = f"/e/{scene.edition.slug}/rubric/"
    assert client.post(path + "new", data=RUBRIC).status_code == 303
    style = db.session.scalars(select(Criterion).where(Criterion.code == "style")).one()
    assert (style.step, style.name_zh) == (D("0.5"), "风格")
    assert client.post(f"{path}{style.public_id}/move/up").status_code == 303
    assert [one.code for one in criteria_of(scene.edition.id)] == ["argument", "style", "speaking"]
    changed = client.post(f"{path}{style.public_id}", data={**RUBRIC, "weight": "3"})
    assert changed.status_code == 303
    page = client.get(path).text
    assert "× 3" in page
    assert "60" in page.split("Highest total")[1].split("</dd>")[0].split()
    assert client.post(f"{path}{style.public_id}/remove").status_code == 303
    assert len(criteria_of(scene.edition.id)) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": "argument"}, "Another criterion has the code"),
        ({"maximum": "0"}, "The highest mark must be above the lowest one."),
        ({"step": "3"}, "The step must lead exactly from the lowest mark to the highest one."),
        ({"weight": "0"}, "The weight must be above zero."),
        ({"minimum": "low"}, "Type a number, for example 7.5."),
        ({"name": ""}, "Fill this in."),
    ],
)
def test_an_impossible_criterion_is_refused_and_keeps_what_was_typed(
    client, scene, organiser, change, message
):
    organiser("director")
    answer = client.post(f"/e/{scene.edition.slug}/rubric/new", data={**RUBRIC, **change})
    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="风格"' in answer.text


def test_the_rubric_is_locked_once_a_sheet_exists(client, new_client, scene, organiser):
    organiser("director")
    judge = new_client()
    as_judge(judge, scene.chair)
    path = f"/e/{scene.edition.slug}/rubric/"
    assert "The rubric is locked" not in client.get(path).text
    judge.post(scene.path(), data=form_for(scene, [7, "", "", ""], ""))
    assert "The rubric is locked" in client.get(path).text
    for address in ("new", f"{scene.argument.public_id}", f"{scene.argument.public_id}/remove"):
        answer = client.post(path + address, data=RUBRIC)
        assert answer.status_code == 409
        assert "a judge has begun a sheet" in answer.text


def _anchor(number: int, mark: str, text: str, text_zh: str = "") -> dict[str, str]:
    values = {"mark": mark, "text": text, "text_zh": text_zh}
    return {f"anchors-{number}-{name}": value for name, value in values.items()}


def test_a_criterion_says_what_its_marks_mean_in_both_languages(client, new_client, scene, organiser):
    organiser("director")
    path = f"/e/{scene.edition.slug}/rubric/"
    form = {**RUBRIC, **_anchor(0, "9", "Moves everybody", "感染众人"), **_anchor(1, "1.5", "Reads aloud")}
    assert client.post(path + "new", data=form).status_code == 303
    style = db.session.scalars(select(Criterion).where(Criterion.code == "style")).one()
    assert style.anchors == [
        {"mark": "1.5", "text": "Reads aloud", "text_zh": ""},
        {"mark": "9", "text": "Moves everybody", "text_zh": "感染众人"},
    ]
    assert 'value="Moves everybody"' in client.get(path + style.public_id).text
    judge = new_client()
    as_judge(judge, scene.chair)
    sheet = judge.get(scene.path()).text
    assert sheet.count("Moves everybody") == 8
    assert "Moves everybody" in client.get(path + "preview").text


@pytest.mark.parametrize(
    ("anchors", "message"),
    [
        (_anchor(0, "11", "Beyond"), "11 is described, but marks go from 0 to 10."),
        (_anchor(0, "5", "So") | _anchor(1, "5.0", "Or so"), "The same mark is described twice."),
        (_anchor(0, "", "Of what?"), "Say which mark this describes."),
    ],
)
def test_an_impossible_anchor_is_refused_and_kept_on_the_page(client, scene, organiser, anchors, message):
    organiser("director")
    answer = client.post(f"/e/{scene.edition.slug}/rubric/new", data={**RUBRIC, **anchors})
    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{anchors["anchors-0-text"]}"' in answer.text


def test_every_change_of_the_rubric_is_a_version(client, scene, organiser):
    organiser("director")
    path = f"/e/{scene.edition.slug}/rubric/"
    client.post(path + "new", data=RUBRIC)
    client.post(f"{path}{scene.argument.public_id}/remove")
    stored = versions_of_rubric(scene.edition.id)
    assert [(one.number, [line["code"] for line in one.criteria]) for one in stored] == [
        (2, ["speaking", "style"]),
        (1, ["argument", "speaking", "style"]),
    ]
    assert "Version 2 of" in client.get(path).text


@pytest.mark.parametrize(
    ("template", "team", "delegate"), [("usual", 5, 1), ("sessions", 5, 1), ("short", 3, 1)]
)
def test_an_empty_rubric_begins_with_a_ready_one(client, organiser, scene, template, team, delegate):
    organiser("director")
    path = f"/e/{scene.edition.slug}/rubric/"
    form = {"template": template, "idempotency_key": new_key()}
    assert client.post(path + "begin", data=form).status_code == 409
    for criterion in (scene.argument, scene.speaking):
        client.post(f"{path}{criterion.public_id}/remove")
    assert "Begin with this one" in client.get(path).text
    begun = client.post(path + "begin", data={**form, "idempotency_key": new_key()})
    assert begun.status_code == 303
    targets = [one.target for one in criteria_of(scene.edition.id)]
    assert (targets.count("team"), targets.count("delegate")) == (team, delegate)


def test_the_usual_rubric_goes_from_one_to_ten_with_four_anchors_in_two_languages():
    scales = {(one["minimum"], one["maximum"], one["step"]) for one in USUAL.criteria}
    assert scales == {(D(1), D(10), D(1))}
    for one in USUAL.criteria:
        assert [anchor["mark"] for anchor in one["anchors"]] == ["1", "5", "9", "10"]
        assert all(anchor["text"] and anchor["text_zh"] for anchor in one["anchors"])
        assert one["name"]
        assert one["name_zh"]


def test_every_ready_rubric_obeys_the_rules_of_rubrics(client, scene):
    for template in TEMPLATES:
        for at, values in enumerate(template.criteria):
            save_criterion(
                actor=ORGANISER, edition=scene.edition, values={**values, "code": f"{template.code}{at}"}
            )
    assert len(criteria_of(scene.edition.id)) == 2 + sum(len(one.criteria) for one in TEMPLATES)


def test_only_the_director_publishes_standings_and_everybody_sees_them_then(
    client, new_client, scene, organiser
):
    director, tab, visitor = organiser("director"), organiser(browser=new_client()), new_client()
    scene.edition.is_public = True
    public = f"/e/{scene.edition.slug}/standings/published"
    assert visitor.get(public).status_code == 404
    stored = tab.post(f"/e/{scene.edition.slug}/standings/store", data={"idempotency_key": new_key()})
    assert stored.status_code == 303
    snapshot = db.session.scalars(select(StandingsSnapshot)).one()
    path = f"/e/{scene.edition.slug}/standings/{snapshot.public_id}"
    assert tab.post(path + "/publish").status_code == 403
    assert director.post(path + "/publish").status_code == 409
    assert twice(director, path + "/publish") == [303, 303]
    page = visitor.get(public)
    assert page.status_code == 200
    assert "Team A" in page.text
    assert twice(director, path + "/unpublish") == [303, 303]
    assert visitor.get(public).status_code == 404


def test_the_standings_page_shows_ranks_and_says_when_they_cannot_be_worked_out(client, scene, organiser):
    organiser()
    page = client.get(f"/e/{scene.edition.slug}/standings/")
    assert page.status_code == 200
    assert page.text.count(">1=<") == 4
    assert client.get(f"/e/{scene.edition.slug}/standings/?of=role:igo").status_code == 404
    assert client.get(f"/e/{scene.edition.slug}/standings/delegates").status_code == 200
    scene.edition.standings_metrics = "adjusted_score"
    assert "The standings cannot be worked out" in client.get(f"/e/{scene.edition.slug}/standings/").text


def test_an_edition_without_rounds_says_so(client):
    edition = make_edition()
    person = make_person()
    make_organiser(edition, person)
    sign_in(client, make_user(person=person))
    assert "No round yet" in client.get(f"/e/{edition.slug}/sheets/").text


def test_a_fixed_edition_opens_on_its_roles_and_shows_the_public_nothing_across_them(
    client, new_client, scene, organiser
):
    organiser("director")
    scene.edition.role_policy, scene.edition.is_public = "fixed", True
    for role, team in zip(ROLES, scene.teams, strict=True):
        team.role = role.value
    at = f"/e/{scene.edition.slug}/standings"
    page = client.get(at + "/").text
    assert page.index("of=role:government") < page.index("of=overall")
    client.post(at + "/store", data={"idempotency_key": new_key()})
    snapshot = db.session.scalars(select(StandingsSnapshot)).one()
    client.post(f"{at}/{snapshot.public_id}/publish", data={"idempotency_key": new_key()})
    visitor = new_client()
    assert visitor.get(at + "/published").status_code == 200
    assert "of=role:igo" in visitor.get(at + "/published").text
    assert visitor.get(at + "/published?of=overall").status_code == 404


def test_standings_that_were_stored_before_the_first_round_leave_the_page_whole(client, scene, organiser):
    organiser()
    at = f"/e/{scene.edition.slug}/standings/"
    assert twice(client, at + "store") == [303, 303]
    assert db.session.scalars(select(StandingsSnapshot.after_round)).all() == [0]
    page = client.get(at)
    assert (page.status_code, "results have changed since" in page.text) == (200, False)
    assert "There is no round 99 in this edition." in client.get(at + "?round=99").text
