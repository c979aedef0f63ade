"""The pieces a plot is drawn with: the frame, text, a scale, and numbers as they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from slackincidents.render.room import clean


@dataclass(frozen=True)
class Scale:
    """Values to pixels, evenly or by their logarithm. What lies outside is held at the edge."""

    low: float
    high: float
    long: float
    logarithmic: bool = False

    def x(self, value: float) -> float:
        """The place of a value, from 0 to `long`."""
        held = min(max(value, self.low), self.high)
        if self.high <= self.low:
            return 0.0
        if self.logarithmic:
            return round(self.long * math.log(held / self.low) / math.log(self.high / self.low), 1)
        return round(self.long * (held - self.low) / (self.high - self.low), 1)


def svg(kind: str, title: str, told: str, width: float, height: float, body: Markup) -> Markup:
    """A plot with its title, and what it shows in words."""
    return Markup(
        '<svg class="plot {kind}" role="img" aria-label="{label}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        "<title>{title}</title><desc>{told}</desc>{body}</svg>"
    ).format(
        kind=kind,
        label=f"{title}: {told}" if told else title,
        title=title,
        told=told,
        w=px(width),
        h=px(height),
        body=body,
    )


def text(x: float, y: float, words: str, kind: str) -> Markup:
    """Words at a place; `kind` is their class."""
    return Markup('<text x="{}" y="{}" class="{}">{}</text>').format(px(x), px(y), kind, words)


def join(parts: Sequence[Markup]) -> Markup:
    """One after the other."""
    return Markup("").join(parts)


def px(value: float) -> str:
    """Pixels, to a tenth."""
    return f"{round(value, 1):g}"


def short(value: float) -> str:
    """A number for a label: two decimals below one, one above."""
    return f"{round(value, 2):g}" if value < 1 else f"{round(value, 1):g}" if value < 1e6 else f"{value:.0f}"


def line(words: str) -> str:
    """Without line breaks, control characters and direction marks."""
    return " ".join(clean(words).split())


def cut(words: str, most: int) -> str:
    """One line of at most `most` characters."""
    words = line(words)
    return words if len(words) <= most else words[: most - 1] + "…"
