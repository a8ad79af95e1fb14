"""Queries and protests: captains file them on their team's page, organisers decide them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.public import Team, get_team, registration_rules, team_lines
from competition.rounds.public import (
    TableFacts,
    get_round_facts,
    released_seats_of_team,
    tables_by_id,
    tables_of_edition,
)
from core.access import CapacityKind, Permission, current_actor, requires
from core.db import db, utc_now
from core.errors import DomainError, Forbidden, Invalid, NotFound, said
from core.forms import lines, parse_exact, whole_number
from core.idempotency import new_key
from core.localised import N_
from judging.closing import disputes as reading
from judging.closing.models import Dispute
from judging.closing.services import disputes as services
from judging.closing.views.common import attempt

organisers = Blueprint("disputes", __name__, url_prefix="/e/<slug>/disputes")
captains = Blueprint("own_disputes", __name__, url_prefix="/e/<slug>/team/disputes")
LONGEST = 4000


@organisers.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """Everything that was filed, what is open first."""
    return _list_page(get_edition(slug))


@organisers.post("/deadlines")
@requires(Permission.MANAGE_RESULTS)
def deadlines(slug: str) -> ResponseReturnValue:
    """Set the deadlines."""
    edition = get_edition(slug)

    def work() -> str:
        query, protest, appeal, version = (
            whole_number(request.form.get(name, ""), otherwise=-1)
            for name in ("query", "protest", "appeal", "version")
        )
        services.set_deadlines(
            actor=current_actor(),
            edition=edition,
            query=query,
            protest=protest,
            appeal=appeal,
            version=version,
        )
        flash(_("Saved."), "success")
        return url_for("disputes.show", slug=slug)

    return attempt(
        f"dispute_deadlines:{edition.id}", work, lambda fault: (_list_page(edition, fault), fault.status)
    )


@organisers.post("/file")
@requires(Permission.MANAGE_RESULTS)
def file_for_team(slug: str) -> ResponseReturnValue:
    """File for a team what it said at the desk, also after the deadline."""
    edition = get_edition(slug)

    def work() -> str:
        team = get_team(edition.id, request.form.get("team", ""))
        _file(edition, team, on_behalf=True)
        return url_for("disputes.show", slug=slug)

    return attempt(
        f"dispute_for:{edition.id}", work, lambda fault: (_list_page(edition, fault), fault.status)
    )


@organisers.get("/<dispute_id>")
@requires(Permission.MANAGE_RESULTS)
def detail(slug: str, dispute_id: str) -> ResponseReturnValue:
    """One query or protest, to be decided."""
    edition = get_edition(slug)
    return _detail_page(edition, reading.get_dispute(edition.id, dispute_id))


@organisers.post("/<dispute_id>/decide")
@requires(Permission.MANAGE_RESULTS)
def decide(slug: str, dispute_id: str) -> ResponseReturnValue:
    """Decide it."""
    edition = get_edition(slug)
    dispute = reading.get_dispute(edition.id, dispute_id)

    def work() -> str:
        team = request.form.get("penalty_team", "")
        changed = services.decide_dispute(
            actor=current_actor(),
            edition=edition,
            dispute=dispute,
            version=whole_number(request.form.get("version", ""), otherwise=-1),
            outcome=request.form.get("outcome", ""),
            decision=_words("decision"),
            penalty_team_id=get_team(edition.id, team).id if team else None,
            penalty_amount=_amount(),
        )
        flash(_("The decision is recorded, and the teams are told."), "success")
        if changed:
            flash(_("The table’s confirmed result was worked out again with the penalty."), "info")
        return url_for("disputes.detail", slug=slug, dispute_id=dispute_id)

    return attempt(
        f"dispute_decide:{dispute.id}",
        work,
        lambda fault: (
            _detail_page(edition, reading.get_dispute(edition.id, dispute_id), fault),
            fault.status,
        ),
    )


@captains.get("", endpoint="show")
@requires(Permission.FILE_DISPUTES)
def own(slug: str) -> ResponseReturnValue:
    """What my team has filed, and a form for more."""
    edition = get_edition(slug)
    return _own_page(edition, _own_team(edition))


@captains.post("")
@requires(Permission.FILE_DISPUTES)
def file_own(slug: str) -> ResponseReturnValue:
    """File a query or a protest for my team."""
    edition = get_edition(slug)
    team = _own_team(edition)

    def work() -> str:
        _file(edition, team, on_behalf=False)
        return url_for("own_disputes.show", slug=slug)

    return _attempt_own(edition, team, f"dispute_own:{team.id}", work)


@captains.post("/<dispute_id>/withdraw")
@requires(Permission.FILE_DISPUTES)
def withdraw(slug: str, dispute_id: str) -> ResponseReturnValue:
    """Take mine back while it is open."""
    edition = get_edition(slug)
    team = _own_team(edition)
    dispute = _own_dispute(edition, team, dispute_id)

    def work() -> str:
        if dispute.team_id != team.id:
            raise NotFound()
        services.withdraw_dispute(
            actor=current_actor(),
            edition=edition,
            dispute=dispute,
            version=whole_number(request.form.get("version", ""), otherwise=-1),
        )
        flash(_("It is withdrawn."), "success")
        return url_for("own_disputes.show", slug=slug)

    return _attempt_own(edition, team, f"dispute_withdraw:{dispute.id}", work)


@captains.post("/<dispute_id>/appeal")
@requires(Permission.FILE_DISPUTES)
def appeal(slug: str, dispute_id: str) -> ResponseReturnValue:
    """Appeal against a decision."""
    edition = get_edition(slug)
    team = _own_team(edition)
    dispute = _own_dispute(edition, team, dispute_id)

    def work() -> str:
        services.appeal_dispute(
            actor=current_actor(), edition=edition, dispute=dispute, team_id=team.id, words=_words("words")
        )
        flash(_("Your appeal is filed. The director decides it."), "success")
        return url_for("own_disputes.show", slug=slug)

    return _attempt_own(edition, team, f"dispute_appeal:{dispute.id}", work)


def _file(edition: Edition, team: Team, *, on_behalf: bool) -> None:
    """File what the form says for a team, about a released table at which it sat."""
    wanted = request.form.get("table", "")
    seat = next((one for one in released_seats_of_team(team.id) if one.table_public_id == wanted), None)
    if seat is None:
        raise Invalid(N_("Choose a table at which the team sat."))
    kind, _dot, ground = request.form.get("about", "").partition(".")
    respondent, _dot, other = request.form.get("respondent", "").partition(".")
    services.file_dispute(
        actor=current_actor(),
        edition=edition,
        filing=services.Filing(
            kind=kind,
            ground=ground,
            table=tables_by_id([seat.table_id])[seat.table_id],
            team_id=team.id,
            respondent=respondent,
            respondent_team_id=get_team(edition.id, other).id if other else None,
            words=_words("words"),
        ),
        on_behalf=on_behalf,
    )
    flash(_("It is filed, and the organisers are told."), "success")


def _words(name: str) -> str:
    text = lines(request.form.get(name, ""))
    if len(text) > LONGEST:
        raise Invalid(N_("Use at most %(most)d characters."), most=LONGEST)
    return text


def _amount() -> Decimal | None:
    text = request.form.get("penalty_amount", "").strip()
    try:
        return parse_exact(text) if text else None
    except ValueError as fault:
        raise Invalid(str(fault)) from fault


def _own_team(edition: Edition) -> Team:
    """The team that the actor is captain of, or coaches where the edition lets coaches file."""
    actor = current_actor()
    found = actor.capacities_of(CapacityKind.CAPTAIN, edition_id=edition.id)
    if not found:
        if not registration_rules(edition.id).coach_protest:
            raise Forbidden(N_("In this edition the captain files queries and protests."))
        found = actor.capacities_of(CapacityKind.COACH, edition_id=edition.id)
    team = db.session.get(Team, found[-1].subject_id) if found else None
    if team is None:
        raise NotFound()
    return team


def _own_dispute(edition: Edition, team: Team, public_id: str) -> Dispute:
    """A dispute that the team filed or has to answer; raises NotFound for any other."""
    dispute = reading.get_dispute(edition.id, public_id)
    if team.id not in (dispute.team_id, dispute.respondent_team_id):
        raise NotFound()
    return dispute


def _attempt_own(edition: Edition, team: Team, purpose: str, work: Callable[[], str]) -> ResponseReturnValue:
    return attempt(purpose, work, lambda fault: (_own_page(edition, team, fault), fault.status))


def _own_page(edition: Edition, team: Team, fault: DomainError | None = None) -> str:
    rule = reading.rule_of(edition.id)
    own = reading.lines_of_team(team.id)
    answering = [line for line in reading.lines_of(edition.id) if line.dispute.respondent_team_id == team.id]
    names = {line.id: (line.public_id, line.name) for line in team_lines(edition.id)}
    seats = released_seats_of_team(team.id)
    now = utc_now()
    return render_template(
        "judging/closing/own_disputes.html",
        edition=edition,
        team=team,
        lines=own,
        answering=answering,
        seats=[
            (
                seat,
                [names[other] for other in seat.opponents.values() if other in names],
                _deadlines(edition, seat.round),
            )
            for seat in seats
        ],
        can_appeal={
            line.dispute.id
            for line in [*own, *answering]
            if line.dispute.kind == "protest"
            and line.dispute.state in ("upheld", "dismissed")
            and reading.appeal_against(line.dispute) is None
            and ((end := reading.appeal_deadline(line.dispute, rule)) is None or now <= end)
        },
        others=sorted({names[key] for seat in seats for key in seat.opponents.values() if key in names}),
        now=now,
        fault=[said(fault), *fault.details] if fault else [],
        typed=request.form if fault else {},
        key=new_key,
    )


def _deadlines(edition: Edition, number: int) -> dict[str, object]:
    facts, rule = get_round_facts(edition.id, number), reading.rule_of(edition.id)
    return {kind: reading.deadline_of(edition, facts, kind, rule) for kind in ("query", "protest")}


def _list_page(edition: Edition, fault: DomainError | None = None) -> str:
    names = {line.id: (line.public_id, line.name) for line in team_lines(edition.id)}
    tables = tables_of_edition(edition.id, states=("released",))
    return render_template(
        "judging/closing/disputes.html",
        edition=edition,
        lines=reading.lines_of(edition.id),
        rule=reading.rule_of(edition.id),
        tables=tables,
        teams=sorted(
            (names[key] for key in {team for table in tables for team in table.team_ids} if key in names),
            key=lambda pair: pair[1],
        ),
        fault=[said(fault), *fault.details] if fault else [],
        typed=request.form if fault else {},
        key=new_key,
    )


def _detail_page(edition: Edition, dispute: Dispute, fault: DomainError | None = None) -> str:
    table: TableFacts = tables_by_id([dispute.table_id])[dispute.table_id]
    names = {line.id: (line.public_id, line.name) for line in team_lines(edition.id)}
    first = db.session.get(Dispute, dispute.appeal_of_id) if dispute.appeal_of_id is not None else None
    later = reading.appeal_against(dispute)
    return render_template(
        "judging/closing/dispute.html",
        edition=edition,
        line=reading.line_of(dispute),
        first=reading.line_of(first) if first is not None else None,
        later=reading.line_of(later) if later is not None else None,
        teams=[names[key] for key in table.team_ids if key in names],
        penalised=names.get(dispute.penalty_team_id or 0, ("", ""))[1],
        may_decide=dispute.kind != "appeal" or current_actor().may(Permission.PUBLISH, edition_id=edition.id),
        fault=[said(fault), *fault.details] if fault else [],
        typed=request.form if fault else {},
        key=new_key,
    )
