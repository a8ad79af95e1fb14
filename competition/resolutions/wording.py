"""What a resolution says, issue by issue: reading it, checking it, and telling two texts apart. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import Invalid
from core.localised import N_, in_language

AGREED, PARTLY, NOT_AGREED, UNSAID = "agreed", "partly", "not_agreed", ""
STATES = (AGREED, PARTLY, NOT_AGREED)
AGREEMENT, IMPASSE = "agreement", "impasse"
MOST_FREE_ISSUES = 12
MOST_TERMS = 4000
MOST_REMARK = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Something a table is to settle; options as (English, Chinese)."""

    code: str
    name: str
    name_zh: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a text says of one issue. `option` is the place of the chosen option, None for terms of their own."""

    code: str
    name: str
    name_zh: str = ""
    state: str = UNSAID
    option: int | None = None
    option_en: str = ""
    option_zh: str = ""
    terms: str = ""

    def title(self, locale: str) -> str:
        """The issue's name for a reader."""
        return in_language(self.name, self.name_zh, locale)

    def choice(self, locale: str) -> str:
        """The chosen option for a reader; empty without one."""
        return in_language(self.option_en, self.option_zh, locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A whole text."""

    outcome: str = AGREEMENT
    items: tuple[Item, ...] = ()
    remark: str = ""

    def count(self, state: str) -> int:
        """How many issues are in a state."""
        return sum(item.state == state for item in self.items)


def issues_of_case(stored: Sequence[Mapping[str, Any]]) -> list[Issue]:
    """The issues of a case as they are kept there."""
    return [
        Issue(
            code=one["code"],
            name=one["name"],
            name_zh=one.get("name_zh", ""),
            options=tuple((option["en"], option["zh"]) for option in one.get("options", ())),
        )
        for one in stored
    ]


def said(issue: Issue, *, state: str, option: int | None, terms: str) -> Item:
    """What is said of a case's issue, with the option in words: the case may be written anew later."""
    is_there = option is not None and 0 <= option < len(issue.options)
    english, chinese = issue.options[option] if is_there and option is not None else ("", "")
    return Item(
        code=issue.code,
        name=issue.name,
        name_zh=issue.name_zh,
        state=state if state in STATES else UNSAID,
        option=option if is_there else None,
        option_en=english,
        option_zh=chinese,
        terms=terms,
    )


def checked(wording: Wording) -> Wording:
    """The text, if it can be kept. Raises Invalid where an impasse and an agreed issue contradict each other,
    for two issues of one name, and for texts that are too long.
    """
    if wording.outcome not in (AGREEMENT, IMPASSE):
        raise Invalid(N_("Choose whether you reached an agreement."))
    if wording.outcome == IMPASSE and wording.count(AGREED):
        raise Invalid(
            N_(
                "You say that you ended without an agreement, but an issue is marked as agreed. Change one of the two."
            )
        )
    names = [item.name.casefold() for item in wording.items]
    if len(set(names)) < len(names):
        raise Invalid(N_("Two issues have the same name."))
    if len(wording.remark) > MOST_REMARK or any(len(item.terms) > MOST_TERMS for item in wording.items):
        raise Invalid(N_("This text is too long."))
    return wording


def unsaid(wording: Wording) -> int:
    """How many issues the text says nothing of; at an impasse nothing needs to be said."""
    return 0 if wording.outcome == IMPASSE else wording.count(UNSAID)


def differing(shown: Wording, now: Wording) -> list[Item | None]:
    """The issues of `now` that another text treats otherwise, None in the list where outcome or remark differ."""
    before = {item.code: item for item in shown.items}
    changed: list[Item | None] = [item for item in now.items if before.get(item.code) != item]
    if (shown.outcome, shown.remark) != (now.outcome, now.remark):
        changed.append(None)
    return changed


def stored(wording: Wording) -> list[dict[str, Any]]:
    """The issues of a text as the database keeps them."""
    return [asdict(item) for item in wording.items]


def loaded(outcome: str, items: Sequence[Mapping[str, Any]], remark: str) -> Wording:
    """A text as it was kept."""
    return Wording(outcome=outcome, items=tuple(Item(**item) for item in items), remark=remark)
