"""When lines come: gaps, their unevenness and memory, duration, first reply, typing speed.

Real incident chat: gaps of 17 to 37 s in the middle and minutes at the end, unevenness (CV) about 2, silences. Sources
of the definitions: Goh and Barabasi (2008), Kim and Jo (2016); ranges stand in the file of bands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from slackincidents.realism import lexicon
from slackincidents.realism.averages import correlation, variation
from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.conversation import Conversation
from slackincidents.realism.tallies import Each, Name, Pool, Rate

FEWEST_GAPS = 6
FAST_TYPING = 8.0
TYPED_CHARS = (15, 400)
SHARES = ("gap_to_10s", "gap_over_300s", "gap_in_fives")
MIDDLES = ("gap_cv_median", "burstiness_median", "memory_median", "duration_s_median", "first_reply_s_median")


def gaps(talk: Conversation) -> list[float]:
    """Seconds from each line to the next; none where times are too coarse."""
    return [after.at - before.at for before, after in pairwise(talk.lines)] if talk.timed else []


def burstiness(spaces: Sequence[float]) -> float | None:
    """Kim and Jo's B_n (2016): -1 is a metronome, 0 is chance, 1 is bursts; corrected for few gaps."""
    uneven = variation(spaces)
    if uneven is None:
        return None
    more, fewer = math.sqrt(len(spaces) + 1), math.sqrt(len(spaces) - 1)
    below = (more - 2) * uneven + fewer
    return (more * uneven - fewer) / below if below else None


def memory(spaces: Sequence[float]) -> float | None:
    """Goh and Barabasi's M (2008): the correlation of each gap with the next."""
    return correlation(spaces[:-1], spaces[1:])


def typing_speeds(talk: Conversation) -> list[float]:
    """Characters a second of each follow-up by the same person; pastes, links, very short and long lines aside."""
    return [speed for _, speed in _typed(talk)]


def _typed(talk: Conversation) -> list[tuple[int, float]]:
    speeds: list[tuple[int, float]] = []
    for place, (before, after) in enumerate(pairwise(talk.lines), 1):
        if before.speaker != after.speaker or not talk.timed:
            continue
        typed = len(lexicon.URL.sub("", lexicon.FENCE.sub("", after.text)))
        if TYPED_CHARS[0] <= typed <= TYPED_CHARS[1]:
            speeds.append((place, typed / max(1.0, after.at - before.at)))
    return speeds


def first_reply(talk: Conversation) -> float | None:
    """Seconds to the first person after the alert; without an alert, to the first answer by another person."""
    if not talk.lines or not talk.timed:
        return None
    opener = talk.lines[0]
    if talk.machine_at is not None:
        return opener.at - talk.machine_at
    return next((line.at - opener.at for line in talk.lines if line.speaker != opener.speaker), None)


@dataclass
class Timing:
    """Gaps in seconds between successive lines. Medians named so are over incidents; unevenness needs six gaps."""

    spaces: Pool = field(default_factory=Pool)
    speeds: Pool = field(default_factory=Pool)
    fast: Rate = field(default_factory=Rate)
    shares: dict[str, Rate] = field(default_factory=lambda: {name: Rate() for name in SHARES})
    middles: dict[str, Each] = field(default_factory=lambda: {name: Each() for name in MIDDLES})

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        spaces = gaps(reading.talk)
        self.spaces.add(spaces)
        held = {
            "gap_to_10s": sum(gap <= 10 for gap in spaces),
            "gap_over_300s": sum(gap > 300 for gap in spaces),
            "gap_in_fives": sum(round(gap) % 5 == 0 for gap in spaces),
        }
        for name, rate in self.shares.items():
            rate.add(held[name], len(spaces))
        uneven = spaces if len(spaces) >= FEWEST_GAPS else []
        found = {
            "gap_cv_median": variation(uneven),
            "burstiness_median": burstiness(uneven) if uneven else None,
            "memory_median": memory(uneven) if uneven else None,
            "duration_s_median": sum(spaces) if spaces else None,
            "first_reply_s_median": first_reply(reading.talk),
        }
        for name, each in self.middles.items():
            each.add(found[name], reading)
        self._type(reading)

    def _type(self, reading: Reading) -> None:
        typed = _typed(reading.talk)
        self.speeds.add([speed for _, speed in typed])
        quick = [(place, speed) for place, speed in typed if speed > FAST_TYPING]
        self.fast.add(len(quick), len(typed))
        for place, speed in quick[:1]:
            self.fast.show(reading, place, f"{speed:.0f} characters a second")

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """All numbers of time."""
        return (
            self.spaces.quantile(_name("gap_median_s", "gap median, s"), boot, 0.5),
            self.spaces.quantile(_name("gap_p90_s", "gap p90, s"), boot, 0.9),
            *(rate.score(_name(name, TITLES[name]), boot) for name, rate in self.shares.items()),
            *(each.middle(_name(name, TITLES[name]), boot) for name, each in self.middles.items()),
            self.fast.score(_name("fast_typing", "follow-ups faster than 8 characters/s"), boot),
            self.speeds.quantile(_name("typing_cps_median", "typing, median characters/s"), boot, 0.5),
        )


TITLES = {
    "gap_to_10s": "gaps of 10 s or less",
    "gap_over_300s": "gaps over 5 min",
    "gap_in_fives": "gaps divisible by 5 s",
    "gap_cv_median": "gap CV, median per incident",
    "burstiness_median": "burstiness B_n",
    "memory_median": "memory M",
    "duration_s_median": "duration, median s",
    "first_reply_s_median": "first human reply, median s",
}


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Pool the gaps of all readings."""
    return collect(Timing(), readings, boot or Bootstrap())


def _name(name: str, title: str) -> Name:
    return Name(name, title, "timing")
