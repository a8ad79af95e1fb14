"""The elimination tree that everybody follows."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from competition.editions.public import Edition, divisions_of, get_edition
from core.access import Permission, current_actor, public, requires
from core.errors import NotFound
from core.localised import chosen_locale, in_language
from judging.closing.break_ import find_break
from judging.closing.tree import Tree, trees_of

blueprint = Blueprint("elimination", __name__, url_prefix="/e/<slug>/tree")


@blueprint.get("/all")
@requires(Permission.MANAGE_RESULTS)
def tree(slug: str) -> ResponseReturnValue:
    """The tree with everything organisers know."""
    edition = get_edition(slug)
    return _tree(edition, trees_of(edition, is_public=False), is_public=False)


@blueprint.get("")
@public
def published(slug: str) -> ResponseReturnValue:
    """The tree as far as it is public; nothing before the break is published or a round released."""
    edition = get_edition(slug)
    if not (edition.is_public or current_actor().belongs_to(edition.id)):
        raise NotFound()
    trees = trees_of(edition, is_public=True)
    if find_break(edition.id) is None and not any(one.tables for each in trees for one in each.rounds):
        raise NotFound()
    return _tree(edition, trees, is_public=True)


def _tree(edition: Edition, trees: list[Tree], *, is_public: bool) -> str:
    names = {
        division.id: in_language(division.name, division.name_zh, chosen_locale()) or division.code
        for division in divisions_of(edition.id)
    }
    return render_template(
        "judging/closing/tree_public.html" if is_public else "judging/closing/tree.html",
        edition=edition,
        trees=trees,
        names=names,
        has_break=find_break(edition.id) is not None,
    )
