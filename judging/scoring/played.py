"""What a team has from one round: the fact that tables hand over and standings are made of."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from judging.scoring.exact import exact_sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One team's outcome in one preliminary round; rank, points and score are facts recorded at the table.

    `points` already carry the round's weight. An absent team has no rank and no score. A score may be
    missing or may contradict the rank (real tabs hide and correct scores): the rank is authoritative.
    `adjusted` is the score less the panel's severity. `opponents` may be left out: then they are the other
    teams of the same table.
    """

    team: Hashable
    round: int
    table: Hashable
    rank: int | None
    points: Decimal
    score: Decimal | None
    is_shared: bool = False
    adjusted: Decimal | None = None
    opponents: tuple[Hashable, ...] = ()

    @property
    def was_there(self) -> bool:
        """Whether the team played: an absent one has neither a rank nor a score."""
        return self.rank is not None or self.score is not None


class Results:
    """All results of an edition, looked up by team and by table; their order never matters."""

    def __init__(self, results: Iterable[Played]) -> None:
        self._of_team: dict[Hashable, list[Played]] = defaultdict(list)
        self._at_table: dict[tuple[int, Hashable], list[Played]] = defaultdict(list)
        for played in results:
            self._of_team[played.team].append(played)
            self._at_table[played.round, played.table].append(played)

    def of(self, team: Hashable) -> list[Played]:
        """Everything recorded for the team, absences too, by round."""
        return sorted(self._of_team.get(team, ()), key=lambda played: played.round)

    def attended(self, team: Hashable) -> list[Played]:
        """The rounds the team played: those where it has a rank or a score."""
        return [played for played in self.of(team) if played.was_there]

    def scores(self, team: Hashable) -> list[Decimal]:
        """The scores known of the team, by round."""
        return [played.score for played in self.of(team) if played.score is not None]

    def table_mates(self, played: Played) -> list[Played]:
        """The others at the same table of the same round."""
        return [other for other in self._at_table[played.round, played.table] if other.team != played.team]

    def opponents(self, played: Played) -> tuple[Hashable, ...]:
        """Whom the team met there: as recorded, or else whoever played at the same table; nobody when absent."""
        if not played.was_there:
            return ()
        mates = (other for other in self.table_mates(played) if other.was_there)
        return played.opponents or tuple(other.team for other in mates)

    def points(self, team: Hashable) -> Decimal:
        """All points of the team."""
        return exact_sum(played.points for played in self._of_team.get(team, ()))
