"""Reminding a judge of a sheet, stepping back from a table, asking again, when sheets are due."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select

from competition.editions.public import Edition
from competition.entries.public import Judge, invite_judge
from competition.rounds.public import TableFacts
from core import outbox
from core.access import Actor, CapacityKind
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Conflict, Invalid, NotFound
from core.links import find_live_link
from core.localised import N_, in_language
from core.revisions import bump
from judging.duties import has_recused, reminders_of
from judging.models import JudgingRules, Recusal, SheetReminder
from judging.queries import find_sheet, has_result, lock_place

BETWEEN_REMINDERS = timedelta(minutes=10)
LONGEST = 2 * 24 * 60


def may_be_reminded(table: TableFacts, judge: Judge) -> bool:
    """Whether the judge has an address and was not reminded of this table just now."""
    return "@" in judge.contact and not _was_just_reminded(table, judge)


def _was_just_reminded(table: TableFacts, judge: Judge) -> bool:
    last = reminders_of([table.id]).get((table.id, judge.id))
    return last is not None and utc_now() - last < BETWEEN_REMINDERS


def remind_judge(*, actor: Actor, edition: Edition, table: TableFacts, judge: Judge) -> None:
    """Mail a judge that the sheet of a table is waited for, with their link.

    The link they have stays; without one a new one is made. Raises Conflict without an address, for a sheet that
    nobody waits for, and within ten minutes of the last reminder.
    """
    if lock_place(table.id, judge.id) is None:
        raise NotFound(N_("This judge is not on the panel of this table."))
    if "@" not in judge.contact:
        raise Conflict(N_("There is no e-mail address of this judge. Call them, or give them a new link."))
    sheet = find_sheet(table.id, judge.id)
    is_owed = sheet.state == "draft" if sheet is not None else not has_result(table.id)
    if not is_owed or has_recused(table.id, judge.id):
        raise Conflict(N_("Nobody waits for this sheet any more. No reminder was sent."))
    if _was_just_reminded(table, judge):
        raise Conflict(
            N_("This judge was reminded less than %(minutes)s minutes ago. No further reminder was sent."),
            minutes=int(BETWEEN_REMINDERS.total_seconds() // 60),
        )
    _write(actor, edition, table, judge)
    db.session.add(
        SheetReminder(table_id=table.id, judge_id=judge.id, sent_at=utc_now(), sent_by=actor.person_id)
    )
    db.session.flush()
    _record(actor, "sheet.reminded", table, judge.id)


def _write(actor: Actor, edition: Edition, table: TableFacts, judge: Judge) -> None:
    link = find_live_link(
        purpose=CapacityKind.JUDGE, edition_id=edition.id, subject_id=judge.id
    ) or invite_judge(actor=actor, edition=edition, judge=judge)
    place = outbox.secret("link", link.id)
    locale = "zh_Hans" if edition.languages.startswith("zh") else "en"
    with force_locale(locale):
        title = in_language(edition.name, edition.name_zh, locale)
        subject = gettext("%(edition)s: your scoresheet is waited for", edition=title)
        body = gettext(
            "Dear %(name)s,\n\nyour scoresheet of table %(table)s in round %(round)s is still missing, "
            "and the results wait for it. This is your personal link:\n\n%(link)s\n\n"
            "If you cannot mark this table, open it and say so there. Thank you.",
            name=judge.name or judge.name_local,
            table=table.name,
            round=table.round_number,
            link=place,
        )
    outbox.post(
        to=judge.contact,
        subject=subject,
        body=body,
        kind="remind_judge",
        scope=edition_scope(edition.id),
        locale=locale,
        secrets=[place],
    )


def recuse(*, actor: Actor, table: TableFacts, judge_id: int, reason: str) -> Recusal:
    """Step back from a table, saying why; what was typed so far stays. Raises Conflict once the sheet is in."""
    if not reason.strip():
        raise Invalid(N_("Say why, so that the organisers can find somebody else."))
    if lock_place(table.id, judge_id) is None:
        raise NotFound(N_("This table is not yours to mark."))
    sheet = find_sheet(table.id, judge_id)
    if sheet is not None and sheet.state != "draft":
        raise Conflict(N_("This sheet was handed in or is not waited for. Tell an organiser what is wrong."))
    earlier = db.session.scalar(
        select(Recusal).where(Recusal.table_id == table.id, Recusal.judge_id == judge_id)
    )
    if earlier is not None:
        return earlier
    row = Recusal(table_id=table.id, judge_id=judge_id, reason=reason.strip()[:500], recused_at=utc_now())
    db.session.add(row)
    db.session.flush()
    _record(actor, "judge.recused", table, judge_id, personal=["reason"])
    return row


def ask_again(*, actor: Actor, table: TableFacts, judge_id: int) -> None:
    """Ask a judge who stepped back to mark the table after all."""
    db.session.execute(delete(Recusal).where(Recusal.table_id == table.id, Recusal.judge_id == judge_id))
    _record(actor, "judge.asked_again", table, judge_id)


def set_sheet_minutes(*, actor: Actor, edition: Edition, minutes: int) -> None:
    """Say how many minutes after a round's start its sheets are due."""
    if not 1 <= minutes <= LONGEST:
        raise Invalid(N_("Give a number of minutes from 1 to %(most)s."), most=LONGEST)
    row = db.session.scalar(select(JudgingRules).where(JudgingRules.edition_id == edition.id))
    if row is None:
        db.session.add(JudgingRules(edition_id=edition.id, sheet_minutes=minutes))
    else:
        row.sheet_minutes = minutes
    db.session.flush()
    scope = edition_scope(edition.id)
    record(actor, "sheet.due", "edition", edition.id, scope=scope, details={"minutes": minutes})
    bump(scope)


def _record(
    actor: Actor, verb: str, table: TableFacts, judge_id: int, personal: list[str] | None = None
) -> None:
    scope = edition_scope(table.edition_id)
    record(actor, verb, "table", table.id, scope=scope, details={"judge": judge_id}, personal=personal or ())
    bump(scope)
