"""Use cases of panels that stay together: form one, change it, dissolve it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete, select

from competition.editions.public import Edition
from competition.rounds.field import judges_of
from competition.rounds.models import PreformedJudge, PreformedPanel
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, hold
from core.errors import Conflict, Invalid, NotFound, Stale
from core.localised import N_
from core.revisions import bump

LARGEST = 15


def save_preformed(
    *,
    actor: Actor,
    edition: Edition,
    name: str,
    members: Sequence[tuple[int, str]],
    panel_id: int | None = None,
    version: int = 0,
) -> PreformedPanel:
    """Form a panel of `members` (judge, position), or change `panel_id`. Draws that are made already stay.

    Raises Invalid without a name, without exactly one chair, for a judge twice or too many of them; Conflict for a
    name or a judge that another panel has; Stale when somebody else was faster.
    """
    hold(edition)
    _refuse_bad(edition, name, members)
    panel = _panel(edition, panel_id, version)
    query = select(PreformedPanel.id).where(
        PreformedPanel.edition_id == edition.id, PreformedPanel.name == name
    )
    if db.session.scalar(query) not in (None, panel.id):
        raise Conflict(N_("A panel named “%(name)s” exists already. Choose another name."), name=name)
    _refuse_taken(edition, panel.id, [judge for judge, _position in members])
    panel.name = name
    db.session.add(panel)
    db.session.flush()
    db.session.execute(delete(PreformedJudge).where(PreformedJudge.panel_id == panel.id))
    db.session.add_all(
        PreformedJudge(panel_id=panel.id, judge_id=judge, position=position) for judge, position in members
    )
    db.session.flush()
    judges = [judge for judge, _position in members]
    _record(actor, edition, "panel.formed" if panel_id is None else "panel.reformed", panel, judges=judges)
    return panel


def dissolve_preformed(*, actor: Actor, edition: Edition, panel_id: int, version: int) -> None:
    """Let the judges of a panel be seated one by one again. Draws that are made already stay."""
    hold(edition)
    panel = _panel(edition, panel_id, version)
    _record(actor, edition, "panel.dissolved", panel)
    db.session.delete(panel)
    db.session.flush()


def _panel(edition: Edition, panel_id: int | None, version: int) -> PreformedPanel:
    if panel_id is None:
        return PreformedPanel(edition_id=edition.id)
    panel = db.session.get(PreformedPanel, panel_id, populate_existing=True)
    if panel is None or panel.edition_id != edition.id:
        raise NotFound(N_("There is no such panel in this edition."))
    if panel.version != version:
        raise Stale(N_("Somebody else has changed this panel in the meantime. Look at it again."))
    panel.version += 1
    return panel


def _refuse_bad(edition: Edition, name: str, members: Sequence[tuple[int, str]]) -> None:
    known = {judge.id for judge in judges_of(edition.id)}
    if not name:
        raise Invalid(N_("Give the panel a name."))
    if not {judge for judge, _position in members} <= known:
        raise NotFound(N_("There is no such judge in this edition."))
    if sum(position == "chair" for _judge, position in members) != 1:
        raise Invalid(N_("A panel has exactly one chair. Choose one."))
    if any(position not in ("chair", "panellist", "trainee") for _judge, position in members):
        raise Invalid(N_("A judge sits as chair, panellist or trainee."))
    if any(times > 1 for times in Counter(judge for judge, _position in members).values()):
        raise Invalid(N_("A judge is named twice. Name everybody once."))
    if len(members) > LARGEST:
        raise Invalid(N_("A panel has at most %(largest)s judges."), largest=LARGEST)


def _refuse_taken(edition: Edition, panel_id: int | None, judges: Sequence[int]) -> None:
    query = (
        select(PreformedJudge.judge_id, PreformedPanel.name)
        .join(PreformedPanel, PreformedPanel.id == PreformedJudge.panel_id)
        .where(PreformedJudge.judge_id.in_(judges), PreformedPanel.id.is_distinct_from(panel_id))
    )
    for judge_id, name in db.session.execute(query):
        names = {judge.id: judge.name for judge in judges_of(edition.id)}
        raise Conflict(
            N_("%(judge)s is on the panel “%(panel)s” already. Take them off there first."),
            judge=names[judge_id],
            panel=name,
        )


def _record(actor: Actor, edition: Edition, verb: str, panel: PreformedPanel, **details: object) -> None:
    scope = edition_scope(edition.id)
    record(actor, verb, "preformed_panel", panel.id, scope=scope, details={"name": panel.name, **details})
    bump(scope)
