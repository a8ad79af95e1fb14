"""The long lists of people as spreadsheets: who took one away is on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from competition.editions.public import Edition, split_list
from competition.entries.forms import FEE_NAMES, ROLE_NAMES, STATUS_NAMES
from competition.entries.listing import InstitutionFilter, institution_lines
from competition.entries.models import Delegate, Team
from competition.entries.queries import TeamLine, institutions_of, judges_of, team_lines
from competition.entries.registering.models import Answer
from competition.entries.registering.people import PeopleFilter, people_of
from competition.entries.registering.questions import label_of, questions_of, shown_answer
from core.access import Actor
from core.audit import edition_scope, record
from core.db import db
from core.languages import shown_languages
from core.localised import country_name, joined
from core.spreadsheets import WorkbookWriter

KINDS = ("teams", "people", "judges", "institutions")
Rows = tuple[Sequence[str], list[Sequence[Any]]]


def export_list(*, actor: Actor, edition: Edition, kind: str) -> bytes:
    """One list as a spreadsheet file, with the edition's own questions as further columns."""
    make = {"teams": _teams, "people": _people, "judges": _judges, "institutions": _institutions}[kind]
    headers, rows = make(edition)
    writer = WorkbookWriter(title=edition.name)
    writer.add_sheet(kind.capitalize(), headers, rows)
    scope = edition_scope(edition.id)
    record(
        actor, "export_list", "edition", edition.id, scope=scope, details={"list": kind, "rows": len(rows)}
    )
    return writer.save()


def _teams(edition: Edition) -> Rows:
    headers, answers = _answers(edition, "team")
    columns = _team_columns(edition)
    nothing = [""] * len(headers)
    rows: list[Sequence[Any]] = [
        (*(value(line) for _name, value in columns), *answers.get(line.id, nothing))
        for line in team_lines(edition.id)
    ]
    return (*(name for name, _value in columns), *headers), rows


def _team_columns(edition: Edition) -> Sequence[tuple[str, Callable[[TeamLine], Any]]]:
    """What stands over each column, and what stands in it for a team."""
    is_captain = (Delegate.edition_id == edition.id, Delegate.is_captain)
    captains = _by_key(select(Delegate.team_id, Delegate.contact).where(*is_captain))
    coaches = _by_key(select(Team.id, Team.coach_contact).where(Team.edition_id == edition.id))
    return (
        (_("Team"), attrgetter("name")),
        (_("Institution"), attrgetter("institution")),
        (_("Local name"), attrgetter("institution_local")),
        (_("Country"), lambda line: country_name(line.country) if line.country else ""),
        (_("Status"), lambda line: _word(STATUS_NAMES, line.status)),
        (_("Role"), lambda line: _word(ROLE_NAMES, line.role)),
        (_("Wished roles"), lambda line: joined(_word(ROLE_NAMES, role) for role in split_list(line.wishes))),
        (_("Divisions"), lambda line: ";".join(line.divisions)),
        (_("Delegates"), attrgetter("delegates")),
        (_("Confirmed"), attrgetter("confirmed")),
        (_("Fee"), lambda line: _word(FEE_NAMES, line.fee) if line.fee != "none" else ""),
        (_("Captain"), lambda line: captains.get(line.id, "")),
        (_("Adviser or coach"), attrgetter("coach")),
        (_("E-mail of the adviser or coach"), lambda line: coaches.get(line.id, "")),
        (_("Registered on"), lambda line: _moment(line.created_at)),
    )


def _by_key(query: Select[int, str]) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _people(edition: Edition) -> Rows:
    headers, answers = _answers(edition, "delegate")
    keys = dict(
        db.session.execute(
            select(Delegate.public_id, Delegate.id).where(Delegate.edition_id == edition.id)
        ).all()
    )
    rows: list[Sequence[Any]] = [
        (
            line.code,
            line.name,
            line.name_local,
            line.contact,
            line.team,
            line.institution,
            _word(STATUS_NAMES, line.team_status),
            _("yes") if line.is_captain else "",
            _moment(line.confirmed_at),
            *answers.get(keys[line.public_id], [""] * len(headers)),
        )
        for line in people_of(edition.id, PeopleFilter())
    ]
    names = (
        _("Code"),
        _("Name"),
        _("Name in their own script"),
        _("E-mail"),
        _("Team"),
        _("Institution"),
        _("Status"),
        _("Captain"),
        _("Confirmed"),
    )
    return (*names, *headers), rows


def _judges(edition: Edition) -> Rows:
    homes = {row.id: row.name or row.code for row in institutions_of(edition.id)}
    rows: list[Sequence[Any]] = [
        (
            row.code,
            row.name,
            row.name_local,
            row.contact,
            homes.get(row.institution_id or 0, ""),
            row.rating,
            joined(shown_languages(row.languages)),
            row.expertise,
            row.site,
            _moment(row.accepted_at),
        )
        for row in judges_of(edition.id)
    ]
    names = (
        _("Code"),
        _("Name"),
        _("Name in their own script"),
        _("E-mail"),
        _("Institution"),
        _("Rating"),
        _("Languages"),
        _("Expertise"),
        _("Site"),
        _("Accepted"),
    )
    return names, rows


def _institutions(edition: Edition) -> Rows:
    rows: list[Sequence[Any]] = [
        (
            line.institution.code,
            line.institution.name,
            line.institution.name_local,
            country_name(line.institution.country) if line.institution.country else "",
            line.teams,
            line.judges,
        )
        for line in institution_lines(edition.id, InstitutionFilter())
    ]
    names = (_("Short name"), _("Full name"), _("Local name"), _("Country"), _("Teams"), _("Judges"))
    return names, rows


def _word(words: Mapping[str, Any], code: str | None) -> str:
    return str(words.get(code or "", code or ""))


def _answers(edition: Edition, audience: str) -> tuple[list[str], dict[int, list[str]]]:
    """The questions as headers, and every subject's answers in their order."""
    questions = list(questions_of(edition.id, audience))
    places = {question.id: place for place, question in enumerate(questions)}
    column = Answer.team_id if audience == "team" else Answer.delegate_id
    found: dict[int, list[str]] = {}
    query = select(column, Answer.question_id, Answer.text).where(Answer.question_id.in_(places))
    for subject, question_id, text in db.session.execute(query):
        row = found.setdefault(subject or 0, [""] * len(questions))
        row[places[question_id]] = shown_answer(questions[places[question_id]], text)
    return [label_of(question) for question in questions], found


def _moment(moment: datetime | None) -> datetime | None:
    """Spreadsheets know no zones: the moment in UTC."""
    return moment.replace(tzinfo=None) if moment else None
