"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slackincidents.stats.facets import Facet
from slackincidents.stats.moments import Measure
from slackincidents.stats.results import Stats, Summary
from slackincidents.stats.wording import (
    CASCADE,
    HEADINGS,
    PAGED,
    cell,
    gaps,
    half,
    line,
    name,
    noise_line,
    opening,
    paged,
    person,
    short,
)

HEAD = ("from the first alert", "known", "median", "half of them", "90%", "longest", "never", "not known")


def to_text(stats: Stats, by: Sequence[Facet] = tuple(Facet)) -> str:
    """The figures as plain text: the four times, why some are missing, each grouping asked for, the pages."""
    parts = [opening(stats), table(HEAD, [_row(what, one) for what, one in stats.measures.items()])]
    if missing := list(gaps(stats)):
        parts.append("\n".join(missing))
    parts += (section for facet in by for section in _facet(stats, facet))
    parts += _pages(stats)
    parts += _around(stats)
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns of equal width."""
    cells = [[line(text) for text in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    padded = [[text.ljust(width) for text, width in zip(row, widths, strict=True)] for row in cells]
    padded.insert(1, ["-" * width for width in widths])
    return "\n".join("  ".join(row).rstrip() for row in padded)


def _row(measure: Measure, summary: Summary) -> tuple[str, ...]:
    seconds = summary.seconds
    return (
        str(measure),
        str(summary.known),
        short(seconds.median),
        half(summary),
        short(seconds.p90),
        short(seconds.longest),
        str(sum(summary.never.values())),
        str(sum(summary.unknown.values())),
    )


def _facet(stats: Stats, facet: Facet) -> Iterator[str]:
    groups = stats.by[facet]
    if groups:
        rows = [(name(one, facet), str(one.incidents), *map(cell, one.measures.values())) for one in groups]
        yield f"{HEADINGS[facet]}\n{table((facet, 'incidents', *Measure), rows)}"


def _around(stats: Stats) -> Iterator[str]:
    if stats.noise is not None:
        rows = [(kind.replace("_", " "), str(count)) for kind, count in stats.noise.kinds.items()]
        yield f"Noise\n{table(('kind', 'alerts'), rows)}\n{noise_line(stats.noise)}"
    if stats.cascade:
        edges = [(edge.source, edge.target, edge.via, str(edge.incidents)) for edge in stats.cascade]
        yield f"Where trouble travelled\n{table(CASCADE, edges)}"


def _pages(stats: Stats) -> Iterator[str]:
    if stats.pages.people:
        rows = [person(one) for one in stats.pages.people]
        yield f"Pages\n{table(PAGED, rows)}\n{paged(stats.pages)}"
    elif stats.pages.unattributed:
        yield f"Pages\n{paged(stats.pages)}"
