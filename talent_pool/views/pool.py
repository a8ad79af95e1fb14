"""Pages of a person in the pool: what it is, joining, and the card with its preview."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.access import Permission, current_actor, requires
from core.errors import Conflict, Invalid, Stale, said
from core.idempotency import once
from core.localised import joined
from talent_pool import queries
from talent_pool.cards import CardText, build_card
from talent_pool.consent import acting_person, find_own_profile, get_own_profile
from talent_pool.crowd import Coarsened
from talent_pool.facts import PIECES, known_facts
from talent_pool.labels import left_off_names
from talent_pool.models import PoolProfile
from talent_pool.notice import present_notice
from talent_pool.person_forms import CardForm, CvForm, JoinForm, values_of_facts
from talent_pool.record import Line, lines_of
from talent_pool.services import cvs, invitations, membership, profiles
from talent_pool.services.employers import find_employer_of
from talent_pool.services.records import has_new_text, records_of
from talent_pool.views.blueprint import pool
from talent_pool.views.own_tabs import own_tabs
from talent_pool.views.pieces import line_label, piece_names
from talent_pool.views.shown import shown_card


@pool.get("/")
@requires(Permission.JOIN_POOL)
def show() -> ResponseReturnValue:
    """One's own card; for everybody else, what the pool is and how to join."""
    profile = find_own_profile(current_actor())
    if profile is None:
        return _join_page(_new_form())
    return _page(profile, _stored_form(profile))


@pool.get("/join")
@requires(Permission.JOIN_POOL)
def join() -> ResponseReturnValue:
    """What one agrees to by joining, and the un-ticked boxes."""
    if find_own_profile(current_actor()) is not None:
        return redirect(url_for("pool.show"))
    return _join_page(_new_form())


@pool.post("/join")
@requires(Permission.JOIN_POOL)
def give_consent() -> ResponseReturnValue:
    """Join, by one's own ticks."""
    form, notice = JoinForm(employers=queries.approved_employers()), present_notice()
    if form.notice.data != notice.text_hash:
        form.notice.raw_data, form.notice.data = None, notice.text_hash
        form.form_errors.append(_("This text has changed since you opened it. Read it again, then decide."))
        return _join_page(form), 409
    if not form.validate_on_submit():
        return _join_page(form), 422

    def work() -> str:
        membership.join_pool(actor=current_actor(), choices=form.choices())
        flash(_("You are in the talent pool. Nobody sees anything before you save your card."), "success")
        return url_for("pool.show")

    try:
        return once(current_actor(), "join_pool", work)
    except (Conflict, Invalid) as fault:
        form.form_errors.append(said(fault))
        return _join_page(form), fault.status


@pool.post("/invitation/decline")
@requires(Permission.JOIN_POOL)
def decline_invitation() -> ResponseReturnValue:
    """Say no to being told of the pool again."""
    invitations.decline_invitation(actor=current_actor())
    flash(_("We will not write to you about the talent pool again."), "success")
    return redirect(url_for("pool.show"), code=303)


@pool.post("/profile")
@requires(Permission.JOIN_POOL)
def save() -> ResponseReturnValue:
    """Save one's card, or look at it as typed without saving."""
    profile = get_own_profile(current_actor())
    form = CardForm(pieces=_pieces(lines_of(profile.person_id)))
    if not form.validate_on_submit():
        return _page(profile, form), 422
    try:
        if "preview" in request.form:
            return _page(profile, form, typed=_typed_text(profile, form))
        profiles.save_profile(actor=current_actor(), version=form.version.number, **_values(form))
    except Stale as fault:
        form.form_errors.append(said(fault))
        form.version.raw_data, form.version.data = None, profile.version
        return _page(profile, form), fault.status
    except Invalid as fault:
        _place(form, fault)
        return _page(profile, form), fault.status
    flash(_("Saved. Employers see this card from now on."), "success")
    return redirect(url_for("pool.show", _anchor="card"), code=303)


@pool.post("/preview")
@requires(Permission.JOIN_POOL)
def preview() -> ResponseReturnValue:
    """The card as it is being typed, for the live preview beside the form; nothing is saved."""
    profile = get_own_profile(current_actor())
    form = CardForm(pieces=_pieces(lines_of(profile.person_id)))
    faults: list[str] = []
    text = _unchecked_text(form)
    try:
        text = _typed_text(profile, form)
    except Invalid as fault:
        faults.append(said(fault))
    return render_template("talent_pool/_preview.html", faults=faults, **_card_facts(profile, form, text))


def _new_form() -> JoinForm:
    return JoinForm(
        formdata=None,
        audience="all",
        new_employers="after_7_days",
        notice=present_notice().text_hash,
        employers=queries.approved_employers(),
    )


