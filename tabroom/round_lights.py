"""Can I go on? One round's way from check-in to publication as lights, each with what is in its way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from competition.applications.public import call_state
from competition.cases.public import find_round_case, is_open
from competition.editions.public import Edition, rooms_of
from competition.entries.public import Expected, expected_on, today, waiting_teams
from competition.rounds.public import Readiness, RoundFacts, readiness_of
from core.languages import language_name
from core.localised import joined
from judging.public import TableBoard, boards_of_round

MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing or person in the way: who to call, and what can be done about it at once."""

    text: str
    contact_name: str = ""
    contact: str = ""
    url: str | None = None
    away_kind: str | None = None
    away_id: str | None = None

    @property
    def contact_url(self) -> str:
        """Where a tap on the contact leads: a mail, or a call where it is a number."""
        if "@" in self.contact:
            return f"mailto:{self.contact}"
        return "tel:" + "".join(each for each in self.contact if each in "+0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A step of a round. state: done, off (not used here), todo (its turn has not come or it is what is next),
    warning (look at it, it stops nothing) or blocked (the round cannot go on).
    """

    key: str
    label: str
    state: str
    detail: str
    url: str | None = None
    action: str | None = None
    lines: Sequence[Line] = field(default=())
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLights:
    """The lights in their order, the one that decides, and the colour of the whole: green, amber or red."""

    lights: Sequence[Light]
    colour: str
    verdict: str
    next: Light | None


def round_lights(
    edition: Edition, facts: RoundFacts, earlier: Sequence[RoundFacts], now: datetime
) -> RoundLights:
    """The lights of a round as everything stands at `now`."""
    ready, boards = readiness_of(facts), boards_of_round(edition, facts)
    day = today(edition, facts.starts_at or now)
    lights = [
        *_answers(edition, facts, now),
        _arrivals(edition, facts, ready, expected_on(edition.id, day), day),
        _before(edition, earlier),
        _draw(edition, facts, ready),
        _judges(edition, facts, ready),
        _rooms(edition, facts, ready),
        _release(edition, facts),
        _case(edition, facts, now),
        _sheets(edition, facts, boards),
        _confirmation(edition, facts, boards),
        _publication(edition, facts),
    ]
    return _judged(lights)


def _judged(lights: Sequence[Light]) -> RoundLights:
    blocked = next((light for light in lights if light.state == "blocked"), None)
    following = next((light for light in lights if light.state == "todo"), None)
    if blocked is not None:
        return RoundLights(
            lights=lights, colour="red", verdict=_("Not yet: %(what)s", what=blocked.detail), next=blocked
        )
    if following is None:
        return RoundLights(lights=lights, colour="green", verdict=_("This round is done."), next=None)
    if any(light.state == "warning" for light in lights):
        verdict = _("You can go on, but look at what is marked first.")
        return RoundLights(lights=lights, colour="amber", verdict=verdict, next=following)
    return RoundLights(lights=lights, colour="green", verdict=_("You can go on."), next=following)


def _light(key: str, label: str, state: str, detail: str, lines: Iterable[Line] = (), **more: str) -> Light:
    found = list(lines)
    return Light(
        key=key,
        label=label,
        state=state,
        detail=detail,
        lines=found[:MOST_NAMED],
        more=max(0, len(found) - MOST_NAMED),
        **more,  # type: ignore[arg-type]
    )


def _answers(edition: Edition, facts: RoundFacts, now: datetime) -> list[Light]:
    """Applications without an answer, as long as who is let in can still be drawn; no light where nobody waits."""
    if facts.is_released or facts.has_results:
        return []
    teams, people = waiting_teams(edition.id), call_state(edition, now).waiting
    found = []
    if teams:
        lines = [Line(text=name) for name in teams]
        detail = _("Teams that wait for your answer: %(count)d", count=len(teams))
        url = url_for("people.teams", slug=edition.slug, _anchor="applied")
        found.append(
            _light(
                "team_answers",
                _("Teams"),
                "warning",
                detail,
                lines,
                url=url,
                action=_("Answer the applications"),
            )
        )
    if people:
        detail = _("People who applied alone and wait for an answer: %(count)d", count=people)
        url = url_for("applications.index", slug=edition.slug)
        found.append(
            _light(
                "answers", _("Applicants"), "warning", detail, url=url, action=_("Answer the applications")
            )
        )
    return found


def _arrivals(
    edition: Edition, facts: RoundFacts, ready: Readiness, expected: Sequence[Expected], day: date
) -> Light:
    """Who is missing at the desk among those this round needs; nothing where the desk is not used."""
    label, url = _("Check-in"), url_for("check_in.show", slug=edition.slug, day=day.isoformat(), missing=1)
    away = [Line(text=one.name, away_kind=one.kind, away_id=one.public_id) for one in ready.away]
    if facts.has_results:
        return _light("check_in", label, "done", _("The round is played."))
    if not any(one.arrived_at for one in expected):
        detail = _("Nobody has been checked in for this day.")
        if away:
            detail = _("Said not to be there: %(count)d", count=len(away))
        return _light("check_in", label, "off", detail, url=url, action=_("Open the desk"))
    said = {(one.kind, one.public_id) for one in ready.away}
    needed = [
        one
        for one in expected
        if one.arrived_at is None
        and (one.kind, one.public_id) not in said
        and (one.kind == "team" or one.id in ready.judge_ids)
    ]
    if not needed:
        return _light("check_in", label, "done", _("Everybody this round needs is here."))
    lines = [
        Line(
            text=one.name,
            contact_name=one.contact_name,
            contact=one.contact,
            away_kind=one.kind,
            away_id=one.public_id,
        )
        for one in needed
    ]
    detail = _("Not seen yet: %(count)d", count=len(needed))
    return _light("check_in", label, "warning", detail, lines, url=url, action=_("Open the desk"))


def _before(edition: Edition, earlier: Sequence[RoundFacts]) -> Light:
    """Earlier rounds whose results are not confirmed: power pairing needs them, and so do standings."""
    label = _("Rounds before")
    waiting = [facts for facts in earlier if not facts.has_results]
    if not waiting:
        detail = _("All confirmed.") if earlier else _("This is the first round.")
        return _light("before", label, "done" if earlier else "off", detail)
    numbers = joined(facts.number for facts in waiting)
    url = url_for("round_cockpit.show", slug=edition.slug, number=waiting[0].number)
    detail = _("Not confirmed yet: round %(numbers)s", numbers=numbers)
    return _light("before", label, "warning", detail, url=url, action=_("Go there"))


def _draw(edition: Edition, facts: RoundFacts, ready: Readiness) -> Light:
    label, url = _("Draw"), url_for("rounds.show", slug=edition.slug, number=facts.number)
    if facts.draw_state is None:
        return _light("draw", label, "todo", _("Ready to be drawn."), url=url, action=_("Draw it"))
    if facts.has_results:
        return _light("draw", label, "done", _("Tables: %(count)d", count=ready.tables))
    gone = [
        Line(
            text=_("%(team)s sits at table %(table)s and is not there.", team=one.name, table=one.table),
            url=url_for("what_if.team", slug=edition.slug, number=facts.number, team_id=one.public_id),
        )
        for one in ready.absent_teams
    ]
    if gone:
        return _light(
            "draw",
            label,
            "blocked",
            _("Teams at a table that are not there: %(count)d", count=len(gone)),
            gone,
        )
    if ready.unseated:
        lines = [Line(text=_("%(team)s has no seat.", team=name)) for name in ready.unseated]
        detail = _("Teams without a seat: %(count)d", count=len(lines))
        return _light("draw", label, "blocked", detail, lines, url=url, action=_("Look at the draw"))
    if facts.draw_state == "draft":
        return _light("draw", label, "todo", _("A draft."), url=url, action=_("Check and confirm it"))
    return _light("draw", label, "done", _("Tables: %(count)d", count=ready.tables))


def _judges(edition: Edition, facts: RoundFacts, ready: Readiness) -> Light:
    label, url = _("Judges"), url_for("rounds.show", slug=edition.slug, number=facts.number)
    if facts.draw_state is None or facts.has_results:
        return _plain("judges", label, facts)
    lines = [
        *(
            Line(
                text=_(
                    "%(judge)s is on the panel of table %(table)s and is not there.",
                    judge=one.name,
                    table=one.table,
                ),
                url=url_for("what_if.judge", slug=edition.slug, number=facts.number, judge_id=one.public_id),
            )
            for one in ready.absent_judges
        ),
        *(Line(text=_("Table %(table)s has no judge.", table=name)) for name in ready.without_panel),
        *(Line(text=_("Table %(table)s has no chair.", table=name)) for name in ready.without_chair),
    ]
    if lines:
        detail = _("Panels that are not complete: %(count)d", count=len(lines))
        return _light("judges", label, "blocked", detail, lines, url=url, action=_("Look at the panels"))
    clashes = [
        Line(text=_("Table %(table)s: %(judge)s has a conflict.", table=one.table, judge=one.judge))
        for one in ready.clashes
    ]
    silent = [
        Line(
            text=_(
                "Table %(table)s: nobody on the panel speaks %(language)s.",
                table=table,
                language=language_name(code),
            )
        )
        for table, code in ready.unspoken
    ]
    if clashes or silent:
        found = [_("Conflicts: %(count)d", count=len(clashes))] if clashes else []
        found += [_("Languages that a panel lacks: %(count)d", count=len(silent))] if silent else []
        detail, clashes = " · ".join(found), [*clashes, *silent]
        return _light("judges", label, "warning", detail, clashes, url=url, action=_("Look at the panels"))
    return _light("judges", label, "done", _("Every table has its panel."))


def _rooms(edition: Edition, facts: RoundFacts, ready: Readiness) -> Light:
    label, url = _("Rooms"), url_for("rounds.show", slug=edition.slug, number=facts.number)
    if facts.draw_state is None or facts.has_results:
        return _plain("rooms", label, facts)
    if not rooms_of(edition.id):
        return _light("rooms", label, "off", _("This edition has no rooms."))
    lines = [
        *(
            [Line(text=_("Tables without a room: %(tables)s", tables=joined(ready.without_room)))]
            if ready.without_room
            else []
        ),
        *(Line(text=_("Two tables share %(room)s.", room=name)) for name in ready.shared_rooms),
    ]
    if lines:
        detail = _("Tables to place: %(count)d", count=len(ready.without_room) + len(ready.shared_rooms))
        return _light("rooms", label, "warning", detail, lines, url=url, action=_("Look at the rooms"))
    return _light("rooms", label, "done", _("Every table has a room."))


def _release(edition: Edition, facts: RoundFacts) -> Light:
    label, url = _("Release"), url_for("rounds.show", slug=edition.slug, number=facts.number)
    if facts.is_released:
        return _light("release", label, "done", _("Everybody sees their table."))
    if facts.draw_state == "confirmed":
        detail = _("Confirmed, and nobody can see it yet.")
        return _light("release", label, "todo", detail, url=url, action=_("Release it"))
    return _light("release", label, "todo", _("After the draw is confirmed."))


def _case(edition: Edition, facts: RoundFacts, now: datetime) -> Light:
    """Whether those who sit there can read what they negotiate; nothing where the edition keeps no cases here."""
    label, url = _("Case"), url_for("round_case.show", slug=edition.slug, number=facts.number)
    row = find_round_case(facts.id)
    if row is None:
        return _light(
            "case", label, "off", _("This round has no case in Parley."), url=url, action=_("Choose one")
        )
    if facts.has_results:
        return _light("case", label, "done", _("The round is played."))
    if is_open(row, now):
        if facts.is_released:
            return _light("case", label, "done", _("Everybody can read the case and their own brief."))
        return _light("case", label, "done", _("The public part is open; briefs wait for the draw."))
    if row.release_at is not None:
        return _light(
            "case", label, "todo", _("It opens by itself at its time."), url=url, action=_("Look at it")
        )
    return _light("case", label, "todo", _("Nobody can read it yet."), url=url, action=_("Open it"))


def _sheets(edition: Edition, facts: RoundFacts, boards: Sequence[TableBoard]) -> Light:
    label, url = _("Scoresheets"), url_for("sheets.board", slug=edition.slug, number=facts.number)
    if not facts.is_released:
        return _light("sheets", label, "todo", _("After the release."))
    counted = [(board, line) for board in boards for line in board.lines if line.counts]
    owed = [(board, line) for board, line in counted if line.is_owed]
    if not owed:
        return _light("sheets", label, "done", _("All sheets that count are in."))
    lines = [
        Line(
            text=_("Table %(table)s: %(judge)s", table=board.table.name, judge=line.name),
            contact=line.contact,
        )
        for board, line in owed
    ]
    detail = _("%(done)d of %(all)d scoresheets are in.", done=len(counted) - len(owed), all=len(counted))
    return _light("sheets", label, "todo", detail, lines, url=url, action=_("Collect the sheets"))


def _confirmation(edition: Edition, facts: RoundFacts, boards: Sequence[TableBoard]) -> Light:
    label, url = _("Confirmation"), url_for("sheets.board", slug=edition.slug, number=facts.number)
    if facts.has_results:
        return _light("confirmation", label, "done", _("The results count in the standings."))
    done = sum(board.state == "confirmed" for board in boards)
    detail = _("%(done)d of %(all)d tables are confirmed.", done=done, all=len(boards))
    if not boards or not facts.is_released:
        return _light("confirmation", label, "todo", _("After the sheets."))
    return _light("confirmation", label, "todo", detail, url=url, action=_("Confirm"))


def _publication(edition: Edition, facts: RoundFacts) -> Light:
    label, url = _("Publication"), url_for("sheets.board", slug=edition.slug, number=facts.number)
    if facts.results_state == "published":
        return _light("publication", label, "done", _("Published."))
    if facts.results_state == "confirmed":
        detail = _("Only organisers see the results.")
        return _light("publication", label, "todo", detail, url=url, action=_("Publish"))
    return _light("publication", label, "todo", _("After the confirmation."))


def _plain(key: str, label: str, facts: RoundFacts) -> Light:
    """A part of the draw before there is one, or after the round is over."""
    if facts.has_results:
        return _light(key, label, "done", _("The round is played."))
    return _light(key, label, "todo", _("After the draw."))
