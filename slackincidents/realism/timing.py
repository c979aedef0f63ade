"""When lines come: gaps, their unevenness and memory, duration, first reply, typing speed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from slackincidents.realism import lexicon
from slackincidents.realism.averages import correlation, median, quantile, share, variation
from slackincidents.realism.conversation import Conversation

FEWEST_GAPS = 6
FAST_TYPING = 8.0
TYPED_CHARS = (15, 400)


@dataclass(frozen=True, slots=True)
class Timing:
    """Gaps in seconds between successive lines. Medians named so are over conversations."""

    gap_median_s: float | None
    gap_p90_s: float | None
    gap_cv_median: float | None
    burstiness_median: float | None
    memory_median: float | None
    gap_to_10s: float | None
    gap_over_300s: float | None
    gap_in_fives: float | None
    duration_s_median: float | None
    first_reply_s_median: float | None
    fast_typing: float | None
    typing_cps_median: float | None


def gaps(talk: Conversation) -> list[float]:
    """Seconds from each line to the next."""
    return [after.at - before.at for before, after in pairwise(talk.lines)]


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
    speeds = []
    for before, after in pairwise(talk.lines):
        typed = len(lexicon.URL.sub("", lexicon.FENCE.sub("", after.text)))
        if before.speaker == after.speaker and TYPED_CHARS[0] <= typed <= TYPED_CHARS[1]:
            speeds.append(typed / max(1.0, after.at - before.at))
    return speeds


def first_reply(talk: Conversation) -> float | None:
    """Seconds to the first person after the alert; without an alert, to the first answer by another person."""
    if not talk.lines:
        return None
    opener = talk.lines[0]
    if talk.machine_at is not None:
        return opener.at - talk.machine_at
    return next((line.at - opener.at for line in talk.lines if line.speaker != opener.speaker), None)


def measure(conversations: Sequence[Conversation]) -> Timing:
    """Pool the gaps of all conversations; unevenness needs six gaps or more in one conversation."""
    spaces = [gaps(talk) for talk in conversations]
    pooled = [gap for each in spaces for gap in each]
    enough = [each for each in spaces if len(each) >= FEWEST_GAPS]
    speeds = [speed for talk in conversations for speed in typing_speeds(talk)]
    return Timing(
        gap_median_s=median(pooled),
        gap_p90_s=quantile(pooled, 0.9),
        gap_cv_median=median(_known(variation(each) for each in enough)),
        burstiness_median=median(_known(burstiness(each) for each in enough)),
        memory_median=median(_known(memory(each) for each in enough)),
        gap_to_10s=share(gap <= 10 for gap in pooled),
        gap_over_300s=share(gap > 300 for gap in pooled),
        gap_in_fives=share(round(gap) % 5 == 0 for gap in pooled),
        duration_s_median=median([sum(each) for each in spaces if each]),
        first_reply_s_median=median(_known(first_reply(talk) for talk in conversations)),
        fast_typing=share(speed > FAST_TYPING for speed in speeds),
        typing_cps_median=median(speeds),
    )


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]
