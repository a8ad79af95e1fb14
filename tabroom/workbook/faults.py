"""Gathering every fault of a workbook: what is kept in full, what is only counted, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from core.localised import N_
from core.problems import Problem
from core.spreadsheets import Value, text_of

MOST_LISTED = 500
MOST_GUESSES = 50
LONGEST_SHOWN = 120
MORE_FAULTS = N_("%(count)s more faults are not listed. Mend these first.")
MORE_WARNINGS = N_("%(count)s more warnings are not listed.")


@dataclass(slots=True)
class Faults:
    """Faults stop an import, warnings do not; of each kind the first `most` are kept."""

    faults: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    fault_count: int = 0
    warning_count: int = 0
    most: int = MOST_LISTED
    _counted: int = 0
    _guesses: dict[tuple[int, str], str] = field(default_factory=dict)

    def add(
        self, where: tuple[str | int, ...], code: str, message: str, value: object = None, **values: object
    ) -> None:
        """A fault: `value` is what was found there, further values fill the places of the message."""
        self.fault_count += 1
        if len(self.faults) < self.most:
            self.faults.append(_problem(where, code, message, value, values))

    def add_many(self, where: tuple[str | int, ...], code: str, message: str, count: int) -> None:
        """So many faults of one kind in one line, which says how many they are."""
        if len(self.faults) < self.most:
            self._counted += count - 1
        self.add(where, code, message, None, count=count)
        self.fault_count += count - 1

    def warn(
        self, where: tuple[str | int, ...], code: str, message: str, value: object = None, **values: object
    ) -> None:
        """A warning: it is shown, and the work goes on."""
        self.warning_count += 1
        if len(self.warnings) < self.most:
            problem = _problem(where, code, message, value, values)
            self.warnings.append(
                Problem(
                    where=problem.where, code=code, message=message, values=problem.values, is_warning=True
                )
            )

    def guess(self, value: str, names: Collection[str]) -> str:
        """The name that was probably meant, empty without a close one (the work is bounded)."""
        key = (id(names), value)
        if key not in self._guesses:
            if len(self._guesses) >= MOST_GUESSES:
                return ""
            lowered = {name.casefold(): name for name in names}
            found = get_close_matches(value.casefold()[:200], lowered, n=1, cutoff=0.72)
            self._guesses[key] = lowered[found[0]] if found else ""
        return self._guesses[key]

    def discount(self, known: Iterable[Problem]) -> None:
        """Leave out faults that are there anyway, whatever the file says."""
        old = {(problem.where, problem.code) for problem in known}
        kept = [problem for problem in self.faults if (problem.where, problem.code) not in old]
        self.fault_count -= len(self.faults) - len(kept)
        self.faults = kept

    @property
    def listed(self) -> list[Problem]:
        """Faults first, then warnings, each followed by a line that counts the rest."""
        listed = list(self.faults)
        if rest := self.fault_count - self._counted - len(self.faults):
            listed.append(Problem(code="more_faults", message=MORE_FAULTS, values={"count": rest}))
        return listed + self.listed_warnings

    @property
    def listed_warnings(self) -> list[Problem]:
        listed = list(self.warnings)
        if rest := self.warning_count - len(self.warnings):
            values: dict[str, object] = {"count": rest}
            listed.append(
                Problem(code="more_warnings", message=MORE_WARNINGS, values=values, is_warning=True)
            )
        return listed


def shown(value: object) -> str:
    """A cell's value as it is quoted in a message: never longer than a line."""
    text = value if isinstance(value, str) else _plain(value)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _plain(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return "; ".join(str(part) for part in value)
    known: Value = value  # type: ignore[assignment]
    return text_of(known)


def _problem(
    where: tuple[str | int, ...], code: str, message: str, value: object, values: dict[str, object]
) -> Problem:
    filled = {name: shown(each) if isinstance(each, str) else each for name, each in values.items()}
    return Problem(where=where, code=code, message=message, values={"value": shown(value), **filled})
