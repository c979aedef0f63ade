"""How figures are put in words, the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from slackincidents.render.room import clean
from slackincidents.stats.facets import AS_WRITTEN, Facet
from slackincidents.stats.moments import Measure
from slackincidents.stats.results import EDGES_S, Group, NoiseCount, Pages, Person, Stats, Summary

NONE = "-"
UNKNOWN = "not known"

UNTIL = {
    Measure.ACKNOWLEDGE: "until a person answered the alert",
    Measure.DIAGNOSE: "until the cause was first stated",
    Measure.MITIGATE: "until the impact was over",
    Measure.RESOLVE: "until it was called over",
}
"""What each time ends with; all begin with the first alert."""

HEADINGS = {
    Facet.SERVICE: "By service",
    Facet.SEVERITY: "By severity",
    Facet.HOUR: "By hour it began",
    Facet.WEEKDAY: "By weekday it began",
    Facet.RESPONDER: "By responder: who acknowledged, stated the cause, fixed it, called it over",
}


PAGED = ("person", "pages", "at night", "nights paged", "median a paged night", "most")
"""The columns of the table of pages."""


def line(text: str) -> str:
    """A name without line breaks, control characters and direction marks."""
    return " ".join(clean(text).split())


def person(one: Person) -> tuple[str, ...]:
    """The pages of a person, as a row under `PAGED`."""
    night = one.a_night
    return (
        line(one.person),
        str(one.pages),
        str(one.at_night),
        str(one.nights),
        _count(night.median),
        _count(night.longest),
    )


def _count(value: float | None) -> str:
    return NONE if value is None else f"{value:g}"


def short(seconds: float | None) -> str:
    """A length of time in few letters: ``45s``, ``2m50s``, ``17m``, ``1h12m``, ``3d04h``."""
    if seconds is None:
        return NONE
    rest = round(seconds)
    if rest < 600:
        return f"{rest // 60}m{rest % 60:02}s" if rest >= 60 else f"{rest}s"
    minutes = round(rest / 60)
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h{minutes % 60:02}m" if minutes < 24 * 60 else f"{minutes // 1440}d{minutes // 60 % 24:02}h"


def half(summary: Summary) -> str:
    """The quartiles: what half of them lie between."""
    low, high = summary.seconds.q1, summary.seconds.q3
    return NONE if low is None or high is None else f"{short(low)} to {short(high)}"


def cell(summary: Summary) -> str:
    """Median, quartiles and how many, in one cell."""
    if not summary.known:
        return NONE
    between = f" ({half(summary)})" if summary.seconds.q1 is not None else ""
    return f"{short(summary.seconds.median)}{between} n={summary.known}"


def name(group: Group, facet: Facet) -> str:
    """A group's name; hours as a clock has them."""
    if group.key is None:
        return UNKNOWN
    return f"{group.key}:00" if facet is Facet.HOUR else line(group.key)


def bins() -> tuple[str, ...]:
    """The names of a histogram's bins."""
    ends = [short_edge(edge) for edge in EDGES_S]
    return (f"< {ends[1]}", *(f"{low}-{high}" for low, high in pairwise(ends[1:])), f"> {ends[-1]}")


def short_edge(seconds: int) -> str:
    """The edge of a bin: ``5m``, ``2h``, ``1d``."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and not seconds % size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def opening(stats: Stats) -> str:
    """How many incidents, on whose clock, and what was left out."""
    count = stats.sources.incidents
    clock = "each file's own" if stats.clock == AS_WRITTEN else clean(stats.clock)
    left = "".join(f" Left out: {number} {why}." for why, number in stats.sources.left_out.items())
    return f"{count} incident{'s' if count != 1 else ''}. Clock: {clock}.{left}"


def gaps(stats: Stats) -> Iterator[str]:
    """Why there is no time, one measure and reason a line; and how many times were inferred."""
    for measure, summary in stats.measures.items():
        yield from (f"{measure}: {count} did not happen: {why}" for why, count in summary.never.items())
        yield from (f"{measure}: {count} not known: {why}" for why, count in summary.unknown.items())
        if summary.inferred:
            yield f"{measure}: {summary.inferred} of {summary.known} known ones inferred from the timeline"


def paged(pages: Pages) -> str:
    """What the pages are, and what is not known of them."""
    seen, lost = pages.nights_seen, pages.unattributed
    nights = f"{seen} night{'s' if seen != 1 else ''} (22:00 to 7:00) with an alert or a page in these files."
    unknown = f" {lost} page{'s' if lost != 1 else ''} of which no file says who got them." if lost else ""
    return f"{nights}{unknown}"


CASCADE = ("from", "to", "by", "incidents")


def noise_line(noise: NoiseCount) -> str:
    """How much noise there is, as a sentence."""
    both = round(noise.alerts / noise.share)
    return f"{noise.share:.0%} of {both:,} are noise; a person answered {noise.answered:,} of {noise.alerts:,}."
