"""Mails about an application: received, the answer with its reason, the team, a reviewer's link."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale, gettext

from accounts.public import find_person
from competition.applications.models import Application, Reviewer
from competition.editions.public import Edition
from core import outbox
from core.audit import edition_scope
from core.links import PrivateLink, public_address
from core.localised import in_language


def _locale(edition: Edition, person_id: int | None) -> str:
    person = find_person(person_id) if person_id is not None else None
    if person is not None:
        return person.locale
    return "zh_Hans" if edition.languages.startswith("zh") else "en"


def post_received(edition: Edition, application: Application) -> None:
    """Say that the application has arrived, and until when it can be changed."""
    with force_locale(locale := _locale(edition, application.person_id)):
        title = in_language(edition.name, edition.name_zh, locale)
        _send(
            edition,
            application.contact,
            locale,
            "application_received",
            gettext("%(edition)s: your application has arrived", edition=title),
            [
                gettext("Dear %(name)s,", name=application.name),
                gettext("your application for %(edition)s has arrived.", edition=title),
                gettext("You can read, change or withdraw it here: %(link)s", link=_page(edition)),
            ],
        )


def post_answer(edition: Edition, application: Application) -> None:
    """Tell an applicant what was decided, with the reason."""
    with force_locale(locale := _locale(edition, application.person_id)):
        title = in_language(edition.name, edition.name_zh, locale)
        answers = {
            "accepted": gettext("you have been chosen to take part in %(edition)s.", edition=title),
            "reserve": gettext(
                "you are on the list of reserves for %(edition)s. When somebody withdraws, the next reserve moves up.",
                edition=title,
            ),
            "declined": gettext("you have not been chosen for %(edition)s this time.", edition=title),
        }
        _send(
            edition,
            application.contact,
            locale,
            "application_answer",
            gettext("%(edition)s: the organisers' answer", edition=title),
            [
                gettext("Dear %(name)s,", name=application.name),
                answers[application.state],
                gettext("The organisers write: %(reason)s", reason=application.reason)
                if application.reason
                else "",
                gettext("Your application: %(link)s", link=_page(edition)),
            ],
        )


def post_team(edition: Edition, application: Application, team: str, mates: Sequence[str]) -> None:
    """Tell a delegate which team they are in, and with whom."""
    with force_locale(locale := _locale(edition, application.person_id)):
        title = in_language(edition.name, edition.name_zh, locale)
        lines = [
            gettext("Dear %(name)s,", name=application.name),
            gettext("your team in %(edition)s is %(team)s.", edition=title, team=team),
            gettext("With you in it:") + "\n" + "\n".join(f"- {mate}" for mate in mates),
            gettext("Your page: %(link)s", link=public_address("/")),
        ]
        _send(
            edition,
            application.contact,
            locale,
            "application_team",
            gettext("%(edition)s: your team", edition=title),
            lines,
        )


def post_reviewer_link(edition: Edition, reviewer: Reviewer, link: PrivateLink) -> None:
    """Mail a reviewer the way to the applications."""
    place = outbox.secret("link", link.id)
    with force_locale(locale := _locale(edition, reviewer.person_id)):
        title = in_language(edition.name, edition.name_zh, locale)
        outbox.post(
            to=reviewer.contact,
            subject=gettext("%(edition)s: applications for you to review", edition=title),
            body=gettext(
                "Dear %(name)s,\n\nplease help to choose who takes part in %(edition)s. Your personal link:\n\n"
                "%(link)s\n\nPlease do not pass it on: whoever opens it acts in your name.",
                name=reviewer.name,
                edition=title,
                link=place,
            ),
            kind="reviewer_link",
            scope=edition_scope(edition.id),
            locale=locale,
            secrets=[place],
        )


def _page(edition: Edition) -> str:
    """The address of the application, also where no request is being answered (commands)."""
    routes = current_app.url_map.bind("localhost")
    return public_address(routes.build("applying.show", {"slug": edition.slug}))


def _send(edition: Edition, address: str, locale: str, kind: str, subject: str, lines: Sequence[str]) -> None:
    outbox.post(
        to=address,
        subject=subject[:300],
        body="\n\n".join(line for line in lines if line) + "\n",
        kind=kind,
        scope=edition_scope(edition.id),
        locale=locale,
    )
