"""Mails that carry the organisers' answer to a team's captain."""

from __future__ import annotations

from flask_babel import force_locale, gettext
from sqlalchemy import select

from competition.editions.public import Edition
from competition.entries.models import Delegate, Team
from competition.entries.services.invitations import present_captain_link
from core import outbox
from core.audit import edition_scope
from core.db import db
from core.localised import in_language


def post_decision(edition: Edition, team: Team) -> None:
    """Tell the captain what was decided, with the reason and the way back to the team; no address, no mail."""
    query = select(Delegate).where(Delegate.team_id == team.id, Delegate.is_captain)
    captain = db.session.scalar(query.order_by(Delegate.id).limit(1))
    if captain is None or not captain.contact:
        return
    locale = "zh_Hans" if edition.languages.startswith("zh") else "en"
    place = outbox.secret("link", present_captain_link(edition, team, captain.contact).id)
    with force_locale(locale):
        title = in_language(edition.name, edition.name_zh, locale)
        lines = [
            gettext("Dear %(name)s,", name=captain.name),
            _answer(team, title),
            gettext("The organisers write: %(reason)s", reason=team.status_reason)
            if team.status_reason
            else "",
            gettext("Your team's page: %(link)s", link=place),
        ]
        subject = gettext("%(edition)s: the organisers' answer", edition=title)
    outbox.post(
        to=captain.contact,
        subject=subject,
        body="\n\n".join(line for line in lines if line) + "\n",
        kind="team_decision",
        scope=edition_scope(edition.id),
        locale=locale,
        secrets=[place],
    )


def _answer(team: Team, title: str) -> str:
    if team.asked_at is not None:
        return gettext(
            "please change something in the application of %(team)s for %(edition)s, then send it again from "
            "your team's page.",
            team=team.name,
            edition=title,
        )
    if team.status == "registered":
        return gettext("%(team)s takes part in %(edition)s.", team=team.name, edition=title)
    if team.status == "waiting":
        return gettext("%(team)s is on the waiting list of %(edition)s.", team=team.name, edition=title)
    return gettext("%(team)s has not been accepted for %(edition)s.", team=team.name, edition=title)
