"""Creating an account: it counts once the address is confirmed, and nobody learns whether it was taken."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.challenges import NewAccount
from accounts.forms import NewAccountForm
from accounts.limits import limit_by_address
from accounts.sessions import load_signed_in
from accounts.sign_in_mail import ask_for_account
from accounts.views.blueprint import auth
from accounts.views.entering import asked_next, lead_on
from accounts.views.sign_in import await_code
from core.access import public
from core.localised import chosen_locale


@auth.get("/account/new")
@public
def new_account() -> ResponseReturnValue:
    """Name and address."""
    if load_signed_in() is not None:
        return lead_on(asked_next())
    return render_template("accounts/new.html", form=NewAccountForm(formdata=None, next=asked_next()))


@auth.post("/account/new")
@public
@limit_by_address
def create_account() -> ResponseReturnValue:
    """Mail a one-time sign-in that makes the account."""
    form = NewAccountForm()
    if not form.validate_on_submit():
        return render_template("accounts/new.html", form=form), 422
    challenge = ask_for_account(
        new=NewAccount(
            email=form.email.data,
            name=form.name.data,
            name_local=form.name_local.data,
            locale=chosen_locale(),
        )
    )
    return await_code(challenge.handle, form.email.data, asked_next())
