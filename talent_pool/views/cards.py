"""One card as an employer's members see it, with what they keep about it: shortlists, a note, tags."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Invalid, Stale, said
from talent_pool import index
from talent_pool.caps import look_at
from talent_pool.consent import find_contact, get_employer, get_visible_profile
from talent_pool.employer_forms import MarkForm
from talent_pool.employer_models import PoolMark
from talent_pool.models import PoolProfile
from talent_pool.queries import usual_days
from talent_pool.services import contacts, lists
from talent_pool.services.opportunities import find_offer
from talent_pool.views.blueprint import employers
from talent_pool.views.common import tabs
from talent_pool.views.shown import shown_card


@employers.get("/cards/<handle>")
@requires(Permission.SEARCH_POOL)
def card(handle: str) -> ResponseReturnValue:
    """The whole card. That it was opened is noted first, and the person sees it."""
    return _opened(get_visible_profile(current_actor(), handle))


@employers.post("/cards/<handle>/mark")
@requires(Permission.SEARCH_POOL)
def mark(handle: str) -> ResponseReturnValue:
    """Keep a note, tags and since when one is in touch."""
    profile, form = get_visible_profile(current_actor(), handle), MarkForm()
    if not form.validate_on_submit():
        return _opened(profile, form), 422
    try:
        lists.save_mark(
            actor=current_actor(),
            handle=handle,
            note=form.note.data,
            tags=form.tags.data,
            contacted_on=form.contacted_on.data,
            version=form.version.number,
        )
    except (Invalid, Stale) as fault:
        form.form_errors.append(said(fault))
        return _opened(profile, form), fault.status
    flash(_("Saved. Only members of your organisation see it."), "success")
    return redirect(url_for("employers.card", handle=handle, _anchor="kept"), code=303)


def _opened(profile: PoolProfile, form: MarkForm | None = None) -> str:
    """The page of a card, also where it only comes back with a fault: whoever sees it has opened it."""
    actor = current_actor()
    employer = get_employer(actor)
    look_at(actor=actor, employer=employer, profile=profile)
    asked = contacts.find_request(employer, profile.id)
    kept = lists.find_mark(employer, profile.id)
    return render_template(
        "talent_pool/card.html",
        employer=employer,
        card=shown_card(profile.handle, profile.card),
        confirmed_on=index.confirmed_on(profile.id),
        form=form or _stored(kept),
        kept=kept,
        asked=asked,
        state=contacts.state_now(asked) if asked else "",
        offer=find_offer(asked.opportunity_id) if asked else None,
        contact=find_contact(employer, asked, profile.person_id) if asked else None,
        usual_days=usual_days(),
        lists=lists.lists_of(employer),
        on_lists=lists.list_names_of(employer, [profile.id]).get(profile.id, []),
        tabs=tabs(),
    )


def _stored(kept: PoolMark | None) -> MarkForm:
    if kept is None:
        return MarkForm(formdata=None, version=0)
    return MarkForm(
        formdata=None,
        version=kept.version,
        note=kept.note,
        tags=", ".join(kept.tags),
        contacted_on=kept.contacted_on,
    )
