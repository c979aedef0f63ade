"""Every error this package raises, in one tree. Each says what, where, and what to do.

SlackIncidentsError
|-- UsageError             what was asked for cannot be            exit 2
|   |-- UnknownName        no such scenario, person, service
|   |-- BadFile            a file that cannot be read as what it should be
|   |-- BadSkeleton        a skeleton that contradicts itself
|   `-- OutputExists       refuses to overwrite
|-- CheckFailed            an incident has findings                exit 1
`-- OutsideError           disk, network, service                  exit 3
    `-- WriteFailed        the disk said no
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


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


class CheckFailed(SlackIncidentsError):
    """An incident has findings where none were allowed."""

    exit_code = 1


class OutsideError(SlackIncidentsError):
    """Something outside failed: disk, network, a service."""

    exit_code = 3


class WriteFailed(OutsideError):
    """A file could not be written; nothing half-written is left."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> str:
    """The known names nearest to `name`, quoted and joined by "or"; empty when none is near."""
    matches = difflib.get_close_matches(name.lower(), sorted(known), n=most, cutoff=0.5)
    return " or ".join(f'"{match}"' for match in matches)
