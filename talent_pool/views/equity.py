"""The equity view of an edition's organisers."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.editions.public import get_edition
from core.access import Permission, requires
from core.db import utc_now
from talent_pool.equity import equity_of, last_monday
from talent_pool.labels import country_name, role_names
from talent_pool.suppression import FEWEST

blueprint = Blueprint("equity", __name__, url_prefix="/e/<slug>/equity")


@blueprint.get("/")
@requires(Permission.SEE_EDITION)
def show(slug: str) -> ResponseReturnValue:
    """How often groups of this edition's people are shown, shortlisted and asked."""
    edition, now = get_edition(slug), utc_now()
    found = equity_of(edition, now)
    titles = {"role": _("Role"), "division": _("Division"), "country": _("Country")}
    names = {
        "role": role_names(),
        "country": {line.group: country_name(line.group) for line in found["country"]},
    }
    return render_template(
        "talent_pool/equity.html",
        edition=edition,
        tables=[(key, titles[key], lines, names.get(key, {})) for key, lines in found.items()],
        until=last_monday(now),
        fewest=FEWEST,
    )
