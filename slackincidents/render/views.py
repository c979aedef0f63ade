"""An incident as the page's template wants it: rooms, messages, threads, all text ready."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from markupsafe import Markup

from slackincidents.render import mrkdwn, room
from slackincidents.render.avatars import Avatar, avatar
from slackincidents.render.cards import Card, body, card, footnote
from slackincidents.render.emoji import glyph
from slackincidents.render.key import Chip, Key, chips, key
from slackincidents.render.mrkdwn import Scene
from slackincidents.render.room import Entry, Names
from slackincidents.schema.incident import IncidentRecord, SystemEvent

_TOGETHER_S = 300


@dataclass(frozen=True)
class Person:
    """Somebody who posted, or an app."""

    name: str
    handle: str
    face: Avatar
    bot: bool


@dataclass(frozen=True)
class Reaction:
    """An emoji under a message: how often, and by whom."""

    glyph: str
    count: int
    tip: str


@dataclass(frozen=True)
class Message:
    """One message. `joined` messages follow another of the same person and show no name."""

    index: int
    who: Person
    channel: str
    anchor: str
    at: datetime
    system: bool
    body: Markup
    card: Card | None
    card_text: Markup
    foot: str
    elsewhere: str
    reactions: tuple[Reaction, ...]
    chips: tuple[Chip, ...]
    elapsed: str
    joined: bool = False
    date: str = ""
    replies: tuple[Message, ...] = ()

    @property
    def time(self) -> str:
        """The time as the room shows it."""
        return f"{self.at:%H:%M}"

    @property
    def exact(self) -> str:
        """The full time, for the tooltip."""
        return f"{room.day(self.at)} at {self.at:%H:%M:%S} ({self.elapsed})"

    @property
    def faces(self) -> tuple[Person, ...]:
        """The first five people of the thread, as Slack shows them."""
        return tuple({reply.who.handle: reply.who for reply in self.replies}.values())[:5]

    @property
    def last(self) -> str:
        """When the last reply came."""
        at = self.replies[-1].at
        return f"{at:%H:%M}" if at.date() == self.at.date() else f"{room.day(at)} at {at:%H:%M}"


@dataclass(frozen=True)
class Room:
    """One channel of the page."""

    name: str
    anchor: str
    topic: str
    count: int
    members: tuple[Person, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Page:
    """The whole page."""

    title: str
    severity: str
    duration: str
    started: str
    made_up: str
    rooms: tuple[Room, ...]
    people: tuple[Person, ...]
    apps: tuple[Person, ...]
    first: str
    open_thread: int
    count: int
    key: Key | None


def page_view(incident: IncidentRecord, names: Names) -> Page:
    """Everything the page shows."""
    placed = room.entries(incident)
    anchors = {name: f"c{number}" for number, name in enumerate(room.channels(incident))}
    messages = _messages(incident, placed, names, anchors)
    rooms = tuple(_room(incident, name, anchor, messages) for name, anchor in anchors.items())
    first = _first(rooms)
    posted = [message for top in messages for message in (top, *top.replies)]
    people = {message.who.handle: message.who for message in posted}
    everybody = sorted(people.values(), key=lambda person: (person.name.casefold(), person.handle))
    return Page(
        title=room.clean(incident.title),
        severity=room.severity(incident),
        duration=room.span(room.duration(incident)),
        started=f"{room.day(incident.started_at)}, {incident.started_at:%H:%M %Z}".strip(),
        made_up=room.made_up(incident),
        rooms=rooms,
        people=tuple(person for person in everybody if not person.bot),
        apps=tuple(person for person in everybody if person.bot),
        first=first.anchor if first else "all",
        open_thread=_open(first),
        count=len(posted),
        key=key(incident),
    )


def _first(rooms: tuple[Room, ...]) -> Room | None:
    """The room to show first: the incident's own, otherwise the busiest."""
    return max(rooms, key=lambda here: (here.name.startswith("#inc"), here.count), default=None)


