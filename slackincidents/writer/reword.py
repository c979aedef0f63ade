"""Other words for a stranger's incident: its figures, mentions, links and code stay, and every reply is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from slackincidents.chat.base import ChatModel, ChatRequest, Message
from slackincidents.library import Library
from slackincidents.schema.draft import Usage, Variation
from slackincidents.schema.incident import ActionEvent, AlertEvent, Event, IncidentRecord, Spoken, SystemEvent
from slackincidents.writer.answers import LINES, parse
from slackincidents.writer.base import FIRST
from slackincidents.writer.keeping import Names, complaints, is_short, pieces, plain
from slackincidents.writer.templates import Templates

SHOWN = 60
"""Lines of earlier wordings that a prompt shows, the latest; all of them are refused when they come again."""

MISSING = "no text came for it"
SAID = "an earlier wording says the same"

Texts = Mapping[int, str]
Objections = Mapping[int, tuple[str, ...]]
"""Index of an event -> what is wrong with its new text."""

Judge = Callable[[Texts], Objections]
"""Looks at new texts in their place; what it objects to is asked for again."""


@dataclass(frozen=True)
class Line:
    """One event as a prompt shows it. `keep` is what its new text must hold word for word."""

    id: str
    speaker: str
    channel: str
    text: str
    thread: str = ""
    keep: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rewording:
    """The new texts, and the lines that stay as they were with the reasons."""

    texts: Texts
    kept: Objections
    model: str
    usage: Usage


@dataclass(frozen=True)
class Reworder:
    """Asks a chat model for other words, line by line. `tries` bounds how often one line is asked for."""

    chat: ChatModel = field(repr=False)
    model: str
    templates: Templates = field(repr=False)
    temperature: float | None = None
    tries: int = 3
    window: int = 30

    @classmethod
    def of(cls, chat: ChatModel, model: str, library: Library | None = None) -> Self:
        """A reworder with a library's prompts; without one, those of the user's folder and ours."""
        return cls(chat, model, Templates(library or Library.from_environment(), folders=("reword",)))

    async def reword(
        self, incident: IncidentRecord, wanted: Sequence[int], judge: Judge, variation: Variation = FIRST
    ) -> Rewording:
        """Other words for the events at these places; what never passes stays and is told."""
        session = _Session(self, incident, judge, variation)
        for start in range(0, len(wanted), self.window):
            await session.ask(wanted[start : start + self.window])
        return Rewording(session.texts, session.kept, self.model, session.usage)


class _Session:
    """The rewording of one incident: what passed, what stays, what it cost."""

    def __init__(self, how: Reworder, incident: IncidentRecord, judge: Judge, variation: Variation) -> None:
        self.texts: dict[int, str] = {}
        self.kept: dict[int, tuple[str, ...]] = {}
        self.usage = Usage()
        self._how = how
        self._incident = incident
        self._judge = judge
        self._variation = variation
        self._names = names_of(incident)
        self._said = {plain(line) for line in variation.used_up}

    async def ask(self, wanted: Sequence[int]) -> None:
        """Ask for some lines together, then again for those that fail."""
        wrong: dict[int, tuple[str, ...]] = {}
        asked = tuple(wanted)
        for attempt in range(self._how.tries):
            reply = await self._how.chat.complete(self._request(asked, wrong, attempt))
            self.usage += reply.usage
            told = parse(reply.text) if reply.finish in {"stop", "length"} else {}
            wrong = self._take(asked, told)
            asked = tuple(wrong)
            if not asked:
                return
        self.kept.update(wrong)

    def _take(self, asked: Sequence[int], told: Mapping[str, str]) -> dict[int, tuple[str, ...]]:
        """Keep what passes; the rest with what is wrong about it."""
        new = {place: told[_id(place)] for place in asked if _id(place) in told}
        wrong = {place: self._complaints(place, new.get(place)) for place in asked}
        passed = {place: text for place, text in new.items() if not wrong[place]}
        wrong |= self._judge({**self.texts, **passed})
        self.texts |= {place: text for place, text in passed.items() if not wrong[place]}
        return {place: why for place, why in wrong.items() if why and place in asked}

    def _complaints(self, place: int, text: str | None) -> tuple[str, ...]:
        if text is None:
            return (MISSING,)
        found = complaints(self._incident.timeline[place].text, text, self._names)
        return (*found, SAID) if plain(text) in self._said and not is_short(text) else found

    def _request(self, asked: Sequence[int], wrong: Objections, attempt: int) -> ChatRequest:
        values: dict[str, object] = {
            "title": self._incident.title,
            "lines": [self._line(place) for place in range(len(self._incident.timeline))],
            "wanted": [self._line(place, wrong.get(place, ())) for place in asked],
            "used_up": self._variation.used_up[-SHOWN:],
        }
        template = "reword/again.j2" if attempt else "reword/lines.j2"
        return ChatRequest(
            model=self._how.model,
            messages=(
                Message(role="system", content=self._how.templates.render("reword/system.j2", {})),
                Message(role="user", content=self._how.templates.render(template, values)),
            ),
            shape=LINES,
            temperature=self._how.temperature,
            cache_key=self._incident.scenario_id[:64],
            attempt=attempt,
            sample=self._variation.name,
        )

    def _line(self, place: int, wrong: tuple[str, ...] = ()) -> Line:
        event = self._incident.timeline[place]
        text = self.texts.get(place, event.text)
        keep = pieces(event.text, self._names).shown()
        thread = "" if event.thread_parent is None else _id(event.thread_parent)
        return Line(_id(place), event.speaker, event.channel, text, thread, keep, wrong)


def rewordable(incident: IncidentRecord) -> tuple[int, ...]:
    """The places of all events whose words are a person's own: no cards, commands, bots, nor code alone."""
    names = names_of(incident)
    return tuple(place for place, event in enumerate(incident.timeline) if _is_prose(event, names))


def names_of(incident: IncidentRecord) -> Names:
    """Who and what a file names."""
    people = {person.lstrip("@") for service in incident.services.values() for person in service.engineers}
    people |= {event.user for event in incident.timeline if isinstance(event, Spoken)} | set(incident.people)
    return Names(frozenset(incident.services), frozenset(person for person in people if not _is_bot(person)))


def _is_prose(event: Event, names: Names) -> bool:
    if isinstance(event, AlertEvent | ActionEvent | SystemEvent) or _is_bot(event.speaker):
        return False
    rest = event.text
    for piece in sorted(pieces(rest, names).shown(), key=len, reverse=True):
        rest = rest.replace(piece, " ")
    return any(word.isalpha() and len(word) > 1 for word in plain(rest).split())


def _is_bot(name: str) -> bool:
    return "bot" in name.lower().split() or name.lower().endswith("bot")


def _id(place: int) -> str:
    return f"e{place}"
