"""A round's page "Can I go on?": the lights, who is not there, and the paper pack."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition, rooms_of
from competition.entries.public import expected_on, today
from competition.rounds.public import (
    RoundFacts,
    get_round_facts,
    readiness_of,
    round_facts,
    set_absence,
)
from core.access import Permission, current_actor, requires
from core.audit import edition_scope, record
from core.db import utc_now
from core.errors import DomainError, said
from core.forms import folded
from core.idempotency import new_key, once
from tabroom.paper_pack import find_pack, is_being_made, make_pack_of
from tabroom.round_lights import round_lights

blueprint = Blueprint("round_cockpit", __name__, url_prefix="/e/<slug>/rounds/<int:number>/go")
KINDS = ("team", "judge", "room")


@blueprint.get("")
@requires(Permission.MANAGE_ROUNDS)
def show(slug: str, number: int) -> ResponseReturnValue:
    """One traffic light for the round, and under it what each step still needs."""
    return _page(*_fetch(slug, number))


@blueprint.get("/lights")
@requires(Permission.MANAGE_ROUNDS)
def lights(slug: str, number: int) -> ResponseReturnValue:
    """The lights alone, for the page that refreshes itself."""
    edition, facts = _fetch(slug, number)
    return render_template("tabroom/_round_lights.html", **_lights(edition, facts))


@blueprint.post("/absences")
@requires(Permission.MANAGE_ROUNDS)
def note_absence(slug: str, number: int) -> ResponseReturnValue:
    """Say that a team, a judge or a room is not there, or is after all."""
    edition, facts = _fetch(slug, number)
    kind, _colon, public_id = request.form.get("who", "").partition(":")
    is_absent = request.form.get("is_absent") == "1"
    if kind not in KINDS or not public_id:
        return _page(edition, facts, fault=_("Choose who or what is not there.")), 422
    try:
        name = set_absence(
            actor=current_actor(),
            round_id=facts.id,
            kind=kind,  # type: ignore[arg-type]
            public_id=public_id,
            is_absent=is_absent,
            reason=folded(request.form.get("reason"))[:300],
        )
    except DomainError as fault:
        return _page(edition, facts, fault=said(fault)), fault.status
    if is_absent:
        flash(_("%(name)s is not counted on in this round.", name=name), "success")
    else:
        flash(_("%(name)s is counted on again.", name=name), "success")
    if is_absent and kind == "team":
        return redirect(url_for("what_if.team", slug=slug, number=number, team_id=public_id), code=303)
    if is_absent and kind == "judge":
        return redirect(url_for("what_if.judge", slug=slug, number=number, judge_id=public_id), code=303)
    return redirect(url_for("round_cockpit.show", slug=slug, number=number), code=303)


@blueprint.post("/paper")
@requires(Permission.MANAGE_ROUNDS)
def make_paper(slug: str, number: int) -> ResponseReturnValue:
    """Make the paper pack again."""
    _edition, facts = _fetch(slug, number)

    def work() -> str:
        make_pack_of(facts.id)
        return url_for("round_cockpit.show", slug=slug, number=number, _anchor="paper")

    return once(current_actor(), f"paper:{facts.id}", work)


@blueprint.post("/paper.pdf")
@requires(Permission.MANAGE_ROUNDS)
def paper(slug: str, number: int) -> ResponseReturnValue:
    """The paper pack, which holds contact addresses: never kept by a browser or a proxy, and on record (so a POST)."""
    edition, facts = _fetch(slug, number)
    pack = find_pack(facts.id)
    if pack is None:
        abort(404)
    scope = edition_scope(edition.id)
    record(
        current_actor(),
        "paper_pack.downloaded",
        "round",
        facts.id,
        scope=scope,
        details={"columns": ["contact"]},
    )
    name = f"{edition.slug}-round-{facts.number}.pdf"
    return Response(
        pack.data,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _fetch(slug: str, number: int) -> tuple[Edition, RoundFacts]:
    edition = get_edition(slug)
    return edition, get_round_facts(edition.id, number)


def _lights(edition: Edition, facts: RoundFacts) -> dict[str, object]:
    earlier = [one for one in round_facts(edition.id) if one.number < facts.number]
    return {"edition": edition, "round": facts, "board": round_lights(edition, facts, earlier, utc_now())}


def _page(edition: Edition, facts: RoundFacts, fault: str = "") -> str:
    ready = readiness_of(facts)
    away = {(one.kind, one.public_id) for one in ready.away}
    people = expected_on(edition.id, today(edition, facts.starts_at or utc_now()))
    choices = [
        (_("Teams"), [(f"team:{one.public_id}", one.name) for one in people if one.kind == "team"]),
        (_("Judges"), [(f"judge:{one.public_id}", one.name) for one in people if one.kind == "judge"]),
        (_("Rooms"), [(f"room:{room.public_id}", room.name) for room in rooms_of(edition.id)]),
    ]
    return render_template(
        "tabroom/round.html",
        **_lights(edition, facts),
        away=ready.away,
        choices=[
            (label, [choice for choice in options if tuple(choice[0].split(":", 1)) not in away])
            for label, options in choices
        ],
        pack=find_pack(facts.id),
        is_making=is_being_made(edition.id, facts.id),
        new_key=new_key,
        fault=fault,
    )
