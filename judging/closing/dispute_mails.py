"""Mails about queries and protests: to the organisers when one is filed, to the teams when it is decided."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.public import confirmed_address
from competition.editions.public import Edition, organisers_of
from competition.entries.public import delegates_of_team
from core import outbox
from core.audit import edition_scope
from core.errors import Invalid
from core.links import public_address
from core.localised import in_language
from judging.closing.disputes import DisputeLine, line_of
from judging.closing.models import Dispute


def tell_organisers(edition: Edition, dispute: Dispute) -> None:
    """Tell everybody who runs the edition, at their confirmed address, that something waits for a decision."""
    line = line_of(dispute)
    path = _address("disputes.detail", slug=edition.slug, dispute_id=dispute.public_id)
    for organiser in organisers_of(edition.id):
        address = confirmed_address(organiser.person_id)
        if address is not None:
            _post(edition, address, _filed_words(line), path)


def tell_parties(edition: Edition, dispute: Dispute) -> None:
    """Tell the captains: the team that filed once it is decided, the team that is to answer from the beginning."""
    line = line_of(dispute)
    path = _address("own_disputes.show", slug=edition.slug)
    is_decided = dispute.state in ("answered", "upheld", "dismissed")
    teams = [dispute.respondent_team_id] + ([dispute.team_id] if is_decided else [])
    for team_id in teams:
        address = captain_address(team_id) if team_id is not None else None
        if address is not None:
            _post(edition, address, _decided_words(line) if is_decided else _respondent_words(line), path)


def captain_address(team_id: int) -> str | None:
    """Where a team's captain is reached: their confirmed address, else the one in the roster."""
    captain = next((one for one in delegates_of_team(team_id) if one.is_captain), None)
    if captain is None:
        return None
    own = confirmed_address(captain.person_id) if captain.person_id is not None else None
    return own or captain.contact or None


def _address(endpoint: str, **values: str) -> str:
    """The full address of a page, also outside a request."""
    return public_address(current_app.url_map.bind("localhost").build(endpoint, values))


Words = dict[str, str]


def _filed_words(line: DisputeLine) -> Words:
    return {"kind": line.dispute.kind, "part": "filed", "team": line.team, **_place(line)}


def _respondent_words(line: DisputeLine) -> Words:
    return {"kind": line.dispute.kind, "part": "respondent", "team": line.team, **_place(line)}


def _decided_words(line: DisputeLine) -> Words:
    return {"kind": line.dispute.kind, "part": line.dispute.state, "team": line.team, **_place(line)}


def _place(line: DisputeLine) -> Words:
    return {"round": str(line.round_number), "table": line.table, "decision": line.dispute.decision}


def _post(edition: Edition, address: str, words: Words, path: str) -> None:
    """Queue one mail in the edition's language; an address that is none is passed over."""
    locale = "zh_Hans" if edition.languages.startswith("zh") else "en"
    with force_locale(locale):
        title = in_language(edition.name, edition.name_zh, locale)
        subject = _("%(edition)s: a query or protest", edition=title)
        lines = [
            _sentence(words),
            "" if words["part"] in ("filed", "respondent") else words["decision"].replace("[[", "[ ["),
            _("Read it here: %(link)s", link=path),
        ]
    try:
        outbox.post(
            to=address,
            subject=subject,
            body="\n\n".join(line for line in lines if line) + "\n",
            kind="dispute",
            scope=edition_scope(edition.id),
            locale=locale,
        )
    except Invalid:
        current_app.logger.warning("A dispute's mail has no valid address in edition %s.", edition.slug)


def _sentence(words: Words) -> str:
    """What happened, in one sentence."""
    filed = {
        "query": _("%(team)s asks about the arithmetic at table %(table)s of round %(round)s.", **words),
        "protest": _("%(team)s protests about table %(table)s of round %(round)s.", **words),
        "appeal": _(
            "%(team)s appeals against the decision about table %(table)s of round %(round)s.", **words
        ),
    }[words["kind"]]
    outcome = {
        "filed": _("It waits for a decision."),
        "respondent": _("Your team is asked to answer: talk to the organisers."),
        "answered": _("It was answered:"),
        "upheld": _("It was upheld:"),
        "dismissed": _("It was dismissed:"),
    }[words["part"]]
    return f"{filed}\n{outcome}"
