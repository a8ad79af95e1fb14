"""Two editions full of rows and one person of every kind: the world in which every route is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from flask import Flask
from flask.testing import FlaskClient

from competition.applications.models import Application, ApplicationCall, PairWish, ReviewCriterion, Reviewer
from competition.cases.services import add_file, create_case
from competition.day.models import TimetableItem
from competition.editions.models import Edition
from competition.entries.models import Delegate, Judge, Team
from competition.entries.registering.models import LateGrant, Question, TeamOffer
from competition.lists.models import RosterList
from competition.messages.models import Announcement, Mailing
from competition.rounds.models import (
    Draw,
    NegotiationTable,
    PanelJudge,
    Penalty,
    PreformedJudge,
    PreformedPanel,
    Round,
    Seat,
)
from core.access import SYSTEM, CapacityKind
from core.db import db, utc_now
from core.links import COOKIE_FIELD, PrivateLink, create_link
from core.roles import ROLES
from judging.closing.certificates import new_code
from judging.closing.models import AwardLine, Certificate, Dispute
from judging.models import Criterion, StandingsSnapshot
from talent_pool.models import Employer, EmployerMember
from tests.factories import (
    NOW,
    add,
    make_delegate,
    make_division,
    make_edition,
    make_institution,
    make_judge,
    make_organiser,
    make_person,
    make_room,
    make_round,
    make_team,
    make_user,
    sign_in,
)


@dataclass
class Filled:
    """An edition with one of everything; `arguments` fills the places of its addresses."""

    edition: Edition
    team: Team
    delegate: Delegate
    judge: Judge
    arguments: dict[str, object] = field(default_factory=dict)


def fill(slug: str) -> Filled:
    """An edition with a released round of one table, a judge, a criterion, a snapshot."""
    edition = make_edition(
        slug, registration_opens_at=NOW, registration_closes_at=utc_now() + timedelta(days=5)
    )
    division, room, institution = make_division(edition), make_room(edition), make_institution(edition)
    teams = [make_team(edition, institution_id=institution.id) for _role in ROLES]
    delegate, judge = make_delegate(teams[0], is_captain=True), make_judge(edition)
    organiser = make_organiser(edition, make_person())
    round_: Round = make_round(edition)
    draw = add(Draw(round_id=round_.id, version=1, state="released", created_at=NOW, released_at=NOW))
    table = add(NegotiationTable(draw_id=draw.id, name="T1", room_id=room.id))
    for role, team in zip(ROLES, teams, strict=True):
        add(Seat(draw_id=draw.id, table_id=table.id, role=role.value, team_id=team.id))
    add(PanelJudge(table_id=table.id, judge_id=judge.id, position="chair"))
    criterion = add(
        Criterion(edition_id=edition.id, code="c", target="team", minimum=Decimal(0), maximum=Decimal(10))
    )
    panel = add(PreformedPanel(edition_id=edition.id, name="North"))
    add(PreformedJudge(panel_id=panel.id, judge_id=judge.id, position="chair"))
    penalty = add(Penalty(round_id=round_.id, team_id=teams[0].id, amount=Decimal(1)))
    snapshot = add(
        StandingsSnapshot(edition_id=edition.id, after_round=1, metrics="points", tables={}, created_at=NOW)
    )
    case = create_case(actor=SYSTEM, edition=edition, title="A port")
    file = add_file(actor=SYSTEM, case=case, role=None, name="map.pdf", data=b"%PDF-1.7")
    line = add(AwardLine(edition_id=edition.id, name="Gold", kind="team_tier", count=1))
    dispute = add(
        Dispute(
            edition_id=edition.id,
            kind="protest",
            ground="conduct",
            table_id=table.id,
            team_id=teams[0].id,
            respondent="panel",
            words="They shouted.",
            filed_at=NOW,
        )
    )
    certificate = add(
        Certificate(
            edition_id=edition.id,
            code=new_code(),
            kind="participation",
            name="Lin Wei",
            delegate_id=delegate.id,
            issued_at=NOW,
        )
    )
    offer = add(
        TeamOffer(
            edition_id=edition.id, team_id=teams[0].id, offered_at=NOW, expires_at=NOW, outcome="expired"
        )
    )
    grant = add(LateGrant(edition_id=edition.id, address="late@example.org", until=NOW, granted_at=NOW))
    question = add(Question(edition_id=edition.id, audience="delegate", kind="text", label="Diet"))
    item = add(
        TimetableItem(
            edition_id=edition.id,
            title="Opening",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            changed_at=NOW,
        )
    )
    announcement = add(Announcement(edition_id=edition.id, title="Buses", created_at=NOW))
    mailing = add(Mailing(edition_id=edition.id, subject="Welcome", created_at=NOW))
    arguments = {
        "slug": slug,
        "announcement_id": announcement.public_id,
        "mailing_id": mailing.public_id,
        "item_id": item.public_id,
        **_applications(edition),
        "line_id": line.public_id,
        "dispute_id": dispute.public_id,
        "certificate_id": certificate.public_id,
        "case_id": case.public_id,
        "file_id": file.public_id,
        "role": "government",
        "team_id": teams[0].public_id,
        "delegate_id": delegate.public_id,
        "judge_id": judge.public_id,
        "room_id": room.public_id,
        "division_id": division.public_id,
        "organiser_id": organiser.public_id,
        "number": 1,
        "version": 1,
        "table_id": table.public_id,
        "criterion_id": criterion.public_id,
        "snapshot_id": snapshot.public_id,
        "penalty_id": penalty.public_id,
        "institution_id": institution.public_id,
        "panel_id": panel.public_id,
        "question_id": question.public_id,
        "offer_id": offer.public_id,
        "grant_id": grant.public_id,
    }
    return Filled(edition=edition, team=teams[0], delegate=delegate, judge=judge, arguments=arguments)


def _applications(edition: Edition) -> dict[str, object]:
    """A call with two applicants, a criterion, a reviewer and a wish about a pair."""
    add(ApplicationCall(edition_id=edition.id, is_on=True, closes_at=utc_now() + timedelta(days=5)))
    first, second = (
        add(
            Application(
                edition_id=edition.id, contact=f"{n}@example.org", name=n, state="accepted", submitted_at=NOW
            )
        )
        for n in ("ann", "bo")
    )
    criterion = add(ReviewCriterion(edition_id=edition.id, name="Motivation"))
    reviewer = add(Reviewer(edition_id=edition.id, contact="r@example.org", name="Rae", created_at=NOW))
    roster_list = add(
        RosterList(
            edition_id=edition.id,
            kind="teams",
            file_name="list.csv",
            columns=["team"],
            rows=[["Team"], ["Red"], ["Blue"]],
            created_at=NOW,
        )
    )
    wish = add(PairWish(edition_id=edition.id, first_id=first.id, second_id=second.id, kind="apart"))
    return {
        "application_id": first.public_id,
        "review_criterion_id": criterion.public_id,
        "reviewer_id": reviewer.public_id,
        "wish_id": wish.public_id,
        "list_id": roster_list.public_id,
        "reviewer_key": reviewer.id,
    }


@dataclass
class World:
    """The people by name, each with a browser of their own, and the two editions."""

    app: Flask
    own: Filled
    other: Filled
    browsers: dict[str, FlaskClient]
    kinds: dict[str, frozenset[CapacityKind]]


def make_world(app: Flask) -> World:
    """Everybody there is, as seen from the edition `own`."""
    own, other = fill("own"), fill("other")
    world = World(app=app, own=own, other=other, browsers={}, kinds={})
    employer = add(Employer(name="E", kind="igo", state="approved", created_at=NOW))
    suspended = add(Employer(name="F", kind="igo", state="suspended", created_at=NOW))
    kind = CapacityKind
    person = {kind.PERSON}
    _browser(world, "stranger", set())
    _user(world, "outsider", person)
    _user(world, "operator", {*person, kind.OPERATOR}, is_operator=True)
    make_organiser(own.edition, _user(world, "director", {*person, kind.DIRECTOR}))
    make_organiser(own.edition, _user(world, "tab", {*person, kind.TAB}), "tab")
    make_organiser(other.edition, _user(world, "director of another edition", person))
    own.judge.person_id = _user(world, "judge", {*person, kind.JUDGE}).id
    own.delegate.person_id = _user(world, "captain", {*person, kind.CAPTAIN, kind.DELEGATE}).id
    mate = make_delegate(own.team)
    mate.person_id = _user(world, "delegate", {*person, kind.DELEGATE}).id
    own.team.coach_person_id = _user(world, "coach", {*person, kind.COACH}).id
    member = _user(world, "employer", {*person, kind.EMPLOYER})
    add(EmployerMember(employer_id=employer.id, person_id=member.id))
    former = _user(world, "suspended employer", {*person, kind.SUSPENDED_EMPLOYER})
    add(EmployerMember(employer_id=suspended.id, person_id=former.id))
    _link(world, "judge by link", kind.JUDGE, own.judge.id)
    _link(world, "captain by link", kind.CAPTAIN, own.team.id)
    _link(world, "coach by link", kind.COACH, own.team.id)
    _link(world, "delegate by link", kind.DELEGATE, own.delegate.id)
    _link(world, "registrant by link", kind.REGISTRANT, None)
    reviewer_key = own.arguments["reviewer_key"]
    assert isinstance(reviewer_key, int)
    _link(world, "reviewer by link", kind.REVIEWER, reviewer_key)
    db.session.commit()
    return world


def _browser(world: World, name: str, kinds: set[CapacityKind]) -> FlaskClient:
    world.browsers[name] = world.app.test_client()
    world.kinds[name] = frozenset(kinds)
    return world.browsers[name]


def _user(world: World, name: str, kinds: set[CapacityKind], *, is_operator: bool = False):  # type: ignore[no-untyped-def]
    person = make_person(name.title())
    user = make_user(person=person, is_operator=is_operator)
    sign_in(_browser(world, name, kinds), user)
    return person


def _link(world: World, name: str, kind: CapacityKind, subject_id: int | None) -> PrivateLink:
    link = create_link(
        purpose=kind,
        edition_id=world.own.edition.id,
        subject_id=subject_id,
        expires_at=utc_now() + timedelta(days=1),
    )
    browser = _browser(world, name, {kind})
    with browser.session_transaction() as cookie:
        cookie[COOKIE_FIELD] = link.id
    return link
