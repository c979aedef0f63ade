"""Doing things side by side, and bringing to its end what must not be cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from typing import TypeVar

from slackincidents.errors import SlackIncidentsError

Answer = TypeVar("Answer")


async def finished(work: Coroutine[None, None, Answer]) -> Answer:
    """Await work that is brought to its end even when somebody stops us meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task})
        if not task.cancelled():
            task.exception()
        raise


async def gathered(work: Iterable[Coroutine[None, None, Answer]]) -> tuple[Answer, ...]:
    """Do everything side by side; the first failure stops the rest and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
    except BaseExceptionGroup as errors:
        raise _first(errors) from None
    return tuple(task.result() for task in tasks)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first error of ours in a group; without one, the first of any kind."""
    leaves = tuple(_leaves(errors))
    return next((error for error in leaves if isinstance(error, SlackIncidentsError)), leaves[0])


def _leaves(errors: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in errors.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
