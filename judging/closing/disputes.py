"""Queries, protests and appeals: reading them, and until when they may be filed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from competition.editions.public import Edition
from competition.entries.public import team_table
from competition.rounds.public import RoundFacts, draw, negotiation_table, round_, table_result
from core.audit import AuditEntry, edition_scope
from core.db import db
from core.errors import NotFound
from core.localised import N_
from judging.closing.models import Dispute, DisputeRule

GROUNDS = {
    "query": ("arithmetic",),
    "protest": ("procedure", "conduct", "conflict_of_interest", "eligibility", "other"),
    "appeal": ("appeal",),
}
RESPONDENTS = ("panel", "organisers", "team")
BLOCKING = ("protest", "appeal")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """A dispute with the names of its table and team."""

    dispute: Dispute
    round_number: int
    round_name: str
    round_name_zh: str
    table: str
    table_public_id: str
    team: str
    respondent_team: str

    @property
    def is_open(self) -> bool:
        return self.dispute.state == "open"


def lines_of(edition_id: int) -> list[DisputeLine]:
    """Every dispute of an edition, the open ones first, newest first among each."""
    rows = _lines(_query().where(Dispute.edition_id == edition_id).order_by(Dispute.id.desc()))
    return sorted(rows, key=lambda line: not line.is_open)


def lines_of_team(team_id: int) -> list[DisputeLine]:
    """What a team has filed, newest first."""
    return _lines(_query().where(Dispute.team_id == team_id).order_by(Dispute.id.desc()))


def open_protests(edition_id: int) -> list[DisputeLine]:
    """The protests and appeals that are not decided: they block the break."""
    return _lines(
        _query()
        .where(Dispute.edition_id == edition_id, Dispute.state == "open", Dispute.kind.in_(BLOCKING))
        .order_by(Dispute.id)
    )


def marked_tables(table_ids: Iterable[int]) -> dict[int, str]:
    """The tables among these with an open dispute, each with its gravest kind: protest, appeal or query."""
    query = select(Dispute.table_id, Dispute.kind).where(
        Dispute.table_id.in_(list(table_ids)), Dispute.state == "open"
    )
    gravity = {"protest": 0, "appeal": 1, "query": 2}
    found: dict[int, str] = {}
    for table_id, kind in db.session.execute(query):
        if table_id not in found or gravity[kind] < gravity[found[table_id]]:
            found[table_id] = kind
    return found


def get_dispute(edition_id: int, public_id: str) -> Dispute:
    """A dispute of this edition; raises NotFound for any other."""
    query = select(Dispute).where(Dispute.edition_id == edition_id, Dispute.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no such query or protest in this edition."))
    return found


def line_of(dispute: Dispute) -> DisputeLine:
    """One dispute with its names."""
    return _lines(_query().where(Dispute.id == dispute.id))[0]


def appeal_against(dispute: Dispute) -> Dispute | None:
    """The appeal against a decision."""
    return db.session.scalar(select(Dispute).where(Dispute.appeal_of_id == dispute.id))


def rule_of(edition_id: int) -> DisputeRule:
    """The deadlines of an edition; a row that is not stored where nobody changed the defaults."""
    rule = db.session.scalar(select(DisputeRule).where(DisputeRule.edition_id == edition_id))
    return rule or DisputeRule(
        edition_id=edition_id, query_minutes=120, protest_minutes=60, appeal_minutes=60, version=0
    )


def published_at(edition: Edition, facts: RoundFacts) -> datetime | None:
    """When the results of a round were published last; None while they are not.

    A round that was imported as published counts from when its results came in.
    """
    if facts.results_state != "published":
        return None
    published = db.session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.scope == edition_scope(edition.id),
            AuditEntry.verb == "results.published",
            AuditEntry.thing == "round",
            AuditEntry.thing_id == facts.id,
        )
    )
    if published is not None:
        return published
    return db.session.scalar(
        select(func.max(table_result.c.confirmed_at))
        .join(negotiation_table, negotiation_table.c.id == table_result.c.table_id)
        .where(negotiation_table.c.draw_id == facts.draw_id)
    )


def deadline_of(edition: Edition, facts: RoundFacts, kind: str, rule: DisputeRule) -> datetime | None:
    """Until when a query or protest about a table of this round is taken; None: no end is set yet.

    It counts from the publication of the round's results: what nobody could see cannot have been too late.
    """
    start = published_at(edition, facts)
    minutes = rule.query_minutes if kind == "query" else rule.protest_minutes
    return start + timedelta(minutes=minutes) if start is not None else None


def appeal_deadline(dispute: Dispute, rule: DisputeRule) -> datetime | None:
    """Until when a decision can be appealed."""
    if dispute.decided_at is None:
        return None
    return dispute.decided_at + timedelta(minutes=rule.appeal_minutes)


def _query() -> Select[Any]:
    return (
        select(
            Dispute,
            round_.c.number.label("round_number"),
            round_.c.name.label("round_name"),
            round_.c.name_zh.label("round_name_zh"),
            negotiation_table.c.name.label("table"),
            negotiation_table.c.public_id.label("table_public_id"),
        )
        .join(negotiation_table, negotiation_table.c.id == Dispute.table_id)
        .join(draw, draw.c.id == negotiation_table.c.draw_id)
        .join(round_, round_.c.id == draw.c.round_id)
    )


def _lines(query: Select[Any]) -> list[DisputeLine]:
    rows = db.session.execute(query.execution_options(populate_existing=True)).all()
    names = _team_names(rows)
    return [
        DisputeLine(
            dispute=row.Dispute,
            round_number=row.round_number,
            round_name=row.round_name,
            round_name_zh=row.round_name_zh,
            table=row.table,
            table_public_id=row.table_public_id,
            team=names.get(row.Dispute.team_id, ""),
            respondent_team=names.get(row.Dispute.respondent_team_id, ""),
        )
        for row in rows
    ]


def _team_names(rows: Sequence[Any]) -> Mapping[int | None, str]:
    keys = {key for row in rows for key in (row[0].team_id, row[0].respondent_team_id) if key is not None}
    query = select(team_table.c.id, team_table.c.name).where(team_table.c.id.in_(keys))
    return {row.id: row.name for row in db.session.execute(query)} if keys else {}
