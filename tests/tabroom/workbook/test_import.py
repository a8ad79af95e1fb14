"""Importing: all or nothing, matched by key, and never over what people have done here."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from competition.editions.public import Organiser, find_edition, get_edition
from competition.entries.public import Delegate, Judge, Team
from competition.rounds.public import Draw, Round, round_facts, seated_results
from core.access import SYSTEM, Actor, Capacity, CapacityKind, capacities_of_person
from core.db import db, utc_now
from core.errors import Conflict, Invalid, ProblemsFound, TooLarge
from core.spreadsheets import NotAWorkbook
from judging.public import Scoresheet
from tabroom.workbook.service import Report, apply_plan, import_file, plan_import
from tests.factories import make_person
from tests.tabroom.workbook.build import Content, file_of, small


def take(content: Content, **more: Any) -> Report:
    return import_file(actor=SYSTEM, source=file_of(content), **more)


def codes(error: ProblemsFound) -> list[tuple[Any, ...]]:
    return [(*problem.where, problem.code) for problem in error.problems if not problem.is_warning]


def results() -> list[tuple[str, int | None, Decimal, Decimal | None]]:
    names = {team.id: team.name for team in db.session.scalars(select(Team))}
    return sorted(
        (names[each.team_id], each.rank, each.points, each.score)
        for each in seated_results(get_edition("small").id)
    )


def test_a_new_edition_is_created_with_its_results(app: Flask) -> None:
    report = take(small())
    assert (report.is_new, report.is_dry_run, report.changes_nothing) == (True, False, False)
    assert results() == [
        ("Ash", 4, Decimal(0), Decimal("60.5")),
        ("Birch", 3, Decimal(1), Decimal("65.5")),
        ("Cedar", 2, Decimal(2), Decimal("70.5")),
        ("Dogwood", 1, Decimal(3), Decimal("75.5")),
    ]
    [facts] = round_facts(get_edition("small").id)
    assert (facts.draw_state, facts.results_state) == ("released", "confirmed")


def test_a_vacant_seat_and_an_absent_team_leave_a_three_team_table(app: Flask) -> None:
    content = small()
    content["Draw"][1][6] = "VACANT"
    content["Marks"] = content["Marks"][:7]
    take(content)
    assert [each[:3] for each in results()] == [
        ("Ash", 3, Decimal("0.5")),
        ("Birch", 2, Decimal("1.5")),
        ("Cedar", 1, Decimal("2.5")),
    ]


def test_given_ranks_count_even_against_the_scores_and_penalties_are_taken_off(app: Flask) -> None:
    content = small(
        Results=[["round", "table", "team", "rank", "score"]]
        + [
            [1, "A", team, rank, 50 + rank]
            for rank, team in enumerate(("Ash", "Birch", "Cedar", "Dogwood"), 1)
        ]
    )
    content["Marks"] = content["Marks"][:1]
    take(content)
    assert [each[1:3] for each in results()] == [(n, Decimal(4 - n)) for n in (1, 2, 3, 4)]
    db.session.execute(text("UPDATE edition SET slug = 'earlier'"))
    db.session.commit()
    take(small(Penalties=[["round", "team", "amount"], [1, "Dogwood", 6]]))
    names = {team.id: team.name for team in db.session.scalars(select(Team))}
    assert sorted((names[each.team_id], each.score) for each in seated_results(get_edition("small").id))[
        2:
    ] == [
        ("Cedar", Decimal("70.5")),
        ("Dogwood", Decimal("69.5")),
    ]


@pytest.mark.parametrize("ties", ["shared", "forbidden"])
def test_given_ranks_leave_the_scores_that_marks_make(app: Flask, ties: str) -> None:
    """Marks of three teams, two of them level: no ranking, and yet the scores of three."""
    content = small(
        Results=[
            ["round", "table", "team", "rank"],
            *([1, "A", team, rank] for rank, team in enumerate(("Ash", "Birch", "Cedar", "Dogwood"), 1)),
        ]
    )
    content["Edition"].append(["table_ties", ties])
    content["Marks"] = [*content["Marks"][:7]]
    for row in content["Marks"][1:5]:
        row[6] = 70
    take(content)
    assert results() == [
        ("Ash", 1, Decimal(3), Decimal(70)),
        ("Birch", 2, Decimal(2), Decimal(70)),
        ("Cedar", 3, Decimal(1), Decimal("70.5")),
        ("Dogwood", 4, Decimal(0), None),
    ]


def test_a_dry_run_says_what_would_be_created_and_changes_nothing(app: Flask) -> None:
    report = take(small(), is_dry_run=True)
    assert report.counts["Teams"] == {"created": 4, "changed": 0, "unchanged": 0, "kept": 0}
    assert find_edition("small") is None


def test_one_fault_anywhere_and_nothing_is_created(app: Flask) -> None:
    content = small()
    content["Marks"][-1][6] = 500
    with pytest.raises(ProblemsFound) as caught:
        take(content)
    assert codes(caught.value) == [("Marks", 9, "mark", "out_of_range")]
    assert find_edition("small") is None


def test_whoever_imports_a_new_edition_directs_it(app: Flask) -> None:
    person_id = make_person().id
    db.session.commit()
    import_file(actor=Actor(person_id=person_id), source=file_of(small()))
    organiser = db.session.scalars(select(Organiser)).one()
    assert (organiser.person_id, organiser.capacity) == (person_id, "director")


def test_an_edition_that_is_there_is_changed_by_its_director_alone(app: Flask) -> None:
    director, operator = make_person().id, make_person().id
    db.session.commit()
    mine = Capacity(kind=CapacityKind.OPERATOR)
    import_file(actor=Actor(person_id=director), source=file_of(small()))
    stranger = Actor(person_id=operator, capacities=frozenset({mine}))
    for is_dry_run in (True, False):
        with pytest.raises(Conflict, match="only its director"):
            import_file(actor=stranger, source=file_of(small()), is_dry_run=is_dry_run)
    directs = Actor(person_id=director, capacities=capacities_of_person(director))
    assert import_file(actor=directs, source=file_of(small())).changes_nothing


def test_people_are_matched_by_their_id_and_keep_what_they_confirmed(app: Flask) -> None:
    take(small())
    person_id = make_person().id
    delegate = db.session.scalars(select(Delegate).where(Delegate.code == "A1")).one()
    delegate.person_id, delegate.confirmed_at, delegate.is_captain = person_id, utc_now(), True
    delegate_id = delegate.id
    judge = db.session.scalars(select(Judge).where(Judge.code == "J1")).one()
    judge.person_id = person_id
    db.session.commit()
    content = small(Delegates=[["delegate", "team", "name"], ["A1", "Ash", "Ana"], ["A9", "Ash", "New"]])
    report = take(content)
    assert report.counts["Delegates"] == {"created": 1, "changed": 1, "unchanged": 0, "kept": 7}
    found = db.session.scalars(select(Delegate).where(Delegate.code == "A1")).one()
    assert (found.id, found.name, found.person_id, found.is_captain) == (delegate_id, "Ana", person_id, True)
    assert found.confirmed_at is not None
    assert db.session.scalars(select(Judge).where(Judge.code == "J1")).one().person_id == person_id


def test_a_column_that_the_file_does_not_have_leaves_what_is_stored(app: Flask) -> None:
    take(small())
    db.session.execute(text("UPDATE team SET coach = 'Li Na'"))
    db.session.commit()
    assert take(small()).changes_nothing
    assert set(db.session.scalars(text("SELECT coach FROM team"))) == {"Li Na"}
    take(small(Teams=[["team", "coach"], ["Ash", ""]]))
    assert sorted(db.session.scalars(text("SELECT coach FROM team"))) == ["", "Li Na", "Li Na", "Li Na"]


def test_an_imported_round_may_be_corrected_by_a_better_file(app: Flask) -> None:
    take(small())
    content = small()
    content["Marks"][1][6] = content["Marks"][2][6] = 90
    report = take(content)
    assert report.counts["Marks"]["changed"] == 2
    assert results()[0] == ("Ash", 1, Decimal(3), Decimal(90))
    draws = db.session.execute(select(Draw.version, Draw.state).order_by(Draw.version)).all()
    assert [tuple(row) for row in draws] == [(1, "superseded"), (2, "released")]


def test_a_changed_rubric_works_the_results_out_again(app: Flask) -> None:
    take(small())
    content = small()
    content["Criteria"] = [[*row, cell] for row, cell in zip(content["Criteria"], ("weight", 2), strict=True)]
    take(content)
    assert results()[0] == ("Ash", 4, Decimal(0), Decimal(121))


def test_a_round_that_judges_worked_on_here_is_not_rewritten(app: Flask) -> None:
    take(small())
    sheet = db.session.scalars(select(Scoresheet)).one()
    sheet.saved_at = utc_now() + timedelta(minutes=1)
    db.session.commit()
    assert take(small()).changes_nothing
    content = small()
    content["Marks"][1][6] = 90
    with pytest.raises(ProblemsFound) as caught:
        take(content)
    assert codes(caught.value) == [("Marks", 2, "round", "round_in_use")]
    del content["Marks"], content["Draw"], content["Panels"]
    content["Teams"].append(["Elm", "Uni B", "students"])
    assert take(content).counts["Teams"]["created"] == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("standings_metrics", "points;adjusted_score"),
        ("role_policy", "fixed"),
        ("elimination_basis", "cumulative"),
    ],
)
def test_after_the_first_sheet_a_file_cannot_change_whether_severity_counts(
    app: Flask, key: str, value: str
) -> None:
    take(small())
    content = small()
    content["Edition"] = [row for row in content["Edition"] if row[0] != key] + [[key, value]]
    with pytest.raises(ProblemsFound) as caught:
        take(content)
    place = len(content["Edition"])
    assert codes(caught.value) == [("Edition", place, key, "rule_locked")]
    assert take(small()).changes_nothing


def test_before_the_first_sheet_and_in_other_metrics_a_file_may_change_the_ranking(app: Flask) -> None:
    content = small()
    marks = content.pop("Marks")
    content["Edition"].append(["standings_metrics", "points"])
    take(content)
    content["Edition"][-1][1] = "points;adjusted_score"
    assert take(content).counts["Edition"]["changed"] == 1
    content["Edition"][-1][1] = "points;adjusted_score;firsts"
    content["Marks"] = marks
    take(content)
    content["Edition"][-1][1] = "points;adjusted_score;seconds"
    assert take(content).counts["Edition"]["changed"] == 1


def test_a_new_edition_that_ranks_by_lot_is_told_that_lots_are_not_in_the_file(app: Flask) -> None:
    content = small()
    content["Edition"].append(["standings_metrics", "points;manual"])
    assert [problem.code for problem in take(content).warnings if problem.where[0] == "Edition"] == [
        "lots_not_in_file"
    ]
    assert [problem.code for problem in take(content).warnings if problem.where[0] == "Edition"] == []


def test_a_draft_draw_is_replaced_by_the_files_as_a_new_version(app: Flask) -> None:
    content = small()
    del content["Marks"]
    take(content)
    draw = content["Draw"][1]
    draw[3], draw[4] = draw[4], draw[3]
    take(content)
    draws = db.session.execute(select(Draw.version, Draw.state).order_by(Draw.version)).all()
    assert [tuple(row) for row in draws] == [(1, "superseded"), (2, "draft")]


def test_results_that_were_published_here_stay_published_when_the_file_leaves_the_state_open(
    app: Flask,
) -> None:
    take(small())
    round_ = db.session.scalars(select(Round)).one()
    round_.results_state = "published"
    db.session.commit()
    assert take(small()).changes_nothing
    assert db.session.scalars(select(Round.results_state)).one() == "published"


def test_an_edition_that_changed_while_the_file_was_read_refuses_it(app: Flask) -> None:
    take(small())
    content = small(Rooms=[["room"], ["102"]])
    plan = plan_import(file_of(content))
    db.session.execute(text("UPDATE team SET coach = 'Li Na'"))
    with pytest.raises(Conflict):
        apply_plan(actor=SYSTEM, plan=plan)


def test_a_director_cannot_bring_another_editions_file(app: Flask) -> None:
    with pytest.raises(ProblemsFound) as caught:
        take(small(), expected_slug="other")
    assert codes(caught.value) == [("Edition", 3, "slug", "other_edition")]


def test_what_is_not_a_workbook_is_refused_in_plain_words(app: Flask) -> None:
    for data in (b"", b"name,slug\n", b"%PDF-1.7", file_of(small())[:2000]):
        with pytest.raises(NotAWorkbook):
            import_file(actor=SYSTEM, source=data)


def test_a_file_of_thirty_megabytes_and_a_zip_bomb_are_refused(app: Flask) -> None:
    with pytest.raises(TooLarge):
        import_file(actor=SYSTEM, source=b"PK\x03\x04" + bytes(30 * 1024 * 1024))
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file_of(small()))) as good,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for info in good.infolist():
            is_sheet = info.filename == "xl/worksheets/sheet1.xml"
            bad.writestr(info.filename, bytes(300 * 1024 * 1024) if is_sheet else good.read(info.filename))
    assert len(bomb.getvalue()) < 1024 * 1024
    with pytest.raises(TooLarge):
        import_file(actor=SYSTEM, source=bomb.getvalue())
    assert find_edition("small") is None


def test_a_workbook_of_formulas_is_refused(app: Flask) -> None:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Edition")
    for row in range(300):
        for column in range(10):
            sheet.write_formula(row, column, '=HYPERLINK("http://example.org","x")')
    book.close()
    with pytest.raises(Invalid) as caught:
        import_file(actor=SYSTEM, source=buffer.getvalue())
    assert isinstance(caught.value, ProblemsFound)
    assert sum(problem.code == "formula" for problem in caught.value.problems) == 51
