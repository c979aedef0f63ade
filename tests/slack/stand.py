"""A stand-in that listens: a server on 127.0.0.1 in a thread of its own, so that any caller can use it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.slack.faults import Faults
from tests.slack.front import Front, Heard, Workspace
from tests.slack.ledger import Ledger
from tests.slack.pacing import Pace
from tests.slack.scene import SHOP, TEAM, Bot, Scene

PATIENCE = 30.0
"""Seconds until a server that does not come up counts as broken."""


class Stand:
    """Starts on entering, stops on leaving. Everything it offers may be used from any thread."""

    def __init__(
        self,
        workspace: Workspace,
        scene: Scene = SHOP,
        *,
        clock: Callable[[], float] | None = None,
        interval: float | None = None,
        port: int = 0,
    ) -> None:
        """Prepare. `interval` is seconds between messages of a channel, None for no limits; `clock` gives the time."""
        self.scene = scene
        self._front = Front(workspace, scene, clock or time.time, Pace(interval))  # noqa: TID251 - no test's result
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._up = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="stand", daemon=True)

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            RuntimeError: it did not come up.
        """
        self._thread.start()
        if not self._up.wait(PATIENCE) or self._failure:
            raise RuntimeError("the stand-in did not come up") from self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop and free the port."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE)
        if self._failure:
            raise self._failure

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What a client takes as its base address."""
        return f"{self.url}/api/"

    def webhook_url(self, label: str = "alerts") -> str:
        """The address of an incoming webhook."""
        return f"{self.url}/services/{TEAM}/B0HOOK0001/{label}"

    def bot(self, name: str = "incident-poster") -> Bot:
        """One of the scene's bots."""
        return self.scene.bot(name)

    @property
    def faults(self) -> Faults:
        """Where faults are ordered."""
        return self._front.faults

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Every request so far."""
        return tuple(self._front.heard)

    def calls(self, method: str) -> tuple[Heard, ...]:
        """Every request for a method so far."""
        return tuple(heard for heard in self.heard if heard.method == method)

    def ledger(self) -> Ledger:
        """What every channel holds, by the channel's name, oldest first."""
        return asyncio.run_coroutine_threadsafe(self._front.ledger(), self._loop).result(PATIENCE)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - handed to whoever started it
            self._failure = failure
            self._up.set()

    async def _serve(self) -> None:
        workspace = self._front.workspace
        runner = web.AppRunner(
            self._front.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        try:
            await workspace.open(self.scene)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            self._port = runner.addresses[0][1]
            self._up.set()
            await self._stop.wait()
        finally:
            await runner.cleanup()
            await workspace.close()
