"""The cascade as a small inline SVG: services left to right, the time of each effect on its edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from slackincidents.render.room import clean, elapsed
from slackincidents.schema.incident import CascadeLabel

_BOX, _HIGH, _ACROSS, _DOWN, _EDGE = 148, 34, 320, 74, 12
_ALONG = 0.62


@dataclass(frozen=True)
class _Place:
    x: int
    y: int


def cascade_svg(edges: Sequence[CascadeLabel], cause: str = "") -> Markup:
    """The graph as SVG; empty without edges. The service called `cause` stands out."""
    drawn = [edge for edge in edges if edge.source != edge.target]
    if not drawn:
        return Markup("")
    places = _places(drawn)
    width = max(place.x for place in places.values()) + _BOX + _EDGE
    height = max(place.y for place in places.values()) + _HIGH + _EDGE
    parts = [_arrow(edge, places, _twin(drawn, number)) for number, edge in enumerate(drawn)]
    parts += [_node(name, place, name == cause) for name, place in places.items()]
    told = "; ".join(f"{edge.source} to {edge.target} at {elapsed(edge.offset_seconds)}" for edge in drawn)
    return Markup(
        '<svg class="cascade" role="img" aria-label="Cascade: {told}" viewBox="0 0 {w} {h}" width="{w}" height="{h}">'
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" class="tip"/></marker></defs>{body}</svg>'
    ).format(told=clean(told), w=width, h=height, body=Markup("").join(parts))


def depths(edges: Sequence[CascadeLabel]) -> dict[str, int]:
    """How many steps each service is from where the trouble began; circles do no harm."""
    targets = {edge.target for edge in edges}
    found = {edge.source: 0 for edge in edges if edge.source not in targets} or {edges[0].source: 0}
    queue = list(found)
    while True:
        while queue:
            source = queue.pop(0)
            for edge in edges:
                if edge.source == source and edge.target not in found:
                    found[edge.target] = found[source] + 1
                    queue.append(edge.target)
        rest = next((edge.source for edge in edges if edge.source not in found), None)
        if rest is None:
            return found
        found[rest] = 0
        queue.append(rest)


def _places(edges: Sequence[CascadeLabel]) -> dict[str, _Place]:
    levels: dict[int, list[str]] = {}
    for name, depth in depths(edges).items():
        levels.setdefault(depth, []).append(name)
    tallest = max(len(names) for names in levels.values())
    return {
        name: _Place(_EDGE + depth * _ACROSS, _EDGE + round((row + (tallest - len(names)) / 2) * _DOWN))
        for depth, names in sorted(levels.items())
        for row, name in enumerate(names)
    }


def _twin(edges: Sequence[CascadeLabel], number: int) -> int:
    """How many edges before this one join the same two services."""
    ends = {edges[number].source, edges[number].target}
    return sum({edge.source, edge.target} == ends for edge in edges[:number])


def _arrow(edge: CascadeLabel, places: dict[str, _Place], twin: int) -> Markup:
    start, end = places[edge.source], places[edge.target]
    forward = end.x > start.x
    x1, x2 = start.x + (_BOX if forward else _BOX // 2), end.x + (0 if forward else _BOX // 2)
    y1, y2 = start.y + _HIGH // 2, end.y + _HIGH // 2
    if not forward:
        y1, y2 = (start.y + _HIGH, end.y) if end.y > start.y else (start.y, end.y + _HIGH)
    mid, shift = (x1 + x2) // 2, 26 * twin
    path = f"M{x1} {y1}C{mid} {y1 + shift} {mid} {y2 + shift} {x2} {y2}"
    near, far = 3 * _ALONG * (1 - _ALONG), _ALONG**2 * (3 - 2 * _ALONG)
    x = round(x1 + (x2 - x1) * (near / 2 + _ALONG**3))
    y = round(y1 + (y2 - y1) * far + shift * near)
    return Markup(
        '<g class="edge"><title>{effect}</title><path d="{path}" marker-end="url(#tip)"/>'
        '<text x="{x}" y="{above}" class="when">{when}</text><text x="{x}" y="{below}">{via}</text></g>'
    ).format(
        effect=clean(edge.effect), path=path, x=x, above=y - 5, below=y + 14,
        when=elapsed(edge.offset_seconds), via=_short(edge.via, 22),
    )  # fmt: skip


def _node(name: str, place: _Place, cause: bool) -> Markup:
    return Markup(
        '<g class="node{kind}"><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
        '<text x="{mid}" y="{base}">{name}</text></g>'
    ).format(
        kind=" cause" if cause else "", x=place.x, y=place.y, w=_BOX, h=_HIGH,
        mid=place.x + _BOX // 2, base=place.y + _HIGH // 2 + 5, name=_short(name, 19),
    )  # fmt: skip


def _short(text: str, most: int) -> str:
    text = clean(text).replace("\n", " ")
    return text if len(text) <= most else text[: most - 1] + "…"
