"""Deciding the awards: the lines, nominations, the seal that two organisers open, publishing, taking back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select

from competition.editions.public import Edition
from competition.entries.public import delegate_table, team_table
from competition.rounds.public import TableFacts, round_facts
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold, utc_now
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.localised import N_
from core.revisions import bump
from judging.closing.awards import DELEGATE, OTHER, TEAM, Winner, find_seal, get_line, lines_of, winners_of
from judging.closing.models import AWARD_KINDS, AWARD_SCOPES, AwardLine, AwardSeal, Nomination
from judging.models import Award

MOST_LINES = 60
MOST_PLACES = 500


def save_line(
    *,
    actor: Actor,
    edition: Edition,
    values: Mapping[str, Any],
    line: AwardLine | None = None,
    version: int = 0,
) -> AwardLine:
    """Add an award, or change `line` as it was shown at `version`.

    `values`: name, name_zh, kind, scope, count, percentage, criteria, worth, winners (names, for awards by hand).
    Raises Conflict once the awards are sealed, Invalid for values that do not fit, Stale for an older version.
    """
    _claim_open(edition)
    _check(values)
    if line is None:
        known = lines_of(edition.id)
        if len(known) >= MOST_LINES:
            raise Invalid(N_("An edition gives at most %(most)d kinds of awards."), most=MOST_LINES)
        line = AwardLine(edition_id=edition.id, position=len(known), version=0, kind=values["kind"])
        db.session.add(line)
    elif line.version != version:
        raise Stale()
    names = values.get("winners", ())
    for name in ("name", "name_zh", "kind", "scope", "count", "percentage", "criteria", "worth"):
        setattr(line, name, values[name])
    line.winners = [_named(edition, name) for name in names] if line.kind == "by_hand" else []
    line.version += 1
    _record(actor, "award.line_saved", edition, name=line.name, kind=line.kind)
    return line


def _check(values: Mapping[str, Any]) -> None:
    if values["kind"] not in AWARD_KINDS or values["scope"] not in AWARD_SCOPES:
        raise Invalid(N_("Choose how this award is decided."))
    count, percentage = values["count"], values["percentage"]
    if values["kind"] == "team_tier" and (count is None) == (percentage is None):
        raise Invalid(N_("Say how many teams get it: a number or a percentage, not both."))
    if count is not None and not 1 <= count <= MOST_PLACES:
        raise Invalid(
            N_("Give a whole number from 1 to %(largest)s, or leave it empty."), largest=MOST_PLACES
        )
    if percentage is not None and not 0 < percentage <= 100:
        raise Invalid(N_("A percentage lies between 0 and 100."))
    if values["worth"] < 0:
        raise Invalid(N_("The worth of a tier is zero or more."))
    if values["kind"] == "by_hand" and not values.get("winners"):
        raise Invalid(N_("Name at least one winner."))


def _named(edition: Edition, text: str) -> dict[str, Any]:
    """A winner by hand: a delegate by id, a team by name, or simply the words."""
    person = db.session.execute(
        select(delegate_table, team_table.c.name.label("team"))
        .join(team_table, team_table.c.id == delegate_table.c.team_id)
        .where(delegate_table.c.edition_id == edition.id, delegate_table.c.code == text)
    ).one_or_none()
    if person is not None:
        return {
            "of": DELEGATE,
            "name": person.name or person.name_local or person.code,
            "name_local": person.name_local if person.name else "",
            "team": person.team,
            "team_id": person.team_id,
            "delegate_id": person.id,
        }
    query = select(team_table.c.id).where(team_table.c.edition_id == edition.id, team_table.c.name == text)
    team_id = db.session.scalar(query)
    return {"of": TEAM if team_id is not None else OTHER, "name": text, "team_id": team_id}


USUAL: tuple[dict[str, Any], ...] = (
    {"name": "Gold", "name_zh": "金奖", "kind": "team_tier", "count": 1, "worth": Decimal(3)},
    {
        "name": "Silver",
        "name_zh": "银奖",
        "kind": "team_tier",
        "percentage": Decimal(20),
        "worth": Decimal(2),
    },
    {
        "name": "Bronze",
        "name_zh": "铜奖",
        "kind": "team_tier",
        "percentage": Decimal(30),
        "worth": Decimal(1),
    },
    {"name": "Best negotiator", "name_zh": "最佳谈判员", "kind": "individual_marks", "count": 1},
    {"name": "Best coach", "name_zh": "最佳指导教师", "kind": "best_coach", "count": 1},
)


def add_usual_lines(*, actor: Actor, edition: Edition) -> None:
    """Begin with the awards that most editions give; in each role bracket where teams keep their roles."""
    if lines_of(edition.id):
        raise Conflict(N_("There are awards already. Nothing was changed."))
    scope = "role" if edition.role_policy == "fixed" else "overall"
    plain: dict[str, Any] = {"count": None, "percentage": None, "criteria": [], "worth": Decimal(0)}
    for usual in USUAL:
        own = "overall" if usual["kind"] == "best_coach" else scope
        save_line(actor=actor, edition=edition, values={**plain, "scope": own, **usual})


def remove_line(*, actor: Actor, edition: Edition, public_id: str, version: int) -> None:
    """Take an award out, with its nominations."""
    _claim_open(edition)
    line = get_line(edition.id, public_id)
    if line.version != version:
        raise Stale()
    db.session.delete(line)
    _record(actor, "award.line_removed", edition, name=line.name)


def move_line(*, actor: Actor, edition: Edition, public_id: str, by: int) -> None:
    """Move an award up (-1) or down (1): earlier ones are given first, and nobody wins two individual awards."""
    _claim_open(edition)
    get_line(edition.id, public_id)
    lines = list(lines_of(edition.id))
    at = next(place for place, line in enumerate(lines) if line.public_id == public_id)
    lines.insert(max(0, min(at + by, len(lines) - 1)), lines.pop(at))
    for position, line in enumerate(lines):
        line.position = position
    _record(actor, "award.line_moved", edition, name=lines[at].name)


def nominate(
    *, actor: Actor, edition: Edition, table: TableFacts, judge_id: int, chosen: Mapping[str, str]
) -> int:
    """Keep a judge's nominations for one table: a delegate (public id) by award (public id), "" for nobody.

    Returns how many there are now. Raises Conflict once the awards are sealed, NotFound for somebody who does not
    sit there, Forbidden for a judge who is not on the panel.
    """
    _claim_open(edition)
    if judge_id not in {place.judge_id for place in table.panel if place.position != "trainee"}:
        raise Forbidden(N_("Only the judges of a table nominate its delegates."))
    lines = {line.public_id: line for line in lines_of(edition.id) if line.kind == "individual_nominations"}
    people = {
        row.public_id: row.id
        for row in db.session.execute(
            select(delegate_table.c.id, delegate_table.c.public_id).where(
                delegate_table.c.team_id.in_(table.team_ids)
            )
        )
    }
    if not set(chosen) <= set(lines) or not {who for who in chosen.values() if who} <= set(people):
        raise NotFound(N_("There is no such award, or nobody of this name at this table."))
    keys = [lines[award].id for award in chosen]
    db.session.execute(
        delete(Nomination).where(
            Nomination.award_line_id.in_(keys),
            Nomination.table_id == table.id,
            Nomination.judge_id == judge_id,
        )
    )
    given = {lines[award].id: people[who] for award, who in chosen.items() if who}
    db.session.add_all(
        Nomination(
            award_line_id=line, table_id=table.id, judge_id=judge_id, delegate_id=who, named_at=utc_now()
        )
        for line, who in given.items()
    )
    _record(actor, "award.nominated", edition, table=table.id, judge=judge_id, count=len(given))
    return len(given)


def seal_awards(*, actor: Actor, edition: Edition, version: int) -> AwardSeal:
    """Work the winners out and seal them: from now on nobody sees them until two organisers open the seal.

    Raises Conflict while results are open, without awards, or when somebody else was faster.
    """
    seal = _claim_seal(edition, version, "open")
    if not lines_of(edition.id):
        raise Conflict(N_("No awards are set up yet."))
    if faults := open_rounds(edition.id):
        raise Conflict(
            N_("Awards follow from results, and these rounds are not confirmed: %(rounds)s."),
            rounds=", ".join(map(str, faults)),
        )
    seal.winners = [winner.stored() for winner in winners_of(edition)]
    seal.state, seal.sealed_at, seal.sealed_by = "sealed", utc_now(), actor.person_id
    seal.first_key_by = seal.first_key_at = seal.unsealed_by = seal.unsealed_at = None
    _moved(actor, "award.sealed", edition, seal, winners=len(seal.winners))
    return seal


def open_rounds(edition_id: int) -> list[int]:
    """The numbers of drawn rounds without confirmed results."""
    return [
        facts.number
        for facts in round_facts(edition_id)
        if not facts.has_results and (facts.is_preliminary or facts.draw_id is not None)
    ]


def turn_key(*, actor: Actor, edition: Edition, version: int) -> AwardSeal:
    """One organiser's half of opening the seal: the first says so, another one opens it.

    Raises Conflict when the same person tries to turn both keys.
    """
    seal = _claim_seal(edition, version, "sealed")
    if actor.person_id is None:
        raise Forbidden(N_("The seal is opened by two organisers who are signed in."))
    if seal.first_key_by is None:
        seal.first_key_by, seal.first_key_at = actor.person_id, utc_now()
        _moved(actor, "award.first_key", edition, seal)
        return seal
    if seal.first_key_by == actor.person_id:
        raise Conflict(N_("You have turned your key. Another organiser opens the seal."))
    seal.state, seal.unsealed_by, seal.unsealed_at = "unsealed", actor.person_id, utc_now()
    _moved(actor, "award.unsealed", edition, seal)
    return seal


def publish_awards(*, actor: Actor, edition: Edition, version: int) -> int:
    """Make the awards known to everybody and to those who won them; returns how many."""
    seal = _claim_seal(edition, version, "unsealed")
    first = db.session.scalar(
        select(func.coalesce(func.max(Award.position), -1)).where(Award.edition_id == edition.id)
    )
    lines = {line.public_id: line.id for line in lines_of(edition.id)}
    winners = [Winner(**stored) for stored in seal.winners]
    db.session.add_all(
        Award(
            edition_id=edition.id,
            award=winner.award,
            award_zh=winner.award_zh,
            kind=_kind_words(winner),
            winner=winner.name,
            reason=winner.reason,
            position=(first or 0) + place,
            line_id=lines.get(winner.line),
            team_id=winner.team_id,
            delegate_id=winner.delegate_id,
        )
        for place, winner in enumerate(winners, 1)
    )
    seal.state, seal.published_at = "published", utc_now()
    _moved(actor, "award.published", edition, seal, awards=len(winners))
    return len(winners)


def _kind_words(winner: Winner) -> str:
    """What the workbook's column `kind` says: whom the award is for, and in which bracket."""
    return f"{winner.of} {winner.bracket}".strip()[:60]


