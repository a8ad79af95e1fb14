"""A captain's registration: what is asked, how it is changed, asked for again and taken back; hostile input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from competition.editions.models import Edition
from competition.editions.services import close_registration
from competition.entries.models import Delegate, Institution, Team
from competition.entries.registering import entry, questions
from competition.entries.registering.models import Answer, Question
from competition.entries.services import invitations
from competition.entries.services.registration import (
    confirm_delegate,
    decide_team,
    find_or_add_institution,
    likeness,
)
from competition.rounds.models import Draw, NegotiationTable, Seat
from core.access import SYSTEM, CapacityKind
from core.db import Base, db, unit_of_work, utc_now
from core.errors import Conflict, Invalid, Stale
from core.links import find_live_link, landing_of
from core.outbox import OutboxMessage
from tests.competition.entries.test_links import open_link
from tests.competition.entries.test_registration import open_edition, register
from tests.core.test_at_once import at_once
from tests.factories import NOW, add, make_delegate, make_edition, make_institution, make_round, make_team

NOTHING = {"institution": "", "division_codes": (), "answers": {}}


def ask(edition: Edition, **values: object) -> Question:
    defaults = {"audience": "delegate", "kind": "text", "label": "Diet", "label_zh": "饮食"}
    return questions.save_question(
        actor=SYSTEM,
        edition=edition,
        question=None,
        version=0,
        values={**defaults, **values},
    )


def change(edition: Edition, team: Team, **values: object) -> None:
    entry.change_entry(
        actor=SYSTEM,
        edition=edition,
        team=team,
        version=team.version,
        values={"name": team.name, **values},
        **NOTHING,  # type: ignore[arg-type]
    )


def test_a_university_in_another_script_or_case_is_the_one_on_the_list(app: Flask) -> None:
    edition = make_edition()
    known = make_institution(edition, "Fudan", name="Fudan University", name_local="复旦大学")
    spellings = ["fudan university", "复旦大学", "FUDAN", "Ｆｕｄａｎ　University"]
    assert [find_or_add_institution(edition, text).id for text in spellings] == [known.id] * 4
    assert known.is_checked


def test_what_a_captain_types_in_full_waits_for_an_organisers_look(app: Flask) -> None:
    edition = open_edition()
    register(edition, institution="Nowhere College")
    added = db.session.scalars(select(Institution)).one()
    assert (added.name, added.is_checked) == ("Nowhere College", False)


@pytest.mark.parametrize("name", ["Team One", "TEAM ONE", "Team\u200b One", "Ｔｅａｍ Ｏｎｅ"])
def test_a_name_that_looks_like_anothers_is_taken(app: Flask, name: str) -> None:
    edition = open_edition()
    register(edition)
    with pytest.raises(Conflict, match="already registered"):
        register(edition, name=name)


def test_two_names_that_readers_tell_apart_are_two(app: Flask) -> None:
    assert likeness("Team A") != likeness("Team B")
    assert likeness("北京队") != likeness("北大队")


def test_a_captain_changes_the_entry_until_the_deadline(app: Flask) -> None:
    edition = open_edition()
    team = register(edition)
    change(edition, team, coach="Prof. Wu", wishes="igo;government")
    assert (team.coach, team.wishes, team.version) == ("Prof. Wu", "igo;government", 2)
    with pytest.raises(Stale):
        entry.change_entry(
            actor=SYSTEM,
            edition=edition,
            team=team,
            version=1,
            values={"name": "X"},
            **NOTHING,  # type: ignore[arg-type]
        )
    close_registration(actor=SYSTEM, edition=edition)
    with pytest.raises(Conflict, match="closed in the meantime"):
        change(edition, team)


def test_changes_that_were_asked_for_can_be_made_after_the_deadline_and_wait_for_an_answer_again(
    app: Flask,
) -> None:
    edition = open_edition()
    team = register(edition)
    close_registration(actor=SYSTEM, edition=edition)
    with pytest.raises(Invalid, match="Say why"):
        decide_team(actor=SYSTEM, edition=edition, team=team, version=1, decision="ask")
    decide_team(actor=SYSTEM, edition=edition, team=team, version=1, decision="ask", reason="Who coaches?")
    assert (team.status, team.asked_at is not None) == ("applied", True)
    mail = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "team_decision")).one()
    assert "please change something in the application of Team One" in mail.body
    assert "Who coaches?" in mail.body
    change(edition, team, coach="Prof. Wu")
    assert (team.status, team.asked_at, team.coach) == ("applied", None, "Prof. Wu")
    with pytest.raises(Conflict, match="closed"):
        change(edition, team)


@pytest.mark.parametrize(
    ("status", "after"), [("applied", "declined"), ("waiting", "declined"), ("registered", "withdrawn")]
)
def test_a_captain_takes_the_team_out(app: Flask, status: str, after: str) -> None:
    edition = open_edition()
    team = make_team(edition, status=status)
    entry.leave(actor=SYSTEM, edition=edition, team=team, version=1)
    assert team.status == after
    assert team.status_reason == (entry.LEFT if after == "declined" else "")


def test_a_team_that_was_drawn_asks_the_organisers(app: Flask) -> None:
    edition = open_edition()
    team = make_team(edition, "Drawn")
    draw = add(Draw(round_id=make_round(edition).id, version=1, state="draft", created_at=NOW))
    table = add(NegotiationTable(draw_id=draw.id, name="T1"))
    add(Seat(draw_id=draw.id, table_id=table.id, role="igo", team_id=team.id))
    with pytest.raises(Conflict, match="Drawn has been drawn"):
        entry.leave(actor=SYSTEM, edition=edition, team=team, version=1)
    assert team.status == "registered"


def test_answers_are_kept_changed_and_emptied(app: Flask) -> None:
    edition = open_edition()
    diet, visa = ask(edition), ask(edition, kind="yes_no", label="Visa", is_sensitive=True)
    delegate = make_delegate(make_team(edition))
    questions.keep_answers(delegate, {diet.id: "vegan", visa.id: "yes"})
    questions.keep_answers(delegate, {diet.id: ""})
    assert [(one.label, one.text, one.is_sensitive) for one in questions.answered(delegate)] == [
        ("Diet", "", False),
        ("Visa", "Yes", True),
    ]


def test_a_question_that_was_answered_keeps_its_kind_and_goes_with_its_answers(app: Flask) -> None:
    edition = open_edition()
    diet = ask(edition)
    questions.keep_answers(make_delegate(make_team(edition)), {diet.id: "vegan"})
    values = {"label": "Food", "label_zh": "", "audience": "team", "kind": "text"}
    with pytest.raises(Conflict, match="has been answered"):
        questions.save_question(actor=SYSTEM, edition=edition, question=diet, version=1, values=values)
    questions.remove_question(actor=SYSTEM, edition=edition, question=diet, version=1)
    assert db.session.scalar(select(func.count(Answer.id))) == 0


def test_questions_are_asked_in_the_order_they_were_put(app: Flask) -> None:
    edition = open_edition()
    rows = [ask(edition, label=label) for label in ("A", "B", "C")]
    questions.move_up(actor=SYSTEM, edition=edition, question=rows[2])
    assert [row.label for row in questions.questions_of(edition.id)] == ["A", "C", "B"]


def test_who_is_too_young_cannot_confirm_and_only_the_age_asked_for_is_kept(app: Flask) -> None:
    edition = open_edition()
    delegate = make_delegate(make_team(edition))
    confirm = {"actor": SYSTEM, "edition": edition, "delegate": delegate, "name": "Lin", "name_local": ""}
    with pytest.raises(Invalid, match="18 or older"):
        confirm_delegate(**confirm, is_of_age=False)  # type: ignore[arg-type]
    assert delegate.confirmed_at is None
    confirm_delegate(**confirm, is_of_age=True)  # type: ignore[arg-type]
    assert (delegate.confirmed_at is not None, delegate.age_confirmed) == (True, 18)


@pytest.fixture
def captain(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser that came through the registration link."""
    edition = open_edition()
    make_institution(edition, "Fudan", name="Fudan University", name_local="复旦大学")
    open_link(client, invitations.registration_link(actor=SYSTEM, edition=edition))
    return client


