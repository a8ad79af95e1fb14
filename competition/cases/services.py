"""Writing cases: the public part, briefs in revisions, files, which round negotiates what, and its release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select, update

from accounts.public import confirmed_address
from competition.cases.files import kind_of, plain_name, with_reader
from competition.cases.format import CaseContent, checked_issues
from competition.cases.models import Brief, Case, CaseFile, RoundCase
from competition.cases.queries import (
    files_of,
    find_round_case,
    newest_briefs,
    next_revision,
    readers_of_brief,
    roles_read,
    rounds_of_case,
)
from competition.editions.public import Edition, get_edition_by_id
from competition.entries.public import expected_on, today
from competition.rounds.public import RoundFacts, round_, round_facts, tables_of_draw
from core import outbox
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db, utc_now
from core.errors import Change, Conflict, Invalid, Stale
from core.localised import N_, in_language
from core.revisions import bump
from core.roles import ROLES, Role

MOST_FILES = 40
BRIEF_FIELDS = ("party", "party_zh", "body", "body_zh")


def create_case(*, actor: Actor, edition: Edition, title: str) -> Case:
    """An empty case. Raises Invalid without a title."""
    if not title.strip():
        raise Invalid(N_("Give the case a title."))
    case = Case(edition_id=edition.id, title=title.strip()[:200], issues=[], created_at=utc_now())
    db.session.add(case)
    db.session.flush()
    _record(actor, "case.created", case)
    return case


def import_case(*, actor: Actor, edition: Edition, content: CaseContent) -> Case:
    """A whole case from its file. Raises Invalid for a file in it that is not of a known kind."""
    case = create_case(actor=actor, edition=edition, title=content.texts["title"])
    for name, value in content.texts.items():
        setattr(case, name, value)
    case.issues = [dict(issue) for issue in content.issues]
    for role, brief in content.briefs.items():
        if any(brief.values()):
            _add_brief(actor, case, Role(role), brief)
    for one in content.files:
        add_file(actor=actor, case=case, role=one.role, name=one.name, data=one.data)
    db.session.flush()
    return case


def edit_case(
    *, actor: Actor, case: Case, texts: Mapping[str, str], issues: Sequence[Mapping[str, Any]], version: int
) -> None:
    """Change the public part. Raises Stale when somebody else did so since, Invalid without a title."""
    if not texts["title"]:
        raise Invalid(N_("Give the case a title."))
    checked = checked_issues([dict(issue) for issue in issues])
    changed = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.version == version)
        .values(version=Case.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(case)
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Stale(changes=[Change(label=N_("Title"), shown="…", now=case.title)])
    for name, value in texts.items():
        setattr(case, name, value)
    case.issues = checked
    db.session.flush()
    _record(actor, "case.edited", case)


def save_brief(
    *, actor: Actor, case: Case, role: Role, values: Mapping[str, str], revision: int
) -> Brief | None:
    """Write a role's brief: a new revision, the earlier ones stay. None when nothing changed.

    `revision` is the one that was shown (0: none); raises Stale when there is a newer one. When the brief may be read
    already, its readers are told that there is a new one.
    """
    now = newest_briefs(case.id).get(role.value)
    if (now.revision if now is not None else 0) != revision:
        raise Stale(
            changes=[Change(label=N_("Revision"), shown=str(revision), now=str(now.revision if now else 0))]
        )
    if now is not None and all(getattr(now, name) == values[name] for name in BRIEF_FIELDS):
        return None
    brief = _add_brief(actor, case, role, values)
    _tell_readers(case, role)
    return brief


def _add_brief(actor: Actor, case: Case, role: Role, values: Mapping[str, str]) -> Brief:
    brief = Brief(
        case_id=case.id,
        role=role.value,
        revision=next_revision(case.id, role.value),
        written_at=utc_now(),
        written_by=actor.person_id,
        **{name: values.get(name, "") for name in BRIEF_FIELDS},
    )
    db.session.add(brief)
    db.session.flush()
    _record(actor, "brief.written", case, role=role.value, revision=brief.revision)
    return brief


def _tell_readers(case: Case, role: Role) -> None:
    """Mail the captains of the teams that hold the role in a round where the case may be read already, and everybody
    who has opened the brief before; nobody twice.
    """
    edition = get_edition_by_id(case.edition_id)
    told: set[str] = set()
    for facts in released_rounds(case, utc_now()):
        tables = tables_of_draw(facts.draw_id) if facts.draw_id is not None and facts.is_released else []
        holders = {table.seats[role] for table in tables}
        people = expected_on(edition.id, today(edition, utc_now()))
        for one in people:
            if one.kind == "team" and one.id in holders and one.contact:
                told.add(one.contact.casefold())
                _tell(edition, facts, one.contact, one.contact_name or one.name)
        for person_id, name in readers_of_brief(case.id, role.value):
            address = confirmed_address(person_id)
            if address is not None and address.casefold() not in told:
                told.add(address.casefold())
                _tell(edition, facts, address, name)


def _tell(edition: Edition, facts: RoundFacts, address: str, name: str) -> None:
    locale = "zh_Hans" if edition.languages.startswith("zh") else "en"
    with force_locale(locale):
        title = in_language(edition.name, edition.name_zh, locale)
        number = in_language(facts.name, facts.name_zh, locale) or str(facts.number)
        subject = gettext("%(edition)s: a new version of your brief", edition=title)
        lines = [
            gettext("Dear %(name)s,", name=name),
            gettext("the confidential brief of your role in round %(round)s was replaced.", round=number),
            gettext("Please read it again on your page in Parley; the earlier version no longer counts."),
        ]
    outbox.post(
        to=address,
        subject=subject,
        body="\n\n".join(lines) + "\n",
        kind="brief_replaced",
        scope=edition_scope(edition.id),
        locale=locale,
    )


def released_rounds(case: Case, now: datetime) -> list[RoundFacts]:
    """The rounds in which the case may be read at `now`."""
    numbers = {number for number, row in rounds_of_case(case.id) if is_open(row, now)}
    return [facts for facts in round_facts(case.edition_id) if facts.number in numbers]


def is_open(row: RoundCase, now: datetime) -> bool:
    """Whether a round's case may be read at `now`: released by hand, or its time has come."""
    return row.released_at is not None or (row.release_at is not None and row.release_at <= now)


