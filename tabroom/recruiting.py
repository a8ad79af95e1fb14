"""What a member of an employer is led to on their home: what they must confirm, what is new, and the search."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.localised import local_day
from tabroom.participant import Duty
from talent_pool.public import EmployerNews


def lines_of_employer(news: EmployerNews) -> list[Duty]:
    """Deletions to confirm, people who said yes, opportunities that close soon; the search comes last."""
    found: list[Duty] = []
    if news.deletions:
        found.append(
            Duty(
                text=_("Deletions to confirm: %(count)d", count=news.deletions),
                url=url_for("employers.deletions"),
                label=_("Read and confirm"),
            )
        )
    if news.answers:
        found.append(
            Duty(
                text=ngettext(
                    "%(num)d person said yes in the last two weeks.",
                    "%(num)d people said yes in the last two weeks.",
                    news.answers,
                ),
                url=url_for("employers.requests"),
                label=_("See who they are"),
            )
        )
    found += [
        Duty(
            text=_("“%(title)s” closes on %(day)s.", title=title, day=local_day(closes_on)),
            url=url_for("employers.opportunities"),
            label=_("Opportunities"),
        )
        for title, closes_on in news.closing
    ]
    search = Duty(
        text=_("Find people by what their card shows, and ask them for contact."),
        url=url_for("employers.search"),
        label=_("Search the talent pool"),
    )
    return [*found, search]
