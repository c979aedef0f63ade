"""The poster as a process that is killed: at any moment, again and again, then run to the end."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from time import perf_counter

from slackincidents.errors import SlackIncidentsError
from slackincidents.schema.incident import IncidentRecord
from slackincidents.seeds import Seed
from slackincidents.sinks.journal import read
from slackincidents.sinks.poster import deliver
from tests.slack.clocks import Hurried
from tests.slack.practice import OPTIONS, Shape, Verdict, incident, judged, scene, shape
from tests.slack.pretend import pretended
from tests.slack.sweep import voices

SPEED = 200.0
"""How many times too fast the clock runs: a channel takes a message every 5 ms."""

CLIENT_SECONDS = 10.0
LONGEST = 60.0
"""Seconds for one process."""

MOST_KILLS = 3
"""At most so many kills one after another before a run is left alone."""


@dataclass(frozen=True)
class Errand:
    """What a process is to do; `incident` is a file's text."""

    incident: str
    api_url: str
    folder: Path
    clock: Hurried


@dataclass(frozen=True)
class Killed:
    """What became of one incident: kills that hit a living process, and what stood in the end.

    `amid` counts the kills that hit while a message was on its way: nobody could know whether it had arrived.
    """

    number: int
    kills: int
    amid: int
    verdict: Verdict
    failure: str = ""


def errand(order: Errand) -> None:
    """Post the incident, or go on; runs in a process of its own. Ends with 3 when it cannot finish."""
    posted = IncidentRecord.model_validate_json(order.incident)
    people, alerts = voices(order.api_url, CLIENT_SECONDS)
    try:
        asyncio.run(deliver(posted, people, clock=order.clock, run_folder=order.folder, options=OPTIONS, alerts=alerts))
    except SlackIncidentsError as error:
        (order.folder / "failure").write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
        sys.exit(3)


@cache
def forking() -> ForkServerContext:
    """Processes that start within milliseconds: everything is imported already, nothing runs yet."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def started(order: Errand) -> ForkServerProcess:
    """The poster, running."""
    process = forking().Process(target=errand, args=(order,))
    process.start()
    return process


def finished(order: Errand) -> str:
    """Let the poster run to its end; why it did not succeed."""
    process = started(order)
    process.join(LONGEST)
    if process.exitcode is None:
        process.kill()
        process.join()
        return "it never came to an end"
    failure = order.folder / "failure"
    return "" if process.exitcode == 0 else failure.read_text(encoding="utf-8") if failure.exists() else "it crashed"


@cache
def usual() -> tuple[Shape, float]:
    """What stands when nobody is killed, and how many seconds that takes once everything is warm."""
    return _undisturbed()[0], min(_undisturbed()[1] for _ in range(2))


def _undisturbed() -> tuple[Shape, float]:
    clock = Hurried.starting(SPEED)
    with tempfile.TemporaryDirectory() as folder, pretended(scene(), clock=clock.now) as stand:
        order = Errand(_text(), stand.api_url, Path(folder), clock)
        began = perf_counter()
        if failure := finished(order):
            raise AssertionError(failure)
        return shape(stand.ledger()), perf_counter() - began


@cache
def _text() -> str:
    return incident().model_dump_json(by_alias=True)


def killed(number: int, seed: Seed) -> Killed:
    """Start, kill at a random moment, perhaps again, then let it finish."""
    rng = seed.child(number).rng()
    wanted, seconds = usual()
    clock = Hurried.starting(SPEED)
    with tempfile.TemporaryDirectory() as folder, pretended(scene(), clock=clock.now) as stand:
        order = Errand(_text(), stand.api_url, Path(folder), clock)
        moments = [rng.uniform(0.0, seconds) for _ in range(rng.randint(1, MOST_KILLS))]
        hits = list(takewhile(lambda hit: hit.alive, (_cut_short(order, moment) for moment in moments)))
        failure = finished(order)
        amid = sum(hit.amid for hit in hits)
        return Killed(number, len(hits), amid, judged(shape(stand.ledger()), wanted), failure)


@dataclass(frozen=True)
class _Hit:
    alive: bool
    amid: bool


def _cut_short(order: Errand, moment: float) -> _Hit:
    """Kill it then, unless it was done before."""
    process = started(order)
    process.join(moment)
    process.kill()
    process.join()
    return _Hit(process.exitcode == -signal.SIGKILL, bool(read(order.folder).open))


def killings(least: int, seed: Seed, lanes: int = 2) -> tuple[Killed, ...]:
    """Incident after incident until so many kills have hit."""
    usual()
    done: list[Killed] = []
    with ThreadPoolExecutor(lanes) as pool:
        while sum(one.kills for one in done) < least:
            numbers: Sequence[int] = range(len(done), len(done) + 4 * lanes)
            done += pool.map(lambda number: killed(number, seed), numbers)
    return tuple(done)
