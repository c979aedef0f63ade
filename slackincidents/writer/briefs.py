"""Briefs: what a model is told about each beat, as values; the words around them stand in the templates."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Fact, Kind, Plan
from slackincidents.seeds import Seed
from slackincidents.tellings import SLOT, choose, fill, slots
from slackincidents.writer.banks import Banks
from slackincidents.writer.scenes import carries_on
from slackincidents.writer.slips import split

LENGTHS: dict[Act, float] = {
    Act.ACKNOWLEDGE: 2.2,
    Act.AGREE: 2.6,
    Act.APPROVE: 2.4,
    Act.THANKS: 1.8,
    Act.NUDGE: 3.5,
    Act.SIGN_OFF: 5,
    Act.WAIT: 5,
    Act.LOOK: 5.5,
    Act.GREET: 4.5,
    Act.CLAIM_ROLE: 4.5,
    Act.REPORT: 12,
    Act.CAUSE: 15,
    Act.REFUTE: 11,
    Act.USER_REPORT: 13,
    Act.SUPPORT: 12,
    Act.UPDATE: 22,
    Act.RECAP: 17,
    Act.RESOLVE: 8,
    Act.HANDOFF: 13,
    Act.FOLLOW_UP: 9,
}
"""Median words of a message that does this; for the rest by whether it has content of its own."""

LENGTH, EMPTY_LENGTH = 9.0, 4.5
SPREAD = 0.6
LONGEST = 40
ROOMY = 1.4
"""Words of a message for each word of its content, at most: what is longer makes people invent."""

LEAST = 0.7
"""The same, at least."""

SPARE = 5
"""What the words before it take: a repeated word, a "wait", who said so."""

ALOUD = 0.12
ALOUD_ACTS = frozenset(
    {
        Act.REPORT,
        Act.DOUBT,
        Act.ANSWER,
        Act.HYPOTHESIZE,
        Act.OBJECT,
        Act.REFUTE,
        Act.OUTCOME,
        Act.ASIDE,
        Act.USER_REPORT,
    }
)
"""Share of messages of these acts that may be twice as long: somebody thinks aloud."""

EMPTY_MOST = 9.0
EMPTY: dict[Act, float] = {Act.HANDOFF: 16.0, Act.UPDATE: 20.0, Act.SIGN_OFF: 12.0, Act.FOLLOW_UP: 12.0}
"""The most words of a message that has no content of its own."""

VERBOSITY = {"terse": 0.75, "normal": 1.0, "wordy": 1.5}

WHOLE = 12
"""The least words of a thought that is worth rambling about."""

FRAGMENT = 2
"""Words of a second half for which nothing was left."""

TRIES = 8
"""Tellings looked at for one that can be sent in two messages."""

NAMING = 9.0
"""The least median of words where something is named by its identifier."""

AGAIN = 0.6
"""How long a thing is when the same person tells it again in another room, as a share."""

GIST_TELLS = frozenset({Act.HANDOFF, Act.RELEASE, Act.SEVERITY, Act.PAGE, Act.RECAP})
"""Acts whose gist says what a phrase could not."""

SELF_TOLD = frozenset({Act.PROPOSE, Act.SEVERITY, Act.RELEASE})
"""Acts whose gist says more than their telling when a phrase stands around it: ``unless somebody objects``."""

NAMES = 3
NAME = re.compile(r"`[^`]+`|[\w][\w.:/@%-]*\w%?|\d%?")
NAMED = re.compile(r"\d.*\D|\D.*\d|\d{4}|[a-z][A-Z]|_|`")
"""What makes a word worth naming: figures with a unit, long ones, identifiers."""
CHOICE = re.compile(r"\([^()]*\|[^()]*\)")
STANDING = 150
"""Characters of a standing line that are shown."""


@dataclass(frozen=True, slots=True)
class Brief:
    """One beat to be written. Empty fields have nothing to say; `length` is in words, `silence` in minutes."""

    id: str
    time: str
    who: str
    act: str
    length: int
    gist: str
    says: str = ""
    fact: str = ""
    names: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    answers: str = ""
    quoted: str = ""
    place: str = ""
    silence: int = 0
    half: str = ""
    other: str = ""
    told_in: str = ""
    old: str = ""
    wrong: tuple[str, ...] = ()
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line that stands already."""

    id: str
    time: str
    who: str
    text: str
    stands: bool = True


