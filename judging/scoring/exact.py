"""Exact decimals and one stable order: how every score is rounded, averaged and listed."""

from collections.abc import Hashable, Iterable, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import cache, reduce
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)
ZERO = Decimal(0)
SCORE_DECIMALS = 6
"""Scores keep six decimals wherever they are stored, compared or handed over."""

_WIDE = Context(prec=60)
_SNAP = Decimal(1).scaleb(-12)


def round_half_up(value: Decimal, decimals: int = SCORE_DECIMALS) -> Decimal:
    """`value` with `decimals` decimals, halves away from zero; never a zero with a sign.

    A third is not a decimal: 1/3 + 1/3 + 1/3 comes back as 0.999...9. So the value is first brought to twelve
    decimals, where every honest fraction of marks is itself again, and only then rounded half up.
    """
    snapped = value.quantize(_SNAP, rounding=ROUND_HALF_EVEN, context=_WIDE)
    rounded = snapped.quantize(_unit(decimals), rounding=ROUND_HALF_UP, context=_WIDE)
    return rounded if rounded else rounded.copy_abs()


@cache
def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum in sixty digits: exact for marks, so the order of the marks cannot matter."""
    return reduce(_WIDE.add, values, ZERO)


def exact_mean(values: Sequence[Decimal]) -> Decimal:
    """The arithmetic mean of at least one value, in sixty digits."""
    return _WIDE.divide(exact_sum(values), Decimal(len(values)))


def in_id_order(ids: Iterable[Id]) -> list[Id]:
    """The ids in an order that does not depend on how they arrived, whatever hashable they are."""
    listed = list(ids)
    try:
        return sorted(listed)  # type: ignore[type-var]
    except TypeError:
        return sorted(listed, key=lambda each: (type(each).__name__, str(each)))


def exact_deviation(values: Sequence[Decimal]) -> Decimal:
    """The population standard deviation, rounded half up to six decimals; zero for fewer than two values."""
    if len(values) < 2:
        return ZERO
    mean = exact_mean(values)
    squares = [_WIDE.power(_WIDE.subtract(value, mean), 2) for value in values]
    return round_half_up(_WIDE.sqrt(exact_mean(squares)))
