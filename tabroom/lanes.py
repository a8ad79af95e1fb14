"""An edition from left to right: set up, people, rounds, results, after; each with what is done and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from competition.cases.public import cases_of
from competition.day.public import is_published, items_of
from competition.editions.public import Edition, break_rules_of
from competition.entries.public import expected_on, today
from competition.rounds.public import RoundFacts
from core.access import Permission
from core.localised import chosen_locale, in_language
from judging.public import SheetProgress, closing_pages, find_published, issued_certificates
from tabroom.checklist import Step, round_step

SET_UP = ("rubric", "rooms", "notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One stretch of the way. state: done, missing (something is to be done now), todo or blocked (not its turn)."""

    key: str
    label: str
    url: str
    steps: Sequence[Step]
    needs: Permission = Permission.SEE_EDITION

    @property
    def state(self) -> str:
        states = {step.state for step in self.steps}
        if "missing" in states:
            return "missing"
        if states <= {"done"}:
            return "done" if states else "todo"
        return "blocked" if states <= {"blocked", "done"} and "done" not in states else "todo"

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)


def lanes_of(
    edition: Edition,
    steps: Sequence[Step],
    rounds: Sequence[RoundFacts],
    progress: Mapping[int, SheetProgress],
    now: datetime,
) -> list[Lane]:
    """The five lanes; `steps` is the checklist of set-up and people."""
    slug = edition.slug
    plan = [step for step in steps if step.key == "rounds"]
    return [
        Lane(
            key="set_up",
            label=_("Set up"),
            url=url_for("editions.settings", slug=slug),
            steps=[*(step for step in steps if step.key in SET_UP), _cases(edition), _timetable(edition)],
            needs=Permission.EDIT_EDITION,
        ),
        Lane(
            key="people",
            label=_("People"),
            url=url_for("people.teams", slug=slug),
            steps=[
                *(step for step in steps if step.key not in (*SET_UP, "rounds")),
                *_check_in(edition, now),
            ],
        ),
        Lane(
            key="rounds",
            label=_("Rounds"),
            url=url_for("rounds.index", slug=slug),
            steps=_rounds(edition, rounds, progress) or plan,
        ),
        Lane(
            key="results",
            label=_("Results"),
            url=url_for("standings.show", slug=slug),
            steps=_results(edition, rounds),
        ),
        Lane(
            key="after", label=_("After"), url=url_for("files.show", slug=slug), steps=_after(edition, rounds)
        ),
    ]


def _cases(edition: Edition) -> Step:
    count = len(cases_of(edition.id))
    return Step(
        key="cases",
        label=_("Cases"),
        state="done" if count else "todo",
        detail=_("Cases: %(count)d", count=count)
        if count
        else _("What is negotiated, with a brief for each role."),
        url=url_for("cases.index", slug=edition.slug),
        action=_("Add a case"),
    )


def _timetable(edition: Edition) -> Step:
    is_out = is_published(edition.id)
    count = len(items_of(edition.id))
    return Step(
        key="timetable",
        label=_("Timetable"),
        state="done" if is_out else "todo",
        detail=_("Published; lines beside the rounds: %(count)d", count=count)
        if is_out
        else _("Nobody but organisers sees it yet."),
        url=url_for("timetable.show", slug=edition.slug),
        action=_("Publish the timetable"),
    )


def _check_in(edition: Edition, now: datetime) -> list[Step]:
    """Who is here, on the days of the event and once the desk has begun."""
    day = today(edition, now)
    if edition.starts_on is None or not edition.starts_on <= day <= (edition.ends_on or edition.starts_on):
        return []
    everybody = expected_on(edition.id, day)
    here = sum(one.arrived_at is not None for one in everybody)
    is_all = bool(everybody) and here == len(everybody)
    return [
        Step(
            key="check_in",
            label=_("Check-in"),
            state="done" if is_all else "todo",
            detail=_("Here: %(here)d of %(all)d", here=here, all=len(everybody)),
            url=url_for("check_in.show", slug=edition.slug),
            action=_("Open the desk"),
        )
    ]


