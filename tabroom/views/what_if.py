"""What if a team or a judge is not there: up to three answers with their consequences, one of them in one tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition
from competition.entries.public import get_judge, get_team
from competition.rounds.public import (
    FIGURES,
    JudgeRepair,
    JudgeTrouble,
    Place,
    RoundFacts,
    SeatRepair,
    Trouble,
    amend_seats,
    field_teams,
    get_round_facts,
    replace_judge,
    role_words,
    set_absence,
    trouble_of_judge,
    trouble_of_team,
)
from core.access import Permission, current_actor, requires
from core.db import db
from core.errors import Conflict, DomainError, NotFound, said
from core.forms import folded, whole_number
from core.idempotency import new_key, once
from core.languages import language_name
from core.localised import N_, joined
from judging.public import has_sheet_of

blueprint = Blueprint("what_if", __name__, url_prefix="/e/<slug>/rounds/<int:number>/what-if")
CHANGED = N_("What was shown is not possible any more, because something changed. Look at the answers again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as a card: what is done, what follows, and its key."""

    key: str
    title: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@blueprint.get("/team/<team_id>")
@requires(Permission.MANAGE_ROUNDS)
def team(slug: str, number: int, team_id: str) -> ResponseReturnValue:
    """The answers to a team that is missing, or to one that has no seat."""
    edition, facts = _fetch(slug, number)
    return _team_page(edition, facts, _team_trouble(edition, facts, team_id))


@blueprint.post("/team/<team_id>")
@requires(Permission.MANAGE_ROUNDS)
def mend_team(slug: str, number: int, team_id: str) -> ResponseReturnValue:
    """Do one of them."""
    edition, facts = _fetch(slug, number)

    def work() -> str:
        trouble = _team_trouble(edition, facts, team_id)
        repair = next((one for one in trouble.repairs if one.key == request.form.get("key")), None)
        if repair is None:
            raise Conflict(CHANGED)
        reason = folded(request.form.get("reason"))[:300]
        set_absence(
            actor=current_actor(),
            round_id=facts.id,
            kind="team",
            public_id=team_id,
            is_absent=trouble.is_leaving,
            reason=reason,
        )
        told = amend_seats(
            actor=current_actor(), round_id=facts.id, repair=repair, reason=reason, version=_version()
        )
        return _done(slug, facts, told)

    return _mended(
        work,
        facts,
        f"what-if-team:{team_id}",
        lambda: _team_page(edition, facts, _team_trouble(edition, facts, team_id)),
    )


@blueprint.get("/judge/<judge_id>")
@requires(Permission.MANAGE_ROUNDS)
def judge(slug: str, number: int, judge_id: str) -> ResponseReturnValue:
    """The answers to a judge who is not there."""
    edition, facts = _fetch(slug, number)
    return _judge_page(edition, facts, _judge_trouble(edition, facts, judge_id))


@blueprint.post("/judge/<judge_id>")
@requires(Permission.MANAGE_ROUNDS)
def mend_judge(slug: str, number: int, judge_id: str) -> ResponseReturnValue:
    """Do one of them."""
    edition, facts = _fetch(slug, number)

    def work() -> str:
        trouble = _judge_trouble(edition, facts, judge_id)
        repair = next((one for one in trouble.repairs if one.key == request.form.get("key")), None)
        if repair is None or trouble.table is None:
            raise Conflict(CHANGED)
        reason = folded(request.form.get("reason"))[:300]
        set_absence(
            actor=current_actor(),
            round_id=facts.id,
            kind="judge",
            public_id=judge_id,
            is_absent=True,
            reason=reason,
        )
        told = replace_judge(
            actor=current_actor(),
            round_id=facts.id,
            table_id=trouble.table.id,
            judge_id=trouble.judge.id,
            by=repair.by.id if repair.by else None,
            chair=repair.chair.id if repair.chair else None,
            version=_version(),
        )
        return _done(slug, facts, told)

    return _mended(
        work,
        facts,
        f"what-if-judge:{judge_id}",
        lambda: _judge_page(edition, facts, _judge_trouble(edition, facts, judge_id)),
    )


