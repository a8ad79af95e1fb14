"""Deciding the break: caps, teams that do not advance, lots at the line, publishing, and changing it afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from competition.editions.public import Edition
from competition.entries.public import Team
from core.access import Actor, Permission
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.localised import N_
from core.revisions import bump
from core.roles import ROLES
from judging.closing.break_ import (
    Bracket,
    BreakRow,
    EditionBreak,
    bracket_named,
    break_of,
    find_break,
    publications_of,
    rules_of,
)
from judging.closing.disputes import open_protests
from judging.closing.models import BreakChoice, BreakExclusion, BreakPublication, Lot
from judging.closing.services.lots import draw_lot

LARGEST_CAP = 99


def set_cap(*, actor: Actor, edition: Edition, selection: str, cap: int | None, version: int) -> None:
    """How many teams of one institution may advance from a ranking; None for any number.

    `version` is that of the choice as it was shown (0 before there was one); raises Stale for another one.
    """
    _claim(actor, edition)
    if selection not in rules_of(edition):
        raise NotFound(N_("Nobody breaks from this ranking."))
    if cap is not None and not 1 <= cap <= LARGEST_CAP:
        raise Invalid(
            N_("Give a whole number from 1 to %(largest)s, or leave it empty."), largest=LARGEST_CAP
        )
    query = select(BreakChoice).where(
        BreakChoice.edition_id == edition.id, BreakChoice.selection == selection
    )
    choice = db.session.scalar(query)
    if (choice.version if choice else 0) != version:
        raise Stale()
    if choice is None:
        choice = BreakChoice(edition_id=edition.id, selection=selection, version=0)
        db.session.add(choice)
    choice.institution_cap = cap
    choice.version += 1
    _record(actor, "break.cap_set", edition, selection=selection, cap=cap)


def exclude_team(*, actor: Actor, edition: Edition, team_id: str, reason: str) -> None:
    """Let a team not advance (it gives its place up, or may not have it); the next one moves up."""
    _claim(actor, edition)
    team = _team(edition, team_id)
    if not reason.strip():
        raise Invalid(N_("Say why: the reason is published with the break."))
    query = select(BreakExclusion).where(
        BreakExclusion.edition_id == edition.id, BreakExclusion.team_id == team.id
    )
    if db.session.scalar(query) is not None:
        raise Conflict(N_("%(team)s is passed over already. Nothing was changed."), team=team.name)
    db.session.add(
        BreakExclusion(edition_id=edition.id, team_id=team.id, reason=reason.strip(), noted_at=utc_now())
    )
    _record(actor, "break.team_excluded", edition, team=team.id)


def include_team(*, actor: Actor, edition: Edition, team_id: str) -> None:
    """Take back that a team does not advance."""
    _claim(actor, edition)
    team = _team(edition, team_id)
    gone = db.session.execute(
        delete(BreakExclusion).where(
            BreakExclusion.edition_id == edition.id, BreakExclusion.team_id == team.id
        )
    )
    if gone.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(N_("%(team)s is not passed over. Nothing was changed."), team=team.name)
    _record(actor, "break.team_included", edition, team=team.id)


def draw_break_lot(*, actor: Actor, edition: Edition, selection: str, seed: int | None = None) -> Lot:
    """Draw a lot among the teams of a ranking that are level across the line."""
    _claim(actor, edition)
    found = break_of(edition)
    _refuse_open_rounds(found)
    tied = bracket_named(found, selection).tied
    if not tied:
        raise Conflict(N_("No teams are level at this line any more. Nothing was changed."))
    names = {row.row.team_id: row.row.team for row in tied}
    return draw_lot(actor=actor, edition=edition, occasion=f"break:{selection}", names=names, seed=seed)


def publish_break(*, actor: Actor, edition: Edition, shown: str, decision: str = "") -> BreakPublication:
    """Publish the break as it stands; `shown` is the token of the page that was looked at.

    A published break changes only by the director's recorded decision. Raises Conflict while preliminary rounds,
    ties at the line or protests are open, Stale when the break changed since it was shown, Invalid without sizes or
    without the decision.
    """
    _claim(actor, edition)
    found, live = break_of(edition), find_break(edition.id)
    if found.token != shown:
        raise Stale(N_("The break changed since you looked at it. Look again before you publish it."))
    if faults := faults_against_publishing(edition, found):
        raise Conflict(faults[0][0], **faults[0][1])
    if live is not None:
        if not decision.strip():
            raise Invalid(N_("The break is published. Write down the decision by which it changes."))
        if live.brackets == stored_brackets(found):
            raise Conflict(N_("This is the break that is published already. Nothing was changed."))
        live.is_live = False
        db.session.flush()
    last = publications_of(edition.id)
    published = BreakPublication(
        edition_id=edition.id,
        version=last[0].version + 1 if last else 1,
        decision=decision.strip(),
        after_round=found.after_round,
        metrics=";".join(found.metrics),
        brackets=stored_brackets(found),
        published_at=utc_now(),
        published_by=actor.person_id,
    )
    db.session.add(published)
    db.session.flush()
    verb = "break.changed" if live is not None else "break.published"
    _record(actor, verb, edition, version=published.version, decision=published.decision)
    return published


Fault = tuple[str, dict[str, Any]]


def faults_against_publishing(edition: Edition, found: EditionBreak) -> list[Fault]:
    """Everything that keeps the break from being published: English source sentences with their values."""
    faults: list[Fault] = []
    if not found.brackets:
        return [(N_("No sizes of the break are set."), {})]
    if found.open_rounds:
        numbers = ", ".join(str(facts.number) for facts in found.open_rounds)
        faults.append((N_("Preliminary rounds without confirmed results: %(rounds)s."), {"rounds": numbers}))
    faults += [
        (
            N_("%(count)s teams are level at the line. Draw a lot among them."),
            {"count": len(bracket.tied)},
        )
        for bracket in found.brackets
        if bracket.tied
    ]
    if protests := open_protests(edition.id):
        tables = ", ".join(f"{one.round_number}/{one.table}" for one in protests)
        faults.append((N_("Open protests block the break (round/table): %(tables)s."), {"tables": tables}))
    if edition.role_policy == "fixed":
        faults += _uneven_roles(found)
    return faults


def _uneven_roles(found: EditionBreak) -> list[Fault]:
    """In a fixed edition every elimination table seats one team of each role."""
    sizes = {bracket.selection: bracket.size for bracket in found.brackets}
    by_role = [sizes.get(f"role:{role}", 0) for role in ROLES]
    if len(set(by_role)) > 1:
        return [(N_("As many teams of every role must advance, since each table seats one of each."), {})]
    return []


def stored_brackets(found: EditionBreak) -> dict[str, Any]:
    """The break as it is kept: plain values."""
    return {bracket.selection: _stored(bracket) for bracket in found.brackets}


def _stored(bracket: Bracket) -> dict[str, Any]:
    return {
        "size": bracket.size,
        "reserves": bracket.reserves,
        "institution_cap": bracket.institution_cap,
        "advancing": [_line(row) for row in bracket.advancing],
        "waiting": [_line(row) for row in bracket.waiting],
        "passed_over": [
            {**_line(row), "why": row.why, "reason": row.reason}
            for row in bracket.passed
            if row.row.rank is not None and row.row.rank <= _last_rank(bracket)
        ],
        "lots": [
            {"seed": lot.seed, "teams": [team["team"] for team in lot.teams], "drawn_at": str(lot.drawn_at)}
            for lot in bracket.lots
        ],
    }


def _last_rank(bracket: Bracket) -> int:
    """The lowest rank that was reached; who is passed over below it would not have advanced anyway."""
    return max((row.row.rank or 0 for row in (*bracket.advancing, *bracket.waiting)), default=0)


def _line(row: BreakRow) -> dict[str, Any]:
    return {
        "team_id": row.row.team_id,
        "team_public_id": row.row.team_public_id,
        "team": row.row.team,
        "institution": row.row.institution,
        "institution_local": row.row.institution_local,
        "role": row.row.role,
        "place": row.place,
        "rank": row.row.rank,
        "is_shared": row.row.is_shared,
        "lot": str(row.lot) if row.lot is not None else None,
    }


def _refuse_open_rounds(found: EditionBreak) -> None:
    if found.open_rounds:
        raise Conflict(
            N_("Lots are drawn once all preliminary rounds are confirmed. Still open: %(rounds)s."),
            rounds=", ".join(str(facts.number) for facts in found.open_rounds),
        )


def _claim(actor: Actor, edition: Edition) -> None:
    """Take hold of the edition; once the break is published only the director goes on."""
    hold(edition)
    if find_break(edition.id) is not None and not actor.may(Permission.PUBLISH, edition_id=edition.id):
        raise Forbidden(
            N_("The break is published. From now on only the director changes it, by a recorded decision.")
        )


def _team(edition: Edition, public_id: str) -> Team:
    team = db.session.scalar(select(Team).where(Team.edition_id == edition.id, Team.public_id == public_id))
    if team is None:
        raise NotFound(N_("There is no such team in this edition."))
    return team


def _record(actor: Actor, verb: str, edition: Edition, **details: Any) -> None:
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, verb, "break", edition.id, scope=scope, details=details)
    bump(scope)
