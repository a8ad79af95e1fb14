"""Who is marking: the judge behind a private link or a signed-in person."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from competition.editions.public import Edition, get_edition_by_id
from competition.entries.public import Judge, find_own_judge
from competition.rounds.public import TableFacts, tables_of_judge
from core.access import CapacityKind, current_actor
from core.db import db
from core.errors import NotFound
from core.links import Landing, PrivateLink, landing
from core.localised import N_, chosen_locale, in_language


def current_judge(edition: Edition) -> Judge:
    """The judge that the actor of this request is in the edition; raises NotFound for anybody else."""
    judge = find_own_judge(current_actor(), edition)
    if judge is None or judge.edition_id != edition.id:
        raise NotFound(N_("You are not a judge in this edition."))
    return judge


def own_table(judge: Judge, public_id: str) -> TableFacts:
    """A table of a released draw on whose panel the judge sits; raises NotFound for any other."""
    found = next((table for table in tables_of_judge(judge.id) if table.public_id == public_id), None)
    if found is None:
        raise NotFound(N_("This table is not yours to mark."))
    return found


@landing(CapacityKind.JUDGE)
def judge_landing(link: PrivateLink) -> Landing:
    """A judge's link: the judge's name with the edition, and the page of their tables."""
    judge = db.session.get(Judge, link.subject_id)
    if judge is None or judge.edition_id != link.edition_id:
        raise NotFound(N_("This link leads nowhere any more."))
    edition = get_edition_by_id(judge.edition_id)
    title = in_language(edition.name, edition.name_zh, chosen_locale())
    name = judge.name or judge.name_local or judge.code
    words = _("%(name)s, judge at %(edition)s", name=name, edition=title)
    return Landing(words, url_for("judge.show", slug=edition.slug), edition.timezone)
