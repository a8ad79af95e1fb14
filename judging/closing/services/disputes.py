"""Filing, withdrawing, deciding and appealing queries and protests; everything is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from competition.editions.public import Edition
from competition.rounds.public import TableFacts, get_round_facts, tables_by_id
from core.access import Actor, Permission
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.localised import N_
from core.revisions import bump
from judging.closing.dispute_mails import tell_organisers, tell_parties
from judging.closing.disputes import (
    GROUNDS,
    RESPONDENTS,
    appeal_against,
    appeal_deadline,
    deadline_of,
    rule_of,
)
from judging.closing.models import Dispute, DisputeRule
from judging.services.happenings import add_penalty

MOST_OF_TEAM = 20
LONGEST_MINUTES = 60 * 24 * 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a team files: kind, ground, table, its own key, who is to answer, and its words."""

    kind: str
    ground: str
    table: TableFacts
    team_id: int
    respondent: str
    respondent_team_id: int | None
    words: str


def set_deadlines(
    *, actor: Actor, edition: Edition, query: int, protest: int, appeal: int, version: int
) -> None:
    """How many minutes queries and protests are taken after publication, and appeals after a decision."""
    hold(edition)
    rule = rule_of(edition.id)
    if rule.version != version:
        raise Stale()
    if not all(1 <= minutes <= LONGEST_MINUTES for minutes in (query, protest, appeal)):
        raise Invalid(N_("A deadline lies between one minute and thirty days."))
    if rule.id is None:
        rule = DisputeRule(edition_id=edition.id, version=0)
        db.session.add(rule)
    rule.query_minutes, rule.protest_minutes, rule.appeal_minutes = query, protest, appeal
    rule.version = version + 1
    _record(actor, "dispute.deadlines_set", edition, None, query=query, protest=protest, appeal=appeal)


def file_dispute(
    *, actor: Actor, edition: Edition, filing: Filing, now: datetime | None = None, on_behalf: bool = False
) -> Dispute:
    """File a query or a protest about a table at which the team sat.

    `on_behalf`: an organiser files it for the team, also after the deadline. Raises Conflict when it is too late, too
    early (a query before results are published), or the same is open already; Invalid for words that are missing.
    """
    hold(edition)
    _check(filing)
    facts = get_round_facts(edition.id, filing.table.round_number)
    deadline = deadline_of(edition, facts, filing.kind, rule_of(edition.id))
    if not on_behalf:
        _refuse_untimely(filing, deadline, now or utc_now())
    _refuse_repeated(filing)
    dispute = Dispute(
        edition_id=edition.id,
        kind=filing.kind,
        ground=filing.ground,
        table_id=filing.table.id,
        team_id=filing.team_id,
        respondent=filing.respondent,
        respondent_team_id=filing.respondent_team_id,
        words=filing.words.strip(),
        filed_at=now or utc_now(),
        filed_by=actor.person_id,
        is_on_behalf=on_behalf,
        deadline_at=deadline,
    )
    db.session.add(dispute)
    db.session.flush()
    _record(actor, "dispute.filed", edition, dispute, kind=dispute.kind, table=dispute.table_id)
    tell_organisers(edition, dispute)
    tell_parties(edition, dispute)
    return dispute


def _check(filing: Filing) -> None:
    if filing.kind not in ("query", "protest") or filing.ground not in GROUNDS[filing.kind]:
        raise Invalid(N_("Choose what it is about."))
    if filing.team_id not in filing.table.team_ids:
        raise NotFound(N_("This team does not sit at this table."))
    if filing.respondent not in RESPONDENTS:
        raise Invalid(N_("Choose who is to answer."))
    is_team = filing.respondent == "team"
    others = set(filing.table.team_ids) - {filing.team_id}
    if is_team != (filing.respondent_team_id is not None) or (
        is_team and filing.respondent_team_id not in others
    ):
        raise Invalid(N_("Choose which other team of the table is to answer."))
    if not filing.words.strip():
        raise Invalid(N_("Say in your own words what happened and what you ask for."))


def _refuse_untimely(filing: Filing, deadline: datetime | None, now: datetime) -> None:
    if deadline is None and filing.kind == "query":
        raise Conflict(
            N_("The results of this round are not published yet. You can ask about them once they are.")
        )
    if deadline is not None and now > deadline:
        raise Conflict(
            N_(
                "The deadline for this round has passed. An organiser can still file it for you, with your reasons."
            )
        )


def _refuse_repeated(filing: Filing) -> None:
    own = select(func.count(Dispute.id)).where(Dispute.team_id == filing.team_id)
    same = own.where(
        Dispute.table_id == filing.table.id, Dispute.kind == filing.kind, Dispute.state == "open"
    )
    if db.session.scalar(same):
        raise Conflict(N_("Your team has already filed this about the table, and it is still open."))
    if (db.session.scalar(own) or 0) >= MOST_OF_TEAM:
        raise Conflict(N_("Your team has filed very many. Talk to an organiser."))