def the_edition() -> Edition:
    return db.session.scalars(select(Edition)).one()


def typed(client: FlaskClient, **changes: str) -> dict[str, str]:
    """A filled form with the tokens of the page."""
    text = client.get(f"/e/{the_edition().slug}/register").text
    tokens = {
        name: (re.search(rf'name="{name}"[^>]*value="([^"]+)"', text) or ["", ""])[1]
        for name in ("csrf_token", "idempotency_key")
    }
    filled = {
        "name": "Typed Team",
        "institution": "复旦大学",
        "captain_name": "Ann Lee",
        "captain_contact": "ann@example.org",
        "members-0-name": "Bo Chen",
        "members-0-name_local": "陈波",
        "members-0-contact": "bo@example.org",
    }
    return {**tokens, **filled, **changes}


def test_the_list_offers_an_institution_in_both_scripts(captain: FlaskClient) -> None:
    text = captain.get(f"/e/{the_edition().slug}/register").text
    assert '<option value="Fudan University">复旦大学</option>' in text
    assert '<option value="复旦大学">Fudan University</option>' in text


def test_a_team_is_registered_with_names_in_both_scripts(captain: FlaskClient) -> None:
    answer = captain.post(f"/e/{the_edition().slug}/register", data=typed(captain))
    assert answer.status_code == 303
    bo = db.session.scalars(select(Delegate).where(Delegate.contact == "bo@example.org")).one()
    assert (bo.name, bo.name_local) == ("Bo Chen", "陈波")
    home = db.session.scalars(select(Institution.name).join(Team, Team.institution_id == Institution.id))
    assert home.one() == "Fudan University"


