"""What the reader of a long list looks for: it stands in the address, is bounded, and never fails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, TypeVar

from core.forms import whole_number

MOST_CHARACTERS = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """Words to search for, an order, and what a list adds; an empty word lets everything pass.

    KNOWN holds the words that a field may have; any other is left out. A field without an entry is free text.
    """

    KNOWN: ClassVar[Mapping[str, Collection[str]]] = {}

    q: str = ""
    sort: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """From an address."""
        values = {
            field.name: arguments.get(field.name, "")[:MOST_CHARACTERS].strip() for field in fields(cls)
        }
        known = cls.KNOWN
        return cls(
            **{
                name: value if name not in known or value in known[name] else ""
                for name, value in values.items()
            }
        )

    def arguments(self, **changes: str) -> dict[str, Any]:
        """For an address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in {**values, **changes}.items() if value}

    @property
    def is_narrow(self) -> bool:
        """Whether anything but an order is asked for."""
        return bool(set(self.arguments()) - {"sort"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where the reader is in a long list."""

    number: int
    pages: int
    total: int
    per_page: int

    @classmethod
    def of(cls, arguments: Mapping[str, str], *, total: int, per_page: int) -> Self:
        """The page that an address asks for, or the nearest one that there is."""
        pages = max(1, -(-total // per_page))
        asked = whole_number(arguments.get("page", ""), otherwise=1)
        return cls(number=min(max(1, asked), pages), pages=pages, total=total, per_page=per_page)

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of this page."""
        return rows[(self.number - 1) * self.per_page : self.number * self.per_page]