def open_rounds(edition_id: int, now: datetime) -> set[int]:
    """The numbers of the rounds whose case may be read at `now`."""
    query = (
        select(round_.c.number, RoundCase)
        .join(RoundCase, RoundCase.round_id == round_.c.id)
        .where(round_.c.edition_id == edition_id)
    )
    return {number for number, row in db.session.execute(query) if is_open(row, now)}


def add_file(*, actor: Actor, case: Case, role: str | None, name: str, data: bytes) -> CaseFile:
    """Attach a file to the public part or to a role's brief; its kind is told by its content. Raises Invalid.

    PDFs and images of a brief are opened with their reader's name on them: one that cannot carry it is refused now.
    """
    if role is not None and role not in {known.value for known in ROLES}:
        raise Invalid(N_("Choose the public part or one of the four briefs."))
    mimetype, ending = kind_of(data)
    if role is not None:
        with_reader(data, mimetype, "-")
    if len(files_of(case.id)) >= MOST_FILES:
        raise Invalid(N_("A case holds at most %(most)s files."), most=MOST_FILES)
    row = CaseFile(
        case_id=case.id,
        role=role,
        name=plain_name(name, ending),
        mimetype=mimetype,
        size=len(data),
        data=data,
        added_at=utc_now(),
    )
    db.session.add(row)
    db.session.flush()
    _record(actor, "case.file_added", case, file=row.name, role=role or "")
    return row


def remove_file(*, actor: Actor, case: Case, file: CaseFile) -> None:
    """Remove a file; it is gone for its readers at once."""
    db.session.delete(file)
    db.session.flush()
    _record(actor, "case.file_removed", case, file=file.name, role=file.role or "")


def delete_case(*, actor: Actor, case: Case) -> None:
    """Delete a case that no round negotiates. Raises Conflict."""
    if rounds := rounds_of_case(case.id):
        numbers = ", ".join(str(number) for number, _row in rounds)
        raise Conflict(
            N_("Round %(rounds)s negotiates this case. Give it another one first."), rounds=numbers
        )
    _record(actor, "case.deleted", case, name=case.title)
    db.session.execute(delete(Case).where(Case.id == case.id))


def assign_case(
    *,
    actor: Actor,
    facts: RoundFacts,
    case: Case | None,
    release_at: datetime | None,
    judges_read: bool,
    coaches_read: bool,
) -> RoundCase | None:
    """Say which case a round negotiates and when it may be read; None takes it away again.

    Raises Conflict once somebody may have read it, and where a team would read another role of the same case.
    """
    row = find_round_case(facts.id)
    if row is not None and is_open(row, utc_now()) and (case is None or case.id != row.case_id):
        raise Conflict(N_("This case may be read already, so the round keeps it. Close it first."))
    if case is None:
        if row is not None:
            db.session.delete(row)
            db.session.flush()
        return None
    refuse_second_role(facts, case)
    if row is None:
        row = RoundCase(round_id=facts.id, case_id=case.id)
        db.session.add(row)
    row.case_id, row.release_at = case.id, release_at
    row.judges_read, row.coaches_read = judges_read, coaches_read
    db.session.flush()
    _record(actor, "case.assigned", case, round=facts.number)
    return row


def set_released(*, actor: Actor, facts: RoundFacts, case: Case, is_released: bool) -> None:
    """Release a round's case by hand, or close it again (what was read was read). Raises Conflict."""
    row = find_round_case(facts.id)
    if row is None:
        raise Conflict(N_("This round has no case yet."))
    if is_released:
        refuse_second_role(facts, case)
        _refuse_without_briefs(case)
        row.released_at = row.released_at or utc_now()
    else:
        row.released_at, row.release_at = None, None
    db.session.flush()
    _record(actor, "case.released" if is_released else "case.closed", case, round=facts.number)


def refuse_second_role(facts: RoundFacts, case: Case) -> None:
    """Where teams change roles, a case is negotiated once: nobody may get it in a role after reading another."""
    edition = get_edition_by_id(facts.edition_id)
    if edition.role_policy == "fixed":
        return
    others = [number for number, row in rounds_of_case(case.id) if row.round_id != facts.id]
    if others:
        raise Conflict(
            N_(
                "Round %(rounds)s negotiates this case already. Teams change roles, so each round needs its own."
            ),
            rounds=", ".join(map(str, others)),
        )
    for table in tables_of_draw(facts.draw_id) if facts.draw_id is not None else []:
        for role, team in table.seats.items():
            if team is not None and roles_read(case.id, team) - {role.value}:
                raise Conflict(
                    N_("A team at table %(table)s has read this case in another role."), table=table.name
                )


def _refuse_without_briefs(case: Case) -> None:
    briefs = newest_briefs(case.id)
    missing = [role.value for role in ROLES if role.value not in briefs]
    if missing:
        raise Conflict(N_("%(count)s of the four briefs are not written yet."), count=len(missing))


def _record(actor: Actor, verb: str, case: Case, **details: object) -> None:
    scope = edition_scope(case.edition_id)
    record(actor, verb, "case", case.id, scope=scope, details=details)
    bump(scope)
