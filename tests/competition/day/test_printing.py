"""What is printed: badges for whom, certificates of attendance only for those who were there, made by a job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from competition.day.attendance import attendance_pdf, attendances_of
from competition.day.badges import Badge, badges_of, badges_pdf
from competition.day.services.papers import find_paper, order_attendance, order_badges
from competition.entries.check_in import note_arrival
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict
from core.jobs import Job
from tests.competition.day.conftest import Day, token_of
from tests.competition.rounds.conftest import Browser
from tests.factories import make_delegate, make_institution

Browsers = Callable[[str], Browser]
FIRST, SECOND = date(2031, 5, 16), date(2031, 5, 17)


def come(day: Day, kind: str, row: object, *days: date) -> None:
    for each in days:
        note_arrival(
            actor=SYSTEM,
            edition=day.edition,
            kind=kind,  # type: ignore[arg-type]
            public_id=row.public_id,  # type: ignore[attr-defined]
            day=each,
            is_here=True,
        )


def test_a_badge_carries_names_team_role_and_an_address_that_identifies(day: Day) -> None:
    day.edition.role_policy = "fixed"
    day.teams[0].role = "local_ngo"
    day.captain.name_local = "林伟"
    found = badges_of(day.edition, ["delegate"])
    assert found == [
        Badge(
            kind="delegate",
            name="Lin Wei",
            name_local="林伟",
            group="Team A",
            role="local_ngo",
            code=day.captain.code,
            address=f"http://localhost/e/spring/check-in/delegate/{day.captain.public_id}",
        )
    ]


def test_where_roles_rotate_a_badge_names_none(day: Day) -> None:
    day.teams[0].role = "igo"
    assert [badge.role for badge in badges_of(day.edition, ["delegate"])] == [""]


def test_judges_and_coaches_have_one_and_a_coach_of_two_teams_has_one(day: Day) -> None:
    day.teams[0].coach = day.teams[1].coach = "Prof Adeyemi"
    found = badges_of(day.edition, ["judge", "coach"])
    assert [(badge.kind, badge.name, badge.group) for badge in found] == [
        ("coach", "Prof Adeyemi", "Team A, Team B"),
        ("judge", "Judge Ito", ""),
    ]
    assert [badge.address == "" for badge in found] == [True, False]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (10, 1), (11, 2)])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_ten_fit_on_a_sheet_of_either_paper(day: Day, count: int, pages: int, paper: str) -> None:
    badges = [
        Badge(
            kind="delegate",
            name="Maximiliane Wolfeschlegelsteinhausen" * 2,
            role=role,
            code="D1",
            address="x",
        )
        for role in ("government", "enterprise", "local_ngo", "igo", "") * 3
    ][:count]
    data, made = badges_pdf(day.edition, badges, paper)  # type: ignore[arg-type]
    assert (data[:5], made, data.count(b"/Type /Page\n")) == (b"%PDF-", pages, pages)


def test_only_those_who_were_there_are_certified_with_their_days(day: Day) -> None:
    make_delegate(day.teams[0], "Absent")
    come(day, "delegate", day.captain, FIRST, SECOND)
    come(day, "judge", day.judge, SECOND)
    assert [(one.kind, one.name, one.team, one.days) for one in attendances_of(day.edition)] == [
        ("delegate", "Lin Wei", "Team A", (FIRST, SECOND)),
        ("judge", "Judge Ito", "", (SECOND,)),
    ]
    data, pages = attendance_pdf(day.edition, attendances_of(day.edition), "Letter")
    assert (data[:5], pages) == (b"%PDF-", 2)


def test_a_team_named_after_its_university_is_certified_in_chinese_by_its_chinese_name(day: Day) -> None:
    home = make_institution(day.edition, "FU", name="Team A", name_local="复旦大学")
    day.teams[0].institution_id = home.id
    come(day, "delegate", day.captain, FIRST)
    assert [(one.team, one.team_local) for one in attendances_of(day.edition)] == [("Team A", "复旦大学")]
    home.name = "Fudan University"
    assert [(one.team, one.team_local) for one in attendances_of(day.edition)] == [("Team A", "")]


def test_nobody_there_and_nobody_chosen_are_refused(day: Day) -> None:
    with pytest.raises(Conflict):
        order_attendance(actor=SYSTEM, edition=day.edition, paper="A4")
    with pytest.raises(Conflict):
        order_badges(actor=SYSTEM, edition=day.edition, kinds=["cat"], paper="A4")


def test_ordered_twice_is_made_once(day: Day) -> None:
    for _again in range(2):
        order_badges(actor=SYSTEM, edition=day.edition, kinds=["delegate"], paper="A0")
    jobs = db.session.query(Job).all()
    assert [(job.arguments["what"], job.arguments["paper"]) for job in jobs] == [("badges", "A4")]
    assert find_paper(day.edition.id, "badges") is None


def test_papers_are_ordered_on_their_page(day: Day, browser_of: Browsers) -> None:
    tab = browser_of("tab")
    page = tab.get("/e/spring/printing")
    form = {"csrf_token": token_of(page.text), "paper": "Letter"}
    assert (
        tab.post("/e/spring/printing/badges", data={**form, "kinds": ["delegate", "judge"]}).status_code
        == 303
    )
    assert "It is being made now." in tab.get("/e/spring/printing").text
    assert tab.post("/e/spring/printing/attendance", data=form).status_code == 409
    assert tab.get("/e/spring/printing/badges.pdf").status_code == 404


def test_ones_own_certificate_is_there_for_who_was_there(day: Day, browser_of: Browsers, app: Flask) -> None:
    captain, judge = browser_of("captain"), browser_of("judge")
    come(day, "delegate", day.captain, FIRST)
    answer = captain.get("/e/spring/me/attendance.pdf")
    assert (answer.status_code, answer.data[:5]) == (200, b"%PDF-")
    assert judge.get("/e/spring/me/attendance.pdf").status_code == 404
