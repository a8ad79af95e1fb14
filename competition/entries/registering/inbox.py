"""The organiser's list of teams as filters leave it, the order of the waiting list, and reasons as readers see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext

from competition.editions.public import Edition
from competition.entries.models import Team
from competition.entries.queries import TeamLine
from competition.entries.registering.entry import LEFT
from competition.entries.registering.offers import DECLINED
from competition.entries.services.registration import BEYOND_CAP
from competition.likeness.searching import Wanted
from core.filters import ListFilter

LACKS = ("", "asked", "small", "unconfirmed", "institution")
"""What may be amiss with a team: changes asked for, too few delegates, some not confirmed, an unknown institution."""
OWN_REASONS = (LEFT, DECLINED, BEYOND_CAP)
SORTS = ("", "name", "institution", "registered")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFilter(ListFilter):
    """What the reader of the list of teams looks for."""

    KNOWN: ClassVar = {"lacks": LACKS, "sort": SORTS}

    status: str = ""
    division: str = ""
    fee: str = ""
    lacks: str = ""

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a status is asked for."""
        return any((self.division, self.fee, self.lacks, self.q))

    def lets_pass(self, line: TeamLine, edition: Edition) -> bool:
        """Whether a team is among what is looked for."""
        return (
            (self.status not in STATUSES or line.status == self.status)
            and (not self.division or self.division in line.divisions)
            and (not self.fee or line.fee == self.fee)
            and (not self.lacks or lacks(line, self.lacks, edition))
            and (
                not self.q
                or Wanted.of(self.q).fits(
                    (line.name, line.institution_local, line.coach), line.institution, line.country
                )
            )
        )


STATUSES = ("applied", "registered", "waiting", "stand_in", "withdrawn", "declined")


def lacks(line: TeamLine, what: str, edition: Edition) -> bool:
    """Whether a team lacks one of the things that an organiser chases."""
    return {
        "asked": line.asked_at is not None,
        "small": line.delegates < edition.team_size_minimum,
        "unconfirmed": line.confirmed < line.delegates,
        "institution": not line.is_known,
    }[what]


def sorted_teams(lines: Sequence[TeamLine], sort: str) -> list[TeamLine]:
    """The teams in the order asked for, their own order otherwise."""
    keys = {
        "name": lambda line: line.name.casefold(),
        "institution": lambda line: (line.institution.casefold(), line.name.casefold()),
        "registered": lambda line: (line.created_at, line.id),
    }
    return sorted(lines, key=keys[sort]) if sort else list(lines)


def waiting_places(lines: Sequence[TeamLine]) -> dict[int, int]:
    """The place of each waiting team in line: who registered first is first."""
    waiting = sorted(
        (line for line in lines if line.status == "waiting"), key=lambda line: (line.created_at, line.id)
    )
    return {line.id: place for place, line in enumerate(waiting, start=1)}


def shown_reason(team: Team) -> str:
    """Why a team stands as it does: the organisers' words, or ours in the reader's language."""
    return gettext(team.status_reason) if team.status_reason in OWN_REASONS else team.status_reason
