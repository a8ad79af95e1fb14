"""One's own agenda: only what is for one, the table and its links once released, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from competition.day.agenda import Reader, agenda_of
from competition.day.queries import public_timetable
from competition.rounds.models import Draw
from core.db import db
from tests.competition.day.conftest import MORNING, Day
from tests.competition.rounds.conftest import Browser
from tests.factories import add, make_division, make_round, make_team

Browsers = Callable[[str], Browser]


def titles(day: Day, **reader: object) -> list[str]:
    return [one.title for one in agenda_of(day.edition, Reader(**reader))]  # type: ignore[arg-type]


def test_everybody_sees_what_is_for_them(day: Day) -> None:
    division = make_division(day.edition)
    from competition.entries.models import TeamDivision

    add(TeamDivision(team_id=day.teams[0].id, division_id=division.id))
    for hour, (audience, key) in enumerate(
        [("all", None), ("teams", None), ("judges", None), ("organisers", None), ("division", division.id)]
    ):
        start = MORNING + timedelta(hours=hour + 4)
        day.item(
            title=audience,
            audience=audience,
            division_id=key,
            starts_at=start,
            ends_at=start + timedelta(minutes=5),
        )
    day.publish()
    own, other = day.teams[0].id, day.teams[1].id
    assert titles(day, team_ids=(own,)) == ["Round 1", "all", "teams", "division"]
    assert titles(day, team_ids=(other,)) == ["Round 1", "all", "teams"]
    assert titles(day, judge_id=day.judge.id) == ["Round 1", "all", "judges"]
    assert titles(day, is_organiser=True) == ["Round 1", "all", "teams", "judges", "organisers", "division"]


def test_before_publication_only_released_rounds_are_there(day: Day) -> None:
    day.item()
    make_round(day.edition, 2, starts_at=MORNING + timedelta(hours=4))
    assert titles(day, team_ids=(day.teams[0].id,)) == ["Round 1"]
    day.publish()
    assert titles(day, team_ids=(day.teams[0].id,)) == ["Opening", "Round 1", "Round 2"]


def test_the_own_table_comes_with_role_room_and_links(day: Day) -> None:
    mine = agenda_of(day.edition, Reader(team_ids=(day.teams[1].id,)))[0]
    assert (mine.table, mine.role, mine.place, mine.site) == ("1", "enterprise", "B12", "North")
    assert (mine.link, mine.backup_link) == ("https://meet.example/b12", "https://backup.example/b12")
    judged = agenda_of(day.edition, Reader(judge_id=day.judge.id))[0]
    assert (judged.table, judged.role, judged.link) == ("1", "", "https://meet.example/b12")


def test_nothing_of_a_table_is_known_before_its_draw_is_released(day: Day) -> None:
    draw = db.session.query(Draw).one()
    draw.state = "confirmed"
    day.publish()
    for reader in (Reader(team_ids=(day.teams[0].id,)), Reader(judge_id=day.judge.id)):
        line = agenda_of(day.edition, reader)[0]
        assert (line.table, line.place, line.link) == ("", "", "")
        assert line.detail == "Your table appears here once the draw is released."


def test_a_team_that_does_not_play_a_released_round_has_no_line_for_it(day: Day) -> None:
    outside = make_team(day.edition, "Team E")
    day.publish()
    assert titles(day, team_ids=(outside.id,)) == []


def test_a_coach_of_two_teams_has_a_line_for_each(day: Day) -> None:
    lines = agenda_of(day.edition, Reader(team_ids=(day.teams[0].id, day.teams[1].id)))
    assert [(one.team, one.role) for one in lines] == [("Team A", "government"), ("Team B", "enterprise")]
    assert len({one.uid for one in lines}) == 2


def test_the_public_sees_neither_links_nor_what_is_for_organisers(day: Day) -> None:
    day.item(link="https://meet.example/1")
    day.item(title="Crew", audience="organisers")
    assert [(one.title, one.link) for one in public_timetable(day.edition)] == [
        ("Opening", ""),
        ("Round 1", ""),
    ]


def test_the_public_page_is_there_only_once_edition_and_timetable_are_public(day: Day, app: Flask) -> None:
    day.item(link="https://meet.example/1")
    anybody = Browser(app)
    assert anybody.get("/e/spring/programme").status_code == 404
    day.publish()
    assert anybody.get("/e/spring/programme").status_code == 404
    day.edition.is_public = True
    page = anybody.get("/e/spring/programme")
    assert (page.status_code, "Opening" in page.text, "meet.example" in page.text) == (200, True, False)
    assert "/e/spring/programme" in anybody.get("/e/spring/").text
    assert anybody.get("/e/nowhere/programme").status_code == 404


def test_the_page_names_the_zone_and_shows_another_beside_it(day: Day, browser_of: Browsers) -> None:
    day.item()
    day.publish()
    captain = browser_of("captain")
    page = captain.get("/e/spring/agenda").text
    assert "Asia/Shanghai, UTC+8" in page
    assert "https://meet.example/b12" in page
    beside = captain.get("/e/spring/agenda?zone=America/Los_Angeles").text
    assert "5:00\u202fPM" in beside
    assert "May 15, 2031" in beside
    assert captain.get("/e/spring/agenda?zone=../../etc/passwd").status_code == 200


def test_an_outsider_finds_nothing(day: Day, browser_of: Browsers) -> None:
    outsider = browser_of("outsider")
    assert [outsider.get(f"/e/spring/{page}").status_code for page in ("agenda", "timetable")] == [404, 404]