def _mended(
    work: Callable[[], str], facts: RoundFacts, purpose: str, page: Callable[[], str]
) -> ResponseReturnValue:
    try:
        return once(current_actor(), f"{purpose}:{facts.id}", work)
    except NotFound:
        raise
    except DomainError as fault:
        db.session.rollback()
        flash(said(fault), "danger")
        return page(), fault.status


def _done(slug: str, facts: RoundFacts, told: int) -> str:
    if facts.is_released:
        flash(_("Done. Mails on their way to those whose table changed: %(count)s.", count=told), "success")
    else:
        flash(_("Done. The draw is not released, so nobody was told."), "success")
    return url_for("round_cockpit.show", slug=slug, number=facts.number)


def _fetch(slug: str, number: int) -> tuple[Edition, RoundFacts]:
    edition = get_edition(slug)
    return edition, get_round_facts(edition.id, number)


def _version() -> int:
    return whole_number(request.form.get("version", ""), otherwise=-1)


def _team_trouble(edition: Edition, facts: RoundFacts, public_id: str) -> Trouble:
    found = trouble_of_team(facts, get_team(edition.id, public_id).id)
    if found is None:
        raise NotFound(N_("This round has no draw with this team."))
    return found


def _judge_trouble(edition: Edition, facts: RoundFacts, public_id: str) -> JudgeTrouble:
    get_judge(edition.id, public_id)
    found = trouble_of_judge(facts, public_id)
    if found is None:
        raise NotFound(N_("There is no such judge in this edition."))
    if found.table is not None and has_sheet_of(found.table.id, found.judge.id):
        raise Conflict(
            N_("This judge has sent in the sheet of this table already, so nobody has to be replaced.")
        )
    return found


def _team_page(edition: Edition, facts: RoundFacts, trouble: Trouble) -> str:
    names = {one.id: one.name for one in field_teams(edition.id)}
    place = _place((trouble.table.name, trouble.table.role_of(trouble.team.id))) if trouble.table else ""
    if trouble.is_leaving:
        title = _("What if %(team)s is not there?", team=trouble.team.name)
        lead = _("%(team)s sits at %(place)s.", team=trouble.team.name, place=place)
    else:
        title = _("A seat for %(team)s", team=trouble.team.name)
        lead = _("%(team)s has no seat in this round.", team=trouble.team.name)
    return _answers_page(
        edition,
        facts,
        title=title,
        lead=lead,
        answers=[
            _team_answer(one, title, trouble, names)
            for one, title in zip(trouble.repairs, team_titles(trouble, names), strict=True)
        ],
        hint=_(
            "No stand-in is free. Add one under People as a team of the organisers, and it can take the seat."
        )
        if trouble.is_leaving and trouble.repairs and trouble.repairs[0].kind == "vacant"
        else "",
        frozen=_(trouble.frozen) if trouble.frozen else "",
        none_text=_(
            "Note at the table's scoresheets that the team was absent: the others are then ranked as three."
        )
        if trouble.frozen
        else _("Look at the draw and seat the tables by hand."),
    )


def _team_answer(repair: SeatRepair, title: str, trouble: Trouble, names: dict[int, str]) -> Answer:
    lines = [
        _(
            "%(team)s: from %(before)s to %(after)s.",
            team=names.get(key, ""),
            before=_place(was),
            after=_place(now),
        )
        for key, (was, now) in repair.moved.items()
        if key != trouble.team.id or not trouble.is_leaving
    ]
    if repair.kind == "vacant" and trouble.table is not None:
        lines.append(
            _(
                "Table %(table)s negotiates with one seat empty; the others are ranked as three.",
                table=trouble.table.name,
            )
        )
    labels = {name: label() for name, label in FIGURES}
    lines += [
        _(
            "%(figure)s: %(before)s before, %(after)s after.",
            figure=labels[name],
            before=format(was, "g"),
            after=format(now, "g"),
        )
        for name, (was, now) in repair.figures.items()
    ]
    return Answer(key=repair.key, title=title, lines=tuple(lines))


