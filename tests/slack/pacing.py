"""How often one may call: one message a second a channel, and so many calls a minute of each method."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.slack.wire import Refused

MINUTE = 60.0
TIERS = {
    "chat.delete": 50,
    "conversations.create": 20,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.join": 50,
    "conversations.list": 20,
    "conversations.replies": 50,
    "reactions.add": 50,
    "usergroups.list": 20,
    "users.list": 20,
}
"""Calls a minute of each method; chat.postMessage has a rule of its own."""


@dataclass
class Pace:
    """The limits, counted. `interval` is seconds between two messages of a channel, None for no limit at all."""

    interval: float | None = None
    tolerance: float = 0.05
    _last: dict[str, float] = field(default_factory=dict)
    _calls: defaultdict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def message(self, place: str, now: float) -> None:
        """Count a message to a channel or webhook.

        Raises:
            Refused: 429, with whole seconds to wait.
        """
        if self.interval is None:
            return
        wait = self._last.get(place, -math.inf) + self.interval - now
        if wait > self.tolerance:
            raise too_many(wait)
        self._last[place] = now

    def call(self, who: str, method: str, now: float) -> None:
        """Count a call of a method.

        Raises:
            Refused: 429, with whole seconds to wait.
        """
        most = TIERS.get(method)
        if self.interval is None or most is None:
            return
        calls = self._calls[(who, method)]
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= most:
            raise too_many(calls[0] + MINUTE - now)
        calls.append(now)


def too_many(wait: float = 1.0) -> Refused:
    """The answer to too many calls; Slack says how long to wait in whole seconds."""
    return Refused("ratelimited", status=429, headers={"Retry-After": str(max(1, math.ceil(wait)))})
