"""Use cases of forming teams: form, change by hand, lock, take back, confirm into real teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from competition.applications.models import Application, PairWish, TeamPlan
from competition.applications.problem import people_of, problem_of, wishes_of
from competition.applications.queries import applications_of, find_plan, pair_wishes, ranking
from competition.applications.services.letters import post_team
from competition.applications.services.records import hold_version, noted
from competition.editions.public import Edition
from competition.entries.public import FormedDelegate, add_formed_team
from competition.formation.measures import report
from competition.formation.model import ENGINE, CannotForm, Placement, Problem, Report
from core.access import Actor
from core.db import db, hold, utc_now
from core.errors import Conflict, Invalid, NotFound, Stale
from core.localised import N_

MOST_UNDO = 60
MOST_TEAMS = 300
CONFIRMED = N_("These teams are confirmed and exist. Change them on the pages of the teams.")


class CannotFormTeams(Invalid):
    """The wishes and locks do not go together; `cause` holds the engine's faults."""

    def __init__(self, cause: CannotForm) -> None:
        super().__init__(N_("No teams could be formed that keep everything you asked for."))
        self.cause = cause


def form(
    *,
    actor: Actor,
    edition: Edition,
    version: int,
    teams: int,
    seed: int,
    weights: Mapping[str, int],
) -> TeamPlan:
    """Form teams of everybody who is accepted; locked people of the draft stay. Can be taken back.

    Raises CannotFormTeams with the engine's faults.
    """
    from competition.formation.engine import form_teams

    hold(edition)
    plan = find_plan(edition.id)
    if plan is not None:
        hold_draft(plan, version)
    elif version:
        raise Stale
    people = applications_of(edition.id, "accepted")
    if not 1 <= teams <= min(MOST_TEAMS, len(people)):
        raise Invalid(N_("There are %(people)d people for %(teams)d teams."), people=len(people), teams=teams)
    pairs = pair_wishes(edition.id)
    problem = problem_of(people, pairs, teams=teams, seed=seed, weights=weights, plan=plan)
    try:
        formed = form_teams(problem)
    except CannotForm as cause:
        raise CannotFormTeams(cause) from None
    if plan is None:
        plan = TeamPlan(edition_id=edition.id, teams=teams, seed=seed, version=0, undo=[], locked=[])
        db.session.add(plan)
    else:
        _remember(plan)
    plan.placement, plan.engine = dict(formed.placement), ENGINE
    plan.teams, plan.seed, plan.weights = teams, seed, dict(weights)
    plan.locked = [one for one in plan.locked if plan.placement.get(one) is not None]
    plan.names = _padded_names(plan.names or [], teams)
    plan.version += 1
    db.session.flush()
    noted(actor, edition.id, "form", "team_plan", plan.id, details={"seed": seed, "teams": teams})
    return plan


def _padded_names(names: Sequence[str], teams: int) -> list[str]:
    return [*names[:teams], *(f"Team {number}" for number in range(len(names) + 1, teams + 1))]


def hold_draft(plan: TeamPlan, version: int) -> None:
    """Lock a plan that may still be changed."""
    hold_version(plan, version)
    if plan.confirmed_at is not None:
        raise Conflict(CONFIRMED)


def _remember(plan: TeamPlan) -> None:
    before = {"placement": dict(plan.placement), "teams": plan.teams, "locked": list(plan.locked)}
    plan.undo = [*plan.undo, before][-MOST_UNDO:]


def moved(plan: TeamPlan, who: str, to: str) -> Placement:
    """The placement after a change by hand: `to` is `team:N` or `person:ID` (they change places).

    Raises NotFound for somebody who is not in the plan.
    """
    placement = dict(plan.placement)
    kind, _colon, target = to.partition(":")
    if who not in placement and kind == "person":
        raise NotFound
    if kind == "person" and target in placement:
        placement[who], placement[target] = placement[target], placement[who]
    elif kind == "team" and target.isdecimal() and int(target) < plan.teams:
        placement[who] = int(target)
    else:
        raise NotFound
    return placement


def move(*, actor: Actor, edition: Edition, plan: TeamPlan, version: int, who: str, to: str) -> None:
    """Put a person into another team, or let two change places."""
    hold_draft(plan, version)
    if who not in {row.public_id for row in applications_of(edition.id, "accepted")}:
        raise NotFound
    placement = moved(plan, who, to)
    _remember(plan)
    plan.placement = dict(placement)
    plan.version += 1
    noted(actor, edition.id, "move", "team_plan", plan.id)


def undo(*, actor: Actor, edition: Edition, plan: TeamPlan, version: int) -> None:
    """Take the last change back."""
    hold_draft(plan, version)
    if not plan.undo:
        raise Conflict(N_("There is nothing left to take back."))
    *rest, last = plan.undo
    plan.placement, plan.teams, plan.locked = last["placement"], last["teams"], last["locked"]
    plan.names, plan.undo = _padded_names(plan.names, plan.teams), rest
    plan.version += 1
    noted(actor, edition.id, "undo", "team_plan", plan.id)


