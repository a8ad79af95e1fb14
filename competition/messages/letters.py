"""A mail's text for one reader: which language, what the placeholders stand for, the lines at its end. Pure but for
the words of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from flask_babel import force_locale, gettext

from core.errors import Invalid
from core.localised import N_

PLACE = re.compile(r"\{([A-Za-z_]{1,40})\}")
PLACEHOLDERS = {
    "name": N_("the reader’s name"),
    "team": N_("their team"),
    "role": N_("their team’s role"),
    "institution": N_("their institution"),
    "edition": N_("the name of the edition"),
    "place": N_("where it takes place"),
    "starts_on": N_("its first day"),
    "page": N_("the address of their own page"),
}
MOST_BODY = 20_000


class Texts(Protocol):
    """Something with a subject and a body in both languages."""

    subject: str
    subject_zh: str
    body: str
    body_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A subject and a body in one language; `missing` are the placeholders that stand for nothing here."""

    locale: str
    subject: str
    body: str
    missing: tuple[str, ...] = ()


def checked_places(*texts: str) -> None:
    """Raise Invalid when a text uses a place that is not on the list."""
    unknown = sorted({found for text in texts for found in PLACE.findall(text) if found not in PLACEHOLDERS})
    if unknown:
        raise Invalid(
            N_("There is no placeholder %(names)s. Choose from the list beside the text."),
            names=", ".join(f"{{{name}}}" for name in unknown),
        )


def language_for(texts: Texts, wanted: str) -> str:
    """The reader's language if subject and body are both written in it, otherwise the one in which they are."""
    written = {
        "en": bool(texts.subject and texts.body),
        "zh_Hans": bool(texts.subject_zh and texts.body_zh),
    }
    if written.get(wanted):
        return wanted
    return next((locale for locale, is_written in written.items() if is_written), "en")


def letter_for(texts: Texts, locale: str, values: Mapping[str, str]) -> Letter:
    """The texts with their places filled, in the language they are written in that is nearest to `locale`."""
    language = language_for(texts, locale)
    chinese = language == "zh_Hans"
    subject, body = (texts.subject_zh, texts.body_zh) if chinese else (texts.subject, texts.body)
    used = dict.fromkeys(PLACE.findall(subject + body))
    return Letter(
        locale=language,
        subject=" ".join(_filled(subject, values).split())[:300],
        body=_filled(body, values),
        missing=tuple(name for name in used if not values.get(name)),
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda found: values.get(found[1], "") if found[1] in PLACEHOLDERS else found[0], text)


def signed(letter: Letter, *, edition: str, lines: Iterable[str]) -> str:
    """The body with the lines at its end, below a rule."""
    with force_locale(letter.locale):
        reason = gettext("You get this because you take part in %(edition)s.", edition=edition)
    return "\n".join([letter.body.rstrip(), "", "-- ", reason, *lines, ""])


def farewell(locale: str, unsubscribe: str | None) -> str:
    """How to get no more of these; of an essential mail, that it cannot be unsubscribed."""
    with force_locale(locale):
        if unsubscribe is None:
            return gettext("It is needed for taking part, so it comes to everybody concerned.")
        return gettext("No more mails like this: %(address)s", address=unsubscribe)