def _rounds(
    edition: Edition, rounds: Sequence[RoundFacts], progress: Mapping[int, SheetProgress]
) -> list[Step]:
    """A line for each round; only the first unfinished one asks for something."""
    found: list[Step] = []
    for facts in rounds:
        step = round_step(edition, facts, progress)
        is_next = step is not None and all(one.state == "done" for one in found)
        if step is None:
            found.append(_finished(edition, facts))
        elif is_next:
            found.append(step)
        else:
            found.append(
                Step(
                    key="round",
                    label=step.label,
                    state="todo",
                    detail=_("Not its turn yet."),
                    url=step.url,
                    action=_("Look at it"),
                )
            )
    return found


def _finished(edition: Edition, facts: RoundFacts) -> Step:
    return Step(
        key="round",
        label=in_language(facts.name, facts.name_zh, chosen_locale())
        or _("Round %(number)d", number=facts.number),
        state="done",
        detail=_("Results published") if facts.results_state == "published" else _("Results confirmed"),
        url=url_for("rounds.show", slug=edition.slug, number=facts.number),
        action=_("Look at it"),
    )


def _results(edition: Edition, rounds: Sequence[RoundFacts]) -> list[Step]:
    has_any = any(facts.has_results for facts in rounds)
    pages = closing_pages(edition.id)
    is_out = find_published(edition.id) is not None
    preliminary = [facts for facts in rounds if facts.is_preliminary]
    are_played = bool(preliminary) and all(facts.has_results for facts in preliminary)
    is_all = bool(rounds) and all(facts.has_results for facts in rounds)
    steps = [
        _turn(
            "standings", _("Standings"), is_out, has_any, _("Published"), _("Not published yet."),
            url_for("standings.show", slug=edition.slug), _("Store and publish"),
        )
    ]  # fmt: skip
    if break_rules_of(edition.id):
        steps.append(
            _turn(
                "break", _("Break"), "break" in pages, are_played, _("Published"),
                _("Who advances is not published yet."),
                url_for("breaks.show", slug=edition.slug), _("Look at the break"), needs=Permission.MANAGE_RESULTS,
            )
        )  # fmt: skip
    steps.append(
        _turn(
            "awards", _("Awards"), "awards" in pages, is_all, _("Published"), _("Not published yet."),
            url_for("awards.show", slug=edition.slug), _("Decide the awards"), needs=Permission.MANAGE_RESULTS,
        )
    )  # fmt: skip
    return steps


def _after(edition: Edition, rounds: Sequence[RoundFacts]) -> list[Step]:
    is_all = bool(rounds) and all(facts.has_results for facts in rounds)
    count = issued_certificates(edition.id)
    return [
        _turn(
            "certificates", _("Certificates"), count > 0, is_all,
            _("Issued: %(count)d", count=count), _("None issued yet."),
            url_for("certificates.show", slug=edition.slug), _("Issue certificates"),
        ),
        Step(
            key="files",
            label=_("Files"),
            state="todo" if is_all else "blocked",
            detail=_("Workbooks of the edition and its results."),
            url=url_for("files.show", slug=edition.slug),
            action=_("Export"),
        ),
    ]  # fmt: skip


def _turn(
    key: str,
    label: str,
    is_done: bool,
    is_turn: bool,
    done: str,
    missing: str,
    url: str,
    action: str,
    needs: Permission = Permission.SEE_EDITION,
) -> Step:
    """A step whose turn comes with the results: done, to be done now, or not yet."""
    state = "done" if is_done else "todo" if is_turn else "blocked"
    detail = done if is_done else missing if is_turn else _("Comes with the results.")
    return Step(key=key, label=label, state=state, detail=detail, url=url, action=action, needs=needs)
