"""What an edition still needs before its next step, as the cockpit shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from competition.applications.public import call_state
from competition.editions.public import Edition, find_notice, is_registration_open, rooms_of
from competition.entries.public import TeamLine, judges_of, team_lines
from competition.rounds.public import RoundFacts, round_facts
from core.access import Permission
from core.db import utc_now
from core.localised import chosen_locale, in_language
from judging.public import SheetProgress, criteria_count, sheet_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the checklist; `state` is done, todo, missing or blocked. `needs` is what its page asks for,
    `waiting` how many people wait there for an answer of the organisers.
    """

    label: str
    state: str
    detail: str
    url: str
    action: str
    needs: Permission = Permission.SEE_EDITION
    key: str = ""
    waiting: int = 0


def checklist(edition: Edition) -> list[Step]:
    """The way to the first round, in order; a step that needs an earlier one says so."""
    lines = team_lines(edition.id)
    teams = [line for line in lines if line.status in ("registered", "stand_in")]
    applied = sum(line.status == "applied" and line.asked_at is None for line in lines)
    found = {
        "rubric": [_rubric(edition)],
        "rooms": [_rooms(edition, len(teams))],
        "notice": [_notice(edition)],
        "registration": [_registration(edition)],
        "applicants": _applicants(edition),
        "teams": [_teams(edition, len(teams), applied)],
        "roles": _roles(edition, teams),
        "judges": [_judges(edition, len(teams))],
        "rounds": [_rounds(edition)],
    }
    return [replace(step, key=key) for key, steps in found.items() for step in steps]


def waiting_steps(steps: Sequence[Step]) -> list[Step]:
    """The steps at which somebody waits for an answer."""
    return [step for step in steps if step.waiting]


def next_step(edition: Edition, steps: list[Step]) -> Step | None:
    """The first step of set-up that is missing; after set-up, what the first unfinished round asks for."""
    missing = next((step for step in steps if step.state == "missing"), None)
    if missing is not None:
        return missing
    progress = sheet_progress(edition.id)
    asked = (round_step(edition, facts, progress) for facts in round_facts(edition.id))
    return next((step for step in asked if step is not None), None)


def round_step(edition: Edition, facts: RoundFacts, sheets: Mapping[int, SheetProgress]) -> Step | None:
    """What a round asks for next; None once its results are confirmed."""
    if facts.has_results:
        return None
    name = in_language(facts.name, facts.name_zh, chosen_locale()) or _(
        "Round %(number)d", number=facts.number
    )
    draw = url_for("rounds.show", slug=edition.slug, number=facts.number)
    if facts.draw_state is None:
        return Step(
            label=name, state="missing", detail=_("Ready to be drawn."), url=draw, action=_("Draw it")
        )
    if facts.draw_state == "draft":
        return Step(
            label=name, state="missing", detail=_("The draw is a draft."), url=draw, action=_("Check it")
        )
    if facts.draw_state == "confirmed":
        detail = _("The draw is confirmed and nobody can see it yet.")
        return Step(label=name, state="missing", detail=detail, url=draw, action=_("Release it"))
    progress = sheets.get(facts.number)
    done, expected = (progress.done, progress.expected) if progress else (0, 0)
    detail = _("%(done)d of %(all)d scoresheets are in.", done=done, all=expected)
    url = url_for("sheets.board", slug=edition.slug, number=facts.number)
    return Step(label=name, state="missing", detail=detail, url=url, action=_("Collect the sheets"))


def _step(
    is_done: bool,
    label: str,
    detail: str,
    url: str,
    action: str,
    *,
    if_not: str = "missing",
    needs: Permission = Permission.SEE_EDITION,
) -> Step:
    state = "done" if is_done else if_not
    return Step(label=label, state=state, detail=detail, url=url, action=action, needs=needs)


def _rubric(edition: Edition) -> Step:
    count = criteria_count(edition.id)
    detail = _("Criteria: %(count)d", count=count) if count else _("Judges cannot mark without one.")
    url, needs = url_for("rubric.show", slug=edition.slug), Permission.EDIT_EDITION
    return _step(count > 0, _("Rubric"), detail, url, _("Write the rubric"), needs=needs)


