"""Signing in by password or by mail, and signing out."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.forms import AskForm, SignInForm
from accounts.limits import limit_by_address
from accounts.passwords import matches
from accounts.people import find_user
from accounts.sessions import is_welcome, leave, load_signed_in, revoke_session
from accounts.sign_in_mail import ask_for_sign_in
from accounts.views.blueprint import auth
from accounts.views.entering import asked_next, enter_as, lead_on
from core.access import current_actor, public
from core.audit import record
from core.db import db, open_write_transaction
from core.localised import chosen_locale

HANDLE, ASKED_ADDRESS, TARGET = "sign_in_handle", "sign_in_address", "sign_in_next"


@auth.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Address and password, or a sign-in link by mail."""
    if load_signed_in() is not None:
        return lead_on(asked_next())
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None, next=asked_next()))


@auth.post("/sign-in")
@public
@limit_by_address
def sign_in_with_password() -> ResponseReturnValue:
    """Sign in with a password; the refusal is the same whatever was wrong."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    if not _is_password_right(form.email.data, form.password.data):
        form.form_errors.append(
            _("Address and password do not fit together. Try again, or let us mail you a link.")
        )
        return render_template("accounts/sign_in.html", form=form), 422
    user = find_user(form.email.data)
    assert user is not None
    return enter_as(user, target=asked_next(), by_mail=False)


@auth.post("/sign-in/mail")
@public
@limit_by_address
def send_sign_in_mail() -> ResponseReturnValue:
    """Mail a one-time sign-in; the answer is the same for every address."""
    form = AskForm()
    if not form.validate_on_submit():
        shown = SignInForm()
        shown.email.errors = list(form.email.errors)
        return render_template("accounts/sign_in.html", form=shown), 422
    challenge = ask_for_sign_in(address=form.email.data, locale=chosen_locale())
    return await_code(challenge.handle, form.email.data, asked_next())


@auth.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session, or leave a private link."""
    signed_in = load_signed_in()
    if signed_in is not None:
        revoke_session(signed_in.session)
        record(current_actor(), "sign_out", "user", signed_in.user.id)
    leave()
    flash(_("You are signed out."), "success")
    return redirect(url_for("auth.sign_in"), code=303)


def await_code(handle: str, address: str, target: str) -> ResponseReturnValue:
    """Remember in this browser what was asked for, and show where the code is typed."""
    session[HANDLE], session[ASKED_ADDRESS], session[TARGET] = handle, address, target
    return redirect(url_for("auth.enter_code"), code=303)


def _is_password_right(address: str, password: str) -> bool:
    """A hash takes a fifth of a second: the write transaction, empty so far, is not kept open meanwhile."""
    user = find_user(address)
    db.session.commit()
    is_known = user is not None and user.email_confirmed_at is not None and is_welcome(user)
    is_right = matches(user if is_known else None, password)
    open_write_transaction()
    return is_right
