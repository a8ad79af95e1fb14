"""Everybody's home: what is happening now, what I owe, what is coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.public import confirmed_address
from competition.applications.public import APPLICATION_WORDS, own_applications
from competition.day.public import Entry
from competition.editions.public import Edition, editions_of, get_edition_by_id, public_editions
from competition.entries.public import claim, find_own_judge, find_own_team, open_invitations
from competition.messages.public import Announcement, own_announcements
from core.access import Actor, CapacityKind, Permission, current_actor, forget_actor, public, requires
from core.db import utc_now
from core.links import current_link, landing_of
from core.localised import chosen_locale, in_language, local_day
from tabroom.checklist import checklist, next_step, waiting_steps
from tabroom.participant import MOST_COMING, Duty, duties_of_judge, duties_of_team, happening_and_coming
from tabroom.recruiting import lines_of_employer
from talent_pool.public import (
    coming_employers,
    count_open_requests,
    count_waiting_employers,
    find_employer,
    find_employer_of,
    news_of,
)

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """One thing that is the reader's, with what it asks of them now; its title leads `home`."""

    title: str
    context: str
    text: str
    url: str
    label: str
    is_owed: bool
    home: str | None = None
    more: Sequence[Duty] = ()


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """The reader's business, most urgent first; a short welcome for everybody else."""
    actor = current_actor()
    if actor.is_link:
        link = current_link()
        return redirect(landing_of(link)[1]) if link else _welcome()
    if not actor.is_signed_in:
        return _welcome()
    business = sorted(
        [
            *_business(actor),
            *_applying(actor),
            *_pool_requests(actor),
            *_pool_audience(actor),
            *_employer(actor),
            *_employer_applying(actor),
            *_operating(actor),
        ],
        key=lambda item: not item.is_owed,
    )
    now = utc_now()
    happening, coming = _days(actor, now)
    return render_template(
        "tabroom/home.html",
        business=business,
        invitations=_invitations(actor),
        editions=editions_of(actor),
        now=now,
        happening=happening,
        coming=coming,
        announcements=_announcements(actor),
    )


@blueprint.post("/invitations/<link_id>/accept")
@requires(Permission.OWN_ACCOUNT)
def accept_invitation(link_id: str) -> ResponseReturnValue:
    """Make a place that was offered to my own confirmed address mine."""
    actor = current_actor()
    address = _address(actor)
    found = next((link for link, _row in open_invitations(address) if link.public_id == link_id), None)
    row = claim(actor=actor, link=found, address=address) if found else None
    if row is None:
        abort(404)
    forget_actor()
    flash(_("This is yours now. Please check your details."), "success")
    return redirect(url_for("participant.show", slug=get_edition_by_id(row.edition_id).slug), code=303)


def _days(actor: Actor, now: datetime) -> tuple[list[tuple[Edition, Entry]], list[tuple[Edition, Entry]]]:
    """What is going on in all of the reader's editions, and what comes next, the soonest first."""
    happening: list[tuple[Edition, Entry]] = []
    coming: list[tuple[Edition, Entry]] = []
    for edition in editions_of(actor):
        if edition.archived_at is None and actor.belongs_to(edition.id):
            now_on, later = happening_and_coming(actor, edition, now)
            happening += [(edition, one) for one in now_on]
            coming += [(edition, one) for one in later]
    return happening, sorted(coming, key=lambda pair: pair[1].starts_at)[:MOST_COMING]


def _welcome() -> str:
    return render_template("tabroom/welcome.html", editions=public_editions())


def _name(edition: Edition) -> str:
    return in_language(edition.name, edition.name_zh, chosen_locale())


def _address(actor: Actor) -> str:
    return confirmed_address(actor.person_id) or "" if actor.person_id is not None else ""


def _invitations(actor: Actor) -> list[tuple[str, str, str]]:
    return [
        (link.public_id, _name(get_edition_by_id(row.edition_id)), row.name)
        for link, row in open_invitations(_address(actor))
    ]


def _announcements(actor: Actor) -> list[tuple[Edition, Announcement]]:
    """What is announced to the reader where they take part or judge, the newest of each edition."""
    return [
        (edition, one)
        for edition in editions_of(actor)
        if edition.archived_at is None and actor.may(Permission.TAKE_PART, edition_id=edition.id)
        for one in own_announcements(actor, edition)[:2]
    ]


def _business(actor: Actor) -> list[Business]:
    found: list[Business] = []
    for edition in editions_of(actor):
        if edition.archived_at is not None or edition.rehearsal_of is not None:
            continue
        if actor.capacities_of(CapacityKind.DIRECTOR, CapacityKind.TAB, edition_id=edition.id):
            found.append(_organising(actor, edition))
        found += _judging(actor, edition)
        found += _taking_part(actor, edition)
    return found


