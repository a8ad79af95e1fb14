"""Certificates on paper: a page each, in English and Chinese, with the code that anybody can have confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from competition.editions.public import Edition
from competition.rounds.public import role_words
from core.links import public_address
from core.localised import in_language
from core.pdf import Document
from core.roles import Role
from judging.closing.certificates import spoken_code
from judging.closing.models import Certificate

LANGUAGES = ("en", "zh_Hans")


def verify_address(code: str) -> str:
    """Where a certificate's code is confirmed."""
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build("verify.show", {"code": spoken_code(code)}))


def certificates_pdf(
    edition: Edition,
    certificates: Iterable[Certificate],
    progress: Callable[[int], None] = lambda _done: None,
) -> tuple[bytes, int]:
    """The certificates as one document, and its number of pages."""
    title = in_language(edition.name, edition.name_zh, "en")
    paper = Document(title=title, is_landscape=True, is_numbered=False)
    pages = 0
    for pages, certificate in enumerate(certificates, 1):
        paper.add_page()
        _page(paper, edition, certificate)
        progress(pages)
    return paper.made(), pages


def _page(paper: Document, edition: Edition, certificate: Certificate) -> None:
    paper.space(14)
    paper.text(
        _each_language(lambda _locale: title_of(certificate)), size=26, is_strong=True, is_centred=True
    )
    paper.space(8)
    paper.text(_each_language(lambda _locale: _("This is to certify that")), is_muted=True, is_centred=True)
    paper.space(4)
    names = certificate.name
    if certificate.name_local:
        names = f"{certificate.name}  {certificate.name_local}"
    paper.text(names, size=28, is_strong=True, is_centred=True)
    paper.space(6)
    for text in dict.fromkeys(
        _in(locale, lambda at: words_of(edition, certificate, at)) for locale in LANGUAGES
    ):
        paper.text(text, size=13, is_centred=True)
        paper.space(2)
    if certificate.award:
        both = dict.fromkeys((certificate.award, certificate.award_zh or certificate.award))
        paper.space(3)
        paper.text("  ".join(both), size=22, is_strong=True, is_centred=True)
    paper.space(6)
    paper.text(_when_and_where(edition), is_muted=True, is_centred=True)
    address = verify_address(certificate.code)
    paper.code(address, x=16, y=165, size=28)
    paper.at(48, 176)
    paper.text(
        _each_language(lambda _locale: _("Confirm this certificate at %(address)s", address=address)), size=9
    )


def _in(locale: str, words: Callable[[str], str]) -> str:
    with force_locale(locale):
        return words(locale)


def _each_language(words: Callable[[str], str]) -> str:
    """The words in English and Chinese, once where both are the same."""
    return "\n".join(dict.fromkeys(_in(locale, words) for locale in LANGUAGES))


def title_of(certificate: Certificate) -> str:
    """What the certificate is called, in the language that is set."""
    if certificate.kind == "award":
        return _("Certificate of award")
    if certificate.kind == "judge":
        return _("Certificate of appreciation")
    return _("Certificate of participation")


def words_of(edition: Edition, certificate: Certificate, locale: str) -> str:
    """What it certifies, in one sentence after the name, in the language that is set."""
    values = {
        "edition": in_language(edition.name, edition.name_zh, locale),
        "team": _team(certificate),
    }
    if certificate.kind == "judge":
        return _("served as a judge at %(edition)s.", **values)
    if certificate.kind == "coach":
        return _("coached %(team)s at %(edition)s.", **values)
    if certificate.kind == "award" and certificate.delegate_id is None:
        return _("of %(team)s is awarded at %(edition)s", **values)
    if certificate.role:
        role = role_words(Role(certificate.role))
        if certificate.kind == "award":
            return _("of %(team)s, in the role of %(role)s, is awarded at %(edition)s", role=role, **values)
        return _(
            "took part in %(edition)s as a delegate of %(team)s, in the role of %(role)s.",
            role=role,
            **values,
        )
    if certificate.kind == "award":
        return _("of %(team)s is awarded at %(edition)s", **values)
    return _("took part in %(edition)s as a delegate of %(team)s.", **values)


def _team(certificate: Certificate) -> str:
    if certificate.institution and certificate.institution not in certificate.team:
        return _("%(team)s (%(institution)s)", team=certificate.team, institution=certificate.institution)
    return certificate.team


def _when_and_where(edition: Edition) -> str:
    days = [day for day in (edition.starts_on, edition.ends_on) if day is not None]
    lines = []
    for locale in LANGUAGES:
        span = " – ".join(dict.fromkeys(format_date(day, "long", locale=locale) for day in days))
        lines.append(" · ".join(part for part in (edition.place, span) if part))
    return "\n".join(dict.fromkeys(line for line in lines if line))
