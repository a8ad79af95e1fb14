"""Mail of the talent pool, each in its reader's language and without anybody else's personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.public import confirmed_address, find_person
from core.db import db
from core.links import public_address
from core.localised import in_language
from core.outbox import post, secret
from talent_pool.models import Employer, EmployerMember

CODE = "employer_domain_code"
Text = Callable[[str], tuple[str, list[str]]]


def post_request(employer: Employer, person_id: int, day: date) -> None:
    """Tell a person that an employer asks for contact; who it is and what they write stands on their page."""

    def text(locale: str) -> tuple[str, list[str]]:
        name = in_language(employer.name, employer.name_local, locale)
        return _("An employer would like to contact you"), [
            _("%(name)s has seen your card in the talent pool and asks for contact.", name=name),
            _(
                "They learn your name and address only if you say yes. Read their message and answer here, until "
                "%(day)s:",
                day=_day(day, locale),
            ),
            _address("pool.requests"),
            _("If you do nothing, they learn nothing."),
        ]

    _post(person_id, "contact_request", text)


def post_accepted(employer: Employer, handle: str) -> None:
    """Tell an employer's members that somebody said yes; the contact itself stands on their page only."""

    def text(locale: str) -> tuple[str, list[str]]:
        return _("Somebody answered your contact request"), [
            _("The person behind card %(handle)s said yes. Name and address are here:", handle=handle),
            _address("employers.requests"),
        ]

    for person_id in _members(employer):
        _post(person_id, "contact_accepted", text)


def post_deletion(employer: Employer, handle: str) -> None:
    """Ask an employer's members to delete what they learned of somebody who left or took their yes back."""

    def text(locale: str) -> tuple[str, list[str]]:
        return _("Please delete what you have of card %(handle)s", handle=handle), [
            _(
                "The person behind card %(handle)s has withdrawn. Delete the name, contact and CV "
                "you received from every place where you keep them, then confirm it here:",
                handle=handle,
            ),
            _address("employers.deletions"),
        ]

    for person_id in _members(employer):
        _post(person_id, "pool_deletion", text)


def post_reminder(employer: Employer, person_id: int, day: date) -> None:
    """Remind a person of a request that waits for an answer."""

    def text(locale: str) -> tuple[str, list[str]]:
        name = in_language(employer.name, employer.name_local, locale)
        return _("An employer waits for your answer"), [
            _(
                "%(name)s asked you for contact. You can say yes or no until %(day)s:",
                name=name,
                day=_day(day, locale),
            ),
            _address("pool.requests"),
            _("If you do nothing, they learn nothing."),
        ]

    _post(person_id, "contact_reminder", text)


def post_consent_ends(person_id: int, day: date) -> None:
    """Tell a person that their consent ends unless they say yes again."""

    def text(locale: str) -> tuple[str, list[str]]:
        return _("Do you still want to be in the talent pool?"), [
            _(
                "Your consent ends on %(day)s, two years after your last yes. Your card is then "
                "deleted. To stay, press one button here:",
                day=_day(day, locale),
            ),
            _address("pool.consent"),
        ]

    _post(person_id, "consent_ends", text)


def post_consent_ended(person_id: int) -> None:
    """Tell a person that their consent has ended and everything is deleted."""

    def text(locale: str) -> tuple[str, list[str]]:
        return _("You are no longer in the talent pool"), [
            _(
                "Two years have passed since your last yes, so your card and your CV are deleted. "
                "You can join again at any time:"
            ),
            _address("pool.show"),
        ]

    _post(person_id, "consent_ended", text)


def post_invitation(person_id: int, *, is_reminder: bool) -> None:
    """Tell a former participant that the pool exists; it asks for nothing and puts them into nothing."""

    def text(locale: str) -> tuple[str, list[str]]:
        last = _("This is the only reminder. If you do nothing, you are not in it and hear no more of it.")
        first = _("If you do nothing, you are not in it. We remind you once and not again.")
        return _("Let employers find you, if you want that"), [
            _(
                "You took part in a negotiation competition. Governments, enterprises, international "
                "organisations and NGOs look for people like you in the talent pool, by cards "
                "without names."
            ),
            _("Read what it means and decide here:"),
            _address("pool.show"),
            last if is_reminder else first,
        ]

    _post(person_id, "pool_invitation", text)


