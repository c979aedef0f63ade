"""The figures as plots: histograms, ranges of groups, pages by person."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from slackincidents.render import plots
from slackincidents.render.plots import Bar, Bin, Part, Row, Spot
from slackincidents.render.svg import Scale
from slackincidents.stats.facets import Facet
from slackincidents.stats.moments import Measure
from slackincidents.stats.results import EDGES_S, Group, Person, Summary
from slackincidents.stats.wording import bins, cell, line, name, short, short_edge

_TICKS = (60, 600, 3600, 14400, 86400)
_LEAST, _MOST = 15.0, 7 * 86400.0
_LONGEST_NAME = 18


def histogram(measure: Measure, summary: Summary) -> Markup:
    """How many incidents took how long; the bins grow, so equal widths are not equal times."""
    edges = ["", *map(short_edge, EDGES_S[1:])]
    counted = zip(bins(), summary.histogram, edges, strict=True)
    return plots.histogram(measure, [Bin(named, count, edge) for named, count, edge in counted])


def ranges(facet: Facet, groups: Sequence[Group]) -> Markup:
    """A row a group and a panel a measure: a dot for the median, a bar for the quartiles, a tick for nine in ten."""
    scale = _scale(groups)
    told = "; ".join(f"{name(group, facet)}: {group.incidents}" for group in groups)
    rows = [_row(facet, group) for group in groups]
    ticks = [(float(tick), short_edge(tick)) for tick in _TICKS if scale.low < tick < scale.high]
    return plots.panels(
        f"Incidents by {facet}", list(Measure), rows, scale, ticks, told=f"{told}. The table below has all figures"
    )


def _scale(groups: Sequence[Group]) -> Scale:
    every = [one.seconds for group in groups for one in group.measures.values()]
    values = [v for s in every for v in (s.median, s.q1, s.q3, s.p90) if v is not None]
    low = max(_LEAST, min(values, default=_LEAST)) / 1.5
    return Scale(low, max(min(_MOST, max(values, default=60.0)) * 1.5, low * 10), plots.PANEL, logarithmic=True)


def _row(facet: Facet, group: Group) -> Row:
    whose = name(group, facet)
    shown = whose if len(whose) <= _LONGEST_NAME else f"{whose[: _LONGEST_NAME - 1]}…"
    spots = (_spot(summary, f"{whose}, {measure}") for measure, summary in group.measures.items())
    return Row(f"{shown} ({group.incidents})", tuple(spots))


def _spot(summary: Summary, what: str) -> Spot:
    seconds = summary.seconds
    if seconds.median is None:
        return Spot(None, said="not known" if summary.unknown else "-")
    said = f"{what}: {cell(summary)}, 90% {short(seconds.p90)}"
    return Spot(seconds.median, seconds.q1, seconds.q3, seconds.p90, faint=seconds.q1 is None, said=said)


def pages(people: Sequence[Person]) -> Markup:
    """A bar a person: pages by day, then pages at night."""
    return plots.bars(
        "Pages",
        [
            Bar(
                line(one.person),
                (Part(one.pages - one.at_night, "day"), Part(one.at_night, "night")),
                f"{one.pages}, {one.at_night} at night",
            )
            for one in people
        ],
    )
