"""Drafting a draw: the plan from the engine becomes a new version, with panels and rooms filled."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from competition.rounds.facts import TableFacts
from competition.rounds.models import Draw
from competition.rounds.problem import Seats, problem_json
from competition.rounds.queries import live_draw
from competition.rounds.services.claim import claim_round, finish
from competition.rounds.services.locks import engine_locks, keep_locked, locked_tables
from competition.rounds.services.panel_filling import fill_panels
from competition.rounds.services.rooms import fill_rooms
from competition.rounds.services.versions import NewTable, store_draw
from competition.rounds.situation import Choice, Situation, problem_of, situation_of
from competition.rounds.stand_ins import seat_stand_ins
from core.access import Actor
from core.db import db
from core.errors import Conflict, Invalid
from core.localised import N_
from core.roles import ROLES

if TYPE_CHECKING:
    from competition.draw.model import Plan, Problem

METHODS = ("random", "scheduled", "power_paired")
PRESETS = ("balanced", "fair", "strict")
LARGEST_SEED = 2**31 - 1


def draft_draw(
    *,
    actor: Actor,
    round_id: int,
    method: str | None = None,
    preset: str = "balanced",
    seed: int | None = None,
    options: Mapping[str, int] | None = None,
    version: int | None = None,
) -> Draw:
    """Draft the draw of a round, or draw it again (the earlier draft stays as a superseded version).

    Locked tables of the earlier draft stay as they are, with their panels and rooms; the rest is drawn around them.
    `version` is the round's version that the organiser was shown; the panels and rooms are filled at once.
    Raises Conflict when the draw is confirmed or results are missing, Invalid when it cannot be made, Stale
    when somebody else was faster.
    """
    row = claim_round(round_id, version)
    live = live_draw(row.id)
    if live is not None and live.state != "draft":
        raise Conflict(N_("This draw is confirmed. Take it back to a draft before you draw again."))
    situation = situation_of(row)
    choice = Choice(
        method=method or default_method(situation),
        preset=preset,
        seed=seed if seed is not None else _new_seed(situation, method),
        effort=(options or {}).get("effort", 1),
    )
    _refuse_impossible(situation, choice)
    locked = locked_tables(row.id, situation.teams)
    tables, report, problem = _drawn(situation, choice, locked)
    draw = store_draw(row, choice, report, tables, problem_json(problem, situation.teams))
    keep_locked(draw, locked)
    fill_rooms(draw.id, row.edition_id)
    fill_panels(draw.id, row)
    finish(actor, "draw.drafted", row, version=draw.version, method=choice.method, seed=choice.seed)
    return draw


def default_method(situation: Situation) -> str:
    """How a round is drawn when nobody says: as noted for the round, or as the edition's policy suggests.

    A schedule knows nothing of rounds that were drawn in another way, so it does not go on from them.
    """
    noted = situation.facts.draw_method
    if noted in METHODS:
        return noted
    if situation.edition.role_policy == "fixed":
        return "scheduled" if not situation.tables or _schedule_seed(situation) is not None else "random"
    can_pair = situation.earlier and all(facts.has_results for facts in situation.earlier)
    return "power_paired" if can_pair else "random"


def _new_seed(situation: Situation, method: str | None) -> int:
    """The seed of the schedule that an earlier round follows, so that the rounds fit; otherwise a new lot."""
    if (method or default_method(situation)) == "scheduled" and (
        seed := _schedule_seed(situation)
    ) is not None:
        return seed
    return secrets.randbelow(LARGEST_SEED)


def _schedule_seed(situation: Situation) -> int | None:
    """The seed of the schedule that another round follows."""
    query = (
        select(Draw.seed)
        .where(
            Draw.round_id.in_([facts.id for facts in situation.preliminaries]),
            Draw.state != "superseded",
            Draw.method == "scheduled",
            Draw.seed.is_not(None),
            Draw.round_id != situation.facts.id,
        )
        .order_by(Draw.id)
    )
    return db.session.scalars(query).first()


def _refuse_impossible(situation: Situation, choice: Choice) -> None:
    if choice.method not in METHODS:
        raise Invalid(N_("Choose a way to draw: random, scheduled or power-paired."))
    if choice.preset not in PRESETS:
        raise Invalid(N_("Choose a preset: balanced, fair or strict."))
    if not 0 <= choice.seed <= LARGEST_SEED:
        raise Invalid(N_("A seed is a whole number from 0 to %(largest)s."), largest=LARGEST_SEED)
    if not situation.facts.is_preliminary:
        raise Invalid(N_("Elimination tables are seated by hand, or come with an imported edition."))
    if len(situation.playing) < 4:
        raise Invalid(
            N_("A draw needs at least four teams; this round has %(count)s."), count=len(situation.playing)
        )
    if situation.edition.role_policy == "fixed":
        _refuse_without_roles(situation, choice)
    if choice.method == "power_paired":
        _refuse_without_results(situation)


def _refuse_without_roles(situation: Situation, choice: Choice) -> None:
    if choice.method == "power_paired":
        raise Invalid(
            N_("Where every team keeps its role, rounds are drawn at random or scheduled, not power-paired.")
        )
    missing = [team.name for team in situation.playing if team.role is None]
    if missing:
        raise Invalid(
            N_("%(count)s teams have no role yet (%(first)s …). Give roles by lot first."),
            count=len(missing),
            first=missing[0],
        )


def _refuse_without_results(situation: Situation) -> None:
    if not situation.earlier:
        raise Conflict(
            N_("Power pairing needs results, and this is the first round. Draw it at random or scheduled.")
        )
    open_rounds = [str(facts.number) for facts in situation.earlier if not facts.has_results]
    if open_rounds:
        raise Conflict(
            N_("Power pairing needs the results of the rounds before. Not confirmed yet: %(rounds)s."),
            rounds=", ".join(open_rounds),
        )


def _drawn(
    situation: Situation, choice: Choice, locked: Sequence[TableFacts]
) -> tuple[list[NewTable], dict[str, Any], Problem]:
    """The tables and the report. A schedule keeps the seats of teams that withdrew, as long as no table loses
    two; otherwise the schedule is made anew for those who play.
    """
    from competition.draw.engine import without

    playing = situation.playing
    known = {team.id for team in playing}
    if choice.method == "scheduled" and not locked and len(situation.ever_playing) > len(playing):
        problem = _problem(situation, choice, situation.ever_playing)
        plan = _planned(problem)
        tables = [_seats(table.seats, known) for table in plan.tables]
        if all(sum(team is None for team in seats.values()) <= 1 for seats in tables):
            counted = without(plan, _problem(situation, choice, playing)).report
            return _new_tables(situation, choice, plan, tables), counted.to_json(), problem
    problem = _problem(situation, choice, playing, locked)
    plan = _planned(problem)
    tables = [_seats(table.seats, known) for table in plan.tables]
    return _new_tables(situation, choice, plan, tables), plan.report.to_json(), problem


def _problem(
    situation: Situation, choice: Choice, teams: Sequence[Any], locked: Sequence[TableFacts] = ()
) -> Problem:
    from competition.draw.model import BadProblem

    if locked and choice.method == "scheduled":
        raise Conflict(
            N_("A schedule seats every table, so it cannot keep locked ones. Unlock them, or draw at random.")
        )
    problem = problem_of(situation, choice, teams)
    try:
        return replace(problem, locked=engine_locks(locked, {team.id for team in teams}))
    except BadProblem as fault:
        raise Invalid(N_("This draw cannot be made: %(reason)s."), reason=str(fault)) from fault


def _planned(problem: Problem) -> Plan:
    from competition.draw.engine import plan
    from competition.draw.model import BadProblem

    try:
        return plan(problem)
    except BadProblem as fault:
        raise Invalid(N_("This draw cannot be made: %(reason)s."), reason=str(fault)) from fault


def _seats(seats: Mapping[Any, str | None], known: set[int]) -> Seats:
    """Engine seats by team key, without the teams that do not play."""
    keys = {role: int(team) if (team := seats[role]) is not None else None for role in ROLES}
    return {role: team if team in known else None for role, team in keys.items()}


def _new_tables(situation: Situation, choice: Choice, plan: Plan, tables: Sequence[Seats]) -> list[NewTable]:
    filled = seat_stand_ins(tables, situation.teams)
    has_brackets = choice.method == "power_paired"
    return [
        NewTable(
            name=str(planned.table),
            bracket=str(planned.to_json()["bracket"]) if has_brackets else "",
            seats=seats,
        )
        for planned, seats in zip(plan.tables, filled, strict=True)
    ]