class Briefs:
    """The briefs of a plan's beats, worked out when first asked for; `name` parts the wordings of one plan."""

    def __init__(self, plan: Plan, name: str, banks: Banks) -> None:
        """Nothing is worked out yet. `banks` say how one puts what has no telling of its own."""
        self._plan = plan
        self._banks = banks
        self._told = _first_told(plan)
        self._start = datetime.fromisoformat(plan.request.start_time)
        self._seed = Seed(plan.request.seed).child(plan.skeleton.id).child("prompts").child(name)
        self._made: dict[str, Brief] = {}
        self._second = {beat.continues: beat.id for beat in plan.beats if carries_on(beat)}
        self._beats = {beat.id: beat for beat in plan.beats}

    def of(self, beat: Beat) -> Brief:
        """What a beat is to convey, without what depends on where it is asked for."""
        if beat.id not in self._made and carries_on(beat) and beat.continues and beat.continues in self._second:
            self.of(self._beats[beat.continues])
        if beat.id not in self._made:
            self._made[beat.id] = self._brief(beat)
        return self._made[beat.id]

    def line(self, beat: Beat, text: str | None) -> Line | None:
        """A beat as a line that stands; none when it has no text yet."""
        if beat.kind is Kind.ALERT:
            text = self._alert(beat)
        if text is None:
            return None
        flat = " / ".join(part.strip() for part in text.splitlines() if part.strip())
        short = flat if len(flat) <= STANDING else f"{flat[: STANDING - 3]}..."
        return Line(beat.id, self.time(beat), beat.speaker, short)

    def time(self, beat: Beat) -> str:
        """The clock time of a beat, UTC."""
        return (self._start + timedelta(seconds=beat.at)).strftime("%H:%M")

    def fact(self, clue: str) -> str:
        """A clue in plain words."""
        return _lenient(self._plan.skeleton.clues[clue].fact, self._plan.figures).rstrip(".")

    def _brief(self, beat: Beat) -> Brief:
        rng = self._seed.child(beat.id).rng()
        values = {**self._plan.figures, **{p.name: p.value for p in beat.particulars}}
        says = self._says(beat, values, rng)
        facts = [self.fact(f[5:]) for f in beat.reveals if f.startswith("clue:")]
        if beat.act is Act.WITHDRAW and beat.hypothesis:
            claim = self._plan.skeleton.hypotheses[beat.hypothesis].claim
            facts = [_lenient(claim, self._plan.figures).rstrip(".")]
        brief = Brief(
            id=beat.id,
            time=self.time(beat),
            who=beat.speaker,
            act=beat.act.value,
            length=self._length(beat, says, facts, rng),
            gist=_lenient(beat.words.gist, values),
            says=says,
            fact="; ".join(facts),
            to=beat.mentions,
        )
        if any(fact.startswith("clue:") for fact in beat.reveals):
            brief = replace(brief, names=_names(beat, values, f"{says} {brief.fact}"))
            if elsewhere := self._elsewhere(beat):
                brief = replace(brief, told_in=elsewhere, length=max(3, round(brief.length * AGAIN)))
        if beat.id in self._second:
            return self._halved(beat, brief, values, rng)
        return brief

    def _halved(self, beat: Beat, brief: Brief, values: Mapping[str, str], rng: random.Random) -> Brief:
        """The first half of a thought; the second is kept for the beat that brings it."""
        first, second = self._parts(beat, brief.says, values, rng)
        beat_after = self._beats[self._second[beat.id]]
        self._made[beat_after.id] = Brief(
            id=beat_after.id,
            time=self.time(beat_after),
            who=beat_after.speaker,
            act=beat_after.act.value,
            length=max(2, len(second.split())) if second else FRAGMENT,
            gist=beat_after.words.gist,
            says=second,
            half="second",
            other=beat.id,
            to=beat_after.mentions,
        )
        length = max(2, round(len(first.split()) * rng.uniform(0.8, 1.2))) if second else brief.length
        return replace(brief, says=first, half="first" if second else "", length=length)

    def _parts(self, beat: Beat, says: str, values: Mapping[str, str], rng: random.Random) -> tuple[str, str]:
        """A telling cut where a clause ends; another telling where this one has no such place."""
        tellings = beat.words.tellings
        others = (fill(choose(rng.choice(tellings), rng), values) for _ in range(TRIES)) if tellings else ()
        for telling in (says, *others):
            first, second = split(telling, rng)
            if second:
                return first, second
        return says, ""

    def _says(self, beat: Beat, values: Mapping[str, str], rng: random.Random) -> str:
        """The content in somebody's words: one telling, and what is said in the same breath."""
        words = beat.words
        if words.bank and beat.act in SELF_TOLD:
            return ""
        if not words.tellings:
            return self._phrase(beat, values, rng)
        said = [fill(choose(rng.choice(options), rng), values) for options in (words.tellings, words.more) if options]
        return ", ".join(said)

    def _phrase(self, beat: Beat, values: Mapping[str, str], rng: random.Random) -> str:
        """What a bank offers where there is nothing of one's own to tell; empty where it needs more than there is."""
        if beat.words.bank is None or beat.act in GIST_TELLS:
            return ""
        manner = self._plan.people[beat.speaker].voice.manner
        offered = self._banks.lines(beat.words.bank, manner, beat.night)
        lines = [line for line in offered if slots(line) <= values.keys()]
        return fill(choose(rng.choice(lines), rng), values) if lines else ""

    def _elsewhere(self, beat: Beat) -> str:
        """The channel where the same person told the same thing before."""
        rooms = [self._told[beat.speaker, fact] for fact in beat.reveals if (beat.speaker, fact) in self._told]
        return next((there.channel for there in rooms if there.at < beat.at and there.channel != beat.channel), "")

    def _length(self, beat: Beat, says: str, facts: Sequence[str], rng: random.Random) -> int:
        """Words to write: as uneven as people are, but within what there is to say."""
        usual = LENGTH if says else EMPTY_LENGTH
        median = LENGTHS.get(beat.act, usual) * VERBOSITY[self._plan.people[beat.speaker].verbosity]
        median = max(median, NAMING) if NAMED.search(says) else median
        drawn = median * math.exp(rng.gauss(0.0, SPREAD)) * (1.5 if beat.words.more else 1.0)
        told = len(says.split())
        behind = sum(len(fact.split()) for fact in facts)
        most = ROOMY * (told + behind / 3) + min(SPARE, told + 1) if told else EMPTY.get(beat.act, EMPTY_MOST)
        if told >= WHOLE and beat.act in ALOUD_ACTS and rng.random() < ALOUD:
            drawn, most = drawn * 2, most * 2
        return max(1, round(min(max(drawn, told * LEAST), most, LONGEST)))

    def _alert(self, beat: Beat) -> str:
        """A card in one line."""
        rule = self._plan.skeleton.alerts[beat.alert or ""]
        if any(p.name == "state" and p.value == "resolved" for p in beat.particulars):
            return f"[RESOLVED] {rule.title}"
        return f"{rule.title}: {fill(rule.details, self._plan.figures)}"


def _first_told(plan: Plan) -> dict[tuple[str, Fact], Beat]:
    found: dict[tuple[str, Fact], Beat] = {}
    for beat in plan.beats:
        for fact in (*beat.reveals, *beat.cites):
            found.setdefault((beat.speaker, fact), beat)
    return found


def _names(beat: Beat, values: Mapping[str, str], said: str) -> tuple[str, ...]:
    """Identifiers and figures of a clue's other tellings, but for those that depend on a choice."""
    found: dict[str, None] = {}
    for telling in beat.words.tellings:
        plain = telling
        while CHOICE.search(plain):
            plain = CHOICE.sub(" ", plain)
        for name in NAME.findall(_lenient(plain, values)):
            if NAMED.search(name) and name.strip("`") not in said:
                found.setdefault(name)
    return tuple(_distinct(found))[:NAMES]


def _distinct(names: Iterable[str]) -> list[str]:
    """The names without those that are part of another one."""
    kept = list(names)
    return [one for one in kept if not any(one != other and one.strip("`") in other for other in kept)]


def _lenient(text: str, values: Mapping[str, str]) -> str:
    return SLOT.sub(lambda match: values.get(match[1], match[1]), text) if "{" in text else text
