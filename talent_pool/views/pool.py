"""Pages of a person in the pool: joining, the card, requests from employers, leaving."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Invalid, Stale, said
from core.idempotency import once
from talent_pool import queries
from talent_pool.consent import find_consent, find_own_profile, get_own_profile
from talent_pool.forms import JoinForm, ProfileForm
from talent_pool.models import PoolProfile
from talent_pool.services import contacts, membership, profiles
from talent_pool.services.employers import find_employer_of
from talent_pool.views.shown import shown_card, shown_results

blueprint = Blueprint("pool", __name__, url_prefix="/pool")


@blueprint.get("/")
@requires(Permission.JOIN_POOL)
def show() -> ResponseReturnValue:
    """One's own card and what employers asked; for everybody else, what the pool is."""
    profile = find_own_profile(current_actor())
    if profile is None:
        return render_template("talent_pool/welcome.html", employer=_own_employer())
    return _page(profile, _stored_form(profile))


@blueprint.get("/join")
@requires(Permission.JOIN_POOL)
def join() -> ResponseReturnValue:
    """What one agrees to by joining, and the un-ticked box."""
    if find_own_profile(current_actor()) is not None:
        return redirect(url_for("pool.show"))
    return _join_page(JoinForm(formdata=None))


@blueprint.post("/join")
@requires(Permission.JOIN_POOL)
def give_consent() -> ResponseReturnValue:
    """Join, by one's own tick."""
    form = JoinForm()
    if not form.validate_on_submit():
        return _join_page(form), 422

    def work() -> str:
        membership.join_pool(actor=current_actor())
        flash(_("You are in the talent pool. Nobody sees anything before you save your card."), "success")
        return url_for("pool.show")

    return once(current_actor(), "join_pool", work)


@blueprint.post("/profile")
@requires(Permission.JOIN_POOL)
def save() -> ResponseReturnValue:
    """Save one's card, or look at it as typed without saving."""
    profile, form = get_own_profile(current_actor()), ProfileForm()
    if not form.validate_on_submit():
        return _page(profile, form), 422
    try:
        if "preview" in request.form:
            return _page(profile, form, preview=_typed_card(profile, form))
        values = _values(form)
        profiles.save_profile(actor=current_actor(), version=_version(form), **values)
    except Stale as fault:
        form.form_errors.append(said(fault))
        form.version.data = profile.version
        return _page(profile, form), fault.status
    except Invalid as fault:
        field = getattr(form, getattr(fault, "field", ""), None)
        if field is not None:
            field.errors = [*field.errors, said(fault)]
        else:
            form.form_errors.append(said(fault))
        return _page(profile, form), fault.status
    flash(_("Saved. Employers see this card from now on."), "success")
    return redirect(url_for("pool.show", _anchor="card"), code=303)


@blueprint.post("/requests/<public_id>/<any(accept, decline):answer>")
@requires(Permission.JOIN_POOL)
def reply(public_id: str, answer: str) -> ResponseReturnValue:
    """Say yes or no to one employer."""
    is_accepted = answer == "accept"
    contacts.answer_contact(actor=current_actor(), public_id=public_id, is_accepted=is_accepted)
    yes = _("They see your name and e-mail address now.")
    flash(yes if is_accepted else _("They learn nothing about you."), "success")
    return redirect(url_for("pool.show", _anchor="requests"), code=303)


@blueprint.post("/leave")
@requires(Permission.JOIN_POOL)
def leave() -> ResponseReturnValue:
    """Withdraw consent, in one step."""
    membership.leave_pool(actor=current_actor())
    flash(_("You have left the talent pool. Your card and all requests are deleted."), "success")
    return redirect(url_for("pool.show"), code=303)


def _join_page(form: JoinForm) -> str:
    return render_template("talent_pool/join.html", form=form, employers=queries.approved_employers())


def _page(profile: PoolProfile, form: ProfileForm, preview: dict[str, Any] | None = None) -> str:
    fresh = profiles.make_card(profile.person_id, profiles.text_of(profile), profile.shows_results)
    return render_template(
        "talent_pool/show.html",
        profile=profile,
        form=form,
        card=shown_card(profile.handle, preview or profile.card) if preview or profile.is_listed else None,
        is_unsaved=preview is not None,
        is_outdated=profile.is_listed and fresh["results"] != profile.card["results"],
        results=shown_results(profiles.own_results(profile.person_id)),
        requests=queries.requests_to(profile.id),
        consent=find_consent(profile.person_id),
        employers=queries.approved_employers(),
        employer=_own_employer(),
    )


def _stored_form(profile: PoolProfile) -> ProfileForm:
    text = profiles.text_of(profile)
    return ProfileForm(
        formdata=None,
        version=profile.version,
        headline=text.headline,
        about=text.about,
        skills=list(text.facts.skills),
        languages=list(text.facts.languages),
        kinds=list(text.facts.kinds),
        shows_results=profile.shows_results,
    )


def _values(form: ProfileForm) -> dict[str, Any]:
    facts = {name: form[name].data for name in ("skills", "languages", "kinds")}
    names = ("headline", "about", "shows_results")
    return {**{name: form[name].data for name in names}, "facts": facts}


def _typed_card(profile: PoolProfile, form: ProfileForm) -> dict[str, Any]:
    values = _values(form)
    text = profiles.checked_text(profile.person_id, values["headline"], values["about"], values["facts"])
    return profiles.make_card(profile.person_id, text, values["shows_results"])


def _version(form: ProfileForm) -> int:
    return form.version.number


def _own_employer() -> Any:
    actor = current_actor()
    return find_employer_of(actor.person_id) if actor.person_id is not None else None
