"""What was typed on the writing page, as a text: about the case's issues, or about issues that are named there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from competition.resolutions.wording import (
    AGREEMENT,
    IMPASSE,
    MOST_FREE_ISSUES,
    STATES,
    UNSAID,
    Issue,
    Item,
    Wording,
    said,
)
from core.errors import Conflict
from core.forms import folded, lines, whole_number
from core.localised import N_

SPARE_LINES = 3


def read_wording(form: Mapping[str, str], issues: Sequence[Issue] | None) -> Wording:
    """The text in a posted form. Raises Conflict when the case's issues are others than those that were shown."""
    items = _free(form) if issues is None else _of_case(form, issues)
    outcome = IMPASSE if form.get("outcome") == IMPASSE else AGREEMENT
    return Wording(outcome=outcome, items=tuple(items), remark=lines(form.get("remark")))


def _of_case(form: Mapping[str, str], issues: Sequence[Issue]) -> list[Item]:
    if [form.get(f"code-{place}") for place in range(len(issues))] != [issue.code for issue in issues]:
        raise Conflict(N_("The issues of the case were changed in the meantime. Open the page again."))
    return [
        said(
            issue,
            state=form.get(f"state-{place}", UNSAID),
            option=_option(form.get(f"option-{place}", "")),
            terms=lines(form.get(f"terms-{place}")),
        )
        for place, issue in enumerate(issues)
    ]


def _option(text: str) -> int | None:
    number = whole_number(text, otherwise=-1)
    return number if number >= 0 else None


def _free(form: Mapping[str, str]) -> list[Item]:
    """Issues that the table named itself; a line without a name and without terms is none."""
    items: list[Item] = []
    for place in range(MOST_FREE_ISSUES):
        name, terms = folded(form.get(f"name-{place}"))[:200], lines(form.get(f"terms-{place}"))
        state = form.get(f"state-{place}", UNSAID)
        if name or terms:
            items.append(
                Item(
                    code=str(len(items) + 1),
                    name=name or terms[:60],
                    state=state if state in STATES else UNSAID,
                    terms=terms,
                )
            )
    return items


def shown_items(wording: Wording, issues: Sequence[Issue] | None) -> list[tuple[Issue, Item]]:
    """The lines of the writing page: the case's issues with what is said of them, or named issues and spare lines."""
    if issues is None:
        found = [(Issue(code=item.code, name=item.name), item) for item in wording.items]
        spare = min(SPARE_LINES, MOST_FREE_ISSUES - len(found))
        return [*found, *((Issue(code="", name=""), Item(code="", name="")) for _place in range(spare))]
    said_of = {item.code: item for item in wording.items}
    return [
        (issue, said_of.get(issue.code, said(issue, state=UNSAID, option=None, terms=""))) for issue in issues
    ]
