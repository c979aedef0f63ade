"""Every error this package raises, in one tree. Each says what, where, and what to do.

SlackIncidentsError
|-- UsageError             what was asked for cannot be            exit 2
|   |-- UnknownName        no such scenario, person, service
|   |-- BadFile            a file that cannot be read as what it should be
|   |-- BadSkeleton        a skeleton that contradicts itself
|   |-- OutputExists       refuses to overwrite
|   |-- NotConfigured      a key, token or setting is missing
|   |-- Denied             a key, token or scope that a service does not accept
|   |-- OtherRun           a folder that holds the work of another configuration
|   `-- Unsafe             refuses to post where somebody real could be woken
|-- CheckFailed            an incident has findings                exit 1
|-- BudgetSpent            the tokens allowed are used up          exit 3
`-- OutsideError           disk, network, service                  exit 3
    |-- WriteFailed        the disk said no
    `-- ServiceFailed      a service gave no usable answer
        |-- Unreachable    no connection, or no answer in time
        |-- Busy           asks to come back later
        |-- Faulty         broke down, or its answer makes no sense
        `-- Declined       says no, and would say it again
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


class SlackIncidentsError(Exception):
    """Base of all. `hint` is the remedy; `str()` gives both on one line."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        """Say what is wrong, with place and value, and what to do about it."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class UsageError(SlackIncidentsError):
    """What was asked for cannot be: a wrong option, name, file or combination."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that nothing has; the hint offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str], listing: str = "") -> None:
        """Name the kind of thing, the name asked for and all known ones."""
        near = nearest(name, known)
        hint = " ".join(
            part for part in (f"Did you mean {near}?" if near else "", listing and f"List: {listing}") if part
        )
        super().__init__(f'no {kind} "{name}"', hint)


class BadFile(UsageError):
    """A file that is missing, unreadable or not what it should be."""


class BadSkeleton(UsageError):
    """A skeleton whose parts contradict each other; the message lists the first problems."""


class OutputExists(UsageError):
    """The output is there already and nobody said to overwrite it."""


class NotConfigured(UsageError):
    """A key, a token or a setting is missing; the hint says where it goes."""


class Denied(UsageError):
    """A service does not accept the key, token or scope it was shown."""


class OtherRun(UsageError):
    """A folder holds the work of another configuration; the message names the field that differs."""


class Unsafe(UsageError):
    """Refused, because somebody real could be woken or a foreign workspace written to."""


class CheckFailed(SlackIncidentsError):
    """An incident has findings where none were allowed. `draft` is what was written, beat id -> text."""

    exit_code = 1

    def __init__(
        self, message: str, hint: str = "", draft: Mapping[str, str] | None = None, findings: Iterable[str] = ()
    ) -> None:
        """Keep what was written and what was found in it, so that nothing paid for is lost."""
        super().__init__(message, hint)
        self.draft = dict(draft or {})
        self.findings = tuple(findings)


class BudgetSpent(SlackIncidentsError):
    """The tokens that were allowed are used up. What was finished is kept; the hint says how to go on."""

    exit_code = 3


class OutsideError(SlackIncidentsError):
    """Something outside failed: disk, network, a service."""

    exit_code = 3


class WriteFailed(OutsideError):
    """A file could not be written; nothing half-written is left."""


class ServiceFailed(OutsideError):
    """A service outside gave no usable answer."""


class Unreachable(ServiceFailed):
    """No connection, a dropped one, or no answer in time. What was sent may have been taken."""


class Busy(ServiceFailed):
    """The service asks to come back later; `retry_after` in seconds where it says so. Nothing was taken."""

    def __init__(self, message: str, hint: str = "", retry_after: float | None = None) -> None:
        """Keep how long to wait."""
        super().__init__(message, hint)
        self.retry_after = retry_after


class Faulty(ServiceFailed):
    """The service broke down, or its answer makes no sense. What was sent may have been taken."""


class Declined(ServiceFailed):
    """The service says no to this request and would say it again."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> str:
    """The known names nearest to `name`, quoted and joined by "or"; empty when none is near."""
    matches = difflib.get_close_matches(name.lower(), sorted(known), n=most, cutoff=0.5)
    return " or ".join(f'"{match}"' for match in matches)
