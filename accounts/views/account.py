"""One's own account: name, language, password, sessions, data."""

from __future__ import annotations

from flask import abort, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.erasure import erase_person, objections_to_erasing
from accounts.forms import LocaleForm, NameForm, PasswordForm
from accounts.limits import limit_by_user
from accounts.own_data import own_data
from accounts.own_data_file import as_json, as_workbook
from accounts.passwords import matches, set_password
from accounts.people import choose_locale, rename_person
from accounts.second_factor import count_recovery_codes
from accounts.sessions import (
    COOKIE_FIELD,
    SignedIn,
    find_own_sessions,
    load_signed_in,
    revoke_all,
    revoke_session,
)
from accounts.sign_in_mail import post_password_changed
from accounts.views.blueprint import auth
from accounts.views.entering import has_just_come_by_mail
from core.access import Permission, current_actor, requires
from core.audit import record
from core.db import utc_now
from core.errors import Conflict, Invalid, said
from core.localised import translated
from core.spreadsheets import MIMETYPE


@auth.get("/account")
@requires(Permission.OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Everything about one's own account on one page."""
    return _page()


@auth.post("/account/name")
@requires(Permission.OWN_ACCOUNT)
def change_name() -> ResponseReturnValue:
    """Write oneself differently."""
    form = NameForm()
    if not form.validate_on_submit():
        return _page(name_form=form), 422
    rename_person(
        actor=current_actor(), person=_me().person, name=form.name.data, name_local=form.name_local.data
    )
    return _saved("name")


@auth.post("/account/language")
@requires(Permission.OWN_ACCOUNT)
def change_language() -> ResponseReturnValue:
    """Choose the language of pages and mail."""
    form = LocaleForm()
    if not form.validate_on_submit():
        return _page(locale_form=form), 422
    choose_locale(actor=current_actor(), person=_me().person, locale=form.locale.data)
    session["locale"] = form.locale.data
    return _saved("language")


@auth.post("/account/password")
@requires(Permission.OWN_ACCOUNT)
@limit_by_user
def change_password() -> ResponseReturnValue:
    """Set or change the password; every other browser is signed out."""
    form, me = PasswordForm(), _me()
    if not form.validate_on_submit():
        return _page(password_form=form), 422
    if not has_just_come_by_mail() and not matches(me.user, form.current.data or ""):
        form.current.errors = [_("This is not your present password.")]
        return _page(password_form=form), 422
    try:
        set_password(actor=current_actor(), user=me.user, person=me.person, password=form.password.data)
    except Invalid as error:
        form.password.errors = [said(error)]
        return _page(password_form=form), 422
    revoke_all(me.user, except_token=session[COOKIE_FIELD])
    post_password_changed(me.user, me.person)
    flash(_("Your password is set. All other browsers were signed out."), "success")
    return redirect(url_for("auth.account", _anchor="password"), code=303)


@auth.post("/account/sessions/<public_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end_session(public_id: str) -> ResponseReturnValue:
    """Sign one of one's own browsers out."""
    rows = [row for row in find_own_sessions(_me().user.id) if row.public_id == public_id]
    if not rows:
        abort(404)
    revoke_session(rows[0])
    record(current_actor(), "end_session", "user_session", rows[0].id)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("auth.account", _anchor="sessions"), code=303)


@auth.post("/account/sessions/end-others")
@requires(Permission.OWN_ACCOUNT)
def end_other_sessions() -> ResponseReturnValue:
    """Sign every other browser out."""
    user = _me().user
    revoke_all(user, except_token=session[COOKIE_FIELD])
    record(current_actor(), "end_other_sessions", "user", user.id)
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for("auth.account", _anchor="sessions"), code=303)


@auth.get("/account/data")
@requires(Permission.OWN_ACCOUNT)
def download_own_data() -> ResponseReturnValue:
    """Everything that is kept about oneself, as one JSON file."""
    return _file(as_json(own_data(_me().person.id)), "application/json", "json")


@auth.get("/account/data.xlsx")
@requires(Permission.OWN_ACCOUNT)
def download_own_workbook() -> ResponseReturnValue:
    """The same as a spreadsheet, with a sheet for every list."""
    return _file(as_workbook(own_data(_me().person.id)), MIMETYPE, "xlsx")


def _file(content: str | bytes, mimetype: str, ending: str) -> ResponseReturnValue:
    response = make_response(content)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="parley-{utc_now():%Y-%m-%d}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@auth.get("/account/erase")
@requires(Permission.OWN_ACCOUNT)
def ask_to_erase() -> ResponseReturnValue:
    """What erasing means, and what must be settled first."""
    return _erase_page()


@auth.post("/account/erase")
@requires(Permission.OWN_ACCOUNT)
def erase() -> ResponseReturnValue:
    """Erase the person and their account for good."""
    if request.form.get("sure") != "y":
        return _erase_page(_("Nothing was erased. Tick that you are sure.")), 422
    try:
        erase_person(actor=current_actor(), person=_me().person)
    except Conflict as fault:
        return _erase_page(said(fault)), fault.status
    session.clear()
    flash(_("Everything about you is erased. Results stay without your name."), "success")
    return redirect(url_for("auth.sign_in"), code=303)


def _erase_page(problem: str = "") -> str:
    reasons = [translated(reason) for reason in objections_to_erasing(_me().person.id)]
    return render_template("accounts/erase.html", objections=reasons, problem=problem)


def _me() -> SignedIn:
    if "me" not in g:
        g.me = load_signed_in()
    if g.me is None:
        abort(404)
    me: SignedIn = g.me
    return me


def _page(
    *,
    name_form: NameForm | None = None,
    locale_form: LocaleForm | None = None,
    password_form: PasswordForm | None = None,
) -> str:
    me = _me()
    return render_template(
        "accounts/account.html",
        me=me,
        name_form=name_form or NameForm(formdata=None, obj=me.person),
        locale_form=locale_form or LocaleForm(formdata=None, locale=me.person.locale),
        password_form=password_form or PasswordForm(formdata=None),
        asks_for_current=me.user.password_hash is not None and not has_just_come_by_mail(),
        may_set_password=me.user.password_hash is not None or has_just_come_by_mail(),
        sessions=find_own_sessions(me.user.id),
        recovery_codes_left=count_recovery_codes(me.user),
    )


def _saved(anchor: str) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for("auth.account", _anchor=anchor), code=303)
