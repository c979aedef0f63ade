"""What a pager reports, each with the moment in seconds since 1970."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slackincidents.errors import UsageError
from slackincidents.schema.base import Frozen
from slackincidents.schema.skeleton import Severity


class Happened(Frozen):
    """The base of every event."""

    at: float


class Triggered(Happened):
    """An incident began."""

    kind: Literal["triggered"] = "triggered"
    details: str
    severity: Severity | None


class Grouped(Happened):
    """One more alert of an open incident; `alerts` counts them."""

    kind: Literal["grouped"] = "grouped"
    details: str
    alerts: int


class Paged(Happened):
    """A page went out. `due` is when it expires; `called_in_by` is set when it is no part of the policy."""

    kind: Literal["paged"] = "paged"
    page: int
    person: str
    level: int
    lap: int
    due: float
    called_in_by: str | None = None


class Acknowledged(Happened):
    """Somebody has it. `page` is theirs; without one they saw it some other way, or too late."""

    kind: Literal["acknowledged"] = "acknowledged"
    by: str
    page: int | None


class Joined(Happened):
    """Somebody who was called in answers; the incident stays with the one who has it."""

    kind: Literal["joined"] = "joined"
    by: str
    page: int


class Expired(Happened):
    """A page was not answered; `ignored` when somebody said so, else its time ran out."""

    kind: Literal["expired"] = "expired"
    page: int
    person: str
    ignored: bool


class Cancelled(Happened):
    """A page is not needed any more."""

    kind: Literal["cancelled"] = "cancelled"
    page: int
    person: str


class Escalated(Happened):
    """The next level is paged, because the last one did not answer or somebody (`by`) wanted it."""

    kind: Literal["escalated"] = "escalated"
    level: int
    lap: int
    by: str | None


class MajorOutage(Happened):
    """Everybody was paged and nobody answered."""

    kind: Literal["major-outage"] = "major-outage"
    people: tuple[str, ...]


class Triaged(Happened):
    """How bad it is, and how bad it was thought to be."""

    kind: Literal["triaged"] = "triaged"
    severity: Severity
    before: Severity | None


class Mitigated(Happened):
    """The users are out of pain."""

    kind: Literal["mitigated"] = "mitigated"
    by: str


class HandedOver(Happened):
    """It is somebody else's now."""

    kind: Literal["handed-over"] = "handed-over"
    by: str
    to: str


class Resolved(Happened):
    """It is over."""

    kind: Literal["resolved"] = "resolved"
    by: str


class Reopened(Happened):
    """It was not over."""

    kind: Literal["reopened"] = "reopened"
    reason: str


class Refused(Happened):
    """A command that made no sense then. Nothing changed; `possible` names the commands that do."""

    kind: Literal["refused"] = "refused"
    command: str
    reason: str
    possible: tuple[str, ...]

    def error(self) -> UsageError:
        """The same as an error, for callers that want to raise it."""
        return UsageError(self.reason, f"Possible now: {', '.join(self.possible)}.")


Event = Annotated[
    Triggered
    | Grouped
    | Paged
    | Acknowledged
    | Joined
    | Expired
    | Cancelled
    | Escalated
    | MajorOutage
    | Triaged
    | Mitigated
    | HandedOver
    | Resolved
    | Reopened
    | Refused,
    Field(discriminator="kind"),
]
"""Any of them; as JSON, told apart by `kind`."""
