"""The consent text: what a person reads before saying yes, in their language, and the hash that proves it.

A change of meaning here is a new TEXT_VERSION in talent_pool/consent.py. The live list of employers stands beside the
text, not in it; who was on it is kept with each consent record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.utils import parseaddr

from flask import current_app
from flask_babel import gettext as _

from core.localised import chosen_locale
from talent_pool.consent import TEXT_VERSION, home_country
from talent_pool.labels import country_name


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, one string a paragraph."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The whole text in one language."""

    version: str
    language: str
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        return "\n\n".join("\n".join((one.title, *one.paragraphs)) for one in self.sections)

    @property
    def text_hash(self) -> str:
        """SHA-256 of version, language and text."""
        return hashlib.sha256(f"{self.version}\n{self.language}\n{self.text}".encode()).hexdigest()


def present_notice(language: str | None = None) -> Notice:
    """The text that is in force, in the reader's language."""
    return Notice(
        version=TEXT_VERSION,
        language=language or chosen_locale(),
        sections=tuple(Section(title, tuple(paragraphs)) for title, paragraphs in _sections()),
    )


def controller() -> dict[str, str]:
    """Who is answerable for the pool: the operator of this installation."""
    settings = current_app.extensions["parley_settings"]
    return {
        "name": settings.operator_name or _("The operator of this installation"),
        "contact": settings.operator_contact or parseaddr(settings.mail_from)[1],
        "country": settings.country,
    }


def _sections() -> list[tuple[str, list[str]]]:
    who = controller()
    country = country_name(home_country())
    return [
        (
            _("What employers see"),
            [
                _(
                    "A card under a random name, such as 7KQM-X3PD, with what you choose to put on "
                    "it. No name, no university, no team, no address. Employers can search only for "
                    "what the card shows."
                ),
                _("Employers may guess who you are."),
            ],
        ),
        (
            _("Your name, contact, university and CV"),
            [
                _(
                    "An employer can ask for them for one opportunity. They get them only if you say "
                    "yes, and only that employer. You have 14 days to answer; without an answer they "
                    "learn nothing."
                )
            ],
        ),
        (
            _("Who is answerable"),
            [
                _(
                    "%(name)s (%(contact)s), in %(country)s. Each employer is answerable itself for "
                    "what it does with what it sees.",
                    name=who["name"],
                    contact=who["contact"],
                    country=country,
                ),
                _(
                    "Your university, your coach and the organisers of competitions cannot see "
                    "whether you joined."
                ),
            ],
        ),
        (
            _("What for"),
            [
                _("So that employers can find you and ask you about posts, internships and traineeships."),
                _("Each further purpose below has a box of its own, and nothing depends on it."),
            ],
        ),
        (
            _("Where it is kept, and how long"),
            [
                _(
                    "In %(country)s, until you leave, at the longest two years after your last yes. "
                    "We remind you a month before; without a new yes it ends by itself.",
                    country=country,
                ),
                _(
                    "Afterwards we keep the record that you said yes and when you left, without your "
                    "card, so that both of us can prove it."
                ),
            ],
        ),
        (
            _("How you leave"),
            [
                _(
                    "One button on your page, at any moment, as easily as you joined. Your card, "
                    "your CV and all requests are deleted at once. Employers who learned who you are "
                    "get asked to delete it and to confirm that; what somebody has already "
                    "downloaded, we cannot take back."
                ),
                _(
                    "You can also pause, change who sees you, get all your data, have it corrected "
                    "or erased, and complain to the data protection authority."
                ),
            ],
        ),
    ]
