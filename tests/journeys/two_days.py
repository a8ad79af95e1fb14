"""The bulk of a two-day edition, put into the running house through the services: 68 teams and their many sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from accounts.models import User
from app import create_app
from competition.editions.public import Edition, add_organiser, get_edition, set_public
from competition.entries.public import Team, delegates_of_team, judges_of
from competition.rounds.public import get_round_facts, tables_of_draw
from config import Settings, default_database_url
from core.access import SYSTEM, CapacityKind
from core.db import db, unit_of_work, utc_now
from core.idempotency import new_key
from core.links import address_of, create_link
from core.roles import ROLES
from core.spreadsheets import WorkbookWriter
from judging.entry import Entry
from judging.plan import SheetPlan, plan_of
from judging.queries import find_sheet
from judging.scoring.sheets import MarkLine
from judging.services.sheets import receive_sheet
from tabroom.workbook.service import import_file
from tests.journeys.house import House

SLUG, NAME = "two-days", "Two Days on the River"
OF_A_ROLE = 17
WORDS = {"government": "Ministry", "enterprise": "Company", "local_ngo": "Society", "igo": "Bureau"}


@contextmanager
def office(house: House) -> Iterator[Flask]:
    """An application of this process on the house's own database."""
    folder = house.folder / "instance"
    app = create_app(
        Settings(
            environment="testing",
            secret_key=(folder / "secret_key").read_text().strip(),
            database_url=default_database_url(folder),
            public_url=house.url,
            instance_path=folder,
            log_level="WARNING",
        )
    )
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def team_name(role: str, number: int) -> str:
    """The `number`-th best team of a role, as its marks will say."""
    return f"{WORDS[role]} {number:02d}"


def worth(team: str) -> Decimal:
    """The mark that every judge gives a team: the better team more, but the ministries 4 and 5 the same."""
    word, number = team.split()
    place = int(number)
    return Decimal(20 - (place - (word == "Ministry" and place == 5)))


def found_edition(app: Flask) -> None:
    """Teams, judges, rooms, rubric, rounds and sizes of the break, with the demo's director and tab team."""
    with app.app_context():
        import_file(actor=SYSTEM, source=_workbook())
        with unit_of_work():
            edition = get_edition(SLUG)
            set_public(actor=SYSTEM, edition=edition, is_public=True)
            for account, capacity in (("director", "director"), ("tab", "tab")):
                user = db.session.scalars(select(User).where(User.email == f"{account}@example.org")).one()
                add_organiser(actor=SYSTEM, edition=edition, person_id=user.person_id, capacity=capacity)
            for judge in judges_of(edition.id):
                judge.accepted_at = utc_now()
            for team in db.session.scalars(select(Team).where(Team.edition_id == edition.id)):
                for place, delegate in enumerate(delegates_of_team(team.id)):
                    delegate.confirmed_at, delegate.is_captain = utc_now(), place == 0


