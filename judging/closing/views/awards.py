"""Awards: organisers set them up, seal, unseal and publish them; everybody sees what is published."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import get_people
from competition.editions.public import Edition, divisions_of, get_edition
from core.access import Permission, current_actor, public, requires
from core.errors import DomainError, NotFound, said
from core.forms import lines, whole_number
from core.idempotency import new_key
from core.localised import chosen_locale, in_language
from judging.closing.awards import Winner, awards_of, find_seal, get_line, lines_of, nomination_counts
from judging.closing.forms import AwardForm
from judging.closing.models import AwardLine, AwardSeal
from judging.closing.public_pages import are_awards_public
from judging.closing.services import awards as services
from judging.closing.views.common import attempt, selection_names
from judging.queries import criteria_of

blueprint = Blueprint("awards", __name__, url_prefix="/e/<slug>/awards")
SHOWN = ("unsealed", "published")


@blueprint.get("/")
@requires(Permission.MANAGE_RESULTS)
def show(slug: str) -> ResponseReturnValue:
    """The awards that are given, the seal, and the winners once it is open."""
    return _page(get_edition(slug))


@blueprint.post("/usual")
@requires(Permission.MANAGE_RESULTS)
def usual(slug: str) -> ResponseReturnValue:
    """Begin with the usual awards."""
    edition = get_edition(slug)

    def work() -> str:
        services.add_usual_lines(actor=current_actor(), edition=edition)
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "awards_usual", work)


@blueprint.get("/lines/new")
@requires(Permission.MANAGE_RESULTS)
def new(slug: str) -> ResponseReturnValue:
    """A form for one more award."""
    edition = get_edition(slug)
    scope = "role" if edition.role_policy == "fixed" else "overall"
    return _form_page(edition, _offered(edition, scope=scope), None)


@blueprint.post("/lines/new")
@requires(Permission.MANAGE_RESULTS)
def add(slug: str) -> ResponseReturnValue:
    """Add an award."""
    return _save(get_edition(slug), None)


@blueprint.get("/lines/<line_id>")
@requires(Permission.MANAGE_RESULTS)
def edit(slug: str, line_id: str) -> ResponseReturnValue:
    """One award to change."""
    edition = get_edition(slug)
    line = get_line(edition.id, line_id)
    form = _offered(
        edition,
        name=line.name,
        name_zh=line.name_zh,
        kind=line.kind,
        scope=line.scope,
        count=str(line.count or ""),
        percentage=line.percentage,
        criteria=line.criteria,
        worth=line.worth,
        winners="\n".join(winner["name"] for winner in line.winners),
        version=str(line.version),
    )
    return _form_page(edition, form, line)


@blueprint.post("/lines/<line_id>")
@requires(Permission.MANAGE_RESULTS)
def save(slug: str, line_id: str) -> ResponseReturnValue:
    """Change an award."""
    edition = get_edition(slug)
    return _save(edition, get_line(edition.id, line_id))


@blueprint.post("/lines/<line_id>/move/<any(up, down):direction>")
@requires(Permission.MANAGE_RESULTS)
def move(slug: str, line_id: str, direction: str) -> ResponseReturnValue:
    """Move an award one place."""
    edition = get_edition(slug)

    def work() -> str:
        by = -1 if direction == "up" else 1
        services.move_line(actor=current_actor(), edition=edition, public_id=line_id, by=by)
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "award_move", work)


@blueprint.post("/lines/<line_id>/remove")
@requires(Permission.MANAGE_RESULTS)
def remove(slug: str, line_id: str) -> ResponseReturnValue:
    """Take an award out."""
    edition = get_edition(slug)

    def work() -> str:
        services.remove_line(actor=current_actor(), edition=edition, public_id=line_id, version=_version())
        flash(_("The award was removed."), "success")
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "award_remove", work)


@blueprint.post("/seal")
@requires(Permission.MANAGE_RESULTS)
def seal(slug: str) -> ResponseReturnValue:
    """Work the winners out and seal them."""
    edition = get_edition(slug)

    def work() -> str:
        services.seal_awards(actor=current_actor(), edition=edition, version=_version())
        flash(_("The winners are worked out and sealed. Two organisers open the seal together."), "success")
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "awards_seal", work)


@blueprint.post("/key")
@requires(Permission.MANAGE_RESULTS)
def key(slug: str) -> ResponseReturnValue:
    """Turn one's own key."""
    edition = get_edition(slug)

    def work() -> str:
        opened = services.turn_key(actor=current_actor(), edition=edition, version=_version())
        if opened.state == "unsealed":
            flash(_("The seal is open."), "success")
        else:
            flash(_("Your key is turned. Another organiser opens the seal."), "success")
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "awards_key", work)


@blueprint.post("/publish")
@requires(Permission.PUBLISH)
def publish(slug: str) -> ResponseReturnValue:
    """Let everybody know."""
    edition = get_edition(slug)

    def work() -> str:
        services.publish_awards(actor=current_actor(), edition=edition, version=_version())
        flash(_("The awards are published."), "success")
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "awards_publish", work)


