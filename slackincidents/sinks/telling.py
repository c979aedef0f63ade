"""What an error adds: what was posted, what was not, how to go on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from slackincidents.errors import SlackIncidentsError
from slackincidents.schema.delivery import Delivery

Problem = TypeVar("Problem", bound=SlackIncidentsError)


def extended(error: Problem, delivery: Delivery, folder: Path | None) -> Problem:
    """The same error, which now also says what stands, what is left, and which command goes on."""
    posted = sorted({receipt.index for receipt in delivery.receipts} - set(delivery.left))
    if not delivery.receipts:
        error.message = f"{error.message} [nothing was posted]"
        again = "Then run the same command again"
    else:
        error.message = (
            f"{error.message} [posted: {_count(posted)}; not posted: {_count(sorted(delivery.left))}; "
            f"incident {delivery.incident}]"
        )
        again = "To go on: slackincidents post with the same files and options"
    where = f" and --run {folder}" if folder is not None else ""
    back = f" To take it back: slackincidents unpost {folder}." if delivery.receipts and folder is not None else ""
    error.hint = f"{error.hint} {again}{where}.{back}".strip()
    error.args = (error.message,)
    return error


def _count(indices: Iterable[int]) -> str:
    """``3 events (0-1, 5)``."""
    listed = tuple(indices)
    if not listed:
        return "no events"
    return f"{len(listed)} event{'s' if len(listed) > 1 else ''} ({', '.join(_ranges(listed))})"


def _ranges(indices: tuple[int, ...]) -> Iterable[str]:
    for _, run in groupby(enumerate(indices), key=lambda pair: pair[1] - pair[0]):
        members = [index for _, index in run]
        yield f"{members[0]}-{members[-1]}" if len(members) > 1 else str(members[0])
