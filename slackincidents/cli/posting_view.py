"""Where a posting stands, on stderr: a picture that keeps itself up to date on a terminal, else a line a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from slackincidents.cli.terminal import note, one_line
from slackincidents.clock import Clock
from slackincidents.render.room import span
from slackincidents.schema.delivery import Attachment, Progress, Step
from slackincidents.sinks.base import Observer

STATES = {
    "waiting": "waiting",
    "posting": "posting",
    "checking": "looking whether it arrived",
    "limited": "Slack asks to wait",
    "stopped": "stopped",
    "done": "done",
}
LONGEST = 60


@contextmanager
def watching(clock: Clock) -> Iterator[Observer]:
    """An observer that shows what it is told, until the block ends."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield Lines(clock)
        return
    picture = Picture(clock)
    with Live(console=console, get_renderable=picture.drawn, refresh_per_second=4, transient=True):
        yield picture


@dataclass
class Lines:
    """A line for every message that stands, and for what holds it up."""

    clock: Clock
    _seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def progress(self, progress: Progress) -> None:
        """Say it, if it is news."""
        held_up = progress.state if progress.state in ("checking", "limited") else ""
        news = (progress.posted, held_up)
        if self._seen.get(progress.incident) == news or (progress.last is None and not held_up):
            return
        self._seen[progress.incident] = news
        parts = [f"{progress.incident}: {progress.posted} of {progress.total} posted"]
        if progress.last is not None and not held_up:
            parts.append(told(progress.last))
        if held_up:
            parts.append(progress.note or STATES[held_up])
        elif progress.following is not None:
            parts.append(f"next {following(progress, self.clock.now())}")
        note("; ".join(parts))


@dataclass
class Picture:
    """A bar for every incident, with the last message, and the next one and when it comes."""

    clock: Clock
    _latest: dict[str, Progress] = field(default_factory=dict)

    def progress(self, progress: Progress) -> None:
        """Keep it for the next drawing."""
        self._latest[progress.incident] = progress

    def drawn(self) -> Group:
        """The picture now."""
        return Group(*(self._one(progress) for progress in tuple(self._latest.values())))

    def _one(self, progress: Progress) -> Table:
        table = Table.grid(padding=(0, 1))
        head = Table.grid(padding=(0, 1))
        head.add_row(
            Text(one_line(progress.incident), style="bold"),
            ProgressBar(total=progress.total, completed=progress.posted, width=24),
            Text(f"{progress.posted}/{progress.total}"),
            Text(one_line(progress.note or STATES[progress.state]), style="dim"),
        )
        table.add_row(head)
        if progress.last is not None:
            table.add_row(Text(f"  last  {told(progress.last)}", no_wrap=True, overflow="ellipsis"))
        if progress.following is not None and progress.state != "stopped":
            table.add_row(Text(f"  next  {following(progress, self.clock.now())}", no_wrap=True, overflow="ellipsis"))
        return table


def following(progress: Progress, now: float) -> str:
    """Who speaks next, where, and in how long."""
    step = progress.following
    if step is None:
        return "nothing"
    left = 0.0 if progress.due is None else max(0.0, progress.due - now)
    when = f" in {span(left)}" if left >= 1 else " now"
    return f"{one_line(step.name)} in #{one_line(step.channel)}{when}"


def told(step: Step) -> str:
    """A message in a few words, with who says it and where."""
    return f"{one_line(step.name)} in #{one_line(step.channel)}: {told_card(step.text, step.card)}"


def told_card(text: str, card: Attachment | None) -> str:
    """A message in a few words."""
    said = one_line(text or (card.title if card else ""))
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 3]}..."
