"""Phrase banks: Jinja2 templates that list ways to do one dialogue act."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from slackincidents.errors import BadFile
from slackincidents.schema.people import Register


class Banks:
    """All phrase banks of a library, rendered once for each manner and time of day."""

    def __init__(self, source: Callable[[str], str]) -> None:
        """`source` gives a bank's template by name."""
        self._source = source
        self._environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self.lines = cache(self._lines)

    def _lines(self, name: str, manner: Register, night: bool) -> tuple[str, ...]:
        try:
            text = self._environment.from_string(self._source(name)).render(manner=manner, night=night)
        except TemplateError as error:
            raise BadFile(
                f"phrase bank {name}: {error}", "Mend prompts/offline/ in your folder, or remove it there."
            ) from None
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        if not lines:
            raise BadFile(f"phrase bank {name} has no line for {manner}", "Add one; see docs/phrases.md.")
        return lines
