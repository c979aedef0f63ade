"""What a drill looks like: lines of the rooms, cards, panels. Colours and boxes only where a terminal has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from slackincidents.cli.terminal import emit, on_terminal, width
from slackincidents.drills.session import Session
from slackincidents.drills.sheets import Sheet, gauge_lines
from slackincidents.drills.stage_view import Alert, Find, Line
from slackincidents.render.room import clean

COLOURS = {"CRITICAL": "red", "WARNING": "yellow", "INFO": "blue", "RESOLVED": "green"}
INDENT = 9
"""Where the text begins, behind the time."""


class Screen:
    """A terminal, or a pipe: the same words, with or without boxes."""

    def __init__(self) -> None:
        """Look at where stdout goes."""
        self._boxes = on_terminal()
        self._console = Console(highlight=False, width=width() if not self._boxes else max(Console().width, 30))
        utf = (self._console.encoding or "").lower().startswith("utf")
        self._reply = "↳ " if utf else "|_ "

    def print(self, *things: RenderableType) -> None:
        """Put something on the screen."""
        with self._console.capture() as painted:
            for thing in things:
                self._console.print(thing)
        emit("".join(line.rstrip() + "\n" for line in painted.get().splitlines()))

    def head(self, title: str, lines: Sequence[str]) -> None:
        """What the drill is."""
        self.panel(title, lines, "bold")

    def panel(self, title: str, lines: Iterable[str], style: str = "", *, code: Iterable[str] = ()) -> None:
        """A box with a title; on a pipe a title with lines under it."""
        body = Text("\n").join([*map(Text, map(clean, lines)), *(Text(clean(line), "dim") for line in code)])
        if self._boxes:
            self.print(Panel(body, title=Text(clean(title)), title_align="left", border_style=style or "dim"))
            return
        grid = Table.grid(padding=0)
        grid.add_column(width=2)
        grid.add_column(overflow="fold")
        grid.add_row("", body)
        self.print(Text(f"[{clean(title)}]"), grid)

    def told(self, text: str, style: str = "bold") -> None:
        """A line of the drill itself."""
        self._hanging("*", Text(clean(text), style), 2)

    def complain(self, text: str) -> None:
        """Why something typed means nothing."""
        self._hanging("?", Text(clean(text), "yellow"), 2)

    def echo(self, typed: str) -> None:
        """A command of a script, as it is typed."""
        self._hanging(">", Text(clean(typed), "bold cyan"), 2)

    def sheet(self, found: Sheet) -> None:
        """Something to read."""
        self.panel(found.title, found.lines)

    def text(self, lines: str) -> None:
        """Prepared text, as it is."""
        emit(lines if lines.endswith("\n") else lines + "\n")

    def spoken(self, one: Line | Alert) -> None:
        """Something that stands in a room."""
        if isinstance(one, Alert):
            self._alert(one)
        else:
            self._line(one)

    def find(self, found: Find) -> None:
        """What was found, for the seat's eyes only."""
        told = f"tell says it to the others; tell {found.number} does so later"
        self.panel(
            f"Finding {found.number}, for your eyes only: {found.where} of {found.service}",
            [found.fact, told],
            "cyan",
            code=found.paste.splitlines(),
        )

    def dashboard(self, session: Session, service: str) -> None:
        """The figures of a service now."""
        self.panel(
            f"Dashboard of {service}, {session.moment(round(session.now)):%H:%M:%S}", gauge_lines(session, service)
        )

    def expected(self, who: str, suggestion: str) -> None:
        """What the room waits for."""
        self.panel(who, [f"take says: {suggestion}", "or say it your way: say ..."], "magenta")

    def rule(self) -> None:
        """A line across, before something else begins."""
        self.print(Rule(style="dim") if self._boxes else Text(""))

    def _alert(self, one: Alert) -> None:
        title = f"{one.word}: {one.title}"
        where = f"{one.at:%H:%M:%S} {one.channel}"
        if self._boxes:
            text = Text("\n").join(map(Text, map(clean, one.text)))
            colour = COLOURS.get(one.word, "red")
            self.print(Panel(text, title=Text(title), subtitle=Text(where), title_align="left", border_style=colour))
        else:
            self._hanging(f"{one.at:%H:%M:%S}", Text(f"{one.channel} ALERT {title}"), INDENT)
            for line in one.text:
                self._hanging("", Text(clean(line)), INDENT)

    def _line(self, one: Line) -> None:
        style = "dim" if one.bot else "cyan" if one.own else ""
        mark = " (you)" if one.own else ""
        tag = f"[{one.tag}] " if one.tag else ""
        start = f"{self._reply if one.reply else ''}{one.channel} {one.speaker}{mark}: {tag}"
        first = True
        for text, code in zip(one.text, one.code, strict=True):
            time = f"{one.at:%H:%M:%S}" if first else ""
            whole = Text(start if first else "", "bold" if not one.bot else "dim")
            if first and code:
                self._hanging(time, whole, INDENT)
                time, whole = "", Text()
            self._hanging(time, whole.append(Text(text, "dim" if code else style)), INDENT)
            first = False

    def _hanging(self, lead: str, text: Text, indent: int) -> None:
        grid = Table.grid(padding=0)
        grid.add_column(width=indent, style="dim")
        grid.add_column(overflow="fold")
        grid.add_row(lead, text)
        self.print(grid)


def name_of(session: Session, handle: str | None) -> str:
    """How somebody is called."""
    person = session.world.setting.people.get(handle or "")
    return person.name if person else handle or "nobody"
