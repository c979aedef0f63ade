"""Plots as inline SVG: histograms, ranges of groups, pages by person. Colours and fonts are the page's style."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from slackincidents.stats.facets import Facet
from slackincidents.stats.moments import Measure
from slackincidents.stats.results import EDGES_S, Group, Person, Summary
from slackincidents.stats.wording import bins, cell, line, name, short, short_edge

_BAR, _GAP, _HIGH, _FOOT, _TOP = 30, 5, 120, 22, 20
_ROW, _NAME, _PANEL, _BETWEEN, _SIGNS = 24, 172, 196, 22, 24
_TICKS = (60, 600, 3600, 14400, 86400)
_LEAST, _MOST = 15.0, 7 * 86400.0


def histogram(measure: Measure, summary: Summary) -> Markup:
    """How many incidents took how long; the bins grow, so equal widths are not equal times."""
    top = max(summary.histogram) or 1
    names = bins()
    width = len(names) * (_BAR + _GAP)
    bars = Markup("").join(
        _bar(place, count, round(_HIGH * count / top), names[place]) for place, count in enumerate(summary.histogram)
    )
    edges = Markup("").join(
        _text(place * (_BAR + _GAP) - _GAP // 2, _TOP + _HIGH + 15, short_edge(edge), "tick")
        for place, edge in enumerate(EDGES_S)
        if place
    )
    told = ", ".join(f"{names[place]}: {count}" for place, count in enumerate(summary.histogram) if count) or "none"
    axis = Markup('<path class="axis" d="M0 {y}H{w}"/>').format(y=_TOP + _HIGH, w=width)
    return _svg("hist", f"{measure}: {told}", width, _TOP + _HIGH + _FOOT, bars + axis + edges)


def _bar(place: int, count: int, tall: int, title: str) -> Markup:
    if not count:
        return Markup("")
    x, y = place * (_BAR + _GAP), _TOP + _HIGH - max(tall, 2)
    return Markup('<g><title>{title}: {count}</title><rect x="{x}" y="{y}" width="{w}" height="{h}"/>{n}</g>').format(
        title=title, count=count, x=x, y=y, w=_BAR, h=max(tall, 2), n=_text(x + _BAR // 2, y - 5, str(count), "count")
    )


@dataclass(frozen=True)
class _Scale:
    """Seconds to pixels, by their logarithm."""

    low: float
    high: float

    @classmethod
    def over(cls, groups: Sequence[Group]) -> _Scale:
        every = [one.seconds for group in groups for one in group.measures.values()]
        values = [v for s in every for v in (s.median, s.q1, s.q3, s.p90) if v is not None]
        low = max(_LEAST, min(values, default=_LEAST)) / 1.5
        return cls(low, max(min(_MOST, max(values, default=60.0)) * 1.5, low * 10))

    def x(self, seconds: float) -> float:
        held = min(max(seconds, self.low), self.high)
        return round(_PANEL * math.log(held / self.low) / math.log(self.high / self.low), 1)


def ranges(facet: Facet, groups: Sequence[Group]) -> Markup:
    """A row a group and a panel a measure: a dot for the median, a bar for the quartiles, a tick for nine in ten."""
    if not groups:
        return Markup("")
    scale = _Scale.over(groups)
    width = _NAME + len(Measure) * (_PANEL + _BETWEEN)
    height = _TOP + len(groups) * _ROW + _SIGNS
    parts = [_panel(place, measure, scale, len(groups)) for place, measure in enumerate(Measure)]
    parts += [_group(facet, row, group, scale) for row, group in enumerate(groups)]
    told = "; ".join(f"{name(group, facet)}: {group.incidents}" for group in groups)
    return _svg("ranges", f"Incidents by {facet}: {told}. The table below has all figures", width, height, _join(parts))


def _panel(place: int, measure: Measure, scale: _Scale, rows: int) -> Markup:
    x, bottom = _NAME + place * (_PANEL + _BETWEEN), _TOP + rows * _ROW
    ticks = [tick for tick in _TICKS if scale.low < tick < scale.high]
    lines = [Markup('<path class="grid" d="M{x} {y}V{b}"/>').format(x=x + scale.x(t), y=_TOP, b=bottom) for t in ticks]
    marks = [_text(x + scale.x(tick), bottom + 15, short_edge(tick), "tick") for tick in ticks]
    return _join([_text(x + _PANEL / 2, 13, measure, "head"), *lines, *marks])


def _group(facet: Facet, row: int, group: Group, scale: _Scale) -> Markup:
    y = _TOP + row * _ROW + _ROW // 2
    told = f"{_cut(name(group, facet), 18)} ({group.incidents})"
    marks = [
        _marks(summary, _NAME + place * (_PANEL + _BETWEEN), y, scale, f"{name(group, facet)}, {measure}")
        for place, (measure, summary) in enumerate(group.measures.items())
    ]
    return _join([_text(_NAME - 12, y + 4, told, "name"), *marks])


def _marks(summary: Summary, left: int, y: int, scale: _Scale, title: str) -> Markup:
    seconds = summary.seconds
    if seconds.median is None:
        return _text(left + 4, y + 4, "not known" if summary.unknown else "-", "none")
    parts = [Markup("<title>{}: {}, 90% {}</title>").format(title, cell(summary), short(seconds.p90))]
    if seconds.q1 is not None and seconds.q3 is not None:
        low, high = scale.x(seconds.q1), scale.x(seconds.q3)
        parts.append(
            Markup('<rect class="half" x="{x}" y="{y}" width="{w}" height="8" rx="4"/>').format(
                x=left + low, y=y - 4, w=max(round(high - low, 1), 2)
            )
        )
    if seconds.p90 is not None:
        parts.append(Markup('<path class="p90" d="M{x} {y}v12"/>').format(x=left + scale.x(seconds.p90), y=y - 6))
    kind = "dot" if seconds.q1 is not None else "dot few"
    parts.append(Markup('<circle class="{}" cx="{}" cy="{}" r="5"/>').format(kind, left + scale.x(seconds.median), y))
    return Markup("<g>{}</g>").format(_join(parts))


def pages(people: Sequence[Person]) -> Markup:
    """A bar a person: pages by day, then pages at night."""
    if not people:
        return Markup("")
    most = max(one.pages for one in people)
    parts, long = [], 420
    for row, one in enumerate(people):
        y, day = row * _ROW + 4, round(long * (one.pages - one.at_night) / most)
        night = round(long * one.at_night / most)
        parts += [
            _text(_NAME - 12, y + 13, _cut(one.person, 20), "name"),
            Markup('<rect class="day" x="{}" y="{}" width="{}" height="16"/>').format(_NAME, y, day),
            Markup('<rect class="night" x="{}" y="{}" width="{}" height="16"/>').format(_NAME + day, y, night),
            _text(_NAME + day + night + 8, y + 13, f"{one.pages}, {one.at_night} at night", "said"),
        ]
    told = "; ".join(f"{line(one.person)}: {one.pages}, {one.at_night} at night" for one in people)
    return _svg("paged", f"Pages: {told}", _NAME + long + 130, len(people) * _ROW + 8, _join(parts))


def _svg(kind: str, told: str, width: int, height: int, body: Markup) -> Markup:
    return Markup(
        '<svg class="{kind}" role="img" aria-label="{told}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">{body}</svg>'
    ).format(kind=kind, told=told, w=width, h=height, body=body)


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return Markup('<text x="{}" y="{}" class="{}">{}</text>').format(x, y, kind, text)


def _join(parts: Sequence[Markup]) -> Markup:
    return Markup("").join(parts)


def _cut(text: str, most: int) -> str:
    text = line(text)
    return text if len(text) <= most else text[: most - 1] + "…"
