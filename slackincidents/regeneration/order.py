"""What is asked for: what may change, how often, and whether only a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Literal, get_args

from slackincidents.errors import UnknownName, UsageError

Vary = Literal["words", "course", "both"]
VARIES: tuple[Vary, ...] = get_args(Vary)


@dataclass(frozen=True)
class Order:
    """`words` keeps the course, `course` keeps only the skeleton, `both` also tells each course in new words.

    `seed` is where counting begins: the first seed of a course, and the number before the first wording.
    `only` names a part: a message's index, ``thread:INDEX`` or ``#channel``.
    """

    vary: Vary = "words"
    variants: int = 1
    seed: int = 0
    only: str | None = None

    def __post_init__(self) -> None:
        """Raises UsageError when the parts of the order cannot go together."""
        if self.vary not in VARIES:
            raise UnknownName("way to vary", str(self.vary), VARIES, ", ".join(VARIES))
        if self.variants < 1:
            raise UsageError(f"{self.variants} variants cannot be made", "Ask for one or more.")
        if self.only is not None and self.vary != "words":
            raise UsageError(f"a part alone cannot take another course ({self.vary})", "Vary the words.")

    def wordings(self, first: int = 1) -> tuple[str, ...]:
        """The names of the wordings: v1, v2, ..."""
        return tuple(f"v{number}" for number in range(first, first + self.variants))

    def seeds(self, taken: str | None) -> tuple[str, ...]:
        """The seeds of the courses, without the one that is told already."""
        return tuple(islice(self._free(taken), self.variants))

    def _free(self, taken: str | None) -> Iterator[str]:
        return (str(seed) for seed in count(self.seed) if str(seed) != taken)
