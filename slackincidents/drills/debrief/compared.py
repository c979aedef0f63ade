"""The drill beside simulated responders, and beside the person's own earlier drills."""

from __future__ import annotations

from collections.abc import Iterator

from slackincidents.drills.debrief.values import Against, Debrief, Peers, Standing, Trend
from slackincidents.drills.debrief.wording import length, many
from slackincidents.render.blocks import Block, Bullets, Grid, Heading, Paragraph, line
from slackincidents.stats import Measure

SHOWN = 6
"""How many earlier times are written out."""


def comparison(found: Debrief) -> Iterator[Block]:
    """Both comparisons, as far as they were made."""
    if found.peers is not None:
        yield from _others(found, found.peers)
    if found.history is not None:
        yield from _earlier(found, found.history)


def _others(found: Debrief, peers: Peers) -> Iterator[Block]:
    yield Heading(2, f"Beside {peers.count} simulated responders")
    yield Paragraph(
        line("The same incident, start and crew, each from a seed of its own. Figures are of those who got there.")
    )
    rows = (
        (
            line(f"Time to {what}"),
            line(length(found.times[what].seconds)),
            line(length(one.median)),
            line(_half(one)),
            line(str(one.never)),
            line(place(found, what, one, peers.count)),
        )
        for what, one in peers.times.items()
    )
    yield Grid(("", "You", "Median", "Half of them", "Never got there", "Took longer than you, or never"), tuple(rows))


def place(found: Debrief, what: Measure, one: Standing, count: int) -> str:
    """Where the trainee stands among them."""
    if found.times[what].seconds is None:
        return f"{one.never} did not get there either"
    percentile = "" if one.percentile is None else f"; percentile {one.percentile:.0f}"
    return f"{one.behind} of {count}{percentile}"


def _half(one: Standing) -> str:
    return "-" if one.q1 is None or one.q3 is None else f"{length(one.q1)} to {length(one.q3)}"


def _earlier(found: Debrief, history: Against) -> Iterator[Block]:
    yield Heading(2, "Beside your earlier drills")
    if not history.drills_all:
        yield Paragraph(line("There are none yet."))
    for told, count, trends in (
        (f"of {found.scenario}", history.drills_same, history.same),
        ("of all scenarios", history.drills_all, history.all),
    ):
        if count and (count != history.drills_same or trends is history.same):
            yield Paragraph(line(f"{many(count, 'drill')} {told}; the last ones, oldest first:"))
            yield Grid(
                ("", "Earlier", "Median", "You", "Took longer, or never"),
                tuple(
                    (
                        line(f"Time to {what}"),
                        line(_row(one)),
                        line(length(one.median)),
                        line(length(found.times[what].seconds)),
                        line("-" if one.better is None else f"{one.better} of {len(one.earlier)}"),
                    )
                    for what, one in trends.items()
                ),
            )
    if history.left_out:
        yield Paragraph(line(f"Left out: {many(len(history.left_out), 'folder')}."))
        yield Bullets(tuple(line(f"{name}: {why}") for name, why in history.left_out.items()))


def _row(one: Trend) -> str:
    return ", ".join(length(time) for time in one.earlier[-SHOWN:]) or "-"
