"""An evaluation as one HTML page: no script, nothing from outside, readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from slackincidents.realism import page_views
from slackincidents.realism.base import Score
from slackincidents.realism.page_views import Side
from slackincidents.realism.report import MINUS, between, limits, number
from slackincidents.realism.results import Distance, Distribution, Evaluation, Kind, Verdict
from slackincidents.render import plots
from slackincidents.render.environment import pages as environment
from slackincidents.render.plots import Bin, Spot
from slackincidents.render.report import sheet

_TEMPLATES = Path(__file__).parent / "templates"
_LABELS, _BINS = 7, 330
"""The most labels under a histogram, and the pixels it may be wide."""

_SINGLE = (Kind.BAND, Kind.INTERVAL)


@dataclass(frozen=True)
class _Cell:
    """One set's value in a check."""

    value: str
    interval: str
    verdict: str


@dataclass(frozen=True)
class _Check:
    """A row of the table of checks."""

    number: str
    title: str
    cells: tuple[_Cell, ...]
    passes: str
    target: str
    there: str
    plot: Markup


@dataclass(frozen=True)
class _View:
    """The whole page."""

    title: str
    opening: tuple[str, ...]
    sides: tuple[Side, ...]
    outside: tuple[str, ...]
    checks: tuple[_Check, ...]
    spreads: tuple[Markup, ...]
    separations: Markup
    features: Markup
    shape_head: tuple[str, ...]
    shapes: tuple[tuple[str, ...], ...]
    score_head: tuple[str, ...]
    scores: tuple[tuple[str, ...], ...]
    signature: str


def page(evaluation: Evaluation, other: Evaluation | None = None, pages: Mapping[str, str] | None = None) -> str:
    """One evaluation as a page, or two beside each other. The same evaluations give the same bytes.

    `pages` says where an incident's own page is, by its name; messages link into it. Without one they stand in full.
    """
    look = sheet(_TEMPLATES / "evaluation.css")
    view = _view((evaluation,) if other is None else (evaluation, other), pages or {})
    template = _environment().get_template("evaluation.html.j2")
    return template.render(view=view, style=look.style, style_hash=look.digest).lstrip()


def _view(found: Sequence[Evaluation], pages: Mapping[str, str]) -> _View:
    first = found[0]
    names = _names(found)
    opening = [page_views.contents(one.set) for one in found]
    if first.against:
        opening.append(f"Beside {page_views.contents(first.against)}")
    if first.reference:
        opening.append(f"Reference: {first.reference}")
    spreads = tuple(_spreads(one.distributions) for one in found)
    heads = (word for name in (*names, "reference") for word in (name, "95 %"))
    versions = ", ".join(f"{name} {number}" for name, number in first.versions.items())
    return _View(
        title=" and ".join(names) if len(names) > 1 else names[0],
        opening=tuple(opening),
        sides=tuple(page_views.side(one, name, pages) for one, name in zip(found, names, strict=True)),
        outside=tuple(_outside(one) for one in found),
        checks=tuple(_checks(found, names)),
        spreads=spreads if any(spreads) else (),
        separations=page_views.separations(found, names),
        features=page_views.features(found, names),
        shape_head=("distribution", "distance", *(word for name in names for word in (name, "95 %"))),
        shapes=tuple(_shapes(found)),
        score_head=("measure", *heads),
        scores=page_views.aligned(found),
        signature=f"Seed {first.seed}; {versions}.",
    )


def _names(found: Sequence[Evaluation]) -> tuple[str, ...]:
    """What the sets are called; two of one name are numbered."""
    names = [one.set.name or "this set" for one in found]
    if len(set(names)) < len(names):
        names = [f"{name} ({place})" for place, name in enumerate(names, start=1)]
    return tuple(names)


def _outside(found: Evaluation) -> str:
    """The checks that do not pass, in one line."""
    titles = [one.title for one in found.distances if one.verdict is Verdict.OUT]
    return f"{len(titles)} out: {'; '.join(titles)}." if titles else "None is out."


def _checks(found: Sequence[Evaluation], names: Sequence[str]) -> Iterator[_Check]:
    known = [{(one.name, one.kind): one for one in each.distances} for each in found]
    scores = [{score.name: score for score in each.scores} for each in found]
    real = {score.name: score.value for score in found[0].reference_scores}
    for one in found[0].distances:
        if one.kind not in _SINGLE:
            continue
        beside = [of.get((one.name, one.kind)) for of in known]
        own = [of.get(one.name) for of in scores]
        yield _Check(
            number=str(one.number) if one.number is not None else "",
            title=one.title,
            cells=tuple(_cell(distance, score) for distance, score in zip(beside, own, strict=True)),
            passes=limits(one.passes),
            target=limits(one.target),
            there=number(there := real.get(one.name) if one.there is None else one.there),
            plot=_strip(one, own, names, there),
        )


def _cell(distance: Distance | None, score: Score | None) -> _Cell:
    if distance is None:
        return _Cell(MINUS, "", "")
    interval = between(score.low, score.high) if score else MINUS
    return _Cell(number(distance.here), "" if interval == MINUS else interval, str(distance.verdict or ""))


def _strip(one: Distance, own: Sequence[Score | None], names: Sequence[str], there: float | None) -> Markup:
    spots = [
        Spot(
            score.value,
            score.low if place == 0 else None,
            score.high if place == 0 else None,
            there if place == 0 else None,
            faint=place > 0,
            said=f"{names[place]} {number(score.value)}",
        )
        for place, score in enumerate(own)
        if score and score.value is not None
    ]
    return plots.strip(one.title, spots, passes=one.passes, target=one.target)


def _shapes(found: Sequence[Evaluation]) -> Iterator[tuple[str, ...]]:
    known = [{(one.name, one.kind): one for one in each.distances} for each in found]
    for one in found[0].distances:
        if one.kind in _SINGLE:
            continue
        beside = [of.get((one.name, one.kind)) for of in known]
        cells = (c for d in beside for c in ((number(d.value), between(d.low, d.high)) if d else (MINUS, "")))
        yield (one.title, str(one.kind), *cells)


def _spreads(found: Sequence[Distribution]) -> Markup:
    return plots.multiples([(f"{one.title}{f', {one.unit}' if one.unit else ''}", _histogram(one)) for one in found])


def _histogram(one: Distribution) -> Markup:
    ends = list(pairwise(one.edges))
    step = math.ceil(len(ends) / _LABELS)
    whole = all(float(edge).is_integer() for edge in one.edges) and one.unit != "s"
    bins = [
        Bin(
            _span(low, high, high == one.edges[-1]) if whole else f"{_edge(low)} to {_edge(high)} {one.unit}".strip(),
            round(100 * share, 1),
            _edge(low) if place and place % step == 0 else "",
        )
        for place, ((low, high), share) in enumerate(zip(ends, one.here, strict=True))
    ]
    told = "; ".join(f"{bin_.name}: {bin_.value:g} %" for bin_ in bins if bin_.value)
    outline = [100 * share for share in one.there]
    return plots.histogram(one.title, bins, reference=outline, told=told, bar=max(6, _BINS // len(bins) - plots.GAP))


def _span(low: float, high: float, last: bool) -> str:
    """A bin of whole numbers: its upper edge belongs to the next one, and the last one holds the rest."""
    if last:
        return f"{_edge(low)} or more"
    return _edge(low) if high - low == 1 else f"{_edge(low)} to {_edge(high - 1)}"


def _edge(value: float) -> str:
    return f"{value:.2g}" if value < 100 else f"{value:.0f}" if value < 1000 else f"{value / 1000:.2g}k"


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return environment(_TEMPLATES)
