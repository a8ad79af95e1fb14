"""Certificates: who is due one, their codes, the paper in both languages, and who may have which."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from competition.rounds.models import Lineup, PanelJudge
from competition.rounds.public import tables_of_edition
from core import jobs
from core.db import db
from core.errors import Conflict, Invalid
from core.idempotency import new_key
from judging.closing.certificate_paper import certificates_pdf, verify_address
from judging.closing.certificates import (
    certificates_of,
    due_certificates,
    find_by_code,
    new_code,
    plain_code,
    spoken_code,
)
from judging.closing.models import AwardSeal, Certificate
from judging.closing.services.certificates import (
    find_book,
    issue_certificates,
    order_book,
    revoke_certificate,
)
from judging.models import Award
from tests.factories import (
    add,
    make_delegate,
    make_judge,
    make_person,
    make_round,
    make_team,
    make_user,
    sign_in,
)
from tests.judging.closing.championship import ORGANISER, play, rotating


@pytest.fixture
def event(app):
    """One round of four teams of two delegates, a judge, a coach, a team that never played."""
    edition, teams = rotating(count=4, name="Harbour Cup", name_zh="港口杯", place="Shanghai")
    for team in teams:
        make_delegate(team, f"{team.name} One", code=f"{team.name}-1")
        make_delegate(team, f"{team.name} Two", name_local="林薇", code=f"{team.name}-2")
    teams[0].coach = "Prof. Mei Tan"
    play(edition, 1, teams)
    (table,) = tables_of_edition(edition.id)
    add(PanelJudge(table_id=table.id, judge_id=make_judge(edition, "Judge Sato").id, position="chair"))
    make_judge(edition, "Judge Never")
    make_delegate(make_team(edition, "Absentees"), "Nobody")
    return edition, teams


def issue(edition):
    return issue_certificates(actor=ORGANISER, edition=edition)


def test_all_who_took_part_judged_or_coached_are_due_one(event):
    edition, _teams = event
    due = [(one.kind, one.name) for one in due_certificates(edition)]
    assert len([kind for kind, _name in due if kind == "participation"]) == 8
    assert ("judge", "Judge Sato") in due
    assert ("coach", "Prof. Mei Tan") in due
    assert not {"Nobody", "Judge Never"} & {name for _kind, name in due}


def test_a_delegate_who_sat_out_every_round_is_due_none(event):
    edition, teams = event
    from competition.entries.models import Delegate

    out = db.session.scalars(select(Delegate).where(Delegate.team_id == teams[0].id)).first()
    (table,) = tables_of_edition(edition.id)
    add(Lineup(round_id=table.round_id, team_id=teams[0].id, delegate_id=out.id, took_part=False))
    assert out.name not in {one.name for one in due_certificates(edition)}


def test_awards_are_on_certificates_once_they_are_published(event):
    edition, teams = event
    seal = add(AwardSeal(edition_id=edition.id, state="sealed", version=1, winners=[]))
    add(Award(edition_id=edition.id, award="Gold", award_zh="金奖", kind="team", winner="Team 01"))
    assert "award" not in {one.kind for one in due_certificates(edition)}
    seal.state = "published"
    won = [one for one in due_certificates(edition) if one.kind == "award"]
    assert [(one.name, one.award, one.award_zh, one.team_id) for one in won] == [
        ("Team 01 One", "Gold", "金奖", teams[0].id),
        ("Team 01 Two", "Gold", "金奖", teams[0].id),
    ]


def test_issuing_twice_adds_nothing_and_a_corrected_name_replaces_one(event):
    edition, _teams = event
    from competition.entries.models import Delegate

    assert issue(edition) == (10, 0)
    assert issue(edition) == (0, 0)
    row = db.session.scalars(select(Delegate).where(Delegate.name == "Team 01 One")).one()
    old = db.session.scalars(select(Certificate).where(Certificate.delegate_id == row.id)).one()
    row.name = "Lin Wei"
    assert issue(edition) == (1, 1)
    assert old.revoked_at is not None
    assert "Lin Wei" in {one.name for one in certificates_of(edition.id)}


def test_a_revoked_certificate_is_not_issued_again_by_itself(event):
    edition, _teams = event
    issue(edition)
    row = certificates_of(edition.id)[0]
    with pytest.raises(Invalid):
        revoke_certificate(actor=ORGANISER, edition=edition, certificate=row, reason=" ")
    revoke_certificate(actor=ORGANISER, edition=edition, certificate=row, reason="Not there at all")
    with pytest.raises(Conflict):
        revoke_certificate(actor=ORGANISER, edition=edition, certificate=row, reason="Again")
    assert issue(edition) == (0, 0)


def test_nothing_is_issued_before_anybody_took_part(app):
    edition, _teams = rotating(count=4)
    make_round(edition, 1)
    with pytest.raises(Conflict):
        issue(edition)


def test_a_code_is_found_however_it_is_typed(event):
    edition, _teams = event
    issue(edition)
    row = certificates_of(edition.id)[0]
    typed = spoken_code(row.code).lower().replace("0", "o").replace("1", "l").replace("-", " - ")
    assert find_by_code(typed).id == row.id
    assert find_by_code(row.code[:-1]) is None
    assert find_by_code("") is None
    assert len({new_code() for _time in range(200)}) == 200
    assert plain_code("ab-1o il") == "AB1011"


def test_the_paper_has_the_letters_of_both_scripts_and_the_address_of_its_code(event):
    edition, _teams = event
    issue(edition)
    row = next(one for one in certificates_of(edition.id) if one.name == "Team 01 Two")
    data, pages = certificates_pdf(edition, [row])
    reader = PdfReader(io.BytesIO(data))
    text = re.sub(r"\s+", "", reader.pages[0].extract_text())
    assert (pages, len(reader.pages)) == (1, 1)
    assert "Team01Two" in text
    assert "林薇" in text
    assert "HarbourCup" in text
    assert "港口杯" in text
    assert verify_address(row.code) in text
    fonts = reader.pages[0]["/Resources"]["/Font"]
    descriptors = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts.values()]
    assert all("/FontFile2" in one["/FontDescriptor"].get_object() for one in descriptors)


def test_all_of_them_are_made_into_one_document_by_a_job(event):
    edition, _teams = event
    issue(edition)
    edition_id = edition.id
    job = order_book(actor=ORGANISER, edition=edition)
    assert order_book(actor=ORGANISER, edition=edition).id == job.id
    db.session.commit()
    run = jobs.claim("worker")
    jobs.work(run)
    book = find_book(edition_id)
    assert (book.pages, len(PdfReader(io.BytesIO(book.data)).pages)) == (10, 10)


def form(**values):
    return {"idempotency_key": new_key(), **values}


def test_the_director_issues_and_the_tab_team_downloads(organiser, event):
    edition, _teams = event
    tab, director = organiser(edition), organiser(edition, "director")
    path = f"/e/{edition.slug}/certificates/"
    assert "No certificate issued yet" in tab.get(path).text
    assert tab.post(path + "document", data=form()).status_code == 409
    assert tab.post(path + "issue", data=form()).status_code == 403
    sent = form()
    assert [director.post(path + "issue", data=sent).status_code for _ in range(2)] == [303, 303]
    row = certificates_of(edition.id)[0]
    answer = tab.get(path + row.public_id)
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert tab.get(path + "document").status_code == 404
    assert tab.post(path + "document", data=form()).status_code == 303
    assert "being made" in tab.get(path).text
    assert director.post(f"{path}{row.public_id}/revoke", data=form()).status_code == 422
    gone = form(reason="Not there")
    assert director.post(f"{path}{row.public_id}/revoke", data=gone).status_code == 303
    assert tab.get(path + row.public_id).status_code == 404


def test_each_person_downloads_their_own_and_nobody_elses(client, event):
    edition, teams = event
    issue(edition)
    person = make_person("Lin")
    from competition.entries.models import Delegate

    row = db.session.scalars(select(Delegate).where(Delegate.code == "Team 01-2")).one()
    row.person_id = person.id
    sign_in(client, make_user(person=person))
    own = db.session.scalars(select(Certificate).where(Certificate.delegate_id == row.id)).one()
    other = db.session.scalars(
        select(Certificate).where(Certificate.delegate_id != row.id, Certificate.team_id == teams[0].id)
    ).first()
    path = f"/e/{edition.slug}/me/certificates"
    assert client.get(path).text.count("Download as PDF") == 1
    assert client.get(f"{path}/{own.public_id}").data[:5] == b"%PDF-"
    assert client.get(f"{path}/{other.public_id}").status_code == 404


def test_a_coach_has_the_coaches_certificate_only(client, event):
    edition, teams = event
    coach = make_person("Mei Tan")
    teams[0].coach_person_id = coach.id
    issue(edition)
    sign_in(client, make_user(person=coach))
    assert client.get(f"/e/{edition.slug}/me/certificates").text.count("Download as PDF") == 1


def test_anybody_with_a_code_has_it_confirmed_and_others_learn_nothing(client, event):
    edition, _teams = event
    issue(edition)
    row = next(one for one in certificates_of(edition.id) if one.kind == "participation")
    page = client.get(f"/verify/{spoken_code(row.code)}")
    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "genuine" in page.text
    assert row.name in page.text
    assert edition.slug not in page.text
    wrong = [client.get(f"/verify/{code}") for code in (new_code(), "x", "0" * 16)]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in wrong}) == 1
    found = client.get("/verify/", query_string={"code": row.code.lower()})
    assert found.headers["Location"].endswith(spoken_code(row.code))
    revoke_certificate(actor=ORGANISER, edition=edition, certificate=row, reason="Not there at all")
    page = client.get(f"/verify/{row.code}").text
    assert "This certificate was revoked" in page
    assert "Not there at all" in page
    assert "genuine" not in page
