"""What the formation engine cannot do, in words that name the people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from competition.formation.model import Fault
from core.localised import joined


def fault_lines(faults: Sequence[Fault], names: Mapping[str, str]) -> list[str]:
    """A sentence for each fault."""
    return [_line(fault, joined(names.get(one, "?") for one in fault.people)) for fault in faults]


def _line(fault: Fault, people: str) -> str:
    lines = {
        "too_few_people": lambda: _("There are fewer people than teams (%(count)d).", count=fault.count),
        "too_many_people": lambda: _(
            "More than %(count)d people cannot be formed at once.", count=fault.count
        ),
        "group_too_large": lambda: _(
            "%(people)s must all stay together, but a team has at most %(count)d people.",
            people=people,
            count=fault.count,
        ),
        "contradiction": lambda: _("%(people)s must stay together and be kept apart at once.", people=people),
        "too_many_apart": lambda: _(
            "%(people)s must all be apart from one another, but there are only %(count)d teams.",
            people=people,
            count=fault.count,
        ),
        "locked_apart": lambda: _(
            "%(people)s must stay together, but are locked in different teams.", people=people
        ),
        "locked_together": lambda: _(
            "%(people)s must be kept apart, but are locked in one team.", people=people
        ),
        "locked_too_many": lambda: _(
            "%(people)s are locked in one team, which has at most %(count)d people.",
            people=people,
            count=fault.count,
        ),
        "no_arrangement": lambda: _(
            "No teams of equal size were found that keep every “must”. Still broken: %(people)s.",
            people=people,
        ),
    }
    return lines[fault.code]()
