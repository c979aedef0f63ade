"""Commands from a file, one a line: what is typed, and what is waited for first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from slackincidents.drills.naming import seconds
from slackincidents.errors import UsageError

WHEN = re.compile(r"@(?:\+(?P<later>\S+)|(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)(?:\s+|$)")
HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a script. `number` counts from 1; `after` are seconds to wait, `at` a time on the drill's clock."""

    number: int
    text: str
    after: float = 0.0
    at: tuple[int, int, int] | None = None

    def wait(self, clock: datetime) -> float:
        """Seconds to wait from a moment on; none when the time has passed."""
        if self.at is None:
            return self.after
        hour, minute, second = self.at
        target = clock.replace(hour=hour, minute=minute, second=second, microsecond=0)
        if clock - target > HALF_A_DAY:
            target += timedelta(days=1)
        return max(0.0, (target - clock).total_seconds())


def read_script(lines: Iterable[str], name: str) -> Iterator[Cue]:
    """The commands of a script; empty lines and those that begin with # are left out. Raises UsageError."""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text and not text.startswith("#"):
            yield _cue(number, text, name)


def _cue(number: int, text: str, name: str) -> Cue:
    if not text.startswith("@"):
        return Cue(number, text)
    found = WHEN.match(text)
    if found is None:
        raise UsageError(f"{name}:{number}: {text[:40]!r} has no time", "Write it like @+90s ack, or @14:05 ack.")
    rest = text[found.end() :]
    if found["later"] is not None:
        after = seconds(found["later"])
        if after is None:
            raise UsageError(f"{name}:{number}: {found['later']!r} is no length of time", "Write it like @+90s.")
        return Cue(number, rest, after=after)
    clock = (int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        raise UsageError(f"{name}:{number}: {text[:9]!r} is no time of day", "Write it like @14:05.")
    return Cue(number, rest, at=clock)
