"""A messy list becomes teams: columns guessed and remembered, duplicates decided, applied once or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from competition.editions.models import Edition
from competition.entries.models import Delegate, Institution, Judge, Team
from competition.entries.queries import delegates_of_team, team_lines
from competition.lists import services
from competition.lists.draft import Draft, draft_of
from competition.lists.fields import find_header, guess_columns, headers_at
from competition.lists.models import RosterList
from core.access import SYSTEM
from core.db import db
from core.errors import Conflict, Invalid, Stale
from tests.factories import make_delegate, make_division, make_edition, make_institution, make_team

WIDE = [
    ["第四届大赛报名表"],
    ["学校英文名", "学校中文名", "队名", "指导老师", "队员1姓名", "队员1邮箱", "队员2姓名", "队员2邮箱"],
    ["Fudan University", "复旦大学", "Red", "Prof. Gu", "Wang Xiaoming", "wx@example.org", "Li Na", ""],
    ["", "复旦大学", "Blue", "", "王小明", "", "Bo Chen", "bo@example.org"],
    ["Univ. Fudan", "", "Green", "", "Xiaoming WANG", "", "Ann Lee", "not an address"],
]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def uploaded(edition: Edition, rows: Sequence[Sequence[str]], kind: str = "teams") -> RosterList:
    return services.upload(
        actor=SYSTEM, edition=edition, kind=kind, name="C:\\fakepath\\名单.csv", data=as_csv(rows)
    )


def decided(edition: Edition, row: RosterList, **others: str) -> Draft:
    """Every proposal decided as suggested, or as `others` say for its reason."""
    draft = draft_of(edition, row)
    for _twice in range(2):
        words = {each.key: others.get(each.why, each.suggested) for each in draft.proposals}
        services.decide(actor=SYSTEM, edition=edition, row=row, version=row.version, decisions=words)
        draft = draft_of(edition, row)
    return draft


def fix(edition: Edition, row: RosterList, number: int, column: int, text: str, skip: bool = False) -> None:
    services.change_row(
        actor=SYSTEM,
        edition=edition,
        row=row,
        version=row.version,
        number=number,
        texts={column: text},
        is_skipped=skip,
    )


def applied(edition: Edition, row: RosterList) -> dict[str, int]:
    return dict(services.apply(actor=SYSTEM, edition=edition, row=row, version=row.version))


def test_headers_are_found_below_a_title_and_guessed_in_both_languages() -> None:
    assert find_header(WIDE, "teams") == 1
    assert guess_columns(WIDE[1], "teams") == [
        "institution", "institution_local", "team", "coach", "name_1", "contact_1", "name_2", "contact_2",
    ]  # fmt: skip
    assert guess_columns(["Institution", "Code", "Team", "S1", "E1", "S2", "E2"], "teams") == [
        "institution", "", "team", "name_1", "contact_1", "name_2", "contact_2",
    ]  # fmt: skip
    assert guess_columns(["队伍", "姓名", "英文名", "电子邮箱", "单位"], "teams") == [
        "team", "name_local", "name", "contact", "institution",
    ]  # fmt: skip
    assert guess_columns(["学校", "University", "Name", "姓名", "领队", "Captain", "School"], "teams") == [
        "institution_local", "institution", "name", "name_local", "name_local_0", "name_0", "",
    ]  # fmt: skip
    assert guess_columns(["Team", "Captain 领队", "E-mail", "Coach", "E-mail", "Member 1", "E-mail"], "teams") == [
        "team", "name_0", "contact_0", "coach", "", "name_1", "contact_1",
    ]  # fmt: skip
    assert guess_columns(["Team", "E-mail", "Name"], "teams") == ["team", "contact", "name"]
    assert guess_columns(["评委姓名", "Email", "Institution", "Languages"], "judges") == [
        "name", "contact", "institution", "languages",
    ]  # fmt: skip
    assert guess_columns(["id", "fullname", "abbr", "city", "country"], "institutions") == [
        "", "institution", "code", "", "country",
    ]  # fmt: skip


def test_two_lines_of_headers_are_read_as_one(app: Flask) -> None:
    edition = make_edition()
    rows = [
        ["Registration 2025"],
        ["University", "Team", "Captain", "", "Delegate 1", "", "Notes"],
        ["", "", "Name", "E-mail", "Name", "E-mail", ""],
        ["Tongji University", "Red", "Ann Lee", "ann@example.org", "Bo Chen", "bo@example.org", "vegetarian"],
    ]
    row = uploaded(edition, rows)
    assert (row.header_row, services.headers_of(row)) == (
        2,
        [
            "University",
            "Team",
            "Captain Name",
            "Captain E-mail",
            "Delegate 1 Name",
            "Delegate 1 E-mail",
            "Notes",
        ],
    )
    decided(edition, row)
    assert applied(edition, row) == {"institutions": 1, "teams": 1, "people": 2}
    people = db.session.execute(select(Delegate.name, Delegate.contact).order_by(Delegate.name)).all()
    assert people == [("Ann Lee", "ann@example.org"), ("Bo Chen", "bo@example.org")]


def test_headers_in_two_languages_one_below_the_other_are_one_line() -> None:
    rows = [
        ["学校", "队名", "姓名", "邮箱"],
        ["University", "Team", "Name", "E-mail"],
        ["Fudan", "Red", "Li Na", ""],
    ]
    assert find_header(rows, "teams") == 1
    headers = headers_at(rows, 1)
    assert guess_columns(headers, "teams") == ["institution", "team", "name", "contact"]


def test_a_first_row_of_people_is_no_second_line_of_headers() -> None:
    rows = [
        ["University", "Team", "Name", "E-mail"],
        ["Fudan University", "Team Red", "Captain Name", "x@gmail.com"],
    ]
    assert find_header(rows, "teams") == 0
    assert headers_at(rows, 0) == rows[0]


def test_an_address_without_a_name_is_not_lost_in_silence(app: Flask) -> None:
    rows = [["Team", "Captain", "E-mail"], ["A", "Ada", "ada@example.org"], ["B", "", "bo@example.org"]]
    edition = make_edition()
    row = uploaded(edition, rows)
    faults = draft_of(edition, row).faults
    assert [(one.row, one.field, one.value) for one in faults] == [(3, "contact_0", "bo@example.org")]
    fix(edition, row, 3, 1, "Bo")
    assert [one.name for one in draft_of(edition, row).entries.teams["B"].people] == ["Bo"]
    assert draft_of(edition, row).faults == []


def test_names_in_both_scripts_and_addresses_in_one_cell_are_told_apart(app: Flask) -> None:
    rows = [
        ["Universität / 学校", "Team", "Captain 领队", "E-mail", "Members"],
        [
            "北京大学 Peking University",
            "A",
            "王小明 Wang Xiaoming",
            "w@example.org",
            "Zhao Yun <Z@example.org>; 李娜",
        ],
        ["Peking University", "B", "Wang Jing (王静)", "", "Bo Chen (bo@example.org), 陈晨 Chen Chen"],
        ["3M 公司", "C", "Ada Obi", "ada@example.org", "<x@example.org>"],
    ]
    draft = draft_of(make_edition(), uploaded(make_edition(), rows))
    teams = draft.entries.teams.values()
    assert [(one.institution, [(p.name, p.name_local, p.contact) for p in one.people]) for one in teams] == [
        (
            "Peking University",
            [
                ("Wang Xiaoming", "王小明", "w@example.org"),
                ("Zhao Yun", "", "z@example.org"),
                ("李娜", "", ""),
            ],
        ),
        (
            "Peking University",
            [
                ("Wang Jing", "王静", ""),
                ("Bo Chen", "", "bo@example.org"),
                ("Chen Chen", "陈晨", ""),
            ],
        ),
        ("3M 公司", [("Ada Obi", "", "ada@example.org"), ("x@example.org", "", "x@example.org")]),
    ]
    assert draft.entries.institutions["Peking University"].name_local == "北京大学"


def test_a_wide_list_is_corrected_decided_and_applied_whole(app: Flask) -> None:
    edition = make_edition()
    row = uploaded(edition, WIDE)
    assert row.file_name == "名单.csv"
    draft = draft_of(edition, row)
    assert [(fault.row, fault.field, fault.value) for fault in draft.faults] == [
        (5, "contact_2", "not an address")
    ]
    with pytest.raises(Conflict, match="waits for you"):
        services.apply(actor=SYSTEM, edition=edition, row=row, version=row.version)
    fix(edition, row, 5, 7, "ann@example.org")
    draft = decided(edition, row)
    assert (draft.can_apply, len(set(draft.homes.values()))) == (True, 1)
    assert applied(edition, row) == {"institutions": 1, "teams": 3, "people": 4, "known": 2}
    (institution,) = db.session.scalars(select(Institution).where(Institution.edition_id == edition.id))
    assert (institution.name, institution.name_local) == ("Fudan University", "复旦大学")
    names = {line.name: line.delegates for line in team_lines(edition.id)}
    assert names == {"Red": 2, "Blue": 1, "Green": 1}
    red = db.session.scalars(select(Team).where(Team.name == "Red")).one()
    first, second = delegates_of_team(red.id)
    assert (first.name, first.is_captain, second.is_captain, red.coach) == (
        "Wang Xiaoming", True, False, "Prof. Gu",
    )  # fmt: skip


def test_two_people_of_one_name_stay_two_when_somebody_says_so(app: Flask) -> None:
    edition = make_edition()
    row = uploaded(edition, WIDE[:4])
    draft = decided(edition, row)
    assert len(draft.merged) == 1
    draft = decided(edition, row, script="keep", order="keep")
    assert len(draft.merged) == 0


def test_the_same_list_again_changes_nothing(app: Flask) -> None:
    edition = make_edition()
    rows = [*WIDE[:4]]
    for expected in ({"institutions": 1, "teams": 2, "people": 3, "known": 1}, {"known": 4}):
        row = uploaded(edition, rows)
        decided(edition, row)
        assert applied(edition, row) == expected
    count = len(db.session.scalars(select(Delegate).where(Delegate.edition_id == edition.id)).all())
    assert count == 3


def test_applying_twice_does_it_once(app: Flask) -> None:
    edition = make_edition()
    row = uploaded(edition, [["Team", "Institution", "Name"], ["Red", "X", "Ann Lee"]])
    shown = row.version
    first = services.apply(actor=SYSTEM, edition=edition, row=row, version=shown)
    assert services.apply(actor=SYSTEM, edition=edition, row=row, version=shown) == first
    with pytest.raises(Conflict, match="applied already"):
        services.decide(actor=SYSTEM, edition=edition, row=row, version=row.version, decisions={})


def test_a_long_list_with_merged_cells_fills_the_teams(app: Flask) -> None:
    edition = make_edition()
    rows = [
        ["学校", "队伍", "姓名", "邮箱"],
        ["Tongji University", "Red", "Ann Lee", "a@example.org"],
        ["", "", "Bo Chen", ""],
        ["", "", "", ""],
        ["Tongji University", "", "Cy Wu", ""],
        ["Nankai University", "", "Di Ma", ""],
    ]
    row = uploaded(edition, rows)
    decided(edition, row)
    assert applied(edition, row) == {"institutions": 2, "teams": 2, "people": 4}
    assert {line.name: line.delegates for line in team_lines(edition.id)} == {
        "Red": 3,
        "Nankai University": 1,
    }


def test_several_people_in_one_cell_and_teams_without_names(app: Flask) -> None:
    edition = make_edition()
    rows = [
        ["University", "Captain", "Captain e-mail", "Members"],
        ["Tongji", "Ann Lee", "a@example.org", "Bo Chen、Cy Wu"],
        ["Tongji", "Di Ma", "d@example.org", "Ed Fox; Flo Gray"],
    ]
    row = uploaded(edition, rows)
    decided(edition, row)
    assert applied(edition, row) == {"institutions": 1, "teams": 2, "people": 6}
    assert [line.name for line in team_lines(edition.id)] == ["Tongji", "Tongji B"]
    captains = db.session.scalars(select(Delegate.name).where(Delegate.is_captain)).all()
    assert sorted(captains) == ["Ann Lee", "Di Ma"]


def test_what_the_edition_has_is_used_and_its_gaps_are_filled(app: Flask) -> None:
    edition = make_edition()
    known = make_institution(edition, "复旦大学", name="复旦大学")
    team = make_team(edition, "Red", institution_id=known.id)
    make_delegate(team, "Wang Xiaoming", contact="wx@example.org")
    rows = [
        ["University", "Team", "Name"],
        ["Fudan University", "Red", "王小明"],
        ["Fudan University", "Red", "Li Na"],
    ]
    row = uploaded(edition, rows)
    draft = draft_of(edition, row)
    assert [(each.thing, each.why, each.second.row) for each in draft.proposals] == [
        ("institution", "script", 2)
    ]
    draft = decided(edition, row)
    assert sorted(each.thing for each in draft.proposals) == ["institution", "person"]
    assert applied(edition, row) == {"people": 1, "known": 1}
    assert [row.name for row in delegates_of_team(team.id)] == ["Wang Xiaoming", "Li Na"]


def test_a_name_that_a_team_of_another_institution_has_is_a_fault(app: Flask) -> None:
    edition = make_edition()
    make_team(edition, "Red", institution_id=make_institution(edition, "Tongji University").id)
    row = uploaded(edition, [["University", "Team"], ["Nankai University", "Red"]])
    assert [fault.field for fault in draft_of(edition, row).faults] == ["team"]


def test_every_fault_is_named_with_its_row_and_a_row_can_be_left_out(app: Flask) -> None:
    edition = make_edition(role_policy="fixed", team_size_maximum=2)
    make_division(edition, "students", name_zh="学生组")
    rows = [
        ["University", "Team", "Role", "Division", "Speaker 1", "Speaker 2", "Speaker 3"],
        ["A", "T1", "企业", "学生组", "Ann", "", ""],
        ["A", "T2", "referee", "veterans", "Bo", "", ""],
        ["A", "T3", "", "", "Cy", "Di", "Ed"],
        ["", "", "", "", "Lost Person", "", ""],
    ]
    row = uploaded(edition, rows)
    found = {(fault.row, fault.field) for fault in draft_of(edition, row).faults}
    assert found == {(3, "role"), (3, "divisions"), (4, "team"), (5, "team")}
    for number in (3, 4, 5):
        fix(edition, row, number, 0, rows[number - 1][0], skip=True)
    decided(edition, row)
    assert applied(edition, row) == {"institutions": 1, "teams": 1, "people": 1}
    (line,) = team_lines(edition.id)
    assert (line.role, line.divisions) == ("enterprise", ("students",))


def test_what_the_columns_are_is_remembered_for_these_headers(app: Flask) -> None:
    edition = make_edition()
    rows = [["A", "B"], ["Tongji", "Ann"]]
    row = uploaded(edition, rows)
    assert row.columns == ["", ""]
    columns = ["institution", "name"]
    services.set_columns(
        actor=SYSTEM, edition=edition, row=row, version=row.version, header_row=0, columns=columns
    )
    assert uploaded(edition, rows).columns == columns
    assert uploaded(make_edition(), rows).columns == ["", ""]


@pytest.mark.parametrize("columns", [["name", "name"], ["", ""], ["contact", "coach"]])
def test_columns_that_make_no_list_are_refused(app: Flask, columns: list[str]) -> None:
    edition = make_edition()
    row = uploaded(edition, [["A", "B"], ["1", "2"]])
    with pytest.raises(Invalid):
        services.set_columns(
            actor=SYSTEM, edition=edition, row=row, version=row.version, header_row=0, columns=columns
        )


def test_whoever_comes_second_is_told(app: Flask) -> None:
    edition = make_edition()
    row = uploaded(edition, WIDE)
    fix(edition, row, 3, 2, "Purple")
    with pytest.raises(Stale):
        services.decide(actor=SYSTEM, edition=edition, row=row, version=1, decisions={})


def test_judges_are_brought_in_once(app: Flask) -> None:
    edition = make_edition()
    rows = [
        ["Name", "Email", "Institution", "Languages", "Rating"],
        ["Sato Hana", "h@example.org", "Kyoto University", "ja;en", "7,5"],
        ["Hana Sato", "h@example.org", "Kyoto Univ.", "", ""],
    ]
    for expected in ({"institutions": 1, "judges": 1, "known": 1}, {"known": 2}):
        row = uploaded(edition, rows, "judges")
        decided(edition, row)
        assert applied(edition, row) == expected
    (judge,) = db.session.scalars(select(Judge).where(Judge.edition_id == edition.id)).all()
    assert (judge.name, str(judge.rating), judge.languages) == ("Sato Hana", "7.5", "ja;en")


@pytest.mark.parametrize(
    ("headers", "cells", "name"),
    [
        (["First name", "Last name"], ["Xiaoming", "Wang"], "Xiaoming Wang"),
        (["Surname", "Given name"], ["van der Berg", "Ann"], "Ann van der Berg"),
        (["姓", "名"], ["王", "小明"], "王小明"),
        (["Family name", "Full name"], ["Wang", "Wang Xiaoming"], "Wang Xiaoming"),
        (["姓氏", "姓名"], ["王", "王小明"], "王小明"),
        (["First name", "Last name"], ["", "Pelé"], "Pelé"),
    ],
)
def test_a_family_name_in_a_column_of_its_own_is_part_of_the_name(
    app: Flask, headers: list[str], cells: list[str], name: str
) -> None:
    edition = make_edition()
    row = uploaded(edition, [[*headers, "E-mail"], [*cells, "a@example.org"]], "judges")
    assert applied(edition, row) == {"judges": 1}
    assert db.session.scalars(select(Judge.name).where(Judge.edition_id == edition.id)).all() == [name]


def test_family_names_of_numbered_people_and_the_columns_of_real_files_are_guessed() -> None:
    assert guess_columns(["Team", "First name 1", "Last name 1", "E-mail 1", "Last name 2"], "teams") == [
        "team", "name_1", "family_1", "contact_1", "family_2",
    ]  # fmt: skip
    assert guess_columns(["Delegate 1 (Surname, Given name)"], "teams") == ["name_1"]
    assert guess_columns(["name_zh", "code", "supervising_body"], "institutions") == [
        "institution_local",
        "code",
        "",
    ]
    assert guess_columns(["fullname", "country_id", "country", "alpha2"], "institutions") == [
        "institution", "", "country", "",
    ]  # fmt: skip
    assert guess_columns(["2、学校及院系", "6、专业"], "applicants") == ["institution", "discipline"]


@pytest.mark.real_data
def test_the_societies_of_real_championships_come_in_without_their_duplicates(
    app: Flask, shared_data: Path
) -> None:
    edition = make_edition()
    data = (shared_data / "registration_lists" / "tabbie2_societies.csv").read_bytes()
    row = services.upload(actor=SYSTEM, edition=edition, kind="institutions", name="s.csv", data=data)
    assert row.columns[:3] == ["", "institution", "code"]
    masked = [n for n, cells in enumerate(row.rows, start=1) if "[a person" in cells[1]]
    for number in masked:
        fix(edition, row, number, 1, row.rows[number - 1][1], skip=True)
    draft = decided(edition, row)
    assert len(draft.proposals) == 4
    assert applied(edition, row)["institutions"] == 227 - len(masked) - 3


@pytest.mark.real_data
def test_a_list_of_4644_universities_is_previewed_and_applied(app: Flask, shared_data: Path) -> None:
    edition = make_edition()
    data = (shared_data / "registration_lists" / "world_universities_latin.csv").read_bytes()
    row = services.upload(actor=SYSTEM, edition=edition, kind="institutions", name="w.csv", data=data)
    draft = decided(edition, row)
    assert (len(draft.rows), draft.faults) == (4644, [])
    assert len(draft.proposals) < 60
    assert applied(edition, row)["institutions"] > 4500
