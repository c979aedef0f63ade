"""A real terminal for tests: the command line runs in it, and what stands on its screen is read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pexpect
import pyte

from tests.cli.conftest import PROGRAM, environment

ROWS = 500
PATIENCE_S = 30
ENTER = "\r"


@dataclass
class Terminal:
    """A program in a terminal so high that nothing scrolls away."""

    child: pexpect.spawn[str]
    screen: pyte.Screen
    stream: pyte.Stream = field(init=False)

    def __post_init__(self) -> None:
        """Connect screen and program: what the screen is asked, it answers."""
        self.stream = pyte.Stream(self.screen)
        self.screen.write_process_input = self._typed  # type: ignore[method-assign, assignment]

    def _typed(self, keys: str) -> None:
        self.child.send(keys)

    @classmethod
    def of(cls, folder: Path, words: Sequence[object], columns: int = 100, **more: str) -> Terminal:
        """Run the command line in a new terminal."""
        line = [*PROGRAM[1:], *map(str, words)]
        env = environment(TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8", **more)
        child = pexpect.spawn(
            PROGRAM[0], line, cwd=str(folder), env=env, dimensions=(ROWS, columns), encoding="utf-8", timeout=PATIENCE_S
        )
        return cls(child, pyte.Screen(columns, ROWS))

    @property
    def text(self) -> str:
        """All that stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    @property
    def flat(self) -> str:
        """The same without line breaks, boxes and indents, so that wrapping does not matter."""
        return " ".join(self.text.replace("│", " ").split())

    def until(self, wanted: str) -> None:
        """Read on until something stands on the screen."""
        while wanted not in self.flat:
            self.read()

    def read(self) -> None:
        """Read what comes next. Fails when the program has ended, or says nothing for too long."""
        try:
            self.stream.feed(self.child.read_nonblocking(4096, PATIENCE_S))
        except (pexpect.EOF, pexpect.TIMEOUT) as error:
            raise AssertionError(f"{type(error).__name__}; on the screen:\n{self.text}") from None

    def enter(self, line: str) -> None:
        """Type a line at the prompt."""
        self.child.send(line + ENTER)

    def answer(self, prompt: str, line: str) -> None:
        """Wait for the last line of the screen to be a prompt that ends so, and type a line."""
        while not self.text.endswith(prompt):
            self.read()
        row = self.screen.cursor.y
        self.enter(line)
        while self.screen.cursor.y == row:
            self.read()

    def close(self) -> int | None:
        """Read to the end; the exit code, or the negative number of the signal that ended it."""
        while not self.child.flag_eof:
            try:
                self.stream.feed(self.child.read_nonblocking(4096, PATIENCE_S))
            except pexpect.EOF:
                break
            except pexpect.TIMEOUT:
                raise AssertionError(f"it does not end; on the screen:\n{self.text}") from None
        self.child.close()
        return -self.child.signalstatus if self.child.signalstatus else self.child.exitstatus
