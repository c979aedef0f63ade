"""The report as one HTML page: no script, nothing from outside, readable in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from slackincidents.render.environment import pages
from slackincidents.render.report import sheet
from slackincidents.stats import plots
from slackincidents.stats.facets import Facet
from slackincidents.stats.moments import Measure
from slackincidents.stats.network import network
from slackincidents.stats.results import Group, Stats
from slackincidents.stats.wording import (
    CASCADE,
    HEADINGS,
    PAGED,
    UNTIL,
    cell,
    gaps,
    half,
    name,
    noise_line,
    opening,
    paged,
    person,
    short,
)

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class _Measure:
    """One of the four times, as the page shows it."""

    name: str
    until: str
    median: str
    half: str
    p90: str
    known: int
    never: int
    unknown: int
    plot: Markup


@dataclass(frozen=True)
class _Section:
    """One grouping: a plot, and the table of the same figures."""

    heading: str
    facet: str
    plot: Markup
    rows: tuple[tuple[str, ...], ...]


def to_html(stats: Stats, by: Sequence[Facet] = tuple(Facet)) -> str:
    """The figures as a page. The same figures give the same bytes."""
    look = sheet(_TEMPLATES / "stats.css")
    return (
        _environment()
        .get_template("stats.html.j2")
        .render(
            style=look.style,
            style_hash=look.digest,
            opening=opening(stats),
            measures=[_measure(stats, measure) for measure in Measure],
            gaps=list(gaps(stats)),
            head=[*Measure],
            sections=[_section(facet, stats.by[facet]) for facet in by if stats.by[facet]],
            pages_plot=plots.pages(stats.pages.people),
            people_head=PAGED,
            people=[person(one) for one in stats.pages.people],
            paged=paged(stats.pages),
            noise=noise_line(stats.noise) if stats.noise else "",
            noise_rows=[
                (kind.replace("_", " "), count) for kind, count in (stats.noise.kinds if stats.noise else {}).items()
            ],
            cascade_head=CASCADE,
            cascade=[(edge.source, edge.target, edge.via, edge.incidents) for edge in stats.cascade],
            graph=network(stats.cascade),
        )
    )


def _measure(stats: Stats, measure: Measure) -> _Measure:
    summary = stats.measures[measure]
    return _Measure(
        name=measure,
        until=UNTIL[measure],
        median=short(summary.seconds.median),
        half=half(summary),
        p90=short(summary.seconds.p90),
        known=summary.known,
        never=sum(summary.never.values()),
        unknown=sum(summary.unknown.values()),
        plot=plots.histogram(measure, summary),
    )


def _section(facet: Facet, groups: Sequence[Group]) -> _Section:
    rows = tuple((name(one, facet), str(one.incidents), *map(cell, one.measures.values())) for one in groups)
    return _Section(HEADINGS[facet], facet, plots.ranges(facet, groups), rows)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return pages(_TEMPLATES)
