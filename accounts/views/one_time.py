"""Finishing a one-time sign-in: by the code in the browser that asked, or by the link in any browser."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.challenges import check_code, find_by_handle, find_by_token, use_up
from accounts.forms import SixDigitForm, digits
from accounts.models import SignInChallenge
from accounts.views.blueprint import auth
from accounts.views.entering import HOME, enter_as
from accounts.views.sign_in import ASKED_ADDRESS, HANDLE, TARGET
from core.access import public
from core.limits import limit_by_address_and_token
from core.views import safe_next


@auth.get("/sign-in/code")
@public
def enter_code() -> ResponseReturnValue:
    """Say that a mail is on its way, and take its code."""
    if _asked_for() is None:
        return _start_again()
    return _code_page(SixDigitForm(formdata=None))


@auth.post("/sign-in/code")
@public
def check_typed_code() -> ResponseReturnValue:
    """Sign in with the code; a wrong one is counted although the answer is a refusal."""
    challenge = _asked_for(for_update=True)
    if challenge is None:
        return _start_again()
    form = SixDigitForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    if not check_code(challenge, digits(form.code.data)):
        g.keep_writes = True
        form.code.errors = [
            _("This code is not right. After five wrong codes only the link in the mail works.")
        ]
        return _code_page(form), 422
    return enter_as(use_up(challenge), target=safe_next(session.get(TARGET), HOME), by_mail=True)


@auth.get("/sign-in/l/<token>")
@public
def open_sign_in_link(token: str) -> ResponseReturnValue:
    """Show whom the link signs in. A GET uses nothing up: mail scanners open links too."""
    challenge = find_by_token(token)
    if challenge is None:
        return render_template("accounts/link_ended.html"), 404
    return render_template("accounts/link.html", address=challenge.address, token=token)


@auth.post("/sign-in/l/<token>")
@public
@limit_by_address_and_token(scope="sign-in-link")
def follow_sign_in_link(token: str) -> ResponseReturnValue:
    """Sign in with the link, once."""
    challenge = find_by_token(token, for_update=True)
    if challenge is None:
        return render_template("accounts/link_ended.html"), 404
    is_same_browser = session.get(HANDLE) == challenge.handle
    target = safe_next(session.get(TARGET), HOME) if is_same_browser else HOME
    return enter_as(use_up(challenge), target=target, by_mail=True)


def _asked_for(*, for_update: bool = False) -> SignInChallenge | None:
    handle = session.get(HANDLE)
    return find_by_handle(handle, for_update=for_update) if isinstance(handle, str) else None


def _code_page(form: SixDigitForm) -> str:
    return render_template("accounts/code.html", form=form, address=session.get(ASKED_ADDRESS, ""))


def _start_again() -> ResponseReturnValue:
    flash(_("This sign-in was used, replaced by a newer one, or is too old. Ask for a new one."), "warning")
    return redirect(url_for("auth.sign_in", next=session.get(TARGET)), code=303)
