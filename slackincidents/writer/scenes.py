"""Which beats a model writes, and in which portions: windows of time, parted by channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Kind, Plan

Granularity = Literal["scene", "turn", "incident"]
GRANULARITIES: tuple[Granularity, ...] = ("scene", "turn", "incident")

MOST = 16
"""Beats a window may hold; windows of one incident are of about equal size."""

TAIL = 7
"""Lines of a channel that are shown before the first beat to be written in it."""

TURN_TAIL = 10
"""The same for a single turn."""


@dataclass(frozen=True, slots=True)
class Part:
    """One channel, its threads included: the lines before, then beats to write among lines that stand."""

    channel: str
    speakers: tuple[str, ...]
    before: tuple[Beat, ...]
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What one call asks for. `number` counts from 1; `ids` are the beats to be answered, in time order."""

    granularity: Granularity
    number: int
    total: int
    parts: tuple[Part, ...]
    ids: tuple[str, ...]


def by_model(beat: Beat) -> bool:
    """True when a model writes this beat; cards, bots, pastes and corrections of slips stay with the engine."""
    return beat.kind not in {Kind.ALERT, Kind.SYSTEM} and not beat.words.literal and not corrects_slip(beat)


def corrects_slip(beat: Beat) -> bool:
    """True for ``*word``, which mends the slip of the message before."""
    return beat.act is Act.CORRECTION and beat.continues is not None and not (beat.words.bank or beat.words.tellings)


def carries_on(beat: Beat) -> bool:
    """True for the second half of a thought that was sent in two messages."""
    words = beat.words
    return beat.act is Act.CONTINUE and beat.continues is not None and not (words.tellings or words.bank)


def scenes(plan: Plan, granularity: Granularity = "scene") -> tuple[Scene, ...]:
    """Everything a model is asked to write, in time order; every beat of its own is in exactly one scene."""
    windows = list(_windows(plan, granularity))
    tail = TURN_TAIL if granularity == "turn" else TAIL
    return tuple(
        Scene(granularity, number, len(windows), tuple(_parts(plan, window, tail)), tuple(b.id for b in window))
        for number, window in enumerate(windows, 1)
    )


def _windows(plan: Plan, granularity: Granularity) -> Iterator[tuple[Beat, ...]]:
    ours = [beat for beat in plan.beats if by_model(beat)]
    if granularity == "turn":
        yield from ((beat,) for beat in ours)
    elif granularity == "incident":
        yield from [tuple(ours)] if ours else []
    else:
        yield from (tuple(ours[start:end]) for start, end in pairwise(_borders(ours)))


def _borders(ours: Sequence[Beat]) -> list[int]:
    """Where windows begin and end. None lies between the two halves of a thought."""
    count = -(-len(ours) // MOST)
    place = {beat.id: index for index, beat in enumerate(ours)}
    held = {
        between
        for index, beat in enumerate(ours)
        if carries_on(beat) and beat.continues in place
        for between in range(place[beat.continues] + 1, index + 1)
    }
    found = {0, len(ours)} if ours else set()
    for number in range(1, count):
        border = round(number * len(ours) / count)
        while border in held:
            border += 1
        found.add(border)
    return sorted(found)


def _parts(plan: Plan, window: Sequence[Beat], tail: int) -> Iterator[Part]:
    """The window's channels, in the order in which they are first spoken in."""
    order = {beat.id: place for place, beat in enumerate(plan.beats)}
    asked = {beat.id for beat in window}
    for channel in dict.fromkeys(beat.channel for beat in window):
        mine = [beat for beat in window if beat.channel == channel]
        first, last = order[mine[0].id], order[mine[-1].id]
        here = [(place, beat) for place, beat in enumerate(plan.beats[: last + 1]) if beat.channel == channel]
        yield Part(
            channel=channel,
            speakers=_speakers(mine),
            before=tuple(beat for place, beat in here if place < first)[-tail:],
            beats=tuple(beat for place, beat in here if place >= first and (beat.id in asked or not by_model(beat))),
        )


def _speakers(beats: Iterable[Beat]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(beat.speaker for beat in beats))
