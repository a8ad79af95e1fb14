"""The consent text: what a person reads before saying yes, in their language, and the hash that proves it.

A change of meaning here is a new TEXT_VERSION in talent_pool/consent.py. The live list of employers stands beside the
text, not in it; who was on it is kept with each consent record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cached_property, lru_cache

from flask import current_app
from flask_babel import force_locale, gettext
from flask_babel import gettext as _

from core.localised import N_, chosen_locale, translated
from talent_pool.consent import TEXT_VERSION, home_country
from talent_pool.labels import country_name

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("What employers see"),
        (
            N_(
                "A card with a random name, such as 7KQM-X3PD, and what you choose to show: no name, "
                "university, team or address. They can search in nothing else. Employers may guess "
                "who you are."
            ),
        ),
    ),
    (
        N_("Who learns your name"),
        (
            N_(
                "An employer asks you for one opportunity. If you say yes, within 14 days and before "
                "it closes, that employer alone gets your name, address, university and CV."
            ),
        ),
    ),
    (
        N_("What it is used for"),
        (
            N_(
                "So that employers can ask you about posts, internships and traineeships. Anything "
                "else has its own box below."
            ),
        ),
    ),
    (
        N_("Who is answerable"),
        (
            N_(
                "%(name)s (%(contact)s), in %(country)s; each employer for what it does with what it "
                "sees. Your university, coach and organisers cannot see whether you joined."
            ),
        ),
    ),
    (
        N_("Where and how long"),
        (
            N_(
                "In %(country)s, until you leave, at most two years after your last yes; we remind "
                "you a month before. After that only the proof of your yes and your leaving is kept, "
                "without the card."
            ),
        ),
    ),
    (
        N_("How you leave"),
        (
            N_(
                "One button on your page, at any moment. Card, CV and requests are deleted at once; "
                "employers who know who you are get asked to delete that, too, but downloads we "
                "cannot take back. You can also pause, get, correct or erase your data, and complain "
                "to the data protection authority."
            ),
        ),
    ),
)
"""Heading and paragraphs in the order in which they are read, for translation when they are."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, one string a paragraph."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The whole text in one language."""

    version: str
    language: str
    sections: tuple[Section, ...]

    @cached_property
    def text(self) -> str:
        """As it is kept and hashed: paragraphs in lines, sections apart."""
        return "\n\n".join("\n".join((one.title, *one.paragraphs)) for one in self.sections)

    @cached_property
    def text_hash(self) -> str:
        """SHA-256 of version, language and text."""
        return hashlib.sha256(f"{self.version}\n{self.language}\n{self.text}".encode()).hexdigest()


def present_notice(language: str | None = None) -> Notice:
    """The text that is in force, in the reader's language or the one asked for."""
    locale = language or chosen_locale()
    with force_locale(locale):
        who = controller()
    return _notice(locale, who["name"], who["contact"], country_name(home_country(), locale))


def kept_notice(version: str, language: str, text: str) -> Notice:
    """A text as it was kept, read back into its sections."""
    parts = (part.split("\n") for part in text.split("\n\n"))
    sections = tuple(Section(title, tuple(paragraphs)) for title, *paragraphs in parts)
    return Notice(version=version, language=language, sections=sections)


def controller() -> dict[str, str]:
    """Who is answerable for the pool: the operator of this installation."""
    settings = current_app.extensions["parley_settings"]
    return {
        "name": settings.operator_name or _("The operator of this installation"),
        "contact": settings.operator_contact or parseaddr(settings.mail_from)[1],
        "country": settings.country,
    }


@lru_cache(maxsize=16)
def _notice(language: str, name: str, contact: str, country: str) -> Notice:
    """Made once for each language and controller: every act of consent refers to it."""
    values: dict[str, object] = {"name": name, "contact": contact, "country": country}
    with force_locale(language):
        sections = [
            Section(gettext(title), tuple(translated(paragraph, values) for paragraph in paragraphs))
            for title, paragraphs in SECTIONS
        ]
    return Notice(version=TEXT_VERSION, language=language, sections=tuple(sections))
