"""Room features seen from the outside: for files without labels, and the same for every set.

Twenty-two of the twenty-five features show in names, events or words plainly enough for a simple rule. Pages, lapses
of a thread and wrong actions do not, and have none. Rules look at one incident and say where they saw it; they miss
some and see some that are not there, so compare detected with detected only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from slackincidents.realism import lexicon
from slackincidents.realism.base import Reading
from slackincidents.realism.surface import is_bare_evidence
from slackincidents.schema.acts import Feature
from slackincidents.schema.incident import (
    ActionEvent,
    AlertEvent,
    Event,
    ResolutionEvent,
    StatusUpdateEvent,
    SystemEvent,
)

SILENCE_S = 300
BURST_S = 300
LATE_S = 1_800
GUESSES = 3
ANYWHERE = -1
"""Seen in the whole, at no one line."""


@dataclass(frozen=True)
class Room:
    """One reading as the rules see it."""

    reading: Reading

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events by time; none without a record."""
        record = self.reading.record
        return tuple(sorted(record.timeline, key=lambda e: e.offset_seconds)) if record else ()

    def says(self, pattern: re.Pattern[str]) -> int | None:
        """The first human line that matches."""
        lines = enumerate(self.reading.wordings)
        return next((place for place, line in lines if pattern.search(line.text)), None)

    def of_type(self, kind: type[Event]) -> list[Event]:
        """The events of a type, by time."""
        return [event for event in self.events if isinstance(event, kind)]


def _words(*forms: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(forms) + r")\b", re.IGNORECASE)


SAID: Mapping[Feature, re.Pattern[str]] = {
    Feature.ROLE_CLAIM: _words(
        "(?:i'll|i can|ill|i will) (?:take|be|run|do) (?:ic|command|lead|comms|incident|the (?:lead|updates|comms))",
        "who(?:'s| is|s) (?:running|leading|ic|in charge|commander|commanding)",
        "i(?:'m| am|m) (?:ic|incident commander|running this)",
        "taking (?:ic|command|lead|comms)",
    ),
    Feature.SEVERITY_CHANGE: _words(
        r"(?:raise|raising|bump|bumping|upgrade|upgrading|lower|downgrade|downgrading|make|making|call|calling)"
        r"\b.{0,30}\bsev-?\s?[1-4]",
        r"sev-?\s?[1-4]\b.{0,20}(?:->|to|from)\s+sev-?\s?[1-4]",
    ),
    Feature.USER_REPORT: _words(
        r"(?:users?|customers?|people|somebody|someone)\b.{0,30}\b(?:report\w*|complain\w*|saying|seeing|can'?t)",
    ),
    Feature.SUPPORT_ASKS: _words(
        r"support\b.{0,40}\b(?:asks?|asking|wants?|tell|ticket\w*)", r"what (?:do|should|can) (?:i|we) tell"
    ),
    Feature.IS_IT_RELATED: _words("related", "same (?:thing|issue|problem) as", "connected to"),
    Feature.EXEC_ETA: _words("eta", "when (?:will|is) (?:this|it) (?:be )?(?:over|fixed|back)", "any update"),
    Feature.TIME_BOX: _words(
        r"(?:give|need) (?:me |it |us |this )?(?:another )?(?:\d+|a few|two|five|ten|fifteen) ?(?:more )?m(?:in\w*)?",
        r"(?:\d+|five|ten|fifteen) m(?:in\w*)? (?:then|and then|tops|max)",
    ),
    Feature.UNLESS_OBJECTION: _words(
        "unless (?:someone|somebody|anyone|anybody|there are|i hear)", "(?:any )?objections?", "last call"
    ),
    Feature.HANDOFF: _words(
        "hand(?:ing)? (?:over|off|this|it)", "handoff", "handover", "taking over", "(?:end of|my) shift", "over to you"
    ),
    Feature.LEVITY: _words("lol", "haha+", "heh+", "rofl", "lmao", ":joy:", ":sweat_smile:", ":upside_down_face:"),
    Feature.WINDING_DOWN: _words("post-?mortem", "retro", "follow-?ups?", "action items?", "ticket for", "write-?up"),
    Feature.LATE_JOINER: _words(
        "just (?:got (?:here|on|in|back)|joined|joining|saw this)",
        "catch me up",
        "(?:can|could) (?:someone|somebody|anyone|you) (?:summari[sz]e|recap)",
        "tl;?dr",
        "what did i miss",
        "what(?:'s| is) the (?:status|state)",
    ),
}
"""Features that show in what people say."""


