"""Problems that are gathered and reported together instead of raised one at a time (stdlib only)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault found in some input.

    `where` is a path a person can follow (("Draw", 12, "government") is sheet, row, column), `code` a stable
    word, `message` the English source text with %(name)s places, `values` what fills them.
    A problem with `is_warning` does not stop the work.
    """

    where: tuple[str | int, ...] = ()
    code: str
    message: str
    values: dict[str, object] = field(default_factory=dict)
    is_warning: bool = False

    @property
    def text(self) -> str:
        """The message in English, filled in."""
        return self.message % self.values if self.values else self.message
