"""Mail of the talent pool, each in its reader's language and without anybody else's personal data."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.public import confirmed_address, find_person
from core.db import db
from core.links import public_address
from core.localised import in_language
from core.mail import post
from talent_pool.models import Employer, EmployerMember

Text = Callable[[str], tuple[str, list[str]]]


def post_request(employer: Employer, person_id: int) -> None:
    """Tell a person that an employer asks for contact; who it is and what they write stands on their page."""

    def text(locale: str) -> tuple[str, list[str]]:
        name = in_language(employer.name, employer.name_local, locale)
        return _("An employer would like to contact you"), [
            _("%(name)s has seen your card in the talent pool and asks for contact.", name=name),
            _("They learn your name and address only if you say yes. Read their message and answer here:"),
            _address("pool.show"),
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

    members = select(EmployerMember.person_id).where(EmployerMember.employer_id == employer.id)
    for person_id in db.session.scalars(members):
        _post(person_id, "contact_accepted", text)


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


def _post(person_id: int, kind: str, text: Text) -> None:
    person, address = find_person(person_id), confirmed_address(person_id)
    if person is None or address is None:
        return
    with force_locale(person.locale):
        subject, lines = text(person.locale)
    post(to=address, subject=subject, body="\n\n".join(lines) + "\n", kind=kind, locale=person.locale)


def _address(endpoint: str) -> str:
    return public_address(current_app.url_map.bind("localhost").build(endpoint))
