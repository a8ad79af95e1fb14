"""Which pages of the closing the public can open by now."""

from __future__ import annotations

from sqlalchemy import select

from competition.rounds.public import round_facts
from core.db import db
from judging.closing.awards import find_seal
from judging.closing.break_ import find_break
from judging.delegates import has_published_delegates
from judging.models import Award
from judging.snapshots import find_published


def closing_pages(edition_id: int) -> tuple[str, ...]:
    """The names among `break`, `tree`, `awards` and `delegates` of the pages that say something already."""
    pages = []
    has_break = find_break(edition_id) is not None
    if has_break:
        pages.append("break")
    if has_break or any(one.is_released and not one.is_preliminary for one in round_facts(edition_id)):
        pages.append("tree")
    if are_awards_public(edition_id):
        pages.append("awards")
    if has_published_delegates(edition_id):
        pages.append("delegates")
    return tuple(pages)


def are_awards_public(edition_id: int) -> bool:
    """Whether there are awards and they are published; imported ones are with the standings."""
    if db.session.scalar(select(Award.id).where(Award.edition_id == edition_id).limit(1)) is None:
        return False
    seal = find_seal(edition_id)
    return (seal is not None and seal.state == "published") or find_published(edition_id) is not None