def team_titles(trouble: Trouble, names: dict[int, str]) -> list[str]:
    """What each answer does in one line; answers that begin with the same move are told apart by all their moves."""
    titles = [_team_title(repair, trouble, names) for repair in trouble.repairs]
    return [
        title if titles.count(title) == 1 else _all_moves(repair, names) or title
        for repair, title in zip(trouble.repairs, titles, strict=True)
    ]


def _all_moves(repair: SeatRepair, names: dict[int, str]) -> str:
    return joined(
        _("%(team)s moves to %(place)s", team=names.get(key, ""), place=_place(now))
        for key, (_was, now) in repair.moved.items()
        if now is not None
    )


def _team_title(repair: SeatRepair, trouble: Trouble, names: dict[int, str]) -> str:
    if repair.kind == "vacant":
        return _("Leave the seat empty")
    if repair.kind == "stand_in":
        return _("A stand-in takes the seat")
    if repair.kind == "dissolve":
        return _("Give up one table and spread its teams")
    own = repair.moved.get(trouble.team.id)
    if repair.kind == "seat" and own is not None and len(repair.moved) == 1:
        return _("A seat at %(place)s", place=_place(own[1]))
    movers = [
        (key, now) for key, (was, now) in repair.moved.items() if was and now and key != trouble.team.id
    ]
    if not movers:
        return _("Give the team a seat")
    return _("%(team)s moves to %(place)s", team=names.get(movers[0][0], ""), place=_place(movers[0][1]))


def _place(place: Place | tuple[str, object] | None) -> str:
    if place is None or place[1] is None:
        return _("no seat")
    return _("table %(table)s, %(role)s", table=place[0], role=role_words(place[1]))  # type: ignore[arg-type]


def _judge_page(edition: Edition, facts: RoundFacts, trouble: JudgeTrouble) -> str:
    name = trouble.judge.name
    lead = _("%(judge)s is on no panel of this round.", judge=name)
    if trouble.table is not None:
        words = {"chair": _("chair"), "panellist": _("panellist"), "trainee": _("trainee")}
        lead = _(
            "%(judge)s is %(position)s at table %(table)s.",
            judge=name,
            position=words[trouble.position],
            table=trouble.table.name,
        )
    return _answers_page(
        edition,
        facts,
        title=_("What if %(judge)s is not there?", judge=name),
        lead=lead,
        answers=[_judge_answer(one, trouble) for one in trouble.repairs],
        frozen="",
        none_text=_("Nobody has to be replaced.")
        if trouble.table is None
        else _("No judge without a conflict is free. Ask somebody in, add them under People, and come back."),
    )


def _judge_answer(repair: JudgeRepair, trouble: JudgeTrouble) -> Answer:
    if repair.by is None:
        lines = []
        if trouble.position == "chair" and repair.chair is not None:
            lines.append(_("%(judge)s leads the panel.", judge=repair.chair.name))
        lines.append(_("One scoresheet less counts at this table."))
        return Answer(
            key=repair.key,
            title=_("Go on with a smaller panel"),
            lines=tuple(lines),
            warnings=_silence(repair),
        )
    if repair.leaves is None:
        lines = [_("Is free in this round.")]
    else:
        lines = [
            _("Leaves the panel of table %(table)s, which still has two judges or more.", table=repair.leaves)
        ]
    warnings = tuple(_("Has judged %(team)s before.", team=team) for team in repair.seen)
    return Answer(
        key=repair.key,
        title=_("%(judge)s takes the place", judge=repair.by.name),
        lines=tuple(lines),
        warnings=(*warnings, *_silence(repair)),
    )


def _silence(repair: JudgeRepair) -> tuple[str, ...]:
    """The working languages that the panel would lack."""
    return tuple(
        _("Nobody on the panel speaks %(language)s.", language=language_name(code))
        for code in repair.unspoken
    )


def _answers_page(
    edition: Edition,
    facts: RoundFacts,
    *,
    title: str,
    lead: str,
    answers: list[Answer],
    frozen: str,
    none_text: str,
    hint: str = "",
) -> str:
    return render_template(
        "tabroom/what_if.html",
        edition=edition,
        round=facts,
        title=title,
        lead=lead,
        answers=answers,
        frozen=frozen,
        none_text=none_text,
        hint=hint,
        new_key=new_key,
    )
