"""The addresses of an audience: a line per address, in its reader's language, with what the placeholders stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from accounts.public import get_people, user_account
from competition.editions.public import Edition
from competition.entries.public import institution_table, team_table
from competition.messages.audiences import Reader, readers_of
from competition.messages.models import MailChoice
from competition.rounds.public import role_words
from core.db import db
from core.links import public_address
from core.localised import in_language
from core.roles import ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One address and whom it belongs to."""

    address: str
    is_private: bool
    name: str
    locale: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """An audience as addresses: who gets it, who has none, how many share one, how many want no more."""

    recipients: tuple[Recipient, ...]
    nameless: tuple[str, ...]
    sharing: int
    unsubscribed: int

    @property
    def count(self) -> int:
        return len(self.recipients)


def addressed(edition: Edition, audience: str, *, is_essential: bool) -> Addressed:
    """Who gets a mail to an audience now. Who wants no more is left out, unless it is essential."""
    readers = readers_of(edition, audience)
    refused = set() if is_essential else refusing(edition.id)
    words = _Words(edition, readers)
    found: dict[str, Recipient] = {}
    nameless, sharing, unsubscribed = [], 0, 0
    for reader in readers:
        address, is_private = words.address_of(reader)
        key = address.casefold()
        if not address:
            nameless.append(reader.name or reader.name_local)
        elif key in refused:
            unsubscribed += 1
        elif key in found:
            sharing += 1
        else:
            found[key] = words.recipient(reader, address, is_private)
    return Addressed(
        recipients=tuple(found.values()),
        nameless=tuple(nameless),
        sharing=sharing,
        unsubscribed=unsubscribed,
    )


def refusing(edition_id: int) -> set[str]:
    """The addresses that want no more mail of an edition that is not essential."""
    query = select(MailChoice.address).where(
        MailChoice.edition_id == edition_id, MailChoice.unsubscribed_at.is_not(None)
    )
    return set(db.session.scalars(query))


class _Words:
    """What the placeholders stand for, read in a handful of queries for all readers."""

    def __init__(self, edition: Edition, readers: Sequence[Reader]) -> None:
        self.edition = edition
        self.default = "zh_Hans" if edition.languages.startswith("zh") else "en"
        people = {reader.person_id for reader in readers if reader.person_id is not None}
        self.cards = get_people(people)
        self.accounts = _accounts(people)
        self.teams = _by_id(team_table, {reader.team_id for reader in readers})
        self.institutions = _by_id(institution_table, {reader.institution_id for reader in readers})
        self.page = public_address(_path_of("participant.show", slug=edition.slug))
        self.roles = {locale: _roles(locale) for locale in ("en", "zh_Hans")}

    def address_of(self, reader: Reader) -> tuple[str, bool]:
        """(address, whether it is the account's own): the roster's first."""
        if reader.contact:
            return reader.contact.strip(), False
        if reader.person_id is not None and reader.person_id in self.accounts:
            return self.accounts[reader.person_id], True
        return "", False

    def recipient(self, reader: Reader, address: str, is_private: bool) -> Recipient:
        """A reader as a line of a mailing."""
        card = self.cards.get(reader.person_id) if reader.person_id is not None else None
        locale = card.locale if card is not None else self.default
        name = in_language(reader.name, reader.name_local, locale)
        if not name and card is not None:
            name = in_language(card.name, card.name_local, locale)
        return Recipient(
            address=address,
            is_private=is_private,
            name=name[:200],
            locale=locale,
            values=self._values(reader, name, locale),
        )

    def _values(self, reader: Reader, name: str, locale: str) -> dict[str, str]:
        edition, team = self.edition, self.teams.get(reader.team_id)
        institution = self.institutions.get(reader.institution_id)
        return {
            "name": name,
            "team": team.name if team is not None else "",
            "role": self.roles[locale].get(team.role, "") if team is not None else "",
            "institution": (
                in_language(institution.name, institution.name_local, locale) or institution.code
                if institution is not None
                else ""
            ),
            "edition": in_language(edition.name, edition.name_zh, locale),
            "place": edition.place,
            "starts_on": format_date(edition.starts_on, "long", locale=locale) if edition.starts_on else "",
            "page": self.page,
        }


def _path_of(endpoint: str, **values: str) -> str:
    """The path of a page, with or without a request."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def _roles(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {role.value: role_words(role) for role in ROLES}


def _accounts(people: Iterable[int]) -> dict[int, str]:
    query = select(user_account.c.person_id, user_account.c.email).where(
        user_account.c.person_id.in_(list(people)), user_account.c.email_confirmed_at.is_not(None)
    )
    return {row.person_id: row.email for row in db.session.execute(query)}


def _by_id(table: Any, keys: Iterable[int | None]) -> dict[int | None, Any]:
    wanted = [key for key in keys if key is not None]
    return {row.id: row for row in db.session.execute(select(table).where(table.c.id.in_(wanted)))}
