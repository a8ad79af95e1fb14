"""A step of arithmetic and the tree it stands in: worked out again, cut for the public, read line by line."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from judging.scoring.exact import ZERO, exact_deviation, exact_mean, exact_sum, round_half_up
from judging.scoring.tables import panel_score

Operation = Literal["given", "sum", "mean", "product", "median", "trimmed_mean", "deviation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One number and where it comes from.

    `what` is a stable word for the kind of number ("sheet", "mark", "penalty", ...) and `about` the ids it is about
    ({"round": 2, "judge": "J1"}): the page puts them into words. `amount` is the number, `operation` how it comes
    out of the `parts`, rounded half up to `decimals` (None: not rounded). Only what `is_public` may be published;
    `public_form` is another way to work the same number out, for the public alone.
    """

    what: str
    amount: Decimal
    about: Mapping[str, Hashable] = field(default_factory=dict)
    operation: Operation = "given"
    parts: tuple["Step", ...] = ()
    decimals: int | None = None
    is_public: bool = False
    public_form: "Step | None" = None


def recomputed(step: Step) -> Decimal:
    """The number worked out again from the leaves: equal to `amount` for every step made here."""
    parts = [recomputed(part) for part in step.parts]
    value = step.amount
    if step.operation == "sum":
        value = exact_sum(parts)
    elif step.operation == "product":
        value = parts[0] * parts[1]
    elif step.operation == "mean":
        value = exact_mean(parts) if parts else ZERO
    elif step.operation == "deviation":
        value = exact_deviation(parts)
    elif step.operation in ("median", "trimmed_mean"):
        value = panel_score(parts, "median" if step.operation == "median" else "trimmed_mean", 12)
    return value if step.decimals is None else round_half_up(value, step.decimals)


def public_part(step: Step) -> Step | None:
    """The tree without what the public may not see; None where the step itself is not public."""
    if not step.is_public:
        return None
    if step.public_form is not None:
        return public_part(step.public_form)
    shown = tuple(part for part in map(public_part, step.parts) if part is not None)
    return replace(step, parts=shown, operation=step.operation if len(shown) == len(step.parts) else "given")


def lines(step: Step, depth: int = 0) -> Iterator[tuple[int, Step]]:
    """The tree in reading order with its depth, a line for each step: for a page, a spreadsheet, a print."""
    yield depth, step
    for part in step.parts:
        yield from lines(part, depth + 1)
