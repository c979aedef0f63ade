"""The eight tips for realistic scenarios of the first generator of this kind, each a number.

1 `tip_response_times`: the coefficient of variation, over incidents, of the first human reply (everybody at once: 0).
2 `tip_false_starts`: incidents in which somebody says that something failed or was not it.
3 `tip_uncertainty`: lines that hedge (wide list).
4 `tip_debugging`: lines that speak of looking something up (logs, graphs, queries).
5 `tip_metrics`: lines with a figure.
6 `tip_past`: incidents in which somebody refers to an earlier one.
7 `tip_human_touch`: lines with an abbreviation, an emoji or an emoticon (slips of the keys: see `typos`).
8 `tip_time_taken_s`: median seconds from the first event to the last human line.
More is not better: a number belongs where the reference texts have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from slackincidents.realism import lexicon
from slackincidents.realism.averages import variation
from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import NONE, Bootstrap, Interval, interval
from slackincidents.realism.tallies import Each, Name, Rate
from slackincidents.realism.timing import first_reply
from slackincidents.realism.wording import Wording, has_emoji, has_emoticon

Rule = Callable[[Wording], bool]

LINES: Mapping[str, tuple[str, Rule]] = {
    "tip_uncertainty": ("tip 3: lines that hedge", lambda w: bool(lexicon.HEDGE.search(w.prose))),
    "tip_debugging": ("tip 4: lines about looking something up", lambda w: bool(lexicon.LOOKED.search(w.prose))),
    "tip_metrics": ("tip 5: lines with a figure", lambda w: bool(re.search(r"\d", w.prose))),
    "tip_human_touch": (
        "tip 7: lines with an abbreviation or emoji",
        lambda w: bool(lexicon.ABBREVIATED.search(w.prose)) or has_emoji(w.prose) or has_emoticon(w.prose),
    ),
}
"""Shares of human lines."""

ROOMS: Mapping[str, tuple[str, Rule]] = {
    "tip_false_starts": ("tip 2: incidents with a false start", lambda w: bool(lexicon.FAILED.search(w.prose))),
    "tip_past": ("tip 6: incidents that refer to the past", lambda w: bool(lexicon.PAST_TIMES.search(w.prose))),
}
"""Shares of incidents in which some line does it."""


@dataclass
class Tips:
    """Counts what the tips ask for."""

    rates: dict[str, Rate] = field(default_factory=lambda: {name: Rate() for name in (*LINES, *ROOMS)})
    replies: Each = field(default_factory=Each)
    taken: Each = field(default_factory=Each)

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        talk, said = reading.talk, reading.wordings
        for name, (_, rule) in (*LINES.items(), *ROOMS.items()):
            marked = [place for place, line in enumerate(said) if rule(line)]
            if name in LINES:
                self.rates[name].add(len(marked), len(said))
            else:
                self.rates[name].add(bool(marked), bool(said))
            for place in marked[:1]:
                self.rates[name].show(reading, place)
        self.replies.add(first_reply(talk))
        start = talk.lines[0].at if talk.lines else 0.0
        began = start if talk.machine_at is None else min(start, talk.machine_at)
        self.taken.add(talk.lines[-1].at - began if talk.lines and talk.timed else None, reading)

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """The eight numbers, in the order of the tips."""
        titles = {name: title for name, (title, _) in (*LINES.items(), *ROOMS.items())}
        found = {name: rate.score(_name(name, titles[name]), boot) for name, rate in self.rates.items()}
        return (
            self._replies(boot),
            *(found[name] for name in sorted(found, key=lambda name: found[name].title)),
            self.taken.middle(_name("tip_time_taken_s", "tip 8: time taken, median s"), boot),
        )

    def _replies(self, boot: Bootstrap) -> Score:
        known = self.replies.known
        name = _name("tip_response_times", "tip 1: variation of the first reply")
        if len(known) < 2:
            return name.score(None, NONE, len(known))
        return name.score(variation(known), _varied(known, boot), len(known))


def _varied(values: list[float], boot: Bootstrap) -> Interval:
    weights = boot.weights(len(values)).astype(float)
    drawn = np.asarray(values)
    total, squares = weights @ drawn, weights @ drawn**2
    keep = total > 0
    centre = total[keep] / len(values)
    return interval(((squares[keep] / len(values) - centre**2).clip(0) ** 0.5) / centre)


def _name(name: str, title: str) -> Name:
    return Name(name, title, "tips")


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """The eight numbers."""
    return collect(Tips(), readings, boot or Bootstrap())
