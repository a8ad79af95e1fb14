"""The organiser's pages of people at 400 teams and 1,600 people: CPU time and database queries of each page."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event

from accounts.public import create_person, create_user
from app import create_app
from competition.applications.models import Application, Review, Reviewer
from competition.applications.public import criteria_of, save_call
from competition.editions.public import Edition, add_organiser, create_edition
from competition.editions.services import NOTICE_FIELDS, write_notice
from competition.entries.models import Delegate, Institution, Judge, Team
from config import Settings
from core.access import SYSTEM
from core.db import Base, db, unit_of_work, utc_now

TEAMS, DELEGATES, APPLIED = 400, 4, 120
JUDGES, APPLICANTS = 240, 400
LIMIT = 0.1
REPEATS = 5
PAGES = {
    "teams and inbox": "/e/bench/people/teams",
    "teams, one status": "/e/bench/people/teams?status=registered",
    "teams, search": "/e/bench/people/teams?q=University+12",
    "people, first page": "/e/bench/people/delegates",
    "people, search": "/e/bench/people/delegates?q=Lin",
    "people, who has not confirmed": "/e/bench/people/delegates?state=open&sort=name",
    "institutions": "/e/bench/people/institutions",
    "judges": "/e/bench/people/judges",
    "judges, search": "/e/bench/people/judges?q=linwei&language=zh&sort=rating",
    "applicants, first page": "/e/bench/people/applicants",
    "applicants, search": "/e/bench/people/applicants?q=wang&sort=name",
}


def fill() -> int:
    """An edition of 400 teams, of which 120 wait for an answer; returns the director's person."""
    with unit_of_work():
        director = create_person(actor=SYSTEM, name="Director")
        create_user(actor=SYSTEM, person_id=director.person_id, email="d@example.org", is_confirmed=True)
        values = {"slug": "bench", "name": "Bench", "role_policy": "fixed", "timezone": "Asia/Shanghai"}
        edition = create_edition(actor=SYSTEM, values=values)
        add_organiser(actor=SYSTEM, edition=edition, person_id=director.person_id, capacity="director")
        now = utc_now()
        for number in range(TEAMS):
            home = Institution(
                edition_id=edition.id,
                code=f"U{number}",
                name=f"University {number}",
                name_local=f"大学{number}",
                is_checked=number % 10 > 0,
            )
            db.session.add(home)
            db.session.flush()
            team = Team(
                edition_id=edition.id,
                name=f"Team {number}",
                institution_id=home.id,
                wishes="igo;government",
                status="applied" if number < APPLIED else "registered",
                role=None if number < APPLIED else "igo",
                created_at=now,
                position=number,
            )
            db.session.add(team)
            db.session.flush()
            db.session.add_all(
                Delegate(
                    edition_id=edition.id,
                    team_id=team.id,
                    code=f"D{number}-{place}",
                    name=f"Lin Wei {number}-{place}",
                    name_local="林薇",
                    contact=f"d{number}.{place}@example.org",
                    is_captain=place == 0,
                    confirmed_at=now if place % 2 else None,
                    position=number * DELEGATES + place,
                )
                for place in range(DELEGATES)
            )
        _fill_judges_and_applicants(edition)
        return director.person_id


def _fill_judges_and_applicants(edition: Edition) -> None:
    db.session.add_all(
        Judge(
            edition_id=edition.id,
            code=f"J{number}",
            name=f"Judge {number}" if number % 2 else "",
            name_local="林薇",
            languages="en;zh-Hans" if number % 3 else "en",
            position=number,
        )
        for number in range(JUDGES)
    )
    closes = utc_now() + timedelta(days=1)
    values = {"is_on": True, "closes_at": closes, "places": 200, "reserves": 40}
    write_notice(actor=SYSTEM, edition=edition, values=dict.fromkeys(NOTICE_FIELDS, "What we do."))
    save_call(actor=SYSTEM, edition=edition, version=0, values=values)
    reviewer = Reviewer(edition_id=edition.id, name="Rae", contact="rae@example.org", created_at=utc_now())
    rows = [
        Application(
            edition_id=edition.id,
            contact=f"a{number}@example.org",
            name=f"Wang Fang {number}",
            name_local="王芳",
            discipline="law",
            year="b2",
            culture="zh",
            submitted_at=utc_now(),
        )
        for number in range(APPLICANTS)
    ]
    db.session.add_all([reviewer, *rows])
    db.session.flush()
    criteria = [one.public_id for one in criteria_of(edition.id)]
    db.session.add_all(
        Review(
            application_id=row.id,
            reviewer_id=reviewer.id,
            marks=dict.fromkeys(criteria, number % 5 + 1),
            saved_at=utc_now(),
        )
        for number, row in enumerate(rows)
    )


def signed_in(client: FlaskClient, person_id: int) -> None:
    """Make the client the director's browser."""
    from accounts.models import User
    from accounts.sessions import COOKIE_FIELD, start_session

    with unit_of_work():
        user = db.session.query(User).filter_by(person_id=person_id).one()
        token = start_session(user, device="benchmark", has_second_factor=True)
    with client.session_transaction() as cookie:
        cookie[COOKIE_FIELD] = token


def main() -> int:
    """Measure every page on SQLite; fails above the limit."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            environment="testing",
            secret_key="benchmark",
            database_url=f"sqlite:///{folder}/bench.sqlite",
            instance_path=Path(folder),
            log_level="WARNING",
            limit_per_address="100000 per minute",
        )
        app = create_app(settings)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            person_id, client = fill(), app.test_client()
            signed_in(client, person_id)
            queries = [0]
            event.listen(
                db.engine, "before_cursor_execute", lambda *_: queries.__setitem__(0, queries[0] + 1)
            )
            db.session.remove()
        worst = 0.0
        for name, path in PAGES.items():
            assert client.get(path).status_code == 200, path
            best = min(_cpu(client, path) for _ in range(REPEATS))
            queries[0] = 0
            size = len(client.get(path).data)
            worst = max(worst, best)
            print(f"{name:<32} {best * 1000:7.1f} ms CPU {queries[0]:4d} queries {size / 1000:8.0f} kB")
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    print(f"worst page: {worst * 1000:.0f} ms CPU, limit {LIMIT * 1000:.0f} ms, ratio {worst / LIMIT:.2f}")
    return 0 if worst < LIMIT else 1


def _cpu(client: FlaskClient, path: str) -> float:
    started = time.process_time()
    client.get(path)
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(main())
