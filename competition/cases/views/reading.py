"""Pages on which a case is read: the public part, a confidential brief, their files. Nothing here is ever kept by a
browser or a proxy, and no brief is shown before its opening is on record.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.cases.files import with_reader
from competition.cases.models import CaseFile
from competition.cases.queries import earlier_revisions_read, files_of, get_file, newest_briefs
from competition.cases.reading import Readable, note_opening, readable
from competition.editions.public import Edition, find_edition, to_local
from competition.entries.public import find_own_delegate, find_own_judge
from competition.rounds.public import RoundFacts, find_round_facts
from core.access import Permission, current_actor, public, requires
from core.db import utc_now
from core.localised import local_time
from core.markdown import safe_html
from core.roles import Role

blueprint = Blueprint("case_reading", __name__, url_prefix="/e/<slug>/case/<int:number>")


@blueprint.get("")
@public
def show(slug: str, number: int) -> ResponseReturnValue:
    """The public part of a round's case, and the way to one's brief."""
    edition, facts, found = _readable(slug, number)
    files = [one for one in files_of(found.case.id) if one.role is None]
    return _private(
        render_template(
            "cases/read.html",
            edition=edition,
            round=facts,
            case=found.case,
            roles=[role.value for role in found.roles],
            waits=found.waits,
            files=files,
            safe_html=safe_html,
        )
    )


@blueprint.get("/brief/<role>")
@requires(Permission.TAKE_PART)
def brief(slug: str, number: int, role: str) -> ResponseReturnValue:
    """A confidential brief, for those who may read it at this moment."""
    edition, facts, found = _readable(slug, number)
    chosen = _chosen(found, role)
    text = newest_briefs(found.case.id)[chosen.value]
    reader = _reader(edition)
    opened = note_opening(current_actor(), facts, text, found.team, reader)
    files = [one for one in files_of(found.case.id) if one.role == chosen.value]
    earlier = earlier_revisions_read(
        found.case.id,
        chosen.value,
        team_id=found.team.id if found.team is not None else None,
        person_id=current_actor().person_id,
    )
    return _private(
        render_template(
            "cases/read_brief.html",
            earlier=earlier,
            edition=edition,
            round=facts,
            case=found.case,
            brief=text,
            role=chosen.value,
            reader=reader,
            opened=to_local(opened, edition.timezone),
            files=files,
            safe_html=safe_html,
        )
    )


@blueprint.get("/files/<file_id>")
@public
def file(slug: str, number: int, file_id: str) -> ResponseReturnValue:
    """A file of the public part."""
    found = _readable(slug, number)[2]
    return _sent(get_file(found.case.id, file_id), role=None)


@blueprint.get("/brief/<role>/files/<file_id>")
@requires(Permission.TAKE_PART)
def brief_file(slug: str, number: int, role: str, file_id: str) -> ResponseReturnValue:
    """A file of a brief: who may read the brief may have it, on record."""
    edition, facts, found = _readable(slug, number)
    chosen = _chosen(found, role)
    row = get_file(found.case.id, file_id)
    if row.role != chosen.value:
        abort(404)
    text = newest_briefs(found.case.id)[chosen.value]
    reader = _reader(edition)
    opened = note_opening(current_actor(), facts, text, found.team, reader, row.name)
    response = _sent(row, role=chosen.value)
    response.set_data(with_reader(row.data, row.mimetype, _reader_line(edition, reader, opened)))
    return response


def _readable(slug: str, number: int) -> tuple[Edition, RoundFacts, Readable]:
    edition = find_edition(slug)
    facts = find_round_facts(edition.id, number) if edition is not None else None
    if edition is None or facts is None:
        abort(404)
    found = readable(current_actor(), edition, facts, utc_now())
    if found is None:
        abort(404)
    return edition, facts, found


def _chosen(found: Readable, role: str) -> Role:
    """The role that was asked for, if the reader may read it; the same nothing for every other case."""
    chosen = next((one for one in found.roles if one.value == role), None)
    if chosen is None:
        abort(404)
    return chosen


def _reader(edition: Edition) -> str:
    """The name that stands on each page."""
    actor = current_actor()
    delegate, judge = find_own_delegate(actor, edition), find_own_judge(actor, edition)
    return (delegate.name if delegate else "") or (judge.name if judge else "") or actor.name


def _reader_line(edition: Edition, reader: str, opened: datetime) -> str:
    """What stands at the foot of every page of a PDF, and under an image."""
    when = local_time(opened, edition.timezone)
    return _(
        "Opened by %(reader)s on %(when)s. For your delegation only: do not pass it on.",
        reader=reader,
        when=when,
    )


def _sent(row: CaseFile, *, role: str | None) -> Response:
    if row.role != role:
        abort(404)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{_quoted(row.name)}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(row.data, mimetype=row.mimetype, headers=headers)


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name, safe="")


def _private(page: str) -> Response:
    response = Response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
