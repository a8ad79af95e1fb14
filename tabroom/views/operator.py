"""Pages of the operator: how this installation is doing, its outgoing mail, its jobs."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts.public import get_people
from core.access import Permission, requires
from core.audit import AuditEntry
from core.db import db
from core.jobs import Job
from core.outbox import OutboxMessage, masked
from tabroom.demo.marker import is_demo
from talent_pool.public import count_waiting_employers

blueprint = Blueprint("operator", __name__, url_prefix="/operator")
MOST = 200


@blueprint.get("/")
@requires(Permission.OPERATE)
def show() -> ResponseReturnValue:
    """Mail that waits or failed, running jobs, the latest deeds."""
    deeds = _latest_deeds()
    return render_template(
        "operator/show.html",
        messages=_messages(),
        jobs=db.session.scalars(select(Job).order_by(Job.id.desc()).limit(50)).all(),
        deeds=deeds,
        names={key: card.name for key, card in get_people(_people_in(deeds)).items()},
        waiting=count_waiting_employers(),
    )


def _people_in(deeds: list[AuditEntry]) -> list[int]:
    return [entry.person_id for entry in deeds if entry.person_id is not None]


def _latest_deeds() -> list[AuditEntry]:
    """The latest entries but those of the talent pool: who joined is nobody's business, the operator's neither."""
    query = select(AuditEntry).where(~AuditEntry.thing.like("pool%"), AuditEntry.thing != "contact_request")
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(50)))


@blueprint.get("/outbox")
@requires(Permission.OPERATE)
def outbox() -> ResponseReturnValue:
    """The demo's mail on screen, secrets masked; anywhere else there is no such page."""
    if not (is_demo() and current_app.extensions["parley_settings"].may_hold_demo):
        abort(404)
    shown = [(message, masked(message.body)) for message in _messages()]
    return render_template("operator/outbox.html", messages=shown)


def _messages() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(MOST)))
