"""What is shown of a drill, as values: lines of the rooms, cards, figures, sheets to read. No colours, no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from slackincidents.drills.happenings import Reacted
from slackincidents.drills.session import Session
from slackincidents.drills.signals import Reading, readings
from slackincidents.incident import Incident
from slackincidents.planner.figures import text as figure
from slackincidents.render import mrkdwn
from slackincidents.render.cards import alert_card, body, card, headline
from slackincidents.render.mrkdwn import Scene
from slackincidents.render.room import clean, is_bot
from slackincidents.schema.acts import Act
from slackincidents.schema.incident import AlertEvent, Event, StatusUpdateEvent
from slackincidents.schema.plan import Beat
from slackincidents.seeds import Seed
from slackincidents.tellings import SLOT, choose

DUTIES = {
    Act.UPDATE: "A status update is due",
    Act.RESOLVE: "It has held for a while: they wait for your all-clear",
    Act.HANDOFF: "They wait for the handover",
    Act.EXECUTE: "They wait for you to do it",
}
"""What is expected of the one in the seat without a question."""

EFFECTS = {
    "fixes": "It helped: the figures recover.",
    "partly": "It helped a little. It is not over.",
    "nothing": "No change in the figures.",
    "worse": "It made things worse.",
}
"""What is seen of an action, by its effect."""

QUOTED = 48
"""Characters of a message that an emoji was put under."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that stands in a channel. `code` marks the lines of the text that are code."""

    at: datetime
    channel: str
    speaker: str
    text: tuple[str, ...]
    code: tuple[bool, ...]
    reply: bool
    bot: bool
    own: bool
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert's card."""

    at: datetime
    channel: str
    word: str
    title: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Find:
    """What a look showed, for the seat's eyes only; `number` is what `tell` takes."""

    number: int
    where: str
    service: str
    fact: str
    paste: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """One signal as a dashboard shows it."""

    label: str
    now: str
    normal: str
    off: bool


def spoken(session: Session, incident: Incident, beats: Iterable[Beat]) -> Iterator[Line | Alert]:
    """The new beats as they stand in the rooms."""
    place = {beat.id: index for index, beat in enumerate(session.world.beats)}
    me = session.chair.handle
    for beat in beats:
        event = incident.timeline[place[beat.id]]
        at = incident.time_of(event)
        yield _alert(event, at) if isinstance(event, AlertEvent) else _line(event, at, beat, me)


def reacted(session: Session, incident: Incident, one: Reacted) -> str:
    """An emoji under a message, with enough of the message to know which."""
    line = next(spoken(session, incident, (one.beat,)))
    said = line.title if isinstance(line, Alert) else " ".join(line.text)
    whose = "the alert" if isinstance(line, Alert) else line.speaker
    return f"{one.by} puts :{clean(one.emoji)}: under {whose}: {shorten(said, QUOTED, placeholder=' ...')}"


def _alert(event: AlertEvent, at: datetime) -> Alert:
    shown = alert_card(event)
    word = "RESOLVED" if shown.tone == "resolved" else event.severity.upper()
    figures = (f"{name}: {value}" for name, value in shown.fields)
    links = (f"{name}: {url}" for name, url in shown.links)
    text = tuple(line for line, _ in _flat(shown.text))
    title = headline(event.title).removeprefix("[RESOLVED] ")
    return Alert(at, event.channel, word, title, (*text, *figures, *links))


def _line(event: Event, at: datetime, beat: Beat, me: str | None) -> Line:
    under = card(event)
    flat = tuple(_flat(body(event) or (under.text if under else ""))) or (("", False),)
    tag = "status update" if isinstance(event, StatusUpdateEvent) else ""
    return Line(
        at,
        clean(event.channel),
        clean(event.speaker),
        tuple(text for text, _ in flat),
        tuple(code for _, code in flat),
        reply=beat.thread is not None,
        bot=is_bot(event),
        own=event.speaker == me,
        tag=tag,
    )


def _flat(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a message without markup, each with whether it is code."""
    scene = Scene()
    for block in mrkdwn.parse(text):
        if block.kind == "fence":
            yield from ((clean(line).expandtabs(4), True) for line in block.text.split("\n"))
        elif block.kind == "quote":
            yield from ((f"> {mrkdwn.plain(line.children, scene)}", False) for line in block.children)
        else:
            marker = f"{block.text}{block.url} " if block.kind == "item" else ""
            if said := (marker + mrkdwn.plain(block.children, scene)).strip():
                yield said, False


def readable(session: Session) -> Iterator[Beat]:
    """Everything that stands in a channel the seat can read."""
    return (beat for beat in session.world.beats if session.readable(beat))


def settled(session: Session, text: str) -> str:
    """A fact, a label or a paste with the figures and names of this seed, and the clock as it stands."""
    setting = session.world.setting
    clock = {
        "now": f"{session.clock:%H:%M}",
        "onset": f"{session.moment(0.0):%H:%M}",
        "mins": str(max(1, round(session.now / 60))),
    }
    values = {**setting.figures, **setting.particulars, **clock}
    return clean(SLOT.sub(lambda slot: values.get(slot[1], f"<{slot[1]}>"), text))


def find(session: Session, clue: str, number: int) -> Find:
    """A clue as it is seen by the one who found it."""
    one = session.skeleton.clues[clue]
    chance = Seed(session.request.seed).child(f"paste/{clue}").rng()
    paste = choose(chance.choice(one.paste), chance, tidy=False) if one.paste else ""
    return Find(number, one.where, one.service, settled(session, one.fact), settled(session, paste))


def gauges(session: Session, service: str) -> tuple[Gauge, ...]:
    """The signals of a service now, the normal value beside each."""
    world = session.world
    found = readings(session.skeleton, world.setting.figures, session.now, world.effects, world.undone)
    return tuple(_gauge(one) for one in found if one.signal.service == service)


def _gauge(one: Reading) -> Gauge:
    signal = one.signal
    return Gauge(signal.label, figure(signal, one.value), figure(signal, signal.baseline), one.off)
