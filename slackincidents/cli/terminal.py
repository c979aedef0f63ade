"""Where output goes: data to stdout, everything said about it to stderr."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from slackincidents.errors import WriteFailed

Result = TypeVar("Result")

TERMINATED = 143
"""The exit code of a program that SIGTERM ended."""


class ReaderGone(Exception):
    """Whoever read our output has closed it; there is nothing to say, and nobody to say it to."""


class Terminated(SystemExit):
    """Somebody asked the program to end (SIGTERM)."""


@contextmanager
def terminable() -> Iterator[None]:
    """SIGTERM unwinds like Ctrl-C, so that half-written files are removed; a second one is not needed, and ignored."""
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if ours:
        signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated(TERMINATED)


async def until_terminated(work: Coroutine[None, None, Result]) -> Result:
    """Await work that SIGTERM cancels, so that it ends as after Ctrl-C: what is under way is brought to its end."""
    task = asyncio.ensure_future(work)
    if signal.getsignal(signal.SIGTERM) is not _terminate or threading.current_thread() is not threading.main_thread():
        return await task
    loop, told = asyncio.get_running_loop(), asyncio.Event()

    def end() -> None:
        told.set()
        task.cancel()

    loop.add_signal_handler(signal.SIGTERM, end)
    try:
        return await task
    except asyncio.CancelledError:
        if told.is_set():
            raise Terminated(TERMINATED) from None
        raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, _terminate)


def prepare() -> None:
    """Data leaves as UTF-8, whatever the locale says; a terminal keeps its own encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def on_terminal() -> bool:
    """True when a person reads stdout."""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """True when a person can be asked a question and see it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def asked(question: str) -> bool:
    """A person's yes or no; anything but a yes is a no. The question goes to stderr."""
    return typer.confirm(one_line(question), default=False, err=True)


def width() -> int:
    """Columns to write for: the terminal's, or 100 when piped, so that bytes do not depend on it."""
    return min(max(Console().width, 60), 140) if on_terminal() else 100


def emit(text: str) -> None:
    """Write data to stdout. Raises ReaderGone when the pipe is closed, WriteFailed when the disk is full."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None
    except OSError as error:
        raise WriteFailed(
            f"standard output cannot be written: {error.strerror}", "Free space, or write with -o."
        ) from None


def silence() -> None:
    """Point stdout at nothing, so that the interpreter's last flush cannot fail."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError):  # replaced by a test: nothing to flush
        return


def note(line: str) -> None:
    """One line about what happened, to stderr."""
    _say(Text(one_line(line)))


def complain(line: str) -> None:
    """One line about what went wrong, to stderr."""
    _say(Text.assemble(("error: ", "bold red"), one_line(line)))


def one_line(text: str) -> str:
    """Without line breaks and control characters, which a strange file name may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def listing(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; tab-separated lines without a head when piped."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    if not on_terminal():
        emit("".join("\t".join(row) + "\n" for row in cells))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    _paint(table)


def details(pairs: Iterable[tuple[str, str]]) -> None:
    """Name and value, one a line; an empty name continues the one above."""
    for name, value in pairs:
        emit(f"{one_line(name):<14} {one_line(value)}\n")


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[], None]]:
    """A bar on stderr while a person waits for more than one thing; call what it gives after each."""
    console = _stderr()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=total < 2 or not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def counting(what: str) -> Iterator[Callable[[str], None]]:
    """A count on stderr while a person waits for nobody knows how many; call what it gives after each, or with news."""
    console = _stderr()
    columns = (TextColumn("{task.description}"), TextColumn("{task.completed:,.0f}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def told(news: str = "") -> None:
            if news:
                bar.update(task, description=news)
            else:
                bar.advance(task)

        yield told


def _paint(renderable: Table) -> None:
    console = Console(highlight=False)
    with console.capture() as painted:
        console.print(renderable)
    emit(painted.get())


def _say(text: Text) -> None:
    try:
        _stderr().print(text, soft_wrap=True)
    except OSError:  # stderr is closed or full: there is no third place to say so
        return


def _stderr() -> Console:
    return Console(stderr=True, highlight=False)
