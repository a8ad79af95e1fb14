"""What each method and preset holds dear: the weights of a table's cost.

Measured on simulated competitions of 48 to 2,000 teams (benchmarks/draw.py). A repeat weighs more the more
tables there are, because it is then easier to avoid; in the same way the range that `fair` leaves almost
free shrinks. In the first four rounds `balanced` holds repeats dearer: hardly anybody has met, so they cost
least to avoid then, and in small fields that is soon over. `strict` counts meetings, not their squares:
inside small brackets the same few teams must meet again, and who has met whom most often decides nothing
there; looking ahead costs it no spread, and broken roles become about an eighth fewer.
"""

from competition.draw.costs import Weights
from competition.draw.model import Preset

EARLY = 4
RANDOM = Weights()
ROLE_RANK = Weights(square=10.0)


def weights_of(preset: Preset, tables: int, number: int) -> Weights:
    """The weights of a power-paired draw of so many tables in round `number`."""
    scale = max(1.0, (tables / 12) ** 0.5)
    match preset:
        case "strict":
            return Weights(repeat=20.0, power=1.0, role=60.0, spread=1e6, ahead=1.0)
        case "fair":
            return Weights(
                repeat=10.6 + 5.7 * (scale - 1),
                spread=4.0 * scale**0.45,
                square=10.0,
                free=1 + 20 / tables**0.5,
                ahead=1.0,
            )
        case "balanced":
            return Weights(
                institution=600.0,
                role=max(61.0, 29.0 * scale**1.5),
                repeat=min(25.0, 13.0 * scale**1.2) * (1 + 1 / scale**3 if number <= EARLY else 1),
                spread=max(23.0 / scale, 14.5 * scale**0.4),
                square=9.0,
                free=1.0,
                ahead=1.0,
            )
