"""Rooms: what a model is shown of one channel, in order, and nothing its speakers could not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from slackincidents.knowledge import Knowledge
from slackincidents.schema.acts import Act
from slackincidents.schema.plan import Beat, Fact, Plan
from slackincidents.writer.briefs import Brief, Briefs, Line
from slackincidents.writer.scenes import Part

DRAWING = frozenset({Act.HYPOTHESIZE, Act.REFUTE, Act.OBJECT, Act.RECAP})
"""Acts that draw on what somebody has read elsewhere."""

KNOWN = 2
"""Facts a speaker is said to have read, besides what stands in the room."""

SILENCE_S = 600
"""Seconds without a line from which a silence is mentioned."""

QUOTE = 70
"""Characters of an answered line that is not shown."""

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """One channel as a template sees it: lines that stand and lines to be written, in order."""

    channel: str
    thread: str
    night: tuple[str, ...]
    lines: tuple[Brief | Line, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """What the briefs of one part have in common."""

    speakers: tuple[str, ...]
    end: Beat
    thread: str
    shown: frozenset[str]
    asked: frozenset[str]
    said: frozenset[Fact]


class Rooms:
    """Makes rooms of the parts of one plan."""

    def __init__(self, plan: Plan, briefs: Briefs) -> None:
        """Read who knows what."""
        self._briefs = briefs
        self._knowledge = Knowledge.of(plan)
        self._beats = plan.beats
        self._index = {beat.id: place for place, beat in enumerate(plan.beats)}
        self._silence = dict(_silences(plan))
        self._clues = tuple(f"clue:{name}" for name in plan.skeleton.clues)
        self._read: dict[tuple[str, str], tuple[Fact, ...]] = {}

    def of(self, part: Part, asked: frozenset[str], texts: Texts) -> Room:
        """The part's lines with their texts; a beat not `asked` for that has no text is left out."""
        ours = [beat for beat in part.beats if beat.id in asked]
        threads = [beat.thread or "" for beat in ours]
        usual = max(dict.fromkeys(threads), key=threads.count)
        standing = [line for beat in part.before if (line := self._briefs.line(beat, texts.get(beat.id)))]
        shown = frozenset({line.id for line in standing} | {beat.id for beat in part.beats})
        said = frozenset(f for beat in (*part.before, *part.beats) for f in (*beat.reveals, *beat.cites))
        view = _View(part.speakers, ours[-1], usual, shown, asked, said)
        lines: list[Brief | Line] = [*standing]
        for beat in part.beats:
            if beat.id in asked:
                lines.append(self._brief(beat, view, lines[-1].id if lines else "", texts))
            elif line := self._briefs.line(beat, texts.get(beat.id)):
                lines.append(line)
        night = tuple(dict.fromkeys(beat.speaker for beat in ours if beat.night))
        return Room(part.channel, usual, night, tuple(lines))

    def _brief(self, beat: Beat, view: _View, before: str, texts: Texts) -> Brief:
        """A beat's brief with what depends on where it is asked for."""
        brief = self._briefs.of(beat)
        place = "" if (beat.thread or "") == view.thread else beat.thread or "top"
        answers, quoted = self._answer(beat, view, texts) if beat.answers not in {None, before} else ("", "")
        knows = self._knows(beat, view) if beat.act in DRAWING and not beat.exchange else ()
        silence = self._silence.get(beat.id, 0)
        if not (place or answers or quoted or knows or silence):
            return brief
        return replace(brief, place=place, answers=answers, quoted=quoted, knows=knows, silence=silence)

    def _answer(self, beat: Beat, view: _View, texts: Texts) -> tuple[str, str]:
        """The id of the answered line where it is shown, else how it begins; nothing if not all here can read it."""
        answered = self._beats[self._index[beat.answers or beat.id]]
        if answered.id in view.shown:
            return answered.id, ""
        if not all(self._knowledge.reads(one, answered.channel, view.end.at) for one in view.speakers):
            return "", ""
        if answered.id in view.asked:
            return answered.id, ""
        line = self._briefs.line(answered, texts.get(answered.id))
        if line is None:
            return "", ""
        text = line.text if len(line.text) <= QUOTE else f"{line.text[: QUOTE - 3]}..."
        return "", f"{line.who}: {text}"

    def _knows(self, beat: Beat, view: _View) -> tuple[str, ...]:
        """What the speaker has read by then, and everybody else here too, that does not stand in the room."""
        mine = [fact for fact in self._read_by(beat.speaker, beat) if fact not in view.said]
        others = [set(self._read_by(one, view.end)) for one in view.speakers if one != beat.speaker]
        shared = [fact for fact in mine if all(fact in read for read in others)]
        return tuple(self._briefs.fact(fact.removeprefix("clue:")) for fact in shared[-KNOWN:])

    def _read_by(self, person: str, beat: Beat) -> tuple[Fact, ...]:
        """The clues that stood, before a beat, where somebody could read them; what was only found is not told here."""
        key = (person, beat.id)
        if key not in self._read:
            place = self._index[beat.id]
            self._read[key] = tuple(f for f in self._clues if self._knowledge.has_read(person, f, beat.at, place))
        return self._read[key]


def _silences(plan: Plan) -> Iterator[tuple[str, int]]:
    """Beats that break a silence of their channel, with its minutes."""
    last: dict[str, int] = {}
    for beat in plan.beats:
        gap = beat.at - last.get(beat.channel, beat.at)
        if gap >= SILENCE_S:
            yield beat.id, round(gap / 60)
        last[beat.channel] = beat.at


def around(plan: Plan, channel: str, wanted: Sequence[Beat], before: int) -> Part:
    """The beats of one channel that are wanted, each with lines before it, and the next if it tells no fact."""
    here = [beat for beat in plan.beats if beat.channel == channel]
    place = {beat.id: at for at, beat in enumerate(here)}
    mine = [beat for beat in wanted if beat.channel == channel]
    shown: set[int] = set()
    for beat in mine:
        at = place[beat.id]
        shown.update(range(max(0, at - before), at + 1))
        if at + 1 < len(here) and not (here[at + 1].reveals or here[at + 1].cites):
            shown.add(at + 1)
    beats = tuple(here[at] for at in sorted(shown))
    return Part(channel, tuple(dict.fromkeys(beat.speaker for beat in mine)), (), beats)