def set_locked(
    *, actor: Actor, edition: Edition, plan: TeamPlan, version: int, people: Sequence[str]
) -> None:
    """Say who stays where they are when teams are formed again."""
    hold_draft(plan, version)
    plan.locked = sorted(set(people) & set(plan.placement))
    plan.version += 1
    noted(actor, edition.id, "lock", "team_plan", plan.id, details={"people": len(plan.locked)})


def rename(*, actor: Actor, edition: Edition, plan: TeamPlan, version: int, names: Sequence[str]) -> None:
    """Give the teams their names; each is needed once."""
    hold_draft(plan, version)
    if len(names) != plan.teams or not all(names) or len(set(names)) != len(names):
        raise Invalid(N_("Every team needs a name of its own."))
    plan.names = list(names)
    plan.version += 1
    noted(actor, edition.id, "rename", "team_plan", plan.id)


def add_pair_wish(
    *, actor: Actor, edition: Edition, first: Application, second: Application, kind: str, is_hard: bool
) -> PairWish:
    """The organisers want two people in one team, or not in one; a second wish about them replaces the first."""
    hold(edition)
    if first.id == second.id:
        raise Invalid(N_("Choose two different people."))
    pair = sorted((first.id, second.id))
    row = next(
        (each for each in pair_wishes(edition.id) if sorted((each.first_id, each.second_id)) == pair), None
    )
    if row is None:
        row = PairWish(edition_id=edition.id, first_id=pair[0], second_id=pair[1])
        db.session.add(row)
    row.kind, row.is_hard = kind, is_hard
    db.session.flush()
    noted(actor, edition.id, "wish", "pair_wish", row.id)
    return row


def remove_pair_wish(*, actor: Actor, edition: Edition, public_id: str) -> None:
    """Forget a wish about a pair."""
    row = next((each for each in pair_wishes(edition.id) if each.public_id == public_id), None)
    if row is None:
        raise NotFound
    db.session.delete(row)
    noted(actor, edition.id, "unwish", "pair_wish", row.id)


def recount(
    plan: TeamPlan, people: Sequence[Application], pairs: Sequence[PairWish], placement: Placement
) -> Report:
    """How good a placement is, counted anew."""
    known = {row.public_id for row in people}
    problem = Problem(
        people=people_of(people, list(plan.weights)),
        teams=plan.teams,
        attributes=plan.weights,
        wishes=wishes_of(people, pairs),
        seed=plan.seed,
    )
    return report(problem, {one: team for one, team in placement.items() if one in known})


def confirm(*, actor: Actor, edition: Edition, plan: TeamPlan, version: int) -> int:
    """Make the teams real and tell every delegate; returns how many teams there are. A second time does nothing.

    The captain of a team is its most experienced member, then the one reviewers ranked highest.
    """
    hold(edition)
    hold(plan)
    if plan.confirmed_at is not None:
        return plan.teams
    hold_draft(plan, version)
    people = applications_of(edition.id, "accepted")
    _refuse_unfinished(plan, people)
    rank = {line.key: place for place, line in enumerate(ranking(edition.id))}
    for number in range(plan.teams):
        members = [row for row in people if plan.placement[row.public_id] == number]
        members.sort(key=lambda row: (-_experience(row), rank.get(row.id, 0)))
        with _named(plan.names[number]):
            _make_team(actor, edition, plan.names[number], members)
    plan.confirmed_at = utc_now()
    plan.version += 1
    noted(actor, edition.id, "confirm", "team_plan", plan.id, details={"teams": plan.teams})
    return plan.teams


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say what to do about a name that another team has already."""
    try:
        yield
    except Conflict:
        raise Conflict(
            N_("There is a team named “%(name)s” already. Rename this one first; no team was made."),
            name=name,
        ) from None


def _refuse_unfinished(plan: TeamPlan, people: Sequence[Application]) -> None:
    missing = [row.name for row in people if row.public_id not in plan.placement]
    if missing:
        raise Conflict(
            N_("%(name)s and perhaps others are in no team yet. Form the teams again, or move them."),
            name=missing[0],
        )
    used = {plan.placement[row.public_id] for row in people}
    if used != set(range(plan.teams)):
        raise Conflict(N_("A team is empty. Form the teams again, or move somebody into it."))


def _experience(row: Application) -> int:
    return ("", "none", "some", "much").index(row.experience) if row.experience else 0


def _make_team(actor: Actor, edition: Edition, name: str, members: Sequence[Application]) -> None:
    formed = [
        FormedDelegate(
            name=row.name,
            name_local=row.name_local,
            contact=row.contact,
            person_id=row.person_id,
            confirmed_at=row.submitted_at if row.person_id is not None else None,
            notice_version=row.notice_version,
        )
        for row in members
    ]
    _team, delegates = add_formed_team(actor=actor, edition=edition, name=name, members=formed)
    for row, delegate in zip(members, delegates, strict=True):
        row.delegate_id = delegate.id
        post_team(edition, row, name, [mate.name for mate in members])
    db.session.flush()