def _workbook() -> bytes:
    teams = [(team_name(role.value, n), role.value) for n in range(1, OF_A_ROLE + 1) for role in ROLES]
    writer = WorkbookWriter(title=NAME)
    settings = {
        "name": NAME,
        "name_zh": "江上两日",
        "slug": SLUG,
        "role_policy": "fixed",
        "timezone": "Asia/Shanghai",
        "languages": "en;zh-Hans",
        "standings_metrics": "average_score",
        "minimum_rounds": "1",
        "elimination_basis": "round_raw",
        "team_size_minimum": "2",
    }
    writer.add_sheet("Edition", ("key", "value"), list(settings.items()))
    writer.add_sheet("Institutions", ("institution",), [(f"Home of {team}",) for team, _role in teams])
    rows = [(team, f"Home of {team}", role, "Coach of " + team) for team, role in teams]
    writer.add_sheet("Teams", ("team", "institution", "role", "coach"), rows)
    people = [
        (f"{team} {n}", team, f"Person {n} of {team}", "林薇" if n == 1 else "", "")
        for team, _role in teams
        for n in (1, 2)
    ]
    writer.add_sheet("Delegates", ("delegate", "team", "name", "name_local", "contact"), people)
    judges = [(f"J{n:02d}", f"Judge {n:02d}", Decimal(5) + n % 5) for n in range(1, 37)]
    writer.add_sheet("Judges", ("judge", "name", "rating"), judges)
    writer.add_sheet("Rooms", ("room",), [(f"Room {n:02d}",) for n in range(1, 19)])
    criteria = [("interests", "Interests", "利益", "team"), ("speaking", "Speaking", "表达", "delegate")]
    writer.add_sheet(
        "Criteria",
        ("criterion", "name", "name_zh", "target", "minimum", "maximum", "step"),
        [(*one, 1, 20, Decimal("0.5")) for one in criteria],
    )
    rounds = [
        (1, "Day one, morning", "首日上午", "preliminary"),
        (2, "Day one, afternoon", "首日下午", "preliminary"),
        (3, "Semi-finals", "半决赛", "elimination"),
        (4, "Final", "决赛", "elimination"),
    ]
    writer.add_sheet("Rounds", ("round", "name", "name_zh", "stage"), rounds)
    writer.add_sheet("Breaks", ("role", "size", "reserves"), [(role.value, 4, 1) for role in ROLES])
    return writer.save()


def hand_in_the_rest(app: Flask, number: int) -> None:
    """Every judge who has not handed a sheet of the round in does so."""
    with app.app_context(), unit_of_work():
        edition = get_edition(SLUG)
        facts = get_round_facts(edition.id, number)
        for table in tables_of_draw(facts.draw_id or 0):
            plan = plan_of(edition, table)
            for place in table.panel:
                sheet = find_sheet(table.id, place.judge_id)
                if sheet is None or sheet.state == "draft":
                    receive_sheet(
                        actor=SYSTEM,
                        plan=plan,
                        judge_id=place.judge_id,
                        shown=sheet.revision if sheet is not None else 0,
                        entry=_entry(plan),
                        key=new_key(),
                    )


def _entry(plan: SheetPlan) -> Entry:
    lines = []
    for team in plan.teams:
        if not team.is_marked:
            continue
        for criterion in plan.criteria:
            mark = worth(team.name)
            if criterion.target == "team":
                lines.append(MarkLine(team=team.id, criterion=criterion.id, mark=mark))
                continue
            lines += [
                MarkLine(team=team.id, delegate=one.id, criterion=criterion.id, mark=mark)
                for one in team.delegates
                if not one.is_out
            ]
    return Entry(typed={}, marks=tuple(lines), absent=frozenset())


def captains_link(app: Flask, team: str) -> str:
    """The private link of a team's captain."""
    with app.app_context(), unit_of_work():
        edition = get_edition(SLUG)
        row = db.session.scalars(select(Team).where(Team.edition_id == edition.id, Team.name == team)).one()
        return _link(edition, CapacityKind.CAPTAIN, row.id)


def judges_at(app: Flask, number: int, team: str) -> list[tuple[str, str]]:
    """The judges of the table where a team sits in a round: name and private link, the chair first."""
    with app.app_context(), unit_of_work():
        edition = get_edition(SLUG)
        facts = get_round_facts(edition.id, number)
        key = db.session.scalars(
            select(Team.id).where(Team.edition_id == edition.id, Team.name == team)
        ).one()
        (table,) = [one for one in tables_of_draw(facts.draw_id or 0) if key in one.team_ids]
        names = {judge.id: judge.name for judge in judges_of(edition.id)}
        return [
            (names[place.judge_id], _link(edition, CapacityKind.JUDGE, place.judge_id))
            for place in table.panel
        ]


def _link(edition: Edition, purpose: CapacityKind, subject_id: int) -> str:
    link = create_link(
        purpose=purpose,
        edition_id=edition.id,
        subject_id=subject_id,
        expires_at=utc_now() + timedelta(days=2),
    )
    return address_of(link)
