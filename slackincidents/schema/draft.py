"""A draft: a plan's beats in words, one text a beat."""

from __future__ import annotations

from pydantic import Field

from slackincidents.schema.base import Frozen


class Usage(Frozen):
    """What was asked of a model: calls, and tokens as the endpoint counted them."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = Field(default=0, description="prompt tokens that the provider had in its cache")

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
        )

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens


class Variation(Frozen):
    """Which wording of one plan: a name, and what earlier wordings used up."""

    name: str = ""
    used_up: tuple[str, ...] = Field(default=(), description="lines of earlier wordings, not to be said again")


class WriterNote(Frozen):
    """What wrote the words."""

    writer: str
    model: str | None = None
    variant: str = ""
    prompts_sha256: str | None = Field(default=None, description="hash of the prompt templates")
    fell_back: tuple[str, ...] = Field(default=(), description="ids of beats another writer filled in")
    repaired: tuple[str, ...] = Field(default=(), description="ids of beats written again")
    rounds: int = Field(default=0, description="how often beats were sent back")
    usage: Usage = Usage()


class Draft(Frozen):
    """Beat id -> text, for every beat that has words of its own."""

    texts: dict[str, str]
    note: WriterNote
