"""An entry in words: when, who, what, about whom or what, and the few details that say more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from competition.editions.public import Edition, to_local
from core.audit import AuditEntry
from core.localised import N_, joined, local_day
from core.roles import Role
from tabroom.log.actors import actor_of, faces, holders
from tabroom.log.deeds import DEEDS
from tabroom.log.fields import field_names
from tabroom.log.subjects import Named, Names, keys_of, names_for, subject_of

MOST_NAMES = 8
ABOUT_FROM_DETAILS = {"scoresheet": "table", "dispute": "table"}
"""Things that are best named by a detail."""

VALUES: dict[str, dict[str, str]] = {
    "role": {
        Role.GOVERNMENT.value: N_("Government"),
        Role.ENTERPRISE.value: N_("Enterprise"),
        Role.LOCAL_NGO.value: N_("Local NGO"),
        Role.IGO.value: N_("IGO"),
    },
    "fee": {"none": N_("no fee"), "due": N_("due"), "paid": N_("paid"), "waived": N_("waived")},
    "outcome": {
        "played": N_("took part"), "late": N_("came late"), "absent": N_("was absent"), "left": N_("left early"),
    },
    "kind": {
        "query": N_("Query"), "protest": N_("Protest"), "appeal": N_("Appeal"),
    },
    "list": {
        "teams": N_("Teams"), "people": N_("Delegates"), "judges": N_("Judges"),
        "institutions": N_("Institutions"), "arrivals": N_("Arrivals"), "openings": N_("Opened briefs"),
        "addresses": N_("Addresses"), "log": N_("Log"),
    },
    "way": {"self": N_("by themselves")},
}  # fmt: skip
LABELS: dict[str, str] = {
    "changed": N_("Changed"),
    "round": N_("Round"),
    "after_round": N_("After round"),
    "table": N_("Table"),
    "tables": N_("Tables"),
    "team": N_("Team"),
    "teams": N_("Teams"),
    "judge": N_("Judge"),
    "judge_id": N_("Judge"),
    "by": N_("In their place"),
    "judges": N_("Judges"),
    "out": N_("Does not take part"),
    "in": N_("Takes part instead"),
    "into": N_("Merged into"),
    "person_id": N_("Person"),
    "name": N_("Name"),
    "code": N_("Criterion"),
    "role": N_("Role"),
    "kind": N_("Kind"),
    "outcome": N_("Outcome"),
    "amount": N_("Marks"),
    "fee": N_("Fee"),
    "list": N_("List"),
    "way": N_("How"),
    "day": N_("Day"),
    "rows": N_("Rows"),
    "count": N_("Number"),
    "recipients": N_("Recipients"),
    "places": N_("Places"),
    "reserves": N_("Reserves"),
    "people": N_("People"),
    "minutes": N_("Minutes"),
    "applications": N_("Applications"),
    "sensitive_answers": N_("Sensitive answers"),
    "issued": N_("Issued"),
    "replaced": N_("Replaced"),
    "from_round": N_("From round"),
}
"""The details that are shown. Any other stays in the database: seeds, reasons, file names, what was read out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of the log."""

    at: datetime
    kind: str
    who: Named
    what: str
    about: Named | None
    is_gone: bool
    details: tuple[tuple[str, str], ...]


def lines_of(edition: Edition, entries: Sequence[AuditEntry]) -> list[LogLine]:
    """These entries in the reader's language."""
    concerned = [key for entry in entries for key in (entry.person_id, entry.details.get("person_id"))]
    people = faces(edition, only={key for key in concerned if key is not None})
    links = holders(edition, {entry.link_id for entry in entries if entry.link_id is not None})
    names = names_for(edition, entries)
    return [_line(entry, people, links, names) for entry in entries]


def by_day(edition: Edition, lines: Iterable[LogLine]) -> list[tuple[date, list[LogLine]]]:
    """The lines under the days of the edition's wall clock, in the order they have."""
    days = groupby(lines, key=lambda line: to_local(line.at, edition.timezone).date())
    return [(day, list(group)) for day, group in days]


def _line(
    entry: AuditEntry, people: Mapping[int, Named], links: Mapping[int, Named], names: Names
) -> LogLine:
    deed = DEEDS[entry.thing, entry.verb]
    subject, used = subject_of(entry), ""
    if subject is None and (used := ABOUT_FROM_DETAILS.get(entry.thing, "")):
        subject = next(iter(keys_of(used, entry.details.get(used))), None)
    who = actor_of(entry, people, links)
    details = _details(entry, people, names, without=used)
    return LogLine(
        at=entry.at,
        kind=deed.kind,
        who=who,
        what=_(deed.text),
        about=names.get(subject) if subject is not None else None,
        is_gone=subject is not None and subject not in names,
        details=tuple(line for line in details if line[1] != who.name),
    )


def _details(
    entry: AuditEntry, people: Mapping[int, Named], names: Names, *, without: str
) -> Iterator[tuple[str, str]]:
    for name, value in entry.details.items():
        if name not in LABELS or name == without or (name == "round" and ("round", entry.thing_id) in names):
            continue
        if text := _said(name, value, people, names):
            yield _(LABELS[name]), text


def _said(name: str, value: Any, people: Mapping[int, Named], names: Names) -> str:
    if name == "person_id":
        return people[value].name if value in people else ""
    if keys := keys_of(name, value):
        return _listed([names[key].name for key in keys if key in names])
    if name == "changed":
        return _listed(field_names(value))
    if name == "day":
        return local_day(date.fromisoformat(value))
    if name in VALUES:
        word = VALUES[name].get(str(value))
        return _(word) if word else ""
    if isinstance(value, list):
        return _listed([str(each) for each in value if isinstance(each, str)])
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _listed(texts: Sequence[str]) -> str:
    shown = list(texts[:MOST_NAMES])
    if len(texts) > MOST_NAMES:
        shown.append(_("%(count)d more", count=len(texts) - MOST_NAMES))
    return joined(shown)