def _join_page(form: JoinForm) -> str:
    person_id = acting_person(current_actor())
    return render_template(
        "talent_pool/join.html",
        form=form,
        notice=present_notice(),
        employers=queries.approved_employers(),
        invitation=invitations.find_invitation(person_id),
        employer=find_employer_of(person_id),
        was_here=bool(records_of(person_id)),
    )


def _page(profile: PoolProfile, form: CardForm, typed: CardText | None = None) -> str:
    text = typed or profiles.text_of(profile)
    fresh = profiles.make_card(
        profile.person_id, profiles.text_of(profile), profile.shows_results, profile.shows_exactly
    )
    is_typed = typed is not None or not profile.is_listed
    sights = queries.sights_of(profile)
    facts = _card_facts(profile, form, text) if is_typed else _saved_facts(profile)
    return render_template(
        "talent_pool/show.html",
        profile=profile,
        form=form,
        lines=_grouped(lines_of(profile.person_id)),
        is_outdated=profile.is_listed and any(fresh[kind] != profile.card.get(kind, []) for kind in KINDS),
        cv=cvs.find_cv(profile.id),
        cv_form=CvForm(formdata=None),
        employer=find_employer_of(profile.person_id),
        sees=sum(sight.is_seeing for sight in sights),
        pending=[sight for sight in sights if sight.from_day is not None],
        tabs=own_tabs(profile),
        naming=_naming(profile),
        has_new_text=has_new_text(profile.person_id),
        **facts,
    )


def _naming(profile: PoolProfile) -> str:
    """What the saved card says of who its person is by now, such as a team they joined since."""
    refusal = profiles.find_naming(profile.person_id, profiles.text_of(profile))
    return said(refusal) if refusal else ""


KINDS = ("results", "team_evidence", "own_evidence")


def _card_facts(profile: PoolProfile, form: CardForm, text: CardText) -> dict[str, Any]:
    """The preview of a card that is not saved."""
    shows, exactly = form.shows_results.data, form.shows_exactly.data
    record = profiles.shown_record(profile.person_id, text, shows, exactly)
    card = build_card(text, record.record)
    return _preview(profile, card, record, is_saved=False)


def _saved_facts(profile: PoolProfile) -> dict[str, Any]:
    text = profiles.text_of(profile)
    record = profiles.shown_record(profile.person_id, text, profile.shows_results, profile.shows_exactly)
    return _preview(profile, profile.card, record, is_saved=True)


def _preview(
    profile: PoolProfile, card: dict[str, Any], record: Coarsened, *, is_saved: bool
) -> dict[str, Any]:
    return {
        "card": shown_card(profile.handle, card),
        "record": record,
        "left_off": joined(left_off_names(record.left_off)),
        "is_saved": is_saved,
    }


def _stored_form(profile: PoolProfile) -> CardForm:
    return CardForm(
        formdata=None,
        pieces=_pieces(lines_of(profile.person_id)),
        version=profile.version,
        headline=profile.headline,
        about=profile.about,
        shows_results=profile.shows_results,
        shows_exactly=profile.shows_exactly,
        hidden=list(profile.hidden),
        **values_of_facts(profile.facts),
    )


def _values(form: CardForm) -> dict[str, Any]:
    names = ("headline", "about", "shows_results", "shows_exactly")
    values = {name: form[name].data for name in names}
    return {**values, "facts": form.facts(), "hidden": form.hidden.data or []}


def _typed_text(profile: PoolProfile, form: CardForm) -> CardText:
    values = _values(form)
    return profiles.checked_text(
        profile.person_id, values["headline"] or "", values["about"] or "", values["facts"], values["hidden"]
    )


def _unchecked_text(form: CardForm) -> CardText:
    """What is shown while a text is refused: everything chosen, and none of what was written."""
    values = _values(form)
    return replace(
        CardText(headline=_("Your headline")),
        facts=known_facts(values["facts"]),
        hidden=frozenset(values["hidden"]),
    )


def _pieces(lines: list[Line]) -> list[tuple[str, str]]:
    """What can be left off: the pieces by name, and each line of results and evidence."""
    names = piece_names()
    return [*((piece, names[piece]) for piece in PIECES), *((line.key, line_label(line)) for line in lines)]


def _grouped(lines: list[Line]) -> dict[str, list[Line]]:
    return {kind: [line for line in lines if line.kind == kind] for kind in KINDS}


def _place(form: CardForm, fault: Invalid) -> None:
    """Put a fault beside the field it is about."""
    field = getattr(form, getattr(fault, "field", ""), None)
    if field is not None:
        field.errors = [*field.errors, said(fault)]
    else:
        form.form_errors.append(said(fault))
