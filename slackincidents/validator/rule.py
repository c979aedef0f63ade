"""What a rule is: a code, a name for the smell, what and why, and a check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slackincidents.schema.findings import Finding
from slackincidents.validator.context import Context

Found = Iterator[tuple[int | None, str]]
"""What a check yields: the event's index, or None for the whole file, and what is wrong there."""


@dataclass(frozen=True)
class Rule:
    """One check. `check` yields findings; it never repairs, prints or calls a model.

    `example` is one thing it catches. A rule that `needs_plan` is skipped without one.
    """

    code: str
    name: str
    what: str
    why: str
    hint: str
    check: Callable[[Context], Found]
    example: str
    needs_plan: bool = False
    of_words: bool = False
    """about how something is put: what a person typed in a drill is theirs, and left alone"""

    def run(self, context: Context) -> Iterator[Finding]:
        """The findings of this rule on one incident."""
        for index, message in self.check(context):
            if self.of_words and index in context.typed:
                continue
            yield Finding(code=self.code, name=self.name, message=message, hint=self.hint, index=index)
