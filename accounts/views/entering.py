"""How a browser becomes a signed-in one, where it is led then, and what it still owes."""

from __future__ import annotations

import time

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from accounts.challenges import LIFETIME
from accounts.devices import device_name
from accounts.models import Person, User
from accounts.sessions import SignedIn, enter, load_signed_in, revoke_session, start_session
from core.access import Actor, current_actor
from core.audit import record
from core.db import db
from core.views import safe_next

BY_MAIL_AT = "by_mail_at"
HOME = "/"


def asked_next() -> str:
    """Where the visitor wanted to go: a path of this site, home otherwise."""
    return safe_next(request.values.get("next"), HOME)


def enter_as(user: User, *, target: str, by_mail: bool) -> Response:
    """Sign `user` in here and lead them on: to the second factor where it is owed, else to `target`."""
    if (earlier := load_signed_in()) is not None:
        revoke_session(earlier.session)
    enter(start_session(user, device=device_name(request.user_agent.string), has_second_factor=False))
    if by_mail:
        session[BY_MAIL_AT] = int(time.time())
    # Invented people have chosen no language: there the browser of whoever tries them decides.
    if "locale" not in session and not user.is_demo:
        session["locale"] = db.session.get_one(Person, user.person_id).locale
    actor = Actor(person_id=user.person_id, user_id=user.id)
    record(actor, "sign_in", "user", user.id, details={"by": "mail" if by_mail else "password"})
    return lead_on(target)


def lead_on(target: str) -> Response:
    """To `target`, by way of the second factor when this session owes it."""
    signed_in = load_signed_in()
    if signed_in is not None and (signed_in.is_half_way or current_actor().lacks_second_factor):
        return redirect(url_for("auth.second_factor", next=target), code=303)
    return redirect(target, code=303)


def actor_of(signed_in: SignedIn) -> Actor:
    """Who acts while the second factor may still be owed: themselves, without any capacity."""
    return Actor(name=signed_in.person.name, person_id=signed_in.person.id, user_id=signed_in.user.id)


def has_just_come_by_mail() -> bool:
    """Whether this browser signed in by mail within the life of such a sign-in."""
    came_at = session.get(BY_MAIL_AT)
    return isinstance(came_at, int) and time.time() - came_at < LIFETIME.total_seconds()