def _open(first: Room | None) -> int:
    """The thread to open at the start, when most of the talk is in one; -1 for none."""
    if first is None:
        return -1
    longest = max(first.messages, key=lambda message: len(message.replies), default=None)
    return longest.index if longest and len(longest.replies) * 2 > first.count else -1


def _room(incident: IncidentRecord, name: str, anchor: str, messages: tuple[Message, ...]) -> Room:
    """One channel: roots with their threads."""
    tops = [message for message in messages if message.anchor == anchor]
    here = [message for top in tops for message in (top, *top.replies)]
    members = {message.who.handle: message.who for message in here}
    topics = [
        " · ".join(part for part in (service, record.role, record.oncall_group) if part)
        for service, record in incident.services.items()
        if record.channel == name
    ]
    return Room(
        room.clean(name).removeprefix("#"), anchor, room.clean(", ".join(topics)), len(here),
        tuple(members.values()), _grouped(tops),
    )  # fmt: skip


def _messages(
    incident: IncidentRecord, placed: tuple[Entry, ...], names: Names, anchors: dict[str, str]
) -> tuple[Message, ...]:
    """All messages outside threads in time order, each with its replies."""
    labels = {label.index: chips(label) for label in incident.labels.messages} if incident.labels else {}
    scene = Scene({handle: room.shown(handle, names) for handle in names}, anchors)
    made = {entry.index: _message(incident, entry, scene, labels.get(entry.index, ())) for entry in placed}
    threads = room.replies(placed)
    return tuple(
        replace(made[entry.index], replies=_thread([made[reply.index] for reply in threads.get(entry.index, ())]))
        for entry in placed
        if entry.root is None
    )


def _message(incident: IncidentRecord, entry: Entry, scene: Scene, labels: tuple[Chip, ...]) -> Message:
    event = entry.event
    edited = getattr(event, "edited", None)
    tail = Markup('<span class="ed" title="edited {}"> (edited)</span>').format(
        room.elapsed(edited.offset_seconds)
    ) if edited else Markup("")  # fmt: skip
    under, text = card(event), body(event)
    card_text = under.text if under else ""
    return Message(
        index=entry.index,
        who=_person(event.speaker, scene.names, room.is_bot(event)),
        channel=room.clean(event.channel),
        anchor=scene.anchors[event.channel],
        at=entry.at,
        system=isinstance(event, SystemEvent),
        body=mrkdwn.html(text, scene, tail) if text or not card_text else Markup(""),
        card=under,
        card_text=mrkdwn.html(card_text, scene, tail if not text else Markup("")) if card_text else Markup(""),
        foot=footnote(event),
        elsewhere=room.clean(entry.elsewhere or ""),
        reactions=tuple(_reaction(got.emoji, got.users, scene.names) for got in event.reactions),
        chips=labels,
        elapsed=room.elapsed(event.offset_seconds),
    )


def _person(handle: str, names: Names, bot: bool) -> Person:
    name = room.shown(handle, names)
    return Person(name, room.clean(handle), avatar(handle, name, bot), bot)


def _reaction(emoji: str, users: tuple[str, ...], names: Names) -> Reaction:
    counted = Counter(room.shown(user, names) for user in users)
    who = ", ".join(counted) or "somebody"
    tip = f"{who} reacted with :{room.clean(emoji).strip(':')}:"
    return Reaction(room.clean(glyph(emoji)), max(len(users), 1), tip)


def _thread(messages: list[Message]) -> tuple[Message, ...]:
    """Replies as a thread shows them: joined, without dividers."""
    return tuple(replace(message, date="") for message in _grouped(messages))


def _grouped(messages: list[Message]) -> tuple[Message, ...]:
    """The messages with date dividers, and those that follow closely joined to the one before."""
    if not messages:
        return ()
    made = [replace(messages[0], date=room.day(messages[0].at))]
    for before, message in pairwise(messages):
        date = room.day(message.at) if message.at.date() != before.at.date() else ""
        close = (message.at - before.at).total_seconds() <= _TOGETHER_S
        same = message.who.handle == before.who.handle and before.system == message.system
        plain = not message.card and not before.replies and not message.system
        made.append(replace(message, date=date, joined=same and close and plain and not date))
    return tuple(made)
