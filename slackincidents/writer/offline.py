"""The understudy: words from phrase banks and tellings, in each persona's voice. No network."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from slackincidents.library import Library
from slackincidents.schema.acts import Act
from slackincidents.schema.draft import Draft, Variation, WriterNote
from slackincidents.schema.plan import Beat, Kind, Plan
from slackincidents.seeds import Seed
from slackincidents.tellings import choose, fill
from slackincidents.writer.addressing import addressed
from slackincidents.writer.banks import Banks
from slackincidents.writer.base import FIRST, Complaints
from slackincidents.writer.freshness import UsedUp
from slackincidents.writer.slips import slip, split
from slackincidents.writer.voice import joined, voiced

BARE = {"{telling}"}
"""Bank lines that add nothing, and so may come again."""

JOINING = {"recap_intro"}
"""Banks that take both tellings themselves."""

LEANS = {"terse": -0.7, "normal": 0.3, "wordy": 0.85}
"""How strongly people lean to the longer (or shorter) of two ways to say a thing."""

WAYS = 16
"""Draws among which the least worn is taken, where earlier wordings are to be avoided."""

LED_IN = 0.5
"""Share of links with a colon before them."""

MARKS = ("?", "!", ")", ":", "`", "..")

LONGEST_TAILED = 12
"""A message of more words gets no tail."""

TRIES = 5
"""Draws before a line that was already said in this incident is said again."""


class OfflineWriter:
    """Writes a plan with phrases alone. The same plan always gives the same draft."""

    def __init__(self, banks: Banks) -> None:
        """A writer with these phrases."""
        self._banks = banks

    @classmethod
    def of(cls, library: Library | None = None) -> Self:
        """A writer with a library's phrases; without one, those of the user's folder and ours."""
        return cls(Banks((library or Library.from_environment()).phrases))

    async def write(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """One text for each beat that is not an alert card."""
        return self.compose(plan, variation)

    async def revise(self, plan: Plan, draft: Draft, complaints: Complaints, variation: Variation = FIRST) -> Draft:
        """Another wording says the named beats in other words; the first stands as it is.

        Phrases that break a rule are a fault of ours, to be seen and mended. A beat goes along with the half it was
        parted from and with the correction of its slip. Pastes, commands and bot lines stay.
        """
        if not variation.name:
            return draft
        texts = {**draft.texts, **_Session(self._banks, plan, variation).again(draft.texts, complaints)}
        changed = {beat for beat in texts if texts[beat] != draft.texts.get(beat)} | set(draft.note.repaired)
        repaired = tuple(beat.id for beat in plan.beats if beat.id in changed)
        return Draft(texts=texts, note=draft.note.model_copy(update={"repaired": repaired}))

    def compose(self, plan: Plan, variation: Variation = FIRST) -> Draft:
        """The same as `write`, without a running loop."""
        texts = _Session(self._banks, plan, variation).texts(plan.beats)
        return Draft(texts=texts, note=WriterNote(writer="offline", variant=variation.name))

    def texts(self, plan: Plan, beats: Iterable[Beat]) -> dict[str, str]:
        """The texts of some beats alone: pastes, commands, bot lines. Beat id -> text."""
        return _Session(self._banks, plan, FIRST).texts(beats)


class _Session:
    """The writing of one plan: what was said, and what is left of split thoughts."""

    def __init__(self, banks: Banks, plan: Plan, variation: Variation) -> None:
        self._banks = banks
        self._plan = plan
        wordings = Seed(plan.request.seed).child(plan.skeleton.id).child("words")
        self._seed, self._first = wordings.child(variation.name), wordings.child(FIRST.name)
        self._said = {_normal(line) for line in variation.used_up}
        self._used = UsedUp(variation.used_up)
        self._drawn: set[str] = set()
        self._rest: dict[str, str] = {}
        self._meant: dict[str, str] = {}
        self._split = {beat.id for beat in plan.beats if beat.parted}

    def texts(self, beats: Iterable[Beat]) -> dict[str, str]:
        written: dict[str, str] = {}
        for beat in beats:
            if beat.kind is not Kind.ALERT:
                written[beat.id] = self._text(beat, self._seed.child(beat.id).rng())
        return written

    def again(self, standing: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
        """Other words for some beats, and for what hangs together with them, beside the texts that stand."""
        lines = {beat.id: standing[beat.id] for beat in self._plan.beats if beat.id in standing}
        self._said |= {_normal(line) for line in lines.values()}
        whole = self._whole(set(wanted))
        self._used.add(lines[beat] for beat in whole if beat in lines)
        return self.texts(beat for beat in self._plan.beats if beat.id in whole and not beat.words.literal)

    def _whole(self, wanted: set[str]) -> set[str]:
        """The beats, the halves they were parted from, and the corrections of their slips."""
        tied = [b for b in self._plan.beats if b.continues and (b.act is Act.CORRECTION or b.continues in self._split)]
        heads = wanted | {beat.continues for beat in tied if beat.continues and beat.id in wanted}
        return heads | {beat.id for beat in tied if beat.continues in heads}

    def _text(self, beat: Beat, rng: random.Random) -> str:
        if beat.words.said is not None:
            return beat.words.said
        if beat.words.literal:  # pastes and commands are facts: the same in every wording
            rng = self._first.child(beat.id).rng()
            return fill(choose(rng.choice(beat.words.tellings), rng, tidy=False), self._values(beat))
        if beat.continues and self._meant.get(beat.continues) and beat.act is Act.CORRECTION:
            return rng.choice(("*{}", "*{}", "{}*")).format(self._meant[beat.continues])
        if beat.continues in self._rest:
            return self._rest[beat.continues]
        return self._fresh(beat, rng)

    def _fresh(self, beat: Beat, rng: random.Random) -> str:
        text = self._least_used(beat, rng) if self._used else self._unsaid(beat, rng)
        self._said.add(_normal(text))
        if beat.slip:
            text, meant = slip(text, rng)
            self._meant[beat.id] = meant
        if beat.id in self._split:
            text, self._rest[beat.id] = split(text, rng)
            if not self._rest[beat.id]:
                del self._rest[beat.id]
        return text

    def _unsaid(self, beat: Beat, rng: random.Random) -> str:
        text = ""
        for _ in range(TRIES):
            text = self._way(beat, rng)
            if self._fits(text, beat, rng):
                break
        return text

    def _least_used(self, beat: Beat, rng: random.Random) -> str:
        """Of many ways to say it, the one that earlier wordings have worn least."""
        before, ways = self._drawn, list[tuple[tuple[bool, int, float], str, set[str]]]()
        for _ in range(WAYS):
            self._drawn = set(before)
            text = self._way(beat, rng)
            worn = (not self._fits(text, beat, rng), self._used.times(text), self._used.share(text))
            ways.append((worn, text, self._drawn))
        _, text, self._drawn = min(ways, key=lambda way: way[0])
        return text

    def _way(self, beat: Beat, rng: random.Random) -> str:
        """One way to say it, as this person would type it."""
        plain = self._plain(beat, rng)
        if beat.kind is Kind.STATUS_UPDATE:
            return addressed(_proper(plain), beat)
        persona = self._plan.people[beat.speaker]
        text = voiced(plain, persona, beat.act, rng, hedge=beat.words.bank is None)
        if beat.words.link and rng.random() < LED_IN and not text.endswith(MARKS):
            text = f"{text.rstrip('.')}:"
        return addressed(text, beat)

    def _fits(self, text: str, beat: Beat, rng: random.Random) -> bool:
        """Whether nobody said it before, and it can be parted where it must be."""
        return _normal(text) not in self._said and (beat.id not in self._split or bool(split(text, rng)[1]))

    def _plain(self, beat: Beat, rng: random.Random) -> str:
        words = beat.words
        values = self._values(beat)
        if words.tellings:
            telling = fill(self._pick(words.tellings, beat, rng), values)
            values |= {"telling": telling, "a": telling}
        if words.more:
            values["b"] = fill(self._pick(words.more, beat, rng), values)
        bank = words.bank or ("" if words.tellings else "continue")
        first = fill(self._phrase(bank, beat, rng), values) if bank else values["telling"]
        if words.more and words.bank not in JOINING:
            first = joined(first, values["b"], self._plan.people[beat.speaker], rng)
        if words.tail and len(first.split()) <= LONGEST_TAILED:
            second = self._phrase(words.tail, beat, rng)
            return joined(first, second, self._plan.people[beat.speaker], rng)
        return first

    def _pick(self, tellings: tuple[str, ...], beat: Beat, rng: random.Random) -> str:
        """One telling, its choices settled; wordy people take the longer of two, terse ones the shorter."""
        fresh = self._fresh_ones(tellings)
        lean = LEANS[self._plan.people[beat.speaker].verbosity]
        ways = [(choose(telling, rng), telling) for telling in (rng.choice(fresh), rng.choice(fresh))]
        liked = max(ways, key=_length) if lean > 0 else min(ways, key=_length)
        text, telling = liked if rng.random() < abs(lean) else ways[0]
        self._drawn.add(telling)
        return text

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


def _length(way: tuple[str, str]) -> int:
    return len(way[0])


def _proper(text: str) -> str:
    stop = "" if text.endswith((".", "?")) else "."
    return f"{text[0].upper()}{text[1:]}{stop}"


def _normal(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
