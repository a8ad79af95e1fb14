"""What the demo's tables settled in a round that was played, and what is announced to everybody."""

from __future__ import annotations

from datetime import datetime, timedelta

from competition.editions.public import Edition
from competition.messages.public import publish_announcement, write_announcement
from competition.resolutions.public import (
    Issue,
    Item,
    Resolution,
    ResolutionSignature,
    ResolutionText,
    Wording,
    issues_of_round,
    said,
    stored,
)
from competition.rounds.public import TableFacts, round_facts, tables_of_draw
from core.access import SYSTEM
from core.db import db, utc_now

AGREED, PARTLY, NOT_AGREED = "agreed", "partly", "not_agreed"
PATTERNS = (
    (AGREED, AGREED, AGREED, PARTLY, AGREED),
    (AGREED, PARTLY, AGREED, AGREED, NOT_AGREED),
    (AGREED, AGREED, AGREED, AGREED, AGREED),
    (PARTLY, AGREED, AGREED, NOT_AGREED, PARTLY),
    (NOT_AGREED, PARTLY, NOT_AGREED, NOT_AGREED, NOT_AGREED),
)
TERMS = {
    AGREED: "Reviewed by all four after two years. 两年后由四方复核。",
    PARTLY: "Agreed in principle; the figures follow within 30 days. 原则同意，具体数字 30 天内补齐。",
}
OBJECTION = "The training centre was promised for the second year, not the third. 培训中心承诺的是第二年，不是第三年。"
OBJECTS_AT, UNSIGNED_AT = 5, 11
"""Places of the table where one seat objects and of the table where one has not confirmed."""
ANNOUNCEMENT = {
    "title": "Semi-final: be in your room at 13:45",
    "title_zh": "半决赛：请于 13:45 到场",
    "body": "Tables and rooms are on your own page. **Questions on the case**: Great Hall, from 13:15.",
    "body_zh": "桌号和房间见个人页面。13:15 起在大礼堂进行**案例答疑**。",
    "audience": "all",
    "is_public": True,
}


def announce(edition: Edition) -> None:
    """Something said to everybody, on the public page too."""
    row = write_announcement(actor=SYSTEM, edition=edition, values=ANNOUNCEMENT)
    publish_announcement(actor=SYSTEM, row=row, now=utc_now())


def settle_round(edition: Edition, number: int) -> None:
    """A resolution for every table of a played round: rows, as the services rightly refuse once it is marked."""
    facts = next(one for one in round_facts(edition.id) if one.number == number)
    issues = issues_of_round(facts)
    if facts.draw_id is None or facts.starts_at is None or issues is None:
        raise LookupError("the demo's round has no draw, no time or no case")
    for place, table in enumerate(tables_of_draw(facts.draw_id)):
        _settle(table, place, issues, facts.starts_at + timedelta(minutes=140 + place))


def _settle(table: TableFacts, place: int, issues: list[Issue], at: datetime) -> None:
    resolution = Resolution(table_id=table.id, version=1, created_at=at)
    db.session.add(resolution)
    db.session.flush()
    states = PATTERNS[place % len(PATTERNS)]
    role, team_id = next((role, team) for role, team in table.seats.items() if team is not None)
    text = Wording(
        outcome="agreement" if AGREED in states else "impasse",
        items=tuple(_item(issue, state, place) for issue, state in zip(issues, states, strict=True)),
    )
    db.session.add(
        ResolutionText(
            resolution_id=resolution.id,
            version=1,
            outcome=text.outcome,
            items=stored(text),
            role=role.value,
            team_id=team_id,
            written_at=at,
        )
    )
    _sign(resolution, table, place, at)


def _item(issue: Issue, state: str, place: int) -> Item:
    """An agreed issue took one of the case's options; what stays open has none."""
    option = place % len(issue.options) if state == AGREED and issue.options else None
    return said(issue, state=state, option=option, terms=TERMS.get(state, ""))


def _sign(resolution: Resolution, table: TableFacts, place: int, at: datetime) -> None:
    for order, (role, team_id) in enumerate(table.seats.items()):
        is_last = order == len(table.seats) - 1
        if team_id is None or (is_last and place == UNSIGNED_AT):
            continue
        objects = is_last and place == OBJECTS_AT
        db.session.add(
            ResolutionSignature(
                resolution_id=resolution.id,
                version=1,
                role=role.value,
                team_id=team_id,
                is_confirmed=not objects,
                remark=OBJECTION if objects else "",
                signed_at=at + timedelta(minutes=2 + order),
            )
        )
