"""The understudy: words from phrase banks and tellings, in each persona's voice. No network."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Self

from slackincidents.library import Library
from slackincidents.schema.acts import Act
from slackincidents.schema.draft import Draft, WriterNote
from slackincidents.schema.plan import Beat, Kind, Plan, Words
from slackincidents.seeds import Seed
from slackincidents.tellings import choose, fill
from slackincidents.writer.banks import Banks
from slackincidents.writer.slips import slip, split
from slackincidents.writer.voice import joined, voiced

BARE = {"{telling}"}
"""Bank lines that add nothing, and so may come again."""

JOINING = {"recap_intro"}
"""Banks that take both tellings themselves."""

LEANS = {"terse": -0.5, "normal": 0.25, "wordy": 0.7}
"""How strongly people lean to the longer (or shorter) of two ways to say a thing."""

TRIES = 5
"""Draws before a line that was already said in this incident is said again."""


class OfflineWriter:
    """Writes a plan with phrases alone. The same plan always gives the same draft."""

    def __init__(self, banks: Banks, variant: str = "") -> None:
        """`variant` names another wording of the same plan."""
        self._banks = banks
        self._variant = variant

    @classmethod
    def of(cls, library: Library | None = None) -> Self:
        """A writer with a library's phrases; without one, those of the user's folder and ours."""
        return cls(Banks((library or Library.from_environment()).phrases))

    async def write(self, plan: Plan) -> Draft:
        """One text for each beat that is not an alert card."""
        return self.compose(plan)

    def compose(self, plan: Plan) -> Draft:
        """The same without a running loop."""
        return Draft(texts=_Session(self._banks, plan, self._variant).texts(), note=WriterNote(writer="offline"))


class _Session:
    """The writing of one plan: what was said, and what is left of split thoughts."""

    def __init__(self, banks: Banks, plan: Plan, variant: str) -> None:
        self._banks = banks
        self._plan = plan
        self._seed = Seed(plan.request.seed).child(plan.skeleton.id).child("words").child(variant)
        self._said: set[str] = set()
        self._drawn: set[str] = set()
        self._rest: dict[str, str] = {}
        self._meant: dict[str, str] = {}
        self._split = {b.continues for b in plan.beats if b.act is Act.CONTINUE and b.words == Words(gist=b.words.gist)}

    def texts(self) -> dict[str, str]:
        written: dict[str, str] = {}
        for beat in self._plan.beats:
            if beat.kind is not Kind.ALERT:
                written[beat.id] = self._text(beat, self._seed.child(beat.id).rng())
        return written

    def _text(self, beat: Beat, rng: random.Random) -> str:
        if beat.words.literal:
            return fill(choose(rng.choice(beat.words.tellings), rng, tidy=False), self._values(beat))
        if beat.continues and self._meant.get(beat.continues) and beat.act is Act.CORRECTION:
            return rng.choice(("*{}", "*{}", "{}*")).format(self._meant[beat.continues])
        if beat.continues in self._rest:
            return self._rest[beat.continues]
        return self._fresh(beat, rng)

    def _fresh(self, beat: Beat, rng: random.Random) -> str:
        persona = self._plan.people[beat.speaker]
        text = ""
        for _ in range(TRIES):
            plain = self._plain(beat, rng)
            text = (
                voiced(plain, persona, beat.act, rng, hedge=beat.words.bank is None)
                if beat.kind is not Kind.STATUS_UPDATE
                else _proper(plain)
            )
            text = _completed(text, beat)
            if _normal(text) not in self._said and (beat.id not in self._split or split(text, rng)[1]):
                break
        self._said.add(_normal(text))
        if beat.slip:
            text, meant = slip(text, rng)
            self._meant[beat.id] = meant
        if beat.id in self._split:
            text, self._rest[beat.id] = split(text, rng)
            if not self._rest[beat.id]:
                del self._rest[beat.id]
        return text

    def _plain(self, beat: Beat, rng: random.Random) -> str:
        words = beat.words
        values = self._values(beat)
        if words.tellings:
            telling = fill(choose(self._pick(words.tellings, beat, rng), rng), values)
            values |= {"telling": telling, "a": telling}
        if words.more:
            values["b"] = fill(choose(self._pick(words.more, beat, rng), rng), values)
        bank = words.bank or ("" if words.tellings else "continue")
        first = fill(self._phrase(bank, beat, rng), values) if bank else values["telling"]
        if words.more and words.bank not in JOINING:
            first = joined(first, values["b"], self._plan.people[beat.speaker], rng)
        if words.tail:
            second = self._phrase(words.tail, beat, rng)
            return joined(first, second, self._plan.people[beat.speaker], rng)
        return first

    def _pick(self, tellings: tuple[str, ...], beat: Beat, rng: random.Random) -> str:
        """One telling; wordy people take the longer of two, terse ones the shorter."""
        fresh = self._fresh_ones(tellings)
        first, second = rng.choice(fresh), rng.choice(fresh)
        lean = LEANS[self._plan.people[beat.speaker].verbosity]
        if rng.random() >= abs(lean):
            chosen = first
        else:
            chosen = max(first, second, key=len) if lean > 0 else min(first, second, key=len)
        self._drawn.add(chosen)
        return chosen

    def _phrase(self, bank: str, beat: Beat, rng: random.Random) -> str:
        """A phrase of a bank, one that was not yet drawn in this incident if there is any."""
        manner = self._plan.people[beat.speaker].voice.manner
        lines = self._banks.lines(bank, manner, beat.night)
        bare = [line for line in lines if line in BARE]
        chosen = rng.choice(bare if bare and rng.random() < len(bare) / len(lines) else self._fresh_ones(lines))
        self._drawn.add(chosen)
        return choose(chosen, rng)

    def _fresh_ones(self, options: Sequence[str]) -> Sequence[str]:
        return [option for option in options if option not in self._drawn] or options

    def _values(self, beat: Beat) -> dict[str, str]:
        return {**self._plan.figures, **{p.name: p.value for p in beat.particulars}}


def _completed(text: str, beat: Beat) -> str:
    for mention in beat.mentions:
        if mention in text:
            continue
        named = re.compile(rf"(?<![\w@./-]){re.escape(mention[1:])}(?![\w./-])", re.IGNORECASE)
        text = named.sub(mention, text, count=1) if named.search(text) else f"{mention} {text}"
    return f"{text} {beat.words.link}" if beat.words.link else text


def _proper(text: str) -> str:
    stop = "" if text.endswith((".", "?")) else "."
    return f"{text[0].upper()}{text[1:]}{stop}"


def _normal(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
