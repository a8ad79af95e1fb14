"""The check-in desk: find a team or a judge, say that they are here; a badge's code leads to one of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.check_in import Expected, Kind, expected_on, note_arrival, today
from competition.entries.queries import get_judge, get_team
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import NotFound
from core.localised import N_

blueprint = Blueprint("check_in", __name__, url_prefix="/e/<slug>/check-in")

MOST_DAYS = 14


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def show(slug: str) -> ResponseReturnValue:
    """Everybody who is expected on a day, with who has been seen."""
    edition = get_edition(slug)
    day = _day(edition)
    everybody = expected_on(edition.id, day)
    words = request.args.get("q", "")[:80].casefold().split()
    is_missing_only = request.args.get("missing") == "1"
    return render_template(
        "entries/check_in.html",
        edition=edition,
        day=day,
        days=_days(edition, day),
        everybody=everybody,
        shown=[one for one in everybody if _fits(one, words) and not (is_missing_only and one.arrived_at)],
        is_missing_only=is_missing_only,
        query=request.args.get("q", "")[:80],
    )


@blueprint.get("/team/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def team(slug: str, team_id: str) -> ResponseReturnValue:
    """One team, as the code on its badge leads to it."""
    edition = get_edition(slug)
    return _one(edition, "team", get_team(edition.id, team_id).public_id)


@blueprint.get("/judge/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """One judge, as the code on their badge leads to them."""
    edition = get_edition(slug)
    return _one(edition, "judge", get_judge(edition.id, judge_id).public_id)


@blueprint.post("/team/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def note_team(slug: str, team_id: str) -> ResponseReturnValue:
    """Check a team in, or take it back."""
    return _note(slug, "team", team_id)


@blueprint.post("/judge/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def note_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Check a judge in, or take it back."""
    return _note(slug, "judge", judge_id)


def _note(slug: str, kind: Kind, public_id: str) -> ResponseReturnValue:
    edition = get_edition(slug)
    day, is_here = _day(edition), request.form.get("is_here") == "1"
    found = note_arrival(
        actor=current_actor(), edition=edition, kind=kind, public_id=public_id, day=day, is_here=is_here
    )
    if "HX-Request" not in request.headers:
        text = _("%(name)s is checked in.") if is_here else _("%(name)s is not checked in any more.")
        flash(text % {"name": found.name}, "success")
    seen: dict[str, Any] = {"day": day.isoformat(), **_kept()}
    return redirect(url_for("check_in.show", slug=slug, **seen), code=303)


def _kept() -> dict[str, str]:
    """What the desk was looking at, so that a click does not lose it."""
    return {name: value[:80] for name in ("q", "missing") if (value := request.form.get(name))}


def _one(edition: Edition, kind: Kind, public_id: str) -> str:
    day = _day(edition)
    found = next(
        (one for one in expected_on(edition.id, day) if (one.kind, one.public_id) == (kind, public_id)), None
    )
    if found is None:
        raise NotFound(N_("Nobody with this code is expected in this edition."))
    return render_template("entries/check_in_one.html", edition=edition, one=found, day=day)


def _day(edition: Edition) -> date:
    """The day asked for; today where the event is when nothing readable is asked."""
    try:
        return date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return today(edition, utc_now())


def _days(edition: Edition, day: date) -> list[date]:
    """The days of the event and the one that is shown."""
    first = edition.starts_on or day
    last = max(edition.ends_on or first, first)
    span = min((last - first).days, MOST_DAYS)
    return sorted({day, *(first + timedelta(days=number) for number in range(span + 1))})


def _fits(one: Expected, words: list[str]) -> bool:
    text = " ".join((one.name, one.name_local, one.institution, *one.people)).casefold()
    return all(word in text for word in words)
