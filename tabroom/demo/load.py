"""Loading the demo: two editions by the import, a campus edition, people who can sign in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from competition.cases.public import assign_case, import_case, library_content, set_released
from competition.editions.public import (
    Edition,
    add_organiser,
    get_edition,
    open_registration,
    set_public,
    write_notice,
)
from competition.entries.public import (
    Delegate,
    Judge,
    delegates_of_team,
    judges_of,
    registration_link,
    set_quota,
    team_lines,
)
from competition.rounds.public import RoundFacts, TableFacts, round_facts, tables_of_draw
from core.access import SYSTEM
from core.db import db, unit_of_work, utc_now
from judging.public import publish_snapshot, take_snapshot
from tabroom.demo.campus import add_campus
from tabroom.demo.day import plan_day
from tabroom.demo.editions import fixed_edition, rotating_edition
from tabroom.demo.people import SignIn, add_sign_in
from tabroom.demo.pool import fill_pool
from tabroom.demo.registration import open_waiting_list
from tabroom.demo.said import announce, settle_round
from tabroom.workbook.service import apply_plan, plan_import

FIXED, ROTATING = "shanghai-2025", "delta-open"
NOTICE = {
    "controller": "Demo organising committee · 演示组委会",
    "contact": "privacy@example.org",
    "country": "CN",
    "purposes": "Running the competition: registration, draw, judging, standings, certificates. "
    "举办竞赛：报名、抽签、评分、排名和证书。",
    "published": "Teams with their role, their table scores and ranks. Never the marks of a single judge. "
    "公布各队的角色、本桌得分和名次；绝不公布单个评委的打分。",
    "retention": "Contact details for six months after the event, results without end. "
    "联系方式在赛后保存六个月，成绩长期保存。",
}


def load_demo() -> list[SignIn]:
    """Load everything in one transaction; returns who can sign in."""
    plans = [plan_import(data) for data in (fixed_edition(), rotating_edition())]
    with unit_of_work():
        for plan in plans:
            apply_plan(actor=SYSTEM, plan=plan)
        fixed, rotating = get_edition(FIXED), get_edition(ROTATING)
        for edition in (fixed, rotating):
            _dress(edition)
        _give_case(fixed)
        settle_round(fixed, 3)
        announce(fixed)
        set_quota(actor=SYSTEM, edition=rotating, judges=1, per_teams=1, free_teams=1, version=0)
        open_waiting_list(rotating)
        plan_day(fixed)
        campus = add_campus(NOTICE)
        return [*_staff(fixed, rotating, campus), *_participants(fixed), *fill_pool(fixed)]


def _dress(edition: Edition) -> None:
    """What a workbook never carries: notice, registration, confirmations, a published snapshot."""
    set_public(actor=SYSTEM, edition=edition, is_public=True)
    write_notice(actor=SYSTEM, edition=edition, values=NOTICE)
    open_registration(actor=SYSTEM, edition=edition, closes_at=utc_now() + timedelta(days=30))
    edition.is_demo = True  # after the services: they read the row anew before they change it
    registration_link(actor=SYSTEM, edition=edition)
    for judge in judges_of(edition.id):
        judge.accepted_at = utc_now()
    for line in team_lines(edition.id):
        for place, delegate in enumerate(delegates_of_team(line.id)):
            delegate.confirmed_at, delegate.is_captain = utc_now(), place == 0
    publish_snapshot(actor=SYSTEM, snapshot=take_snapshot(actor=SYSTEM, edition=edition))


def _give_case(edition: Edition) -> None:
    """The port case for every round of the edition with fixed roles, open since its draws are released."""
    case = import_case(actor=SYSTEM, edition=edition, content=library_content("deep-water-port"))
    for facts in round_facts(edition.id):
        assign_case(
            actor=SYSTEM, facts=facts, case=case, release_at=None, judges_read=True, coaches_read=False
        )
        set_released(actor=SYSTEM, facts=facts, case=case, is_released=True)


def _staff(*editions: Edition) -> list[SignIn]:
    operator = add_sign_in("Operator", "operator", "Olga Petrova", is_operator=True)
    director = add_sign_in("Director of all editions", "director", "Fang Min", name_local="方敏")
    tab = add_sign_in("Tab team of all editions", "tab", "Tomás Rivera")
    for edition in editions:
        add_organiser(actor=SYSTEM, edition=edition, person_id=director.person_id, capacity="director")
        add_organiser(actor=SYSTEM, edition=edition, person_id=tab.person_id, capacity="tab")
    return [operator, director, tab]


def _participants(edition: Edition) -> list[SignIn]:
    """A captain and a delegate of a team in the semi-final, and a judge who has a table there to mark."""
    table = _first_open_table(edition)
    captain, delegate = delegates_of_team(table.team_ids[0])[:2]
    delegate.confirmed_at = None
    judge = db.session.scalars(select(Judge).where(Judge.id == table.panel[0].judge_id)).one()
    return [
        _claimed("Captain of a semi-finalist", "captain", captain),
        _claimed("Delegate of the same team", "delegate", delegate),
        _claimed("Judge with a table to mark", "judge", judge),
    ]


def _claimed(who: str, account: str, row: Delegate | Judge) -> SignIn:
    sign_in = add_sign_in(who, account, row.name, name_local=row.name_local)
    row.person_id = sign_in.person_id
    return sign_in


def _first_open_table(edition: Edition) -> TableFacts:
    semi_final: RoundFacts = round_facts(edition.id)[-1]
    if semi_final.draw_id is None:
        raise LookupError("the demo's semi-final has no draw")
    return tables_of_draw(semi_final.draw_id)[0]
