"""The second step: setting it up, asking for it, recovery codes, turning it off."""

from __future__ import annotations

import segno
from flask import flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import second_factor as factor
from accounts.forms import CodeForm, digits
from accounts.sessions import SignedIn, load_signed_in
from accounts.views.blueprint import auth
from accounts.views.entering import actor_of, asked_next
from core.access import Permission, current_actor, forget_actor, public, requires
from core.errors import Invalid, said

NONCE = "second_factor_nonce"


@auth.get("/account/second-factor")
@public
def second_factor() -> ResponseReturnValue:
    """Set the second step up when there is none, otherwise ask for its code."""
    me = load_signed_in()
    if me is None:
        return redirect(url_for("auth.sign_in", next=asked_next()))
    if me.user.totp_confirmed_at is None:
        return _set_up_page(me, CodeForm(formdata=None, next=asked_next()))
    if me.is_half_way:
        return render_template("accounts/second_factor.html", form=CodeForm(formdata=None, next=asked_next()))
    return redirect(asked_next() if asked_next() != "/" else url_for("auth.account", _anchor="second-factor"))


@auth.post("/account/second-factor")
@public
def confirm_second_factor() -> ResponseReturnValue:
    """Take the code of the app, or a recovery code."""
    me, form = load_signed_in(), CodeForm()
    if me is None or not me.is_half_way:
        return redirect(url_for("auth.second_factor", next=asked_next()), code=303)
    if form.validate_on_submit() and _takes(
        form, lambda code: factor.confirm(user=me.user, row=me.session, code=code)
    ):
        forget_actor()
        return redirect(asked_next(), code=303)
    return render_template("accounts/second_factor.html", form=form), 422


@auth.post("/account/second-factor/set-up")
@public
def set_up_second_factor() -> ResponseReturnValue:
    """Confirm a new second step by its first code, and show the recovery codes this once."""
    me, form = load_signed_in(), CodeForm()
    if me is None or me.user.totp_confirmed_at is not None or NONCE not in session:
        return redirect(url_for("auth.second_factor", next=asked_next()), code=303)
    if not form.validate_on_submit():
        return _set_up_page(me, form), 422
    try:
        codes = factor.set_up(
            actor=actor_of(me),
            user=me.user,
            row=me.session,
            nonce=session[NONCE],
            code=digits(form.code.data),
        )
    except Invalid as error:
        form.code.errors = [said(error)]
        return _set_up_page(me, form), 422
    session.pop(NONCE)
    forget_actor()
    return render_template("accounts/recovery_codes.html", codes=codes, target=asked_next())


@auth.get("/account/second-factor/change")
@requires(Permission.OWN_ACCOUNT)
def change_second_factor() -> ResponseReturnValue:
    """Ask for a code before recovery codes are renewed or the second step is turned off."""
    if _me_confirmed() is None:
        return redirect(url_for("auth.second_factor"))
    return render_template("accounts/change_second_factor.html", form=CodeForm(formdata=None))


@auth.post("/account/second-factor/recovery-codes")
@requires(Permission.OWN_ACCOUNT)
def renew_recovery_codes() -> ResponseReturnValue:
    """Replace the recovery codes and show the new ones this once."""
    me, form = _me_confirmed(), CodeForm()
    if me is None:
        return redirect(url_for("auth.second_factor"), code=303)
    codes: list[str] = []

    def renew(code: str) -> bool:
        codes.extend(factor.renew_recovery_codes(actor=current_actor(), user=me.user, code=code) or [])
        return bool(codes)

    if form.validate_on_submit() and _takes(form, renew):
        return render_template("accounts/recovery_codes.html", codes=codes, target=url_for("auth.account"))
    return render_template("accounts/change_second_factor.html", form=form), 422


@auth.post("/account/second-factor/off")
@requires(Permission.OWN_ACCOUNT)
def turn_off_second_factor() -> ResponseReturnValue:
    """Forget the second step."""
    me, form = _me_confirmed(), CodeForm()
    if me is None:
        return redirect(url_for("auth.second_factor"), code=303)
    actor = current_actor()
    if form.validate_on_submit() and _takes(
        form, lambda code: factor.turn_off(actor=actor, user=me.user, code=code)
    ):
        flash(_("The second step is off."), "success")
        return redirect(url_for("auth.account", _anchor="second-factor"), code=303)
    return render_template("accounts/change_second_factor.html", form=form), 422


def _me_confirmed() -> SignedIn | None:
    me = load_signed_in()
    return me if me is not None and me.user.totp_confirmed_at is not None else None


def _takes(form: CodeForm, work: factor.CodeWork) -> bool:
    """Try a code; a wrong one is counted although the answer is a refusal."""
    g.keep_writes = True
    try:
        if work(digits(form.code.data)):
            return True
        form.code.errors = [_(factor.WRONG)]
    except Invalid as error:
        form.code.errors = [said(error)]
    return False


def _set_up_page(me: SignedIn, form: CodeForm) -> str:
    nonce = session.setdefault(NONCE, factor.new_nonce())
    picture = segno.make(factor.address_for_app(me.user, nonce), error="m", micro=False)
    return render_template(
        "accounts/set_up_second_factor.html",
        form=form,
        picture=picture.svg_data_uri(scale=5, border=4, light="#fff"),
        secret=" ".join(_in_fours(factor.secret_of(nonce))),
        is_owed=current_actor().lacks_second_factor,
    )


def _in_fours(text: str) -> list[str]:
    return [text[start : start + 4] for start in range(0, len(text), 4)]
