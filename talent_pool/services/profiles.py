"""Saving what one's card shows, and keeping shown results in step with what is published."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from competition.entries.public import delegate_table
from core.access import Actor
from core.audit import record
from core.db import db, utc_now
from core.errors import Invalid, Stale
from core.forms import folded
from core.localised import N_
from core.revisions import bump
from talent_pool.cards import CardText, Record, build_card
from talent_pool.consent import get_own_profile
from talent_pool.crowd import Coarsened, coarsened
from talent_pool.facts import PIECES, known_facts, stored_facts
from talent_pool.identifying import identity_of
from talent_pool.index import write_index
from talent_pool.models import PoolProfile
from talent_pool.record import crowd, lines_of, record_of
from talent_pool.services.membership import REVISION
from talent_pool.wording import find_refusal

LONGEST = {"headline": 120, "about": 2000}
MOST_HIDDEN = 200
LONGEST_PIECE = 180
REFUSALS = {
    "name": N_("“%(found)s” looks like your name. Cards are shown without names; write it differently."),
    "institution": N_("“%(found)s” tells where you study or work. Write it without the institution."),
    "team": N_("“%(found)s” looks like the name of your team. Write it without."),
    "address": N_(
        "“%(found)s” looks like an address or account. Employers get yours after you say yes to them."
    ),
    "link": N_("“%(found)s” looks like a link. Cards are shown without links."),
    "number": N_(
        "“%(found)s” looks like a telephone number. Employers can reach you after you say yes to them."
    ),
}


class RefusedText(Invalid):
    """A text of the card says who the person is; `field` names it."""

    def __init__(self, field: str, message: str, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


def save_profile(
    *,
    actor: Actor,
    headline: str,
    about: str = "",
    facts: Mapping[str, Any] | None = None,
    hidden: Collection[str] = (),
    shows_results: bool = False,
    shows_exactly: bool = False,
    version: int | None = None,
) -> PoolProfile:
    """Show this card to employers from now on. `facts` are values of talent_pool.facts, `hidden` the pieces and lines
    that stay off the card.

    Raises Invalid (RefusedText where a text names the person), Stale when `version` is not the present one.
    """
    profile = get_own_profile(actor, is_changing=True)
    _refuse_stale(profile, version)
    hidden = {*hidden, *_hidden_but_gone(profile)}
    text = checked_text(profile.person_id, headline, about, facts or {}, hidden)
    profile.headline, profile.about = text.headline, text.about
    profile.facts, profile.hidden = stored_facts(text.facts), sorted(text.hidden)
    profile.shows_results, profile.shows_exactly = shows_results, shows_exactly
    card = make_card(profile.person_id, text, shows_results, shows_exactly)
    if not profile.is_listed or card != profile.card:
        profile.updated_at = utc_now()  # the day that employers read and sort by: it tells of nothing hidden
    profile.card, profile.is_listed, profile.version = card, True, profile.version + 1
    db.session.flush()
    write_index(profile)
    record(actor, "change", "pool_profile", profile.id, personal=["card"])
    bump(REVISION)
    return profile


def checked_text(
    person_id: int,
    headline: str,
    about: str,
    facts: Mapping[str, Any],
    hidden: Collection[str] = (),
) -> CardText:
    """The text of a card, cleaned; raises Invalid where it is too long, empty, or says who the person is."""
    text = CardText(
        headline=folded(_printable(headline)),
        about=_printable(about).strip(),
        facts=known_facts(facts),
        hidden=frozenset(sorted(key for key in hidden if _is_piece(key))[:MOST_HIDDEN]),
    )
    if not text.headline:
        raise RefusedText("headline", N_("Write a headline: it is what employers read first."))
    for field, value in (("headline", text.headline), ("about", text.about)):
        if len(value) > LONGEST[field]:
            raise RefusedText(field, N_("Use at most %(max)d characters."), max=LONGEST[field])
    if refusal := find_naming(person_id, text):
        raise refusal
    return text


def find_naming(person_id: int, text: CardText) -> RefusedText | None:
    """What in a text says who the person is, by all that is known of them now: a team, say, that they joined since."""
    identity = identity_of(person_id)
    for field, value in (("headline", text.headline), ("about", text.about)):
        if refusal := find_refusal(value, identity):
            return RefusedText(field, REFUSALS[refusal.kind], found=refusal.found)
    return None


def make_card(
    person_id: int, text: CardText, shows_results: bool, shows_exactly: bool = False
) -> dict[str, Any]:
    """The card that employers would see with this text."""
    return build_card(text, shown_record(person_id, text, shows_results, shows_exactly).record)


def shown_record(person_id: int, text: CardText, shows_results: bool, shows_exactly: bool) -> Coarsened:
    """What of a person's results the card shows: all that is not hidden, or less where too few people match that."""
    whole = record_of(lines_of(person_id), text.hidden) if shows_results else Record()
    less = (
        coarsened(whole, crowd())
        if whole != Record()
        else Coarsened(record=whole, matches=0, matched_before=0)
    )
    if shows_exactly:
        return Coarsened(record=whole, matches=less.matched_before, matched_before=less.matched_before)
    return less


def own_results(person_id: int) -> list[dict[str, Any]]:
    """What showing results would put on this person's card."""
    return list(record_of(lines_of(person_id), ()).results)


def text_of(profile: PoolProfile) -> CardText:
    """What the person wrote and chose for their card, as it is stored."""
    return CardText(
        headline=profile.headline,
        about=profile.about,
        facts=known_facts(profile.facts),
        hidden=frozenset(profile.hidden),
    )


def refresh_results(edition_id: int) -> int:
    """Bring the cards of an edition's people in step with its published standings; returns how many changed."""
    of_edition = select(delegate_table.c.person_id).where(
        delegate_table.c.edition_id == edition_id, delegate_table.c.person_id.is_not(None)
    )
    query = select(PoolProfile).where(
        PoolProfile.person_id.in_(of_edition), PoolProfile.is_listed, PoolProfile.shows_results
    )
    return sum(_refresh(profile) for profile in db.session.scalars(query.with_for_update()).all())


def _is_piece(key: str) -> bool:
    return 0 < len(key) <= LONGEST_PIECE and key.isprintable()


def _hidden_but_gone(profile: PoolProfile) -> set[str]:
    """Lines that were hidden and are not published at the moment: should they come back, they stay hidden."""
    return set(profile.hidden) - {*PIECES, *(line.key for line in lines_of(profile.person_id))}


def _refresh(profile: PoolProfile) -> bool:
    card = make_card(profile.person_id, text_of(profile), True, profile.shows_exactly)
    if card == profile.card:
        return False
    profile.card = card
    db.session.flush()
    write_index(profile)
    bump(REVISION)
    return True


def _refuse_stale(profile: PoolProfile, version: int | None) -> None:
    if version is not None and version != profile.version:
        raise Stale(
            N_("You saved your card in another window. Compare it with what you typed here, then save again.")
        )


def _printable(text: str) -> str:
    """Text without control characters (PostgreSQL takes none) and without invisible ones that hide words."""
    return "".join(
        character
        for character in text.replace("\r\n", "\n")
        if character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
