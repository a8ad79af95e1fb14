"""An edition's front page: for its organisers what is done, missing and next; for everybody what is public."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from competition.applications.public import call_state
from competition.cases.public import open_rounds
from competition.day.public import is_published, whole_timetable
from competition.editions.public import find_edition, find_notice, get_edition
from competition.messages.public import public_announcements
from competition.rounds.public import round_facts
from core.access import Permission, current_actor, public, requires
from core.db import utc_now
from core.markdown import safe_html
from judging.public import closing_pages, find_published, sheet_progress
from tabroom.checklist import checklist, next_step, waiting_steps
from tabroom.lanes import lanes_of

blueprint = Blueprint("cockpit", __name__)


@blueprint.get("/e/<slug>/overview")
@requires(Permission.SEE_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """What is done, what is missing, and the one button that moves on."""
    edition = get_edition(slug)
    steps, rounds, now = checklist(edition), round_facts(edition.id), utc_now()
    following = next_step(edition, steps)
    return render_template(
        "tabroom/cockpit.html",
        edition=edition,
        next_step=following,
        waiting=[step for step in waiting_steps(steps) if step != following],
        lanes=lanes_of(edition, steps, rounds, sheet_progress(edition.id), now),
        happening=[one for one in whole_timetable(edition) if one.is_now(now)],
    )


@blueprint.get("/e/<slug>/")
@public
def front(slug: str) -> ResponseReturnValue:
    """The public page of an edition that has one."""
    edition, actor = find_edition(slug), current_actor()
    if edition is None or not (edition.is_public or actor.belongs_to(edition.id)):
        abort(404)
    is_organiser = actor.may(Permission.SEE_EDITION, edition_id=edition.id)
    takes_part = actor.may(Permission.TAKE_PART, edition_id=edition.id)
    return render_template(
        "tabroom/front.html",
        edition=edition,
        rounds=round_facts(edition.id) if edition.is_public else [],
        results=find_published(edition.id) if edition.is_public else None,
        notice=find_notice(edition.id),
        announcements=public_announcements(edition.id) if edition.is_public else [],
        safe_html=safe_html,
        is_organiser=is_organiser,
        takes_part=takes_part,
        may_apply=call_state(edition, utc_now()).is_open,
        closing=closing_pages(edition.id) if edition.is_public else (),
        has_programme=edition.is_public and is_published(edition.id),
        open_cases=sorted(open_rounds(edition.id, utc_now())) if edition.is_public else [],
    )