def _organising(actor: Actor, edition: Edition) -> Business:
    """What the edition needs next; a step that only a director may take leads the tab team to the overview."""
    steps = checklist(edition)
    step = next_step(edition, steps)
    waiting = [one for one in waiting_steps(steps) if one != step]
    overview = url_for("cockpit.show", slug=edition.slug)
    if step and not actor.may(step.needs, edition_id=edition.id):
        step = replace(step, url=overview, action=_("Look at it"))
    return Business(
        title=_name(edition),
        context=_("You organise"),
        text=_("%(label)s: %(text)s", label=step.label, text=step.detail)
        if step
        else _("Every round is confirmed."),
        url=step.url if step else url_for("standings.show", slug=edition.slug),
        label=step.action if step else _("Look at the standings"),
        is_owed=step is not None,
        home=overview,
        more=[
            Duty(
                text=_("%(label)s: %(text)s", label=one.label, text=one.detail), url=one.url, label=one.action
            )
            for one in waiting
        ],
    )


def _judging(actor: Actor, edition: Edition) -> list[Business]:
    judge = find_own_judge(actor, edition)
    if judge is None:
        return []
    duties = duties_of_judge(edition, judge)
    return [
        Business(
            title=_name(edition),
            context=_("You judge"),
            text=duties[0].text if duties else _("You owe nothing at the moment."),
            url=duties[0].url if duties else url_for("participant.show", slug=edition.slug),
            label=duties[0].label if duties else _("Your page"),
            is_owed=bool(duties),
            home=url_for("participant.show", slug=edition.slug),
            more=duties[1:],
        )
    ]


def _taking_part(actor: Actor, edition: Edition) -> list[Business]:
    team = find_own_team(actor, edition)
    if team is None:
        return []
    duties = duties_of_team(actor, edition, team)
    return [
        Business(
            title=_name(edition),
            context=_("You take part with %(team)s", team=team.name),
            text=duties[0].text if duties else _("You owe nothing at the moment."),
            url=duties[0].url if duties else url_for("participant.show", slug=edition.slug),
            label=duties[0].label if duties else _("Your page"),
            is_owed=bool(duties),
            home=url_for("participant.show", slug=edition.slug),
            more=duties[1:],
        )
    ]


def _applying(actor: Actor) -> list[Business]:
    """Applications of the reader that are not a place in a team yet."""
    rows = own_applications(actor.person_id) if actor.person_id is not None else []
    return [
        Business(
            title=_name(edition),
            context=_("You applied"),
            text=str(APPLICATION_WORDS[row.state]),
            url=url_for("applying.show", slug=edition.slug),
            label=_("Your application"),
            is_owed=False,
        )
        for row in rows
        if row.delegate_id is None
        and row.state != "withdrawn"
        and (edition := get_edition_by_id(row.edition_id)).archived_at is None
    ]


def _pool_requests(actor: Actor) -> list[Business]:
    """Employers who wait for the person's answer."""
    waiting = count_open_requests(actor.person_id) if actor.person_id is not None else 0
    if not waiting:
        return []
    return [
        Business(
            title=_("Talent pool"),
            context=_("Your card was found"),
            text=_("Employers who wait for your answer: %(count)d", count=waiting),
            url=url_for("pool.requests"),
            label=_("Read and answer"),
            is_owed=True,
        )
    ]


def _pool_audience(actor: Actor) -> list[Business]:
    """New organisations that will see the person's card."""
    coming = coming_employers(actor.person_id, utc_now()) if actor.person_id is not None else ()
    lines = [
        _(
            "%(name)s sees your card from %(day)s.",
            name=sight.employer.name or sight.employer.name_local,
            day=local_day(sight.from_day.date()),
        )
        for sight in coming
        if sight.from_day is not None
    ]
    if not lines:
        return []
    return [
        Business(
            title=_("Talent pool"),
            context=_("New organisations"),
            text=" ".join(lines),
            url=url_for("pool.audience"),
            label=_("Decide who sees it"),
            is_owed=False,
        )
    ]


def _employer(actor: Actor) -> list[Business]:
    """The way in for somebody who searches for an employer."""
    employer = find_employer(actor)
    if employer is None:
        return []
    news = news_of(employer, utc_now())
    first, *more = lines_of_employer(news)
    return [
        Business(
            title=employer.name or employer.name_local,
            context=_("You search for this employer"),
            text=first.text,
            url=first.url,
            label=first.label,
            is_owed=news.deletions > 0,
            home=url_for("employers.search"),
            more=more,
        )
    ]


def _employer_applying(actor: Actor) -> list[Business]:
    """An organisation that the reader applied for and that waits: for their proof, then for the operator."""
    employer = find_employer_of(actor.person_id) if actor.person_id is not None else None
    if employer is None or employer.state != "applied":
        return []
    is_proved = employer.proved_at is not None
    return [
        Business(
            title=employer.name or employer.name_local,
            context=_("You applied as an employer"),
            text=_("Waits for the operator") if is_proved else _("Prove that it is you"),
            url=url_for("employers.apply"),
            label=_("Your application"),
            is_owed=not is_proved,
        )
    ]


def _operating(actor: Actor) -> list[Business]:
    """What an operator owes: a decision about employers who applied."""
    waiting = count_waiting_employers() if actor.is_operator else 0
    if not waiting:
        return []
    return [
        Business(
            title=_("Employers"),
            context=_("You operate this installation"),
            text=_("Employers who wait for your decision: %(count)d", count=waiting),
            url=url_for("employers.review"),
            label=_("Look and decide"),
            is_owed=True,
        )
    ]
