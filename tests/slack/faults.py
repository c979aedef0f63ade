"""Faults on order: which call of which method goes wrong, and how."""

from __future__ import annotations

import threading
from collections import Counter
from enum import StrEnum


class Fault(StrEnum):
    """How a call goes wrong. `before`: the request was not carried out; `after`: it was, and nobody learns of it.

    `late` stalls until the caller gives up, and is carried out only after somebody has looked and not found it.
    """

    RATE_LIMIT = "rate limit"
    ERROR_BEFORE = "500 before"
    ERROR_AFTER = "500 after"
    DROP_BEFORE = "drop before"
    DROP_AFTER = "drop after"
    STALL_BEFORE = "stall before"
    STALL_AFTER = "stall after"
    MALFORMED_BEFORE = "malformed before"
    MALFORMED_AFTER = "malformed after"
    LATE = "late"

    @property
    def taken(self) -> bool:
        """True when the request is carried out all the same."""
        return self.value.endswith("after")


EVERY_CALL = 0
"""As a call's number: all of them."""


class Faults:
    """Calls counted by method, and the faults ordered for them. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with no fault and no call."""
        self._lock = threading.Lock()
        self._ordered: dict[tuple[str, int], Fault] = {}
        self._lasting: set[tuple[str, int]] = set()
        self._outage: Fault | None = None
        self._seen: Counter[str] = Counter()
        self._struck: list[tuple[str, int, Fault]] = []

    def order(self, method: str, nth: int, fault: Fault, *, lasting: bool = False) -> None:
        """The nth call of a method from now on (1 is the next one) goes wrong; `EVERY_CALL` for all of them.

        A lasting fault is an outage: after that call every call of any method goes wrong, until `cancel`.
        """
        with self._lock:
            key = (method, nth and self._seen[method] + nth)
            self._ordered[key] = fault
            if lasting:
                self._lasting.add(key)

    def cancel(self) -> None:
        """Forget every fault that was ordered, and end an outage."""
        with self._lock:
            self._ordered.clear()
            self._lasting.clear()
            self._outage = None

    def strike(self, method: str) -> Fault | None:
        """Count a call and say how it goes wrong, if it does."""
        with self._lock:
            self._seen[method] += 1
            number = self._seen[method]
            fault = self._outage or self._ordered.get((method, number)) or self._ordered.get((method, EVERY_CALL))
            if (method, number) in self._lasting:
                self._outage = fault
            if fault:
                self._struck.append((method, number, fault))
            return fault

    @property
    def struck(self) -> tuple[tuple[str, int, Fault], ...]:
        """Every fault that happened: method, number of the call, kind."""
        with self._lock:
            return tuple(self._struck)