def reopen_awards(*, actor: Actor, edition: Edition, version: int, reason: str) -> None:
    """Begin again by the director's recorded decision; published awards of these lines are taken back."""
    seal = find_seal(edition.id)
    if seal is None or seal.state == "open":
        raise Conflict(N_("The awards are open already. Nothing was changed."))
    if not reason.strip():
        raise Invalid(N_("Write down why: the decision is kept."))
    seal = _claim_seal(edition, version, seal.state)
    db.session.execute(delete(Award).where(Award.edition_id == edition.id, Award.line_id.is_not(None)))
    seal.state, seal.winners, seal.published_at = "open", [], None
    _moved(actor, "award.reopened", edition, seal, reason=reason.strip())


def _claim_open(edition: Edition) -> None:
    hold(edition)
    seal = find_seal(edition.id)
    if seal is not None and seal.state != "open":
        raise Conflict(N_("The awards are sealed, so nothing about them changes any more."))


def _claim_seal(edition: Edition, version: int, state: str) -> AwardSeal:
    hold(edition)
    seal = find_seal(edition.id)
    if seal is None:
        seal = AwardSeal(edition_id=edition.id, state="open", version=0, winners=[])
        db.session.add(seal)
    if seal.version != version or seal.state != state:
        raise Stale(N_("The awards are in another state by now. Reload the page and look again."))
    return seal


def _moved(actor: Actor, verb: str, edition: Edition, seal: AwardSeal, **details: Any) -> None:
    seal.version += 1
    _record(actor, verb, edition, **details)


def _record(actor: Actor, verb: str, edition: Edition, **details: Any) -> None:
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, verb, "awards", edition.id, scope=scope, details=details)
    bump(scope)