def withdraw_dispute(*, actor: Actor, edition: Edition, dispute: Dispute, version: int) -> None:
    """Take a query, protest or appeal back while it is open."""
    _claim(edition, dispute, version)
    dispute.state = "withdrawn"
    dispute.version += 1
    _record(actor, "dispute.withdrawn", edition, dispute)


def decide_dispute(
    *,
    actor: Actor,
    edition: Edition,
    dispute: Dispute,
    version: int,
    outcome: str,
    decision: str,
    penalty_team_id: int | None = None,
    penalty_amount: Decimal | None = None,
) -> bool:
    """Decide: a query is `answered`, a protest or appeal `upheld` or `dismissed`; both teams are told.

    An upheld protest may take marks from a team of the table. An appeal is decided by the director, and by somebody
    else than who decided before. Returns whether a confirmed result changed. Raises Forbidden, Invalid, Stale.
    """
    _claim(edition, dispute, version)
    _refuse_wrong_judge(actor, edition, dispute)
    allowed = ("answered",) if dispute.kind == "query" else ("upheld", "dismissed")
    if outcome not in allowed:
        raise Invalid(N_("Choose the decision."))
    if not decision.strip():
        raise Invalid(N_("Write down the decision and its reasons: the team reads them."))
    if (penalty_team_id is None) != (penalty_amount is None):
        raise Invalid(N_("A penalty needs a team and a number of marks."))
    if penalty_team_id is not None and outcome != "upheld":
        raise Invalid(N_("Only an upheld protest or appeal can take marks from a team."))
    changed = False
    if penalty_team_id is not None and penalty_amount is not None:
        changed = add_penalty(
            actor=actor,
            edition=edition,
            table=tables_by_id([dispute.table_id])[dispute.table_id],
            team_id=penalty_team_id,
            amount=penalty_amount,
            reason=decision.strip()[:500],
        )
        dispute.penalty_team_id, dispute.penalty_amount = penalty_team_id, penalty_amount
    dispute.state, dispute.decision = outcome, decision.strip()
    dispute.decided_at, dispute.decided_by = utc_now(), actor.person_id
    dispute.version += 1
    _record(actor, f"dispute.{outcome}", edition, dispute, kind=dispute.kind)
    tell_parties(edition, dispute)
    return changed


def _refuse_wrong_judge(actor: Actor, edition: Edition, dispute: Dispute) -> None:
    if dispute.kind != "appeal":
        return
    if not actor.may(Permission.PUBLISH, edition_id=edition.id):
        raise Forbidden(N_("An appeal is decided by the director."))
    first = db.session.get(Dispute, dispute.appeal_of_id)
    if first is not None and first.decided_by is not None and first.decided_by == actor.person_id:
        raise Forbidden(N_("An appeal is decided by somebody else than who decided the protest."))


def appeal_dispute(
    *,
    actor: Actor,
    edition: Edition,
    dispute: Dispute,
    team_id: int,
    words: str,
    now: datetime | None = None,
) -> Dispute:
    """Appeal against the decision of a protest: its own team, or the team that had to answer, once and in time."""
    hold(edition)
    db.session.refresh(dispute)
    moment = now or utc_now()
    if dispute.kind != "protest" or dispute.state not in ("upheld", "dismissed"):
        raise Conflict(N_("There is no decision that can be appealed."))
    if team_id not in (dispute.team_id, dispute.respondent_team_id):
        raise NotFound(N_("There is no such query or protest in this edition."))
    if appeal_against(dispute) is not None:
        raise Conflict(N_("There is an appeal against this decision already."))
    deadline = appeal_deadline(dispute, rule_of(edition.id))
    if deadline is not None and moment > deadline:
        raise Conflict(N_("The deadline for an appeal has passed."))
    if not words.strip():
        raise Invalid(N_("Say in your own words why the decision should be another one."))
    appeal = Dispute(
        edition_id=edition.id,
        kind="appeal",
        ground="appeal",
        table_id=dispute.table_id,
        team_id=team_id,
        respondent="organisers",
        words=words.strip(),
        filed_at=moment,
        filed_by=actor.person_id,
        deadline_at=deadline,
        appeal_of_id=dispute.id,
    )
    db.session.add(appeal)
    db.session.flush()
    _record(actor, "dispute.appealed", edition, appeal, of=dispute.id)
    tell_organisers(edition, appeal)
    return appeal


def _claim(edition: Edition, dispute: Dispute, version: int) -> None:
    hold(edition)
    db.session.refresh(dispute)
    if dispute.version != version:
        raise Stale()
    if dispute.state != "open":
        raise Conflict(N_("This is decided or withdrawn already. Nothing was changed."))


def _record(actor: Actor, verb: str, edition: Edition, dispute: Dispute | None, **details: Any) -> None:
    db.session.flush()
    scope = edition_scope(edition.id)
    personal = ["words"] if verb in ("dispute.filed", "dispute.appealed") else ()
    thing_id = dispute.id if dispute is not None else None
    record(actor, verb, "dispute", thing_id, scope=scope, details=details, personal=personal)
    bump(scope)
