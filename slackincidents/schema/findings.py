"""What the validator says: findings with a code, a place and a remedy."""

from __future__ import annotations

from slackincidents.schema.base import Frozen


class Finding(Frozen):
    """One thing that is wrong. `index` is the event's place in the timeline, from 0."""

    code: str
    name: str
    message: str
    hint: str
    index: int | None = None

    def __str__(self) -> str:
        place = "incident" if self.index is None else f"timeline[{self.index}]"
        return f"{self.code} {self.name} at {place}: {self.message} ({self.hint})"


class Report(Frozen):
    """All findings, and the rules that could not run because no plan was there."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """True when nothing was found (skipped rules are neither found nor passed)."""
        return not self.findings
