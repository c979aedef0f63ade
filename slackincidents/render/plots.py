"""Plots as inline SVG, for pages that take no script: bars, ranges against a band, and marks along time.

Each is a pure function of what it shows. Colours come from the classes in `style()`, which a page puts into its own
style sheet; they follow light and dark. Every plot has a title and says in words what it shows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from slackincidents.render.svg import Scale, cut, join, line, px, short, svg, text

BAR, GAP, HIGH, FOOT, TOP = 30, 5, 120, 22, 20
ROW, NAME, PANEL, BETWEEN, SIGNS = 24, 172, 196, 22, 24
LONG, SAID = 420, 130
"""Pixels: the longest horizontal bar, and the room for words behind it."""

STRIP, STRIP_HIGH = 220, 22
TIMELINE, LANE, LANE_NAME = 760, 30, 130
STEPS_S = (30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)
"""Distances between the ticks of a timeline, in seconds; the first that gives few enough is taken."""

TICKS = 8


@dataclass(frozen=True)
class Bin:
    """A bar of a histogram: what it counts, how much, and the edge it begins at, as it is written below."""

    name: str
    value: float
    edge: str = ""


@dataclass(frozen=True)
class Part:
    """A piece of a horizontal bar; `kind` is its class."""

    value: float
    kind: str


@dataclass(frozen=True)
class Bar:
    """A horizontal bar: pieces one after the other, what is said behind it, and the interval of its end.

    The name of a `quiet` one, which belongs to the bar above, is only in the words.
    """

    name: str
    parts: tuple[Part, ...]
    said: str
    low: float | None = None
    high: float | None = None
    quiet: bool = False


@dataclass(frozen=True)
class Spot:
    """A value with its spread on a scale: a dot, the bar around it, and a tick farther out. None is not drawn."""

    value: float | None
    low: float | None = None
    high: float | None = None
    tick: float | None = None
    faint: bool = False
    said: str = ""


@dataclass(frozen=True)
class Row:
    """One line of small panels, one spot a panel."""

    name: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Mark:
    """Something on a lane, `at` seconds from the start; with `until` it lasted. `kind` is its class."""

    at: float
    title: str
    kind: str = "plain"
    until: float | None = None


@dataclass(frozen=True)
class Lane:
    """What happened of one kind, over time."""

    name: str
    marks: tuple[Mark, ...]


@cache
def style() -> str:
    """The style sheet of every plot."""
    return (Path(__file__).parent / "templates" / "plots.css").read_text(encoding="utf-8")


def histogram(
    title: str, bins: Sequence[Bin], *, reference: Sequence[float] = (), told: str | None = None, bar: int = BAR
) -> Markup:
    """Bars of `bar` pixels with the bins' edges below; `reference` is outlined over them, one value a bin."""
    top = max((*(one.value for one in bins), *reference), default=0) or 1
    step = bar + GAP
    width = len(bins) * step
    drawn = [_upright(place, one, _tall(one.value, top), bar, counted=not reference) for place, one in enumerate(bins)]
    if reference:
        drawn.append(_outline(reference, top, step))
    axis = Markup('<path class="axis" d="M0 {y}H{w}"/>').format(y=TOP + HIGH, w=width)
    edges = [text(place * step - GAP // 2, TOP + HIGH + 15, one.edge, "tick") for place, one in enumerate(bins)]
    words = told if told is not None else ", ".join(f"{one.name}: {short(one.value)}" for one in bins if one.value)
    shown = [edge for edge, one in zip(edges, bins, strict=True) if one.edge]
    return svg("hist", title, words or "none", width, TOP + HIGH + FOOT, join([*drawn, axis, *shown]))


def _tall(value: float, top: float) -> int:
    return round(HIGH * value / top)


def _upright(place: int, one: Bin, tall: int, bar: int, counted: bool) -> Markup:
    if not one.value:
        return Markup("")
    x, y = place * (bar + GAP), TOP + HIGH - max(tall, 2)
    return Markup('<g><title>{title}</title><rect x="{x}" y="{y}" width="{w}" height="{h}"/>{n}</g>').format(
        title=f"{one.name}: {short(one.value)}",
        x=x,
        y=y,
        w=bar,
        h=max(tall, 2),
        n=text(x + bar // 2, y - 5, short(one.value), "count") if counted else "",
    )


def _outline(reference: Sequence[float], top: float, step: int) -> Markup:
    """The reference as one stepped line over the bars."""
    steps = [f"M0 {TOP + HIGH - _tall(reference[0], top)}"]
    for place, value in enumerate(reference):
        steps.append(f"V{TOP + HIGH - _tall(value, top)}H{(place + 1) * step - GAP // 2}")
    return Markup('<path class="ref" d="{}"/>').format("".join(steps))


def bars(
    title: str, rows: Sequence[Bar], *, most: float | None = None, mark: float | None = None, left: int = NAME
) -> Markup:
    """Horizontal bars, the longest `most` (the greatest of them without it); `mark` is a line across all.

    `left` are the pixels for names.
    """
    if not rows:
        return Markup("")
    ends = [sum(part.value for part in row.parts) for row in rows]
    whole = most if most is not None else max((*ends, *(row.high for row in rows if row.high is not None)))
    scale = Scale(0, whole or 1, LONG)
    parts, high = [], len(rows) * ROW + 8
    if mark is not None:
        parts.append(Markup('<path class="p90" d="M{} 0V{}"/>').format(px(left + scale.x(mark)), high))
    parts += [_across(place, row, scale, left) for place, row in enumerate(rows)]
    told = "; ".join(f"{line(row.name)}: {row.said}" for row in rows)
    return svg("bars", title, told, left + LONG + SAID, high, join(parts))


def _across(place: int, row: Bar, scale: Scale, left: int) -> Markup:
    y, end = place * ROW + 4, 0.0
    drawn = [Markup("<title>{}: {}</title>").format(line(row.name), row.said)]
    if not row.quiet:
        drawn.append(text(left - 12, y + 13, cut(row.name, left // 7), "name"))
    total = 0.0
    for part in row.parts:
        total += part.value
        start, end = end, scale.x(total)
        rect = '<rect class="{}" x="{}" y="{}" width="{}" height="16"/>'
        drawn.append(Markup(rect).format(part.kind, px(left + start), y, px(end - start)))
    if row.low is not None and row.high is not None:
        low, high = scale.x(row.low), scale.x(row.high)
        whisker = '<path class="whisker" d="M{a} {y}H{b}M{a} {t}v8M{b} {t}v8"/>'
        drawn.append(Markup(whisker).format(a=px(left + low), b=px(left + high), y=y + 8, t=y + 4))
        end = max(end, high)
    drawn.append(text(left + end + 8, y + 13, row.said, "said"))
    return Markup("<g>{}</g>").format(join(drawn))


def strip(
    title: str,
    spots: Sequence[Spot],
    *,
    passes: tuple[float | None, float | None] | None = None,
    target: tuple[float | None, float | None] | None = None,
) -> Markup:
    """Values on one scale over the band they should lie in: a wide one that passes and a narrower one to aim at."""
    limits = [end for band in (passes, target) if band for end in band if end is not None]
    values = [v for spot in spots for v in (spot.value, spot.low, spot.high, spot.tick) if v is not None]
    every = [*limits, *values]
    if not every:
        return Markup("")
    margin = (max(every) - min(every)) * 0.12 or abs(every[0]) * 0.1 or 1.0
    scale = Scale(min(every) - margin, max(every) + margin, STRIP)
    half = STRIP_HIGH // 2
    drawn = [_band(scale, band, kind) for band, kind in ((passes, "passes"), (target, "target")) if band]
    drawn.append(Markup('<path class="axis" d="M0 {}H{}"/>').format(half, STRIP))
    drawn += [_spot(spot, 0, half, scale) for spot in spots]
    return svg("strip", title, "; ".join(spot.said for spot in spots if spot.said), STRIP, STRIP_HIGH, join(drawn))


def _band(scale: Scale, band: tuple[float | None, float | None], kind: str) -> Markup:
    low = 0.0 if band[0] is None else scale.x(band[0])
    high = scale.long if band[1] is None else scale.x(band[1])
    rect = '<rect class="{}" x="{}" y="2" width="{}" height="{}"/>'
    return Markup(rect).format(kind, px(low), px(max(high - low, 2)), STRIP_HIGH - 4)


def panels(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Row],
    scale: Scale,
    ticks: Sequence[tuple[float, str]],
    *,
    told: str = "",
) -> Markup:
    """Small multiples: a row a group and a panel a measure, all on one scale, so that they can be compared."""
    if not rows:
        return Markup("")
    bottom = TOP + len(rows) * ROW
    drawn: list[Markup] = []
    for place, head in enumerate(heads):
        left = NAME + place * (PANEL + BETWEEN)
        drawn.append(text(left + PANEL / 2, 13, head, "head"))
        for at, word in ticks:
            x = left + scale.x(at)
            drawn.append(Markup('<path class="grid" d="M{} {}V{}"/>').format(px(x), TOP, bottom))
            drawn.append(text(x, bottom + 15, word, "tick"))
    for number, row in enumerate(rows):
        y = TOP + number * ROW + ROW // 2
        drawn.append(text(NAME - 12, y + 4, line(row.name), "name"))
        drawn += [_spot(spot, NAME + n * (PANEL + BETWEEN), y, scale) for n, spot in enumerate(row.spots)]
    return svg("ranges", title, told, NAME + len(heads) * (PANEL + BETWEEN), bottom + SIGNS, join(drawn))


def _spot(spot: Spot, left: float, y: int, scale: Scale) -> Markup:
    if spot.value is None:
        return text(left + 4, y + 4, spot.said or "-", "none")
    parts = [Markup("<title>{}</title>").format(spot.said)]
    if spot.low is not None and spot.high is not None:
        low, high = scale.x(spot.low), scale.x(spot.high)
        rect = '<rect class="half" x="{}" y="{}" width="{}" height="8" rx="4"/>'
        parts.append(Markup(rect).format(px(left + low), y - 4, px(max(high - low, 2))))
    if spot.tick is not None:
        parts.append(Markup('<path class="p90" d="M{} {}v12"/>').format(px(left + scale.x(spot.tick)), y - 6))
    kind = "dot few" if spot.faint else "dot"
    parts.append(Markup('<circle class="{}" cx="{}" cy="{}" r="5"/>').format(kind, px(left + scale.x(spot.value)), y))
    return Markup("<g>{}</g>").format(join(parts))


def timeline(title: str, lanes: Sequence[Lane], *, ends: float, begins: float = 0.0) -> Markup:
    """Marks on lanes over time, in seconds; what lasted is a bar, what happened at once a dot."""
    if not lanes:
        return Markup("")
    scale = Scale(begins, max(ends, begins + 1), TIMELINE)
    bottom = TOP + len(lanes) * LANE
    drawn: list[Markup] = []
    for at in _ticks(begins, max(ends, begins + 1)):
        x = LANE_NAME + scale.x(at)
        drawn.append(Markup('<path class="grid" d="M{} {}V{}"/>').format(px(x), TOP, bottom))
        drawn.append(text(x, bottom + 15, moment(at), "tick"))
    for number, lane in enumerate(lanes):
        y = TOP + number * LANE + LANE // 2
        drawn.append(Markup('<path class="axis" d="M{} {}h{}"/>').format(LANE_NAME, y, TIMELINE))
        drawn.append(text(LANE_NAME - 12, y + 4, cut(lane.name, 18), "name"))
        drawn += [_mark(mark, y, scale) for mark in lane.marks]
    told = "; ".join(f"{line(lane.name)}: {', '.join(_told(mark) for mark in lane.marks) or 'none'}" for lane in lanes)
    return svg("timeline", title, told, LANE_NAME + TIMELINE + 30, bottom + SIGNS, join(drawn))


def _told(mark: Mark) -> str:
    return f"{moment(mark.at)} {line(mark.title)}"


def _mark(mark: Mark, y: int, scale: Scale) -> Markup:
    x = LANE_NAME + scale.x(mark.at)
    if mark.until is None:
        drawn = Markup('<circle class="mark {}" cx="{}" cy="{}" r="6"/>').format(mark.kind, px(x), y)
    else:
        rect = '<rect class="mark {}" x="{}" y="{}" width="{}" height="10" rx="4"/>'
        drawn = Markup(rect).format(mark.kind, px(x), y - 5, px(max(LANE_NAME + scale.x(mark.until) - x, 3)))
    return Markup("<g><title>{}</title>{}</g>").format(_told(mark), drawn)


def _ticks(begins: float, ends: float) -> list[float]:
    step = next((one for one in STEPS_S if (ends - begins) / one <= TICKS), None)
    step = step or STEPS_S[-1] * math.ceil((ends - begins) / STEPS_S[-1] / TICKS)
    first = math.ceil(begins / step)
    return [float(number * step) for number in range(first, math.floor(ends / step) + 1)]


def moment(seconds: float) -> str:
    """A time from the start as a clock shows it: ``0:45``, ``12:30``, ``1:02:00``."""
    whole = abs(round(seconds))
    sign = "-" if round(seconds) < 0 else ""
    hours, minutes = divmod(whole // 60, 60)
    return f"{sign}{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{sign}{minutes}:{whole % 60:02}"


def multiples(plots: Sequence[tuple[str, Markup]]) -> Markup:
    """Plots of one kind side by side, each under its name; as many in a row as fit."""
    figures = [Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(name, plot) for name, plot in plots]
    return Markup('<div class="multiples">{}</div>').format(join(figures)) if figures else Markup("")
