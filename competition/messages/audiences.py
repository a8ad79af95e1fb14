"""Who is meant by an audience: everybody, captains, judges of a round, ...; and whether the reader is among them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false, or_, select

from competition.editions.public import Edition, divisions_of
from competition.entries.public import (
    delegate_table,
    find_own_delegate,
    find_own_judge,
    judge_table,
    team_division_table,
    team_table,
)
from competition.rounds.public import (
    draw,
    negotiation_table,
    panel_judge,
    role_words,
    round_,
    round_facts,
    seat,
)
from core.access import Actor, CapacityKind
from core.db import db
from core.localised import N_, chosen_locale, in_language
from core.roles import ROLES

TAKING_PART = ("registered",)
STATUSES = {
    "applied": N_("Teams that wait for an answer"),
    "waiting": N_("Teams on the waiting list"),
    "withdrawn": N_("Teams that withdrew"),
    "declined": N_("Teams that were declined"),
}
PLAIN = {
    "all": N_("Everybody: delegates, coaches, judges"),
    "captains": N_("Captains"),
    "delegates": N_("Delegates"),
    "delegates_unconfirmed": N_("Delegates who have not confirmed"),
    "coaches": N_("Coaches"),
    "judges": N_("Judges"),
    "judges_unaccepted": N_("Judges who have not accepted"),
}
JudgesOf = Callable[[int], Collection[int]]
_registered: dict[str, tuple[str, JudgesOf]] = {}


def register_judge_audience(code: str, label: str, function: JudgesOf) -> None:
    """Let a room further up name judges of its own: `edition id -> keys of judges`; `label` is source text."""
    _registered[code] = (label, function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who is meant. `contact` is what the roster says; who is not on it has their account's address."""

    kind: str
    key: int
    name: str
    name_local: str
    contact: str
    person_id: int | None
    team_id: int | None
    institution_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """What the reader of a page is, to ask whether an audience means them."""

    delegate_id: int | None
    judge_id: int | None
    coached: tuple[int, ...]


def choices(edition: Edition) -> list[tuple[str, str]]:
    """Every audience of an edition with its name in the reader's language."""
    locale = chosen_locale()
    found = [(code, _(label)) for code, label in PLAIN.items()]
    found += [(code, _(label)) for code, (label, _function) in _registered.items()]
    if edition.role_policy == "fixed":
        found += [
            (f"role:{role.value}", _("Teams in the role %(role)s", role=role_words(role))) for role in ROLES
        ]
    found += [
        (
            f"division:{one.code}",
            _(
                "Teams of the division %(division)s",
                division=in_language(one.name, one.name_zh, locale) or one.code,
            ),
        )
        for one in divisions_of(edition.id)
    ]
    found += [(f"status:{code}", _(label)) for code, label in STATUSES.items()]
    found += [
        (
            f"round:{facts.number}",
            _(
                "Teams and judges of %(round)s",
                round=in_language(facts.name, facts.name_zh, locale)
                or _("Round %(number)d", number=facts.number),
            ),
        )
        for facts in round_facts(edition.id)
    ]
    return found


def label_of(edition: Edition, audience: str) -> str:
    """An audience's name in the reader's language."""
    return dict(choices(edition)).get(audience, audience)


def own_self(actor: Actor, edition: Edition) -> Self:
    """What the actor is in an edition."""
    delegate, judge = find_own_delegate(actor, edition), find_own_judge(actor, edition)
    coached = actor.capacities_of(CapacityKind.COACH, edition_id=edition.id)
    return Self(
        delegate_id=delegate.id if delegate else None,
        judge_id=judge.id if judge else None,
        coached=tuple(one.subject_id for one in coached if one.subject_id is not None),
    )


def is_meant(edition: Edition, audience: str, who: Self) -> bool:
    """Whether an audience means somebody."""
    return bool(readers_of(edition, audience, who))