def _declared(room: Room) -> int | None:
    channels = {line.channel for line in room.reading.talk.lines} | {event.channel for event in room.events}
    return ANYWHERE if any(re.match(r"#?(?:inc|incident)-", channel) for channel in channels) else None


def _preamble(room: Room) -> int | None:
    return ANYWHERE if len(room.of_type(SystemEvent)) >= 2 else None


def _noise(room: Room) -> int | None:
    titles = Counter(
        event.title for event in room.events if isinstance(event, AlertEvent) and event.state != "resolved"
    )
    return ANYWHERE if any(count > 1 for count in titles.values()) else None


def _relapse(room: Room) -> int | None:
    over = False
    for event in room.events:
        if isinstance(event, ResolutionEvent) or (isinstance(event, AlertEvent) and event.state == "resolved"):
            over = True
        elif over and isinstance(event, AlertEvent):
            return ANYWHERE
    return None


def _split(room: Room) -> int | None:
    channels = Counter(line.channel for line in room.reading.talk.lines)
    return ANYWHERE if sum(count >= 2 for count in channels.values()) >= 2 else None


def _clock(room: Room) -> int | None:
    return ANYWHERE if len(room.of_type(StatusUpdateEvent)) >= 2 else None


def _evidence(room: Room) -> int | None:
    return next((place for place, line in enumerate(room.reading.wordings) if is_bare_evidence(line)), None)


def _silence(room: Room) -> int | None:
    """Five minutes of nothing after something was done."""
    done = {event.offset_seconds for event in room.of_type(ActionEvent)}
    lines = room.reading.talk.lines
    steps = enumerate(pairwise(lines))
    return next((place for place, (a, b) in steps if a.at in done and b.at - a.at > SILENCE_S), None)


def _guesses(room: Room) -> int | None:
    """Three hedged lines within five minutes."""
    lines = room.reading.talk.lines
    places = [n for n, said in enumerate(room.reading.wordings) if lexicon.HEDGE_STRICT.search(said.prose)]
    spans = zip(places, places[GUESSES - 1 :], strict=False)
    return next((first for first, last in spans if lines[last].at - lines[first].at <= BURST_S), None)


def _slip(room: Room) -> int | None:
    """An edit, a deletion's trace, or a correction: ``*word``, ``s/a/b/``."""
    if any(getattr(event, "edited", None) for event in room.events):
        return ANYWHERE
    return room.says(re.compile(r"\A(?:\*\s?[\w'-]+|[\w'-]+\*|s/[^/]+/[^/]*/?g?)\s*\Z"))


def _late(room: Room) -> int | None:
    """Somebody who asks where it stands half an hour or more after the first line."""
    lines = room.reading.talk.lines
    asked = SAID[Feature.LATE_JOINER]
    said = enumerate(room.reading.wordings)
    return next((n for n, w in said if lines[n].at - lines[0].at >= LATE_S and asked.search(w.text)), None)


BUILT: Mapping[Feature, Callable[[Room], int | None]] = {
    Feature.DECLARED_CHANNEL: _declared,
    Feature.BOT_PREAMBLE: _preamble,
    Feature.HYPOTHESIS_BURST: _guesses,
    Feature.ALERT_NOISE: _noise,
    Feature.SPLIT_TALK: _split,
    Feature.STATUS_CLOCK: _clock,
    Feature.LATE_JOINER: _late,
    Feature.BARE_EVIDENCE: _evidence,
    Feature.DEPLOY_SILENCE: _silence,
    Feature.FALSE_RECOVERY: _relapse,
    Feature.SLIP: _slip,
}
"""Features that show in names, events and times."""

NEEDS_EVENTS = frozenset(
    (
        Feature.DECLARED_CHANNEL,
        Feature.BOT_PREAMBLE,
        Feature.ALERT_NOISE,
        Feature.SPLIT_TALK,
        Feature.STATUS_CLOCK,
        Feature.DEPLOY_SILENCE,
        Feature.FALSE_RECOVERY,
    )
)
"""Features that a bare log cannot show: they are asked only of incidents."""

DETECTED = tuple(feature for feature in Feature if feature in BUILT or feature in SAID)


def seen(reading: Reading) -> Iterator[tuple[Feature, int | None]]:
    """Every feature that this reading could show, and the line it was seen at; `ANYWHERE`, or None if not seen."""
    room = Room(reading)
    for feature in DETECTED:
        if feature in NEEDS_EVENTS and reading.record is None:
            continue
        rule = BUILT.get(feature)
        yield feature, rule(room) if rule else room.says(SAID[feature])
