"""Every fault at every call of every method: post the incident, go on after each failure, look what stands."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from slackincidents.errors import ServiceFailed, SlackIncidentsError
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.journal import NAME
from slackincidents.sinks.poster import deliver
from slackincidents.sinks.slack_client import SlackWorkspace
from slackincidents.sinks.unposting import unpost
from tests.slack.clocks import Times
from tests.slack.faults import Fault
from tests.slack.front import LOOKS
from tests.slack.ledger import Ledger
from tests.slack.practice import OPTIONS, Shape, Verdict, incident, judged, scene, shape
from tests.slack.pretend import pretended
from tests.slack.scene import ALERTS, POSTER
from tests.slack.stand import Stand

TIMEOUT = 0.4
"""Seconds until a client takes a stalled call for lost."""

OUTAGE_STEP = 4
"""Outages begin at every fourth message: each takes many calls until the delivery gives up."""

MOST_RUNS = 6
"""So often the command is run again before it counts as failed."""

STATE = "server.jsonl"
POST = "chat.postMessage"
LOOK = "the next look"
"""In an order: whichever of both methods is called."""

Act = Literal["post", "unpost"]


@dataclass(frozen=True)
class Order:
    """A fault for one call, the nth of a method or of either method that looks; or, lasting, for all from there on."""

    method: str
    nth: int
    fault: Fault
    lasting: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods it may hit."""
        return LOOKS if self.method == LOOK else (self.method,)


@dataclass(frozen=True)
class Case:
    """What is done, and which calls go wrong meanwhile."""

    act: Act
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a case: what stood in the end, the faults that happened, how often it was run."""

    case: Case
    verdict: Verdict
    struck: tuple[tuple[str, Fault], ...]
    runs: int
    failure: str = ""

    @property
    def hit(self) -> bool:
        """Whether every fault that was ordered happened."""
        return all(any((method, order.fault) in self.struck for method in order.methods) for order in self.case.orders)

    @property
    def good(self) -> bool:
        """Whether the faults happened, the work was finished and everything stands as it must."""
        return self.verdict.good and self.hit and not self.failure


def voices(api_url: str, seconds: float = TIMEOUT) -> tuple[Workspace, Workspace]:
    """The two bots, as the poster talks to them."""
    people, alerts = (
        SlackWorkspace(SecretStr(bot.token), base_url=api_url, timeout=seconds) for bot in (POSTER, ALERTS)
    )
    return people, alerts


def run(stand: Stand, folder: Path, times: Times, act: Act) -> None:
    """Post the incident, or go on; or take it back."""
    people, alerts = voices(stand.api_url)
    clock = times.renew()
    if act == "post":
        asyncio.run(deliver(incident(), people, clock=clock, run_folder=folder, options=OPTIONS, alerts=alerts))
    else:
        asyncio.run(unpost(folder, people, clock=clock, alerts=alerts))


@dataclass(frozen=True)
class Reference:
    """A delivery without faults: what stands in the end, and how often each method was called, by act.

    `journal` and `state` are the run's journal and the server's memory before anything was taken back, at `ended`.
    """

    ledger: Ledger
    posted: Shape
    calls: dict[tuple[Act, str], int]
    journal: bytes
    state: bytes
    ended: float


@cache
def reference() -> Reference:
    """Post and take back once, with nothing going wrong and every limit in force."""
    times = Times()
    with tempfile.TemporaryDirectory() as name, _served(Path(name), times) as stand:
        folder = Path(name)
        run(stand, folder, times, "post")
        ledger, journal, state = stand.ledger(), (folder / NAME).read_bytes(), (folder / STATE).read_bytes()
        first, ended = Counter(heard.method for heard in stand.heard), times.now()
        run(stand, folder, times, "unpost")
        second = Counter(heard.method for heard in stand.heard) - first
        refused = [heard for heard in stand.heard if heard.outcome != "ok"]
        if refused or shape(stand.ledger()):
            raise AssertionError(f"without any fault: {refused}, {stand.ledger()}")
    calls: dict[tuple[Act, str], int] = {("post", method): count for method, count in first.items()}
    calls.update({("unpost", method): count for method, count in second.items()})
    return Reference(ledger, shape(ledger), calls, journal, state, ended)


def _served(folder: Path, times: Times) -> Stand:
    return pretended(scene(), clock=times.now, interval=1.0, state=folder / STATE)


def cases() -> tuple[Case, ...]:
    """Every fault at every call of a delivery without faults; the calls that only a failure brings about as well."""
    return (*_plain(), *_while_looking(), *_outages())


def _plain() -> Iterator[Case]:
    for (act, method), count in reference().calls.items():
        for nth in range(1, count + 1):
            for fault in Fault:
                yield Case(act, (Order(method, nth, fault),))


def _while_looking() -> Iterator[Case]:
    """A post is taken and the line drops; the look that follows goes wrong too."""
    for nth in range(1, reference().calls["post", POST] + 1):
        for fault in Fault:
            yield Case("post", (Order(POST, nth, Fault.DROP_AFTER), Order(LOOK, 1, fault)))


def _outages() -> Iterator[Case]:
    """From a post on every call goes wrong, until the delivery stops; then the service is back."""
    for nth in range(1, reference().calls["post", POST] + 1, OUTAGE_STEP):
        for fault in Fault:
            if fault is not Fault.LATE:  # what is never looked for cannot be found
                yield Case("post", (Order(POST, nth, fault, lasting=True),))


def tried(case: Case) -> Outcome:
    """One case, from an empty workspace, or one that holds the incident, to the end."""
    times = Times()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if case.act == "unpost":
            (folder / NAME).write_bytes(reference().journal)
            (folder / STATE).write_bytes(reference().state)
            times.clock.advance(reference().ended - times.now())
        with _served(folder, times) as stand:
            for order in case.orders:
                for method in order.methods:
                    stand.faults.order(method, order.nth, order.fault, lasting=order.lasting)
            runs, failure = _until_done(stand, folder, times, case)
            wanted: Shape = reference().posted if case.act == "post" else {}
            struck = tuple((method, fault) for method, _, fault in stand.faults.struck)
            return Outcome(case, judged(shape(stand.ledger()), wanted), struck, runs, failure)


def _until_done(stand: Stand, folder: Path, times: Times, case: Case) -> tuple[int, str]:
    """Run it again as long as the service fails: how often, and why it failed in the end. An outage ends meanwhile."""
    failure = ""
    for number in range(1, MOST_RUNS + 1):
        try:
            run(stand, folder, times, case.act)
            return number, ""
        except ServiceFailed as error:
            failure = f"{type(error).__name__}: {error}"
            if any(order.lasting for order in case.orders):
                stand.faults.cancel()
        except SlackIncidentsError as error:
            return number, f"{type(error).__name__}: {error}"
    return MOST_RUNS, failure


def swept(chosen: Sequence[Case], processes: int = 2) -> tuple[Outcome, ...]:
    """Try many cases in several processes, in order."""
    if processes == 1:
        return tuple(tried(case) for case in chosen)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return tuple(pool.map(tried, chosen, chunksize=8))
