"""What lines do, by rule: seven acts, told by the first rule that fits.

In order: `acknowledge` (assent alone), `ask` (ends with a question mark, emoji aside), `social` (thanks, greeting,
laughter, apology in a line of six words or fewer), `trouble` (failed or ruled out), `guess` (hedged, strictly),
`offer` (asks for, offers or announces something to do), `tell` (all else). The same program labels both sides, so that
answer keys are not needed. The Jensen-Shannon divergence (base 2, 0 to 1) to the reference's shares is a distance; at
most .10 (check 14). Lin (1991).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from slackincidents.realism import lexicon
from slackincidents.realism.base import Reading, Score, collect
from slackincidents.realism.bootstrap import Bootstrap
from slackincidents.realism.surface import is_acknowledgement
from slackincidents.realism.tallies import Name, Rate
from slackincidents.realism.wording import Wording

SOCIAL_WORDS = 6


class RuleAct(StrEnum):
    """The seven acts."""

    ACKNOWLEDGE = "acknowledge"
    ASK = "ask"
    SOCIAL = "social"
    TROUBLE = "trouble"
    GUESS = "guess"
    OFFER = "offer"
    TELL = "tell"


TITLES = {
    RuleAct.ACKNOWLEDGE: "act: assent",
    RuleAct.ASK: "act: question",
    RuleAct.SOCIAL: "act: thanks, greeting, laughter",
    RuleAct.TROUBLE: "act: failed or ruled out",
    RuleAct.GUESS: "act: guess",
    RuleAct.OFFER: "act: offer or request",
    RuleAct.TELL: "act: statement",
}


def act_of(line: Wording) -> RuleAct:
    """The first rule that fits."""
    if is_acknowledgement(line):
        return RuleAct.ACKNOWLEDGE
    if line.tail.endswith("?"):
        return RuleAct.ASK
    if len(line.turn_words) <= SOCIAL_WORDS and lexicon.SOCIABLE.search(line.prose):
        return RuleAct.SOCIAL
    if lexicon.FAILED.search(line.prose):
        return RuleAct.TROUBLE
    if lexicon.HEDGE_STRICT.search(line.prose):
        return RuleAct.GUESS
    return RuleAct.OFFER if lexicon.OFFERED.search(line.prose) else RuleAct.TELL


def counts(reading: Reading) -> list[int]:
    """How many lines of a reading do each act, in the order of the acts."""
    acts = [act_of(line) for line in reading.wordings]
    return [acts.count(act) for act in RuleAct]


@dataclass
class Dialogue:
    """Shares of lines by act."""

    rates: dict[RuleAct, Rate] = field(default_factory=lambda: {act: Rate() for act in RuleAct})

    def add(self, reading: Reading) -> None:
        """Count one incident."""
        acts = [act_of(line) for line in reading.wordings]
        for act, rate in self.rates.items():
            rate.add(acts.count(act), len(acts))
            if act in acts:
                rate.show(reading, acts.index(act))

    def scores(self, boot: Bootstrap) -> tuple[Score, ...]:
        """One share an act."""
        return tuple(rate.score(Name(f"act_{act}", TITLES[act], "dialogue"), boot) for act, rate in self.rates.items())


def measure(readings: Iterable[Reading], boot: Bootstrap | None = None) -> tuple[Score, ...]:
    """Shares of lines by act."""
    return collect(Dialogue(), readings, boot or Bootstrap())
