"""What can be told to a pager. Each is a value, so that a drill can be stored and played again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slackincidents.schema.base import Frozen
from slackincidents.schema.skeleton import Severity

Name = Annotated[str, Field(min_length=1, max_length=80)]
"""A handle, or the name of a bot."""


class Trigger(Frozen):
    """The monitor sees a failure. While an incident is open, one more alert of it."""

    kind: Literal["trigger"] = "trigger"
    details: str
    severity: Severity | None = None


class Acknowledge(Frozen):
    """Somebody is looking at it: ends the escalation. From somebody called in later: I am coming."""

    kind: Literal["acknowledge"] = "acknowledge"
    by: Name


class Ignore(Frozen):
    """Somebody who was paged lets it ring. The page to them is over."""

    kind: Literal["ignore"] = "ignore"
    by: Name


class Escalate(Frozen):
    """Do not wait for the time-out: page the next level now."""

    kind: Literal["escalate"] = "escalate"
    by: Name


class CallIn(Frozen):
    """Whoever works on it wants somebody else beside them. It moves no level of the policy."""

    kind: Literal["call-in"] = "call-in"
    by: Name
    person: Name


class Triage(Frozen):
    """Say how bad it is. After a mitigation: it did not hold."""

    kind: Literal["triage"] = "triage"
    severity: Severity


class Mitigate(Frozen):
    """The users are out of pain; the cause may still be there."""

    kind: Literal["mitigate"] = "mitigate"
    by: Name


class HandOver(Frozen):
    """The one who has it gives it to somebody else."""

    kind: Literal["hand-over"] = "hand-over"
    by: Name
    to: Name


class Resolve(Frozen):
    """Fixed, by a person, or by itself, as the monitor sees it."""

    kind: Literal["resolve"] = "resolve"
    by: Name


class Reopen(Frozen):
    """It is back: the policy starts over."""

    kind: Literal["reopen"] = "reopen"
    reason: str = ""


class Tick(Frozen):
    """Nothing but time."""

    kind: Literal["tick"] = "tick"


Command = Annotated[
    Trigger | Acknowledge | Ignore | Escalate | CallIn | Triage | Mitigate | HandOver | Resolve | Reopen | Tick,
    Field(discriminator="kind"),
]
"""Any of them; as JSON, told apart by `kind`."""
