"""Asking for a one-time sign-in or an account: one challenge and one mail, whoever the address belongs to."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale, gettext

from accounts.challenges import NewAccount, code_of, is_live, link_of, start_challenge
from accounts.invitations import find_invited_name
from accounts.models import Person, SignInChallenge, User
from accounts.people import find_user
from core.db import db
from core.links import public_address
from core.outbox import post, register_secret, secret

LINK, CODE = "sign_in_link", "sign_in_code"


def ask_for_sign_in(*, address: str, locale: str) -> SignInChallenge:
    """Mail a one-time sign-in to a normalised address, or the news that it has no account here."""
    user, invited_as = find_user(address), find_invited_name(address)
    new = NewAccount(email=address, name=invited_as, locale=locale) if invited_as else None
    challenge = start_challenge(address, user, new)
    if user is not None or new is not None:
        _post_sign_in(challenge, address, _locale_of(user, locale), has_account=False)
    else:
        _post_no_account(address, locale)
    return challenge


def ask_for_account(*, new: NewAccount) -> SignInChallenge:
    """Mail a one-time sign-in that makes the account, or opens the one that the address already has."""
    user = find_user(new.email)
    challenge = start_challenge(new.email, user, new)
    is_taken = user is not None and user.email_confirmed_at is not None
    _post_sign_in(challenge, new.email, _locale_of(user, new.locale), has_account=is_taken)
    return challenge


def post_password_changed(user: User, person: Person) -> None:
    """Tell somebody that their password was changed, in case it was not them."""
    with force_locale(person.locale):
        lines = [
            gettext("The password of your account was set just now, and all other browsers were signed out."),
            gettext("This was not you? Sign in by mail at once and set a new password:"),
            _address_of("auth.sign_in"),
        ]
        subject = gettext("Your password was set")
    body = "\n\n".join(lines) + "\n"
    post(to=user.email, subject=subject, body=body, kind="password_changed", locale=person.locale)


def _address_of(endpoint: str) -> str:
    return public_address(current_app.url_map.bind("localhost").build(endpoint))


def _locale_of(user: User | None, locale: str) -> str:
    person = db.session.get(Person, user.person_id) if user is not None else None
    return person.locale if person is not None else locale


def _post_sign_in(challenge: SignInChallenge, to: str, locale: str, *, has_account: bool) -> None:
    link, code = secret(LINK, challenge.id), secret(CODE, challenge.id)
    with force_locale(locale):
        lines = [
            gettext("You asked for a new account, but this address already has one. Sign in to it here:")
            if has_account
            else gettext("Open this link and choose “Continue” to sign in:"),
            link,
            gettext("Or type this code in the window where you asked for it: %(code)s", code=code),
            gettext(
                "Link and code work once, for fifteen minutes. Give them to nobody: we never ask for them."
            ),
            gettext(
                "You did not ask for this? Then do nothing: without this mail nobody can sign in as you."
            ),
        ]
        subject = gettext("Sign in to Parley")
    body = "\n\n".join(lines) + "\n"
    post(to=to, subject=subject, body=body, kind="sign_in", locale=locale, secrets=[link, code])


def _post_no_account(to: str, locale: str) -> None:
    with force_locale(locale):
        lines = [
            gettext(
                "Somebody, probably you, wanted to sign in with this address, but it has no account here."
            ),
            gettext("Perhaps you use another address with us. If not, you can create an account:"),
            _address_of("auth.new_account"),
            gettext("You did not ask for this? Then do nothing."),
        ]
        subject = gettext("Sign in to Parley")
    post(to=to, subject=subject, body="\n\n".join(lines) + "\n", kind="sign_in", locale=locale)


def _link(key: int) -> str | None:
    challenge = db.session.get(SignInChallenge, key)
    return link_of(challenge) if challenge is not None and is_live(challenge) else None


def _code(key: int) -> str | None:
    challenge = db.session.get(SignInChallenge, key)
    return code_of(challenge) if challenge is not None and is_live(challenge) else None


register_secret(LINK, _link)
register_secret(CODE, _code)
