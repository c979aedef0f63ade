"""Slack's timestamps as whole microseconds, and what lies between two of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = 1000
SECOND = 1_000_000


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def read_stamp(ts: str) -> int:
    """``1733927400.000200`` as microseconds since 1970."""
    whole, _, rest = ts.partition(".")
    return int(whole) * SECOND + int(rest.ljust(6, "0") or 0)


def stamp(moment: int) -> str:
    """Microseconds since 1970 as Slack writes them."""
    return f"{moment // SECOND:010d}.{moment % SECOND:06d}"


def seconds_between(start: int, end: int) -> int | float:
    """Seconds from one moment to another, to the millisecond; whole ones without a point."""
    seconds = round((end - start) / SECOND, 3)
    return int(seconds) if seconds.is_integer() else seconds


def iso(moment: int) -> str:
    """As a file says it: whole seconds, UTC."""
    return (EPOCH + timedelta(microseconds=moment)).replace(microsecond=0).isoformat()