@blueprint.post("/reopen")
@requires(Permission.PUBLISH)
def reopen(slug: str) -> ResponseReturnValue:
    """Begin again, by a recorded decision."""
    edition = get_edition(slug)

    def work() -> str:
        reason = lines(request.form.get("reason", ""))[:1000]
        services.reopen_awards(actor=current_actor(), edition=edition, version=_version(), reason=reason)
        flash(_("The awards are open again, and nothing of them is public."), "success")
        return url_for("awards.show", slug=slug)

    return _attempt(edition, "awards_reopen", work)


@blueprint.get("/script")
@requires(Permission.MANAGE_RESULTS)
def script(slug: str) -> ResponseReturnValue:
    """What is read out at the ceremony, the greatest award last; for print."""
    edition = get_edition(slug)
    sealed = find_seal(edition.id)
    if sealed is None or sealed.state not in SHOWN:
        return redirect(url_for("awards.show", slug=slug))
    return render_template(
        "judging/closing/script.html",
        edition=edition,
        blocks=ceremony(_winners(sealed)),
        names=selection_names(edition),
    )


@blueprint.get("/published")
@public
def published(slug: str) -> ResponseReturnValue:
    """The published awards; imported ones once the standings are published."""
    edition = get_edition(slug)
    if not (edition.is_public or current_actor().belongs_to(edition.id)):
        raise NotFound()
    if not are_awards_public(edition.id):
        raise NotFound()
    return render_template(
        "judging/closing/awards_published.html", edition=edition, awards=awards_of(edition.id)
    )


Block = tuple[str, str, list[tuple[str, list[Winner]]]]


def ceremony(winners: list[Winner]) -> list[Block]:
    """The winners as they are read out: the last award first, within it the last place first, bracket by bracket."""
    by_award: dict[str, list[Winner]] = {}
    for winner in winners:
        by_award.setdefault(winner.line, []).append(winner)
    blocks: list[Block] = []
    for group in reversed(list(by_award.values())):
        brackets: dict[str, list[Winner]] = {}
        for winner in group:
            brackets.setdefault(winner.bracket, []).append(winner)
        read = [(bracket, list(reversed(own))) for bracket, own in brackets.items()]
        blocks.append((group[0].award, group[0].award_zh, read))
    return blocks


def _winners(sealed: AwardSeal) -> list[Winner]:
    return [Winner(**stored) for stored in sealed.winners]


def _version() -> int:
    return whole_number(request.form.get("version", ""), otherwise=-1)


def _offered(edition: Edition, **values: object) -> AwardForm:
    criteria = [one for one in criteria_of(edition.id) if one.target == "delegate"]
    has_divisions = bool(divisions_of(edition.id))
    return AwardForm(**values).offer(edition.role_policy, criteria, has_divisions=has_divisions)


def _save(edition: Edition, line: AwardLine | None) -> ResponseReturnValue:
    form = _offered(edition)
    if not form.validate_on_submit():
        return _form_page(edition, form, line), 422

    def work() -> str:
        services.save_line(
            actor=current_actor(),
            edition=edition,
            values=form.values(),
            line=line,
            version=form.version.number,
        )
        flash(_("Saved."), "success")
        return url_for("awards.show", slug=edition.slug)

    def again(fault: DomainError) -> ResponseReturnValue:
        form.form_errors.append(said(fault))
        return _form_page(edition, form, line), fault.status

    return attempt(f"award_line:{edition.id}", work, again)


def _form_page(edition: Edition, form: AwardForm, line: AwardLine | None) -> str:
    return render_template(
        "judging/closing/award_line.html", edition=edition, form=form, line=line, idempotency_key=new_key()
    )


def _attempt(edition: Edition, purpose: str, work: Callable[[], str]) -> ResponseReturnValue:
    return attempt(f"{purpose}:{edition.id}", work, lambda fault: (_page(edition, fault), fault.status))


def _page(edition: Edition, fault: DomainError | None = None) -> str:
    actor, sealed = current_actor(), find_seal(edition.id)
    state = sealed.state if sealed else "open"
    people = (sealed.sealed_by, sealed.first_key_by, sealed.unsealed_by) if sealed else ()
    return render_template(
        "judging/closing/awards.html",
        edition=edition,
        lines=lines_of(edition.id),
        nominations=nomination_counts(edition.id),
        seal=sealed,
        state=state,
        version=sealed.version if sealed else 0,
        winners=_winners(sealed) if sealed and state in SHOWN else [],
        people={key: card.name for key, card in get_people([p for p in people if p]).items()},
        open_rounds=services.open_rounds(edition.id),
        has_turned=bool(sealed and sealed.first_key_by and sealed.first_key_by == actor.person_id),
        may_publish=actor.may(Permission.PUBLISH, edition_id=edition.id),
        given=awards_of(edition.id),
        criteria={
            one.id: in_language(one.name, one.name_zh, chosen_locale()) or one.code
            for one in criteria_of(edition.id)
        },
        names=selection_names(edition),
        fault=[said(fault), *fault.details] if fault else [],
        key=new_key,
    )
