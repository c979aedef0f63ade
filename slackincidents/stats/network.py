"""The cascade as a picture: services around a circle, an arrow for every edge, as wide as it was travelled."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from slackincidents.stats.results import Edge

SIZE, MARGIN = 560, 120
WIDEST = 9.0
HEAD = Markup(
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="currentColor"/></marker>'
)


def network(edges: Sequence[Edge]) -> Markup:
    """An SVG of the edges; empty when there are none. The same edges give the same bytes."""
    if not edges:
        return Markup("")
    names = sorted({name for edge in edges for name in (edge.source, edge.target)})
    places = {name: _place(rank, len(names)) for rank, name in enumerate(names)}
    most = max(edge.incidents for edge in edges)
    parts = [HEAD, *(_arrow(edge, places, most) for edge in edges), *(_label(name, places[name]) for name in names)]
    title = Markup("<title>Edges of the cascade, by incidents</title>")
    return Markup('<svg viewBox="0 0 {w} {h}" role="img" width="{w}" height="{h}">{body}</svg>').format(
        w=SIZE + 2 * MARGIN, h=SIZE, body=Markup("").join([title, *parts])
    )


def _place(rank: int, count: int) -> tuple[float, float]:
    angle = 2 * math.pi * rank / count - math.pi / 2
    radius = SIZE / 2 - 30
    return MARGIN + SIZE / 2 + radius * math.cos(angle), SIZE / 2 + radius * math.sin(angle)


def _arrow(edge: Edge, places: dict[str, tuple[float, float]], most: int) -> Markup:
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    short = 10 / length
    path = Markup('<path d="M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}"').format(
        x1, y1, *_bend((x1, y1), (x2, y2)), x2 - (x2 - x1) * short, y2 - (y2 - y1) * short
    )
    style = Markup(
        ' fill="none" stroke="currentColor" stroke-opacity=".45" stroke-width="{:.1f}" marker-end="url(#tip)">'
    )
    said = Markup("<title>{} to {}, {}: {} incidents</title></path>").format(
        edge.source, edge.target, edge.via, edge.incidents
    )
    return path + style.format(max(1.0, WIDEST * edge.incidents / most)) + said


def _bend(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """The middle of an arrow, drawn a little towards the centre, so that arrows back and forth stand apart."""
    middle_x, middle_y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return middle_x + (end[1] - start[1]) * 0.12, middle_y - (end[0] - start[0]) * 0.12


def _label(name: str, place: tuple[float, float]) -> Markup:
    x, y = place
    centre = MARGIN + SIZE / 2
    side = "middle" if abs(x - centre) < 40 else "start" if x > centre else "end"
    shift = 0 if side == "middle" else 9 if side == "start" else -9
    down = -10 if side == "middle" and y < SIZE / 2 else 18 if side == "middle" else 4
    dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="currentColor"/>').format(x, y)
    text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="12" fill="currentColor">{}</text>')
    return dot + text.format(x + shift, y + down, side, name)