def readers_of(edition: Edition, audience: str, only: Self | None = None) -> list[Reader]:
    """Everybody an audience means (or, with `only`, that person's own places in it), in a stable order."""
    code, _colon, argument = audience.partition(":")
    if code in _registered:
        return _judges(edition, judge_table.c.id.in_(list(_registered[code][1](edition.id))), only)
    by_code: dict[str, Callable[[], list[Reader]]] = {
        "all": lambda: [
            *_delegates(edition, _taking_part(), only),
            *_coaches(edition, _taking_part(), only),
            *_judges(edition, None, only),
        ],
        "captains": lambda: _delegates(edition, _taking_part() & delegate_table.c.is_captain, only),
        "delegates": lambda: _delegates(edition, _taking_part(), only),
        "delegates_unconfirmed": lambda: _delegates(
            edition, _taking_part() & delegate_table.c.confirmed_at.is_(None), only
        ),
        "coaches": lambda: _coaches(edition, _taking_part(), only),
        "judges": lambda: _judges(edition, None, only),
        "judges_unaccepted": lambda: _judges(edition, judge_table.c.accepted_at.is_(None), only),
        "role": lambda: _delegates(edition, _taking_part() & (team_table.c.role == argument), only),
        "division": lambda: _delegates(edition, _taking_part() & _in_division(edition, argument), only),
        "status": lambda: _delegates(edition, team_table.c.status == argument, only),
        "round": lambda: _of_round(edition, argument, only),
    }
    return by_code[code]() if code in by_code else []


def _taking_part() -> ColumnElement[bool]:
    return team_table.c.status.in_(TAKING_PART)


def _in_division(edition: Edition, code: str) -> ColumnElement[bool]:
    keys = [one.id for one in divisions_of(edition.id) if one.code == code]
    teams = select(team_division_table.c.team_id).where(team_division_table.c.division_id.in_(keys))
    return team_table.c.id.in_(teams)


def _of_round(edition: Edition, number: str, only: Self | None) -> list[Reader]:
    """Who sits and who judges in a round whose draw is released; nobody before."""
    if not number.isdigit():
        return []
    released = (
        select(draw.c.id)
        .join(round_, round_.c.id == draw.c.round_id)
        .where(round_.c.edition_id == edition.id, round_.c.number == int(number), draw.c.state == "released")
    )
    teams = select(seat.c.team_id).where(seat.c.draw_id.in_(released), seat.c.team_id.is_not(None))
    judges = (
        select(panel_judge.c.judge_id)
        .join(negotiation_table, negotiation_table.c.id == panel_judge.c.table_id)
        .where(negotiation_table.c.draw_id.in_(released))
    )
    seated = team_table.c.id.in_(teams) & (team_table.c.status != "stand_in")
    return [
        *_delegates(edition, seated, only),
        *_judges(edition, judge_table.c.id.in_(judges), only),
    ]


def _delegates(edition: Edition, condition: ColumnElement[bool], only: Self | None) -> list[Reader]:
    row = delegate_table.c
    query = (
        select(
            row.id.label("key"),
            row.name,
            row.name_local,
            row.contact,
            row.person_id,
            row.team_id,
            team_table.c.institution_id,
        )
        .join(team_table, team_table.c.id == row.team_id)
        .where(row.edition_id == edition.id, condition)
        .order_by(team_table.c.position, team_table.c.id, row.position, row.id)
    )
    if only is not None:
        query = query.where(row.id == only.delegate_id if only.delegate_id is not None else false())
    return _readers("delegate", query)


def _judges(edition: Edition, condition: ColumnElement[bool] | None, only: Self | None) -> list[Reader]:
    row = judge_table.c
    query = (
        select(row.id.label("key"), row.name, row.name_local, row.contact, row.person_id, row.institution_id)
        .where(row.edition_id == edition.id)
        .order_by(row.position, row.id)
    )
    if condition is not None:
        query = query.where(condition)
    if only is not None:
        query = query.where(row.id == only.judge_id if only.judge_id is not None else false())
    return _readers("judge", query)


def _coaches(edition: Edition, condition: ColumnElement[bool], only: Self | None) -> list[Reader]:
    row = team_table.c
    query = (
        select(
            row.id.label("key"),
            row.coach.label("name"),
            row.coach_contact.label("contact"),
            row.coach_person_id.label("person_id"),
            row.id.label("team_id"),
            row.institution_id,
        )
        .where(
            row.edition_id == edition.id,
            or_(row.coach_person_id.is_not(None), row.coach_contact != ""),
            condition,
        )
        .order_by(row.position, row.id)
    )
    if only is not None:
        query = query.where(row.id.in_(only.coached))
    return _readers("coach", query)


def _readers(kind: str, query: Any) -> list[Reader]:
    empty = {"name_local": "", "contact": "", "team_id": None}
    return [
        Reader(**{**empty, **row}, kind=kind)  # type: ignore[arg-type]
        for row in db.session.execute(query).mappings()
    ]


__all__: Sequence[str] = (
    "Reader",
    "Self",
    "choices",
    "is_meant",
    "label_of",
    "own_self",
    "readers_of",
    "register_judge_audience",
)
