"""Escalation policies: who is paged, in which order, and how long each level has to answer."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from slackincidents.schema.base import Frozen

TIMEOUT_S = 300
MOST_LEVELS = 20
MOST_REPEATS = 9


class Level(Frozen):
    """Everybody paged at once, and the seconds they have before the next level is paged."""

    people: tuple[str, ...] = Field(min_length=1, description="handles, all paged at once")
    timeout_s: int = Field(default=TIMEOUT_S, ge=1, le=86_400)


class Policy(Frozen):
    """Levels from first to last; `repeats` is how often all of them are gone through once more."""

    levels: tuple[Level, ...] = Field(min_length=1, max_length=MOST_LEVELS)
    repeats: int = Field(default=0, ge=0, le=MOST_REPEATS)

    @property
    def patience_s(self) -> int:
        """Seconds from the first page to the moment when nobody is left to be paged."""
        return (1 + self.repeats) * sum(level.timeout_s for level in self.levels)

    def after(self, level: int, lap: int) -> tuple[int, int] | None:
        """The level and lap that come next, both counted from 0; None when nobody is left."""
        if level + 1 < len(self.levels):
            return level + 1, lap
        return (0, lap + 1) if lap < self.repeats else None


def ladder(people: Sequence[str], *, timeout_s: int = TIMEOUT_S, repeats: int = 0) -> Policy:
    """One person a level, in that order, each once. An empty `people` is a ValueError of the model."""
    levels = tuple(Level(people=(person,), timeout_s=timeout_s) for person in dict.fromkeys(people))
    return Policy(levels=levels, repeats=repeats)
