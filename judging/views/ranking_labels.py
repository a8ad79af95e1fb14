"""What every ranking of an edition is called, the one to open first in front."""

from __future__ import annotations

from flask_babel import gettext as _

from competition.editions.public import Edition, divisions_of
from core.localised import chosen_locale, in_language
from judging import snapshots


def labels_of(edition: Edition) -> dict[str, str]:
    """What each selection is called; where roles are fixed, everybody together comes last.

    Roles keep their code, the page draws their shape.
    """
    names = {
        f"division:{division.code}": in_language(division.name, division.name_zh, chosen_locale())
        or division.code
        for division in divisions_of(edition.id)
    }
    keys = sorted(
        snapshots.selections(edition), key=lambda key: key == "overall" and edition.role_policy == "fixed"
    )
    return {key: names.get(key, _("Overall") if key == "overall" else key) for key in keys}