def _rooms(edition: Edition, teams: int) -> Step:
    count, needed = len(rooms_of(edition.id)), -(-teams // 4)
    detail = _("Rooms: %(count)d, tables: %(needed)d", count=count, needed=needed)
    url = url_for("setup.rooms", slug=edition.slug)
    return _step(0 < needed <= count, _("Rooms"), detail, url, _("Add rooms"), if_not="todo")


def _notice(edition: Edition) -> Step:
    notice = find_notice(edition.id)
    detail = (
        _("Version %(number)d", number=notice.version)
        if notice
        else _("Registration cannot open without it.")
    )
    url, needs = url_for("setup.notice", slug=edition.slug), Permission.EDIT_EDITION
    return _step(notice is not None, _("Privacy notice"), detail, url, _("Write the notice"), needs=needs)


def _registration(edition: Edition) -> Step:
    url, needs = url_for("setup.registration", slug=edition.slug), Permission.EDIT_EDITION
    label, action = _("Registration"), _("Open registration")
    if find_notice(edition.id) is None:
        detail = _("The privacy notice comes first.")
        return Step(label=label, state="blocked", detail=detail, url=url, action=action, needs=needs)
    is_open = is_registration_open(edition, utc_now())
    was_open = edition.registration_opens_at is not None
    if is_open:
        detail = _("Teams can register.")
    elif was_open:
        detail = _("Registration is closed.")
    else:
        detail = _("Not needed if you import the teams.")
    return _step(is_open or was_open, label, detail, url, action, if_not="todo", needs=needs)


def _applicants(edition: Edition) -> list[Step]:
    """People who applied alone: their turn comes once nobody can apply any more."""
    call = call_state(edition, utc_now())
    if not call.is_on and not call.waiting:
        return []
    if call.waiting:
        state = "todo" if call.is_open else "missing"
        detail = _("people who wait for your answer: %(count)d", count=call.waiting)
    else:
        state = "todo" if call.is_open else "done"
        detail = _("People can apply.") if call.is_open else _("Everybody has an answer.")
    return [
        Step(
            label=_("Applicants"),
            state=state,
            detail=detail,
            url=url_for("applications.index", slug=edition.slug),
            action=_("Answer the applications") if call.waiting else _("Look at the applications"),
            waiting=call.waiting,
        )
    ]


def _teams(edition: Edition, count: int, applied: int) -> Step:
    detail = _("Taking part: %(count)d", count=count)
    if applied:
        detail += " · " + _waiting(applied)
    return Step(
        label=_("Teams"),
        state="done" if count >= 4 and not applied else "missing",
        detail=detail,
        url=url_for("people.teams", slug=edition.slug, _anchor="applied" if applied else None),
        action=_("Answer the applications") if applied else _("Look at the teams"),
        waiting=applied,
    )


def _waiting(count: int) -> str:
    return _("waiting for your answer: %(count)d", count=count)


def _roles(edition: Edition, teams: list[TeamLine]) -> list[Step]:
    if edition.role_policy != "fixed":
        return []
    missing = sum(line.role is None for line in teams)
    detail = _("Teams without a role: %(count)d", count=missing) if missing else _("Every team has its role.")
    url = url_for("rounds.index", slug=edition.slug)
    if not teams:
        return [
            Step(
                label=_("Roles"), state="blocked", detail=_("Teams come first."), url=url, action=_("Assign")
            )
        ]
    return [_step(not missing, _("Roles"), detail, url, _("Assign the roles"))]


def _judges(edition: Edition, teams: int) -> Step:
    count, tables = len(judges_of(edition.id)), -(-teams // 4)
    detail = _("Judges: %(count)d, tables: %(needed)d", count=count, needed=tables)
    url = url_for("people.judges", slug=edition.slug)
    return _step(0 < tables <= count, _("Judges"), detail, url, _("Add judges"))


def _rounds(edition: Edition) -> Step:
    rounds: list[RoundFacts] = list(round_facts(edition.id))
    detail = (
        _("Rounds: %(count)d", count=len(rounds)) if rounds else _("Say how many rounds there are, and when.")
    )
    return _step(
        bool(rounds), _("Rounds"), detail, url_for("rounds.index", slug=edition.slug), _("Plan the rounds")
    )
