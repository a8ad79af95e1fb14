"""The check-in desk: find anybody, say that they are here; the live board; a badge's code leads to one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, UnclearLocalTime, get_edition, rooms_of, to_local, to_utc
from competition.entries.arrivals import arrivals_csv
from competition.entries.check_in import Kind, find_expected, note_arrival, today
from competition.entries.finding import ORDERS, Found, everybody, exactly, matching, ordered
from competition.entries.forms import HoursForm
from competition.entries.self_check_in import (
    are_open,
    check_self_in,
    find_hours,
    own_arrival,
    own_rows,
    set_hours,
)
from core.access import Permission, current_actor, requires
from core.db import utc_now
from core.errors import DomainError, said
from core.forms import whole_number

blueprint = Blueprint("check_in", __name__, url_prefix="/e/<slug>/check-in")

MOST_DAYS = 14
PER_PAGE = 60
MOST_MISSING = 40
KINDS: tuple[Kind, ...] = ("team", "delegate", "judge", "room")


@blueprint.get("")
@requires(Permission.MANAGE_PEOPLE)
def show(slug: str) -> ResponseReturnValue:
    """Whom the desk looks for; without a search the teams and judges of the day."""
    return _desk(get_edition(slug))


def _desk(edition: Edition, form: HoursForm | None = None) -> str:
    day, all_of_them = _day(edition), everybody(edition.id, _day(edition))
    query, kind = request.values.get("q", "")[:200].strip(), request.values.get("kind", "")
    is_missing_only = request.values.get("missing") == "1"
    order = request.args.get("order", "") if request.args.get("order") in ORDERS else ""
    chosen = [one for one in all_of_them if _is_shown(one, kind, query, is_missing_only=is_missing_only)]
    fitting = ordered(matching(chosen, query) if query else chosen, order)
    pages = max(1, -(-len(fitting) // PER_PAGE))
    page = min(max(whole_number(request.args.get("page", ""), otherwise=1), 1), pages)
    hours = find_hours(edition.id, day)
    return render_template(
        "entries/check_in.html",
        edition=edition,
        day=day,
        days=_days(edition, day),
        counts=_counts(all_of_them),
        looked=_looked(day, query, kind, order, is_missing_only=is_missing_only),
        base=url_for("check_in.show", slug=edition.slug),
        shown=fitting[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(fitting),
        page=page,
        pages=pages,
        per_page=PER_PAGE,
        kind=kind if kind in KINDS else "",
        order=order,
        is_missing_only=is_missing_only,
        query=query,
        site=_site(),
        sites=_sites(edition),
        hours=hours,
        hours_open=are_open(hours, utc_now()),
        form=form or _hours_form(edition, day),
    )


def _looked(day: date, query: str, kind: str, order: str, *, is_missing_only: bool) -> dict[str, str]:
    """What the desk looks at, as the arguments of its address."""
    asked = {
        "day": day.isoformat(),
        "q": query,
        "kind": kind if kind in KINDS else "",
        "missing": "1" if is_missing_only else "",
        "site": _site(),
        "order": order,
    }
    return {name: value for name, value in asked.items() if value}


def _is_shown(one: Found, kind: str, query: str, *, is_missing_only: bool) -> bool:
    """Those of the chosen kind; where none is chosen a search finds everybody, the plain list teams and judges."""
    if is_missing_only and one.arrived_at is not None:
        return False
    if kind in KINDS:
        return one.kind == kind
    return bool(query) or one.kind in ("team", "judge")


def _counts(found: Sequence[Found]) -> dict[str, tuple[int, int]]:
    """Here and expected, by kind."""
    here = Counter(one.kind for one in found if one.arrived_at is not None)
    everyone = Counter(one.kind for one in found)
    return {kind: (here[kind], everyone[kind]) for kind in KINDS}


@blueprint.post("/scan")
@requires(Permission.MANAGE_PEOPLE)
def scan(slug: str) -> ResponseReturnValue:
    """A code that was typed or scanned checks its owner in at once; anything else is a search."""
    edition = get_edition(slug)
    day, text = _day(edition), request.form.get("q", "")[:400].strip()
    found = exactly(everybody(edition.id, day), text) if text else []
    if len(found) == 1:
        one = found[0]
        note_arrival(
            actor=current_actor(),
            edition=edition,
            kind=one.kind,  # type: ignore[arg-type]
            public_id=one.public_id,
            day=day,
            is_here=True,
            site=_site(),
        )
        was_here = one.arrived_at is not None
        words = _("%(name)s was checked in already.") if was_here else _("%(name)s is checked in.")
        name = f"{one.name} ({one.group})" if one.group else one.name
        flash(words % {"name": name}, "warning" if was_here else "success")
        return redirect(url_for("check_in.show", slug=slug, **_kept(day, query="")), code=303)
    return redirect(url_for("check_in.show", slug=slug, **_kept(day, query=text[:80])), code=303)


@blueprint.get("/board")
@requires(Permission.MANAGE_PEOPLE)
def board(slug: str) -> ResponseReturnValue:
    """How many are here, where, and who is missing with whom to call; it refreshes by itself."""
    edition = get_edition(slug)
    day = _day(edition)
    found = everybody(edition.id, day)
    missing = [one for one in found if one.arrived_at is None and one.kind in ("team", "judge")]
    people = [one for one in found if one.arrived_at is not None and one.kind in ("delegate", "judge")]
    inside = "HX-Request" in request.headers
    return render_template(
        "entries/_check_in_board.html" if inside else "entries/check_in_board.html",
        edition=edition,
        day=day,
        counts=_counts(found),
        by_site=sorted(Counter(one.site for one in people).items()),
        latest=ordered([one for one in found if one.arrived_at and one.kind != "room"], "arrived")[:8],
        missing=missing[:MOST_MISSING],
        more=max(0, len(missing) - MOST_MISSING),
        now=utc_now(),
    )


@blueprint.post("/arrivals")
@requires(Permission.EXPORT_EDITION)
def arrivals(slug: str) -> ResponseReturnValue:
    """Everybody with when and where they arrived that day, as a file; who took it is on record."""
    edition = get_edition(slug)
    day = _day(edition)
    answer = Response(
        arrivals_csv(actor=current_actor(), edition=edition, day=day), content_type="text/csv; charset=utf-8"
    )
    name = f"{edition.slug}-arrivals-{day.isoformat()}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@blueprint.post("/hours")
@requires(Permission.MANAGE_PEOPLE)
def hours(slug: str) -> ResponseReturnValue:
    """Open self check-in for a day, or close it."""
    edition, form = get_edition(slug), HoursForm()
    day = _day(edition)
    if not form.validate_on_submit():
        return _desk(edition, form), 422
    try:
        opens, closes = (
            to_utc(datetime.combine(day, clock), edition.timezone)
            for clock in (form.opens.data, form.closes.data)
        )
        set_hours(
            actor=current_actor(),
            edition=edition,
            day=day,
            version=form.version.number,
            opens_at=opens,
            closes_at=opens if form.is_closed.data else closes,
        )
    except UnclearLocalTime:
        form.opens.errors = [_("Clocks change in that hour: it does not exist or exists twice.")]
        return _desk(edition, form), 422
    except DomainError as fault:
        form.form_errors.append(said(fault))
        return _desk(edition, form), fault.status
    flash(_("Self check-in is closed.") if form.is_closed.data else _("Saved."), "success")
    return redirect(url_for("check_in.show", slug=slug, **_kept(day)), code=303)


def _hours_form(edition: Edition, day: date) -> HoursForm:
    """The hours of a day as they are, or from now for two hours."""
    row = find_hours(edition.id, day)
    now = to_local(utc_now(), edition.timezone).replace(second=0, microsecond=0)
    first, last = now.time(), min(now + timedelta(hours=2), now.replace(hour=23, minute=59)).time()
    if row is not None:
        first, last = (to_local(at, edition.timezone).time() for at in (row.opens_at, row.closes_at))
    return HoursForm(data={"opens": first, "closes": last, "version": row.version if row else 0})


@blueprint.get("/team/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def team(slug: str, team_id: str) -> ResponseReturnValue:
    """One team with its delegates, as the code on its badge leads to it."""
    return _one(slug, "team", team_id)


@blueprint.get("/delegate/<delegate_id>")
@requires(Permission.MANAGE_PEOPLE)
def delegate(slug: str, delegate_id: str) -> ResponseReturnValue:
    """One delegate, as the code on their badge leads to them."""
    return _one(slug, "delegate", delegate_id)


@blueprint.get("/judge/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """One judge, as the code on their badge leads to them."""
    return _one(slug, "judge", judge_id)


@blueprint.get("/room/<room_id>")
@requires(Permission.MANAGE_PEOPLE)
def room(slug: str, room_id: str) -> ResponseReturnValue:
    """One room: is it ready?"""
    return _one(slug, "room", room_id)


@blueprint.post("/team/<team_id>")
@requires(Permission.MANAGE_PEOPLE)
def note_team(slug: str, team_id: str) -> ResponseReturnValue:
    """Check a whole team in, or take it back."""
    return _note(slug, "team", team_id)


@blueprint.post("/delegate/<delegate_id>")
@requires(Permission.MANAGE_PEOPLE)
def note_delegate(slug: str, delegate_id: str) -> ResponseReturnValue:
    """Check a delegate in, or take it back."""
    return _note(slug, "delegate", delegate_id)


@blueprint.post("/judge/<judge_id>")
@requires(Permission.MANAGE_PEOPLE)
def note_judge(slug: str, judge_id: str) -> ResponseReturnValue:
    """Check a judge in, or take it back."""
    return _note(slug, "judge", judge_id)


@blueprint.post("/room/<room_id>")
@requires(Permission.MANAGE_PEOPLE)
def note_room(slug: str, room_id: str) -> ResponseReturnValue:
    """Say that a room is ready, or take it back."""
    return _note(slug, "room", room_id)


@blueprint.get("/me")
@requires(Permission.TAKE_PART)
def me(slug: str) -> ResponseReturnValue:
    """Say that I am here, while self check-in is open."""
    edition, now = get_edition(slug), utc_now()
    day = today(edition, now)
    rows = own_rows(current_actor(), edition)
    hours = find_hours(edition.id, day)
    return render_template(
        "entries/check_in_me.html",
        edition=edition,
        day=day,
        rows=[(row, own_arrival(row, day)) for row in rows],
        hours=hours,
        is_open=are_open(hours, now),
        sites=_sites(edition),
    )


@blueprint.post("/me")
@requires(Permission.TAKE_PART)
def note_me(slug: str) -> ResponseReturnValue:
    """Note me as here."""
    edition = get_edition(slug)
    site = request.form.get("site", "")
    check_self_in(
        actor=current_actor(),
        edition=edition,
        site=site if site in _sites(edition) else "",
        now=utc_now(),
    )
    flash(_("You are checked in. Welcome!"), "success")
    return redirect(url_for("check_in.me", slug=slug), code=303)


def _note(slug: str, kind: Kind, public_id: str) -> ResponseReturnValue:
    edition = get_edition(slug)
    day, is_here = _day(edition), request.form.get("is_here") == "1"
    found = note_arrival(
        actor=current_actor(),
        edition=edition,
        kind=kind,
        public_id=public_id,
        day=day,
        is_here=is_here,
        site=_site(),
    )
    if "HX-Request" not in request.headers:
        text = _("%(name)s is checked in.") if is_here else _("%(name)s is not checked in any more.")
        flash(text % {"name": found.name}, "success")
    if (team_id := request.form.get("team", "")[:16]) and kind == "delegate":
        return redirect(url_for("check_in.team", slug=slug, team_id=team_id, day=day.isoformat()), code=303)
    return redirect(url_for("check_in.show", slug=slug, **_kept(day)), code=303)


def _kept(day: date, query: str | None = None) -> dict[str, Any]:
    """What the desk was looking at, so that a click does not lose it."""
    names = ("q", "missing", "kind", "site", "page", "order")
    kept = {name: value[:120] for name in names if (value := request.form.get(name))}
    if query is not None:
        kept.pop("page", None)
        kept["q"] = query
        kept = {name: value for name, value in kept.items() if value}
    return {"day": day.isoformat(), **kept}


def _one(slug: str, kind: Kind, public_id: str) -> str:
    edition = get_edition(slug)
    day = _day(edition)
    found = find_expected(edition.id, kind, public_id, day)
    members = (
        [one for one in everybody(edition.id, day) if one.kind == "delegate" and one.group == found.name]
        if kind == "team"
        else []
    )
    return render_template(
        "entries/check_in_one.html", edition=edition, one=found, members=members, day=day, site=_site()
    )


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


def _site() -> str:
    """Where the desk stands that is asking."""
    return request.values.get("site", "")[:120].strip()


def _sites(edition: Edition) -> list[str]:
    """The sites of an edition, as its rooms name them."""
    return sorted({one.site for one in rooms_of(edition.id) if one.site})