def test_a_name_in_one_script_is_enough_in_whichever_box(captain: FlaskClient) -> None:
    alone = {"members-0-name": "", "members-0-name_local": "陈波"}
    answer = captain.post(f"/e/{the_edition().slug}/register", data=typed(captain, **alone))
    assert answer.status_code == 303
    bo = db.session.scalars(select(Delegate).where(Delegate.contact == "bo@example.org")).one()
    assert (bo.name, bo.name_local) == ("陈波", "")


def test_what_is_wrong_names_the_delegate_it_is_about(captain: FlaskClient) -> None:
    wrong = {
        "members-0-contact": "",
        "members-1-contact": "cy@example.org",
        "members-2-name": "Di",
        "members-2-contact": "no address",
    }
    answer = captain.post(f"/e/{the_edition().slug}/register", data=typed(captain, **wrong))
    assert answer.status_code == 422
    found = re.findall(r'<a href="#members-(\d)-(\w+)">(Delegate \d · [^:]+):', answer.text)
    assert found == [
        ("0", "contact", "Delegate 2 · E-mail"),
        ("1", "name", "Delegate 3 · Name"),
        ("2", "contact", "Delegate 4 · E-mail"),
    ]


def test_a_double_click_registers_one_team(app: Flask, captain: FlaskClient) -> None:
    """Both clicks carry the cookie that the browser had when the form was shown."""
    data, path = typed(captain), f"/e/{the_edition().slug}/register"
    with captain.session_transaction() as cookie:
        shown = dict(cookie)
    second = app.test_client()
    with second.session_transaction() as cookie:
        cookie.update(shown)
    answers = [browser.post(path, data=data) for browser in (captain, second)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count(Team.id))) == 1


def test_registration_that_closes_while_somebody_types_keeps_what_they_typed(captain: FlaskClient) -> None:
    data, edition = typed(captain), the_edition()
    close_registration(actor=SYSTEM, edition=edition)
    db.session.commit()
    answer = captain.post(f"/e/{edition.slug}/register", data=data)
    assert answer.status_code == 409
    assert "Registration for this edition is closed" in answer.text
    for text in ("Typed Team", "Ann Lee", "陈波", "bo@example.org"):
        assert f'value="{text}"' in answer.text
    assert db.session.scalar(select(func.count(Team.id))) == 0


def test_a_change_typed_across_the_deadline_is_shown_again(captain: FlaskClient) -> None:
    edition = the_edition()
    captain.post(f"/e/{edition.slug}/register", data=typed(captain))
    page = f"/e/{edition.slug}/team/change"
    fields = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]*)"', captain.get(page).text))
    close_registration(actor=SYSTEM, edition=edition)
    db.session.commit()
    answer = captain.post(page, data={**fields, "name": "New Name", "institution": "Fudan University"})
    assert (answer.status_code, 'value="New Name"' in answer.text) == (409, True)
    added = captain.post(
        f"/e/{edition.slug}/team/delegates", data={**fields, "name": "Cy Wu", "contact": "cy@example.org"}
    )
    assert (added.status_code, 'value="Cy Wu"' in added.text) == (403, True)
    assert [captain.get(f"/e/{edition.slug}/{path}").status_code for path in ("team", "team/change")] == [
        200,
        403,
    ]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("\u202eevil\u202c team", "evil team"),
        ("Team 🦉🇨🇳", "Team 🦉🇨🇳"),
        ("  Two   words ", "Two words"),
        ("\u200b\u200d", None),
        ("   ", "复旦大学"),
        ("x" * 121, None),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_hostile_names_are_cleaned_or_refused(captain: FlaskClient, name: str, kept: str | None) -> None:
    answer = captain.post(f"/e/{the_edition().slug}/register", data=typed(captain, name=name))
    assert answer.status_code == (303 if kept else 422)
    assert db.session.scalars(select(Team.name)).all() == ([kept] if kept else [])
    if kept:
        page = captain.get(f"/e/{the_edition().slug}/team").text
        assert "<script>alert" not in page


