"""A drill in which time runs while one types: lines arrive above the prompt."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from slackincidents.cli.drill_desk import Desk
from slackincidents.clock import Clock
from slackincidents.drills import happenings as show
from slackincidents.drills.lines import Gaze, Quit, Wait
from slackincidents.drills.turns import GLANCE_S, News

TICK_S = 0.25
MARK_S = 5.0
"""How often time is let pass, and how often the clock is stored: wall seconds."""


@dataclass
class Running:
    """The drill's clock beside the wall's: `drill` seconds when the wall clock showed `wall`."""

    clock: Clock
    speed: float
    drill: float
    wall: float

    @property
    def now(self) -> float:
        """What the drill's clock should show."""
        return self.drill + (self.clock.monotonic() - self.wall) * self.speed

    def set(self, drill: float) -> None:
        """From here on it shows this."""
        self.drill, self.wall = drill, self.clock.monotonic()


async def play_live(desk: Desk, clock: Clock, speed: float) -> None:
    """Play until it is over, or the terminal is left."""
    running = Running(clock, speed, desk.sitting.session.now, clock.monotonic())
    prompt: PromptSession[str] = PromptSession()
    with patch_stdout(raw=True):
        ticking = asyncio.ensure_future(_tick(desk, running, prompt))
        try:
            await _ask(desk, running, prompt)
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
    if ticking.done() and not ticking.cancelled() and (failure := ticking.exception()) is not None:
        raise failure
    desk.sitting.mark()


async def _ask(desk: Desk, running: Running, prompt: PromptSession[str]) -> None:
    while not desk.sitting.ended:
        try:
            typed = await prompt.prompt_async(lambda: desk.prompt, refresh_interval=0.5)
        except EOFError:
            return
        if not await _do(desk, running, typed.strip()):
            desk.sitting.end()


async def _do(desk: Desk, running: Running, typed: str) -> bool:
    meaning = desk.meaning(typed)
    if isinstance(meaning, Quit):
        return False
    if meaning is None or desk.read(meaning):
        return True
    command = desk.playable(meaning)
    why, news = desk.sitting.give(command, typed, live=True)
    if why is not None:
        desk.screen.complain(f"{why[:1].upper()}{why[1:]}.")
        return True
    desk.opened(command)
    await _display(desk, news)
    if isinstance(command, Wait):
        for some in desk.sitting.settle(command, news):
            await _display(desk, some)
        running.set(desk.sitting.session.now)
    elif isinstance(command, Gaze) and command.clue is None:
        asyncio.get_running_loop().call_later(GLANCE_S / running.speed, desk.seen, command)
    return True


async def _tick(desk: Desk, running: Running, prompt: PromptSession[str]) -> None:
    """Let time pass and show what happens; the prompt ends with it, however it ends."""
    try:
        await _pass_time(desk, running)
    finally:
        if prompt.app.is_running:
            prompt.app.exit(exception=EOFError)


async def _pass_time(desk: Desk, running: Running) -> None:
    marked = running.clock.monotonic()
    while not desk.sitting.ended:
        await running.clock.sleep(TICK_S)
        session = desk.sitting.session
        target = min(running.now, desk.sitting.turns.end)
        while session.now < target and not session.over:
            await _display(desk, session.step(target))
        if running.clock.monotonic() - marked >= MARK_S:
            marked = running.clock.monotonic()
            desk.sitting.mark()


async def _display(desk: Desk, news: News) -> None:
    if desk.wording.asks:
        beats = [one.beat for one in news if isinstance(one, show.Said)]
        desk.sitting.folder.speak(await desk.wording.ask(desk.sitting.session, beats))
    desk.paint(news)