def post_rights_answer(person_id: int) -> None:
    """Tell a person that their request about their rights was answered; the answer stands on their page only."""

    def text(locale: str) -> tuple[str, list[str]]:
        return _("Your request about your data was answered"), [
            _("Read the answer here:"),
            _address("pool.consent"),
        ]

    _post(person_id, "rights_answer", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One saved search with its counts."""

    name: str
    total: int
    news: int
    public_id: str


def post_digest(employer: Employer, person_id: int, lines: Sequence[DigestLine]) -> None:
    """Tell a member what their saved searches count; the cards stand behind the links only."""

    def text(locale: str) -> tuple[str, list[str]]:
        counts = [
            _(
                "%(name)s: %(news)d new or renewed of %(total)d",
                name=line.name,
                news=line.news,
                total=line.total,
            )
            + "\n"
            + _address("employers.search", saved=line.public_id)
            for line in lines
        ]
        how = _("To get this no more, or for fewer searches:")
        return _("Your searches in the talent pool"), [*counts, how + "\n" + _address("employers.searches")]

    _post(person_id, "pool_digest", text)


def post_domain_code(employer: Employer, address: str, person_id: int) -> None:
    """Mail the code that proves an organisation's domain to an address there."""
    applicant, code = find_person(person_id), secret(CODE, employer.id)
    locale = applicant.locale if applicant else "en"
    with force_locale(locale):
        subject = _("A code for your organisation's application")
        lines = [
            _(
                "%(person)s applies to search the talent pool for %(name)s and gave this address as proof.",
                person=(applicant.name or applicant.name_local) if applicant else "–",
                name=in_language(employer.name, employer.name_local, locale),
            ),
            _("The code, which holds for a day: %(code)s", code=code),
            _("You know nothing of this? Then give the code to nobody."),
        ]
    body = "\n\n".join(lines) + "\n"
    post(to=address, subject=subject, body=body, kind="domain_code", locale=locale, secrets=[code])


def post_member_invitation(employer: Employer, address: str, inviter_id: int) -> None:
    """Invite a colleague; the mail opens nothing by itself."""
    inviter = find_person(inviter_id)
    locale = inviter.locale if inviter else "en"
    with force_locale(locale):
        name = in_language(employer.name, employer.name_local, locale)
        subject = _("Search the talent pool for %(name)s", name=name)
        lines = [
            _(
                "%(person)s invites you to search the talent pool for %(name)s.",
                person=(inviter.name or inviter.name_local) if inviter else "–",
                name=name,
            ),
            _("Sign in by mail with this address, then say yes here, within 14 days:"),
            _address("employers.invitations"),
        ]
    post(to=address, subject=subject, body="\n\n".join(lines) + "\n", kind="member_invitation", locale=locale)


def post_decision(employer: Employer) -> None:
    """Tell the applicant what the operator decided."""

    def text(locale: str) -> tuple[str, list[str]]:
        name = in_language(employer.name, employer.name_local, locale)
        if employer.state == "approved":
            return _("Your organisation may search the talent pool"), [
                _("%(name)s is approved. You can search now:", name=name),
                _address("employers.search"),
            ]
        return _("Your application for the talent pool"), [
            _("%(name)s was not approved. If you think that is a mistake, write to the operator.", name=name)
        ]

    if employer.applicant_id is not None:
        _post(employer.applicant_id, "employer_decision", text)


def _day(day: date, locale: str) -> str:
    return format_date(day, "long", locale=locale)


def _members(employer: Employer) -> Iterable[int]:
    members = select(EmployerMember.person_id).where(EmployerMember.employer_id == employer.id)
    return db.session.scalars(members.order_by(EmployerMember.id)).all()


def _post(person_id: int, kind: str, text: Text) -> None:
    person, address = find_person(person_id), confirmed_address(person_id)
    if person is None or address is None:
        return
    with force_locale(person.locale):
        subject, lines = text(person.locale)
    post(to=address, subject=subject, body="\n\n".join(lines) + "\n", kind=kind, locale=person.locale)


def _address(endpoint: str, **arguments: str) -> str:
    return public_address(current_app.url_map.bind("localhost").build(endpoint, arguments))