def test_a_captain_who_reads_chinese_invites_in_chinese_with_the_team_and_what_to_do(
    captain: FlaskClient,
) -> None:
    with captain.session_transaction() as session:
        session["locale"] = "zh_Hans"
    form = typed(captain, name="")
    assert captain.post(f"/e/{the_edition().slug}/register", data=form).status_code == 303
    mails = db.session.execute(
        select(OutboxMessage.kind, OutboxMessage.body).order_by(OutboxMessage.id)
    ).all()
    assert [kind for kind, _body in mails] == ["invite_delegate", "invite_captain"]
    assert "参赛队伍“复旦大学”的名单。请核对姓名并确认" in mails[0].body


def test_an_invitation_leads_to_the_details_until_they_are_confirmed(captain: FlaskClient) -> None:
    edition = the_edition()
    captain.post(f"/e/{edition.slug}/register", data=typed(captain))
    delegate = db.session.scalars(select(Delegate).where(Delegate.name == "Bo Chen")).one()
    link = find_live_link(purpose=CapacityKind.DELEGATE, edition_id=edition.id, subject_id=delegate.id)
    assert link is not None
    with captain.application.test_request_context():
        first = landing_of(link)
        delegate.confirmed_at = utc_now()
        later = landing_of(link)
    assert (first.title, "Typed Team" in first.about) == ("Bo Chen", True)
    assert (first.url, later.url) == (f"/e/{edition.slug}/me/details", f"/e/{edition.slug}/me")


def test_a_required_question_keeps_a_team_from_being_registered_without_an_answer(
    captain: FlaskClient,
) -> None:
    edition = the_edition()
    row = ask(edition, audience="team", is_required=True, label="T-shirts", kind="choice", choices="S\nL")
    db.session.commit()
    path = f"/e/{edition.slug}/register"
    assert captain.post(path, data=typed(captain)).status_code == 422
    wrong = typed(captain, **{f"q_{row.public_id}": "XXL"})
    assert captain.post(path, data=wrong).status_code == 422
    assert captain.post(path, data=typed(captain, **{f"q_{row.public_id}": "L"})).status_code == 303
    assert db.session.scalars(select(Answer.text)).all() == ["L"]


def test_a_delegates_answers_are_shown_to_no_captain(captain: FlaskClient) -> None:
    edition = the_edition()
    captain.post(f"/e/{edition.slug}/register", data=typed(captain))
    diet = ask(edition)
    bo = db.session.scalars(select(Delegate).where(Delegate.name == "Bo Chen")).one()
    questions.keep_answers(bo, {diet.id: "no peanuts"})
    db.session.commit()
    assert "no peanuts" not in captain.get(f"/e/{edition.slug}/team").text


@pytest.fixture
def committed(bare_app: Flask) -> Iterator[Flask]:
    """The application; everything that the test commits is removed afterwards."""
    with bare_app.app_context():
        yield bare_app
        db.session.remove()
        with unit_of_work():
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))


def test_of_two_captains_who_take_one_name_at_once_the_second_is_told(committed: Flask) -> None:
    with unit_of_work():
        edition = make_edition("race", registration_opens_at=NOW)
        edition.registration_closes_at = utc_now() + timedelta(days=1)
        key = edition.id

    def take(address: str) -> str:
        with unit_of_work():
            found = db.session.get_one(Edition, key)
            from competition.entries.services.registration import NewDelegate, register_team

            team, _link = register_team(
                actor=SYSTEM,
                edition=found,
                name="Same Name",
                institution="Fudan",
                captain=NewDelegate(name="Ann", contact=address),
                members=[],
            )
            return team.name

    outcomes = at_once(committed, lambda: take("a@example.org"), lambda: take("b@example.org"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "str"]
    db.session.remove()
    assert db.session.scalars(select(Team.name)).all() == ["Same Name"]
    assert db.session.scalars(select(Delegate.name)).all() == ["Ann"]


def test_an_institution_left_out_is_marked_and_a_name_is_not_asked_for(captain: FlaskClient) -> None:
    path = f"/e/{the_edition().slug}/register"
    answer = captain.post(path, data=typed(captain, name="", institution=""))
    assert answer.status_code == 422
    controls = re.findall(r'<input[^>]*\bname="(?:name|institution)"[^>]*>', answer.text)
    assert [' aria-invalid="true"' in control for control in controls] == [True, False]
