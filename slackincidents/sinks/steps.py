"""From an incident to the steps of posting it: pure, no ids, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from slackincidents.errors import BadFile
from slackincidents.render import room
from slackincidents.render.cards import body, card, headline
from slackincidents.render.emoji import EMOJI
from slackincidents.schema.delivery import Attachment, Step
from slackincidents.schema.incident import AlertEvent, Event, IncidentRecord, StatusUpdateEvent, SystemEvent
from slackincidents.schema.numbers import unshowable
from slackincidents.sinks.markup import mentioned

COLOURS = {
    "critical": "D7263D", "warning": "ECB22E", "info": "36A2EB", "resolved": "2EB67D", "update": "36A2EB",
}  # fmt: skip
"""The bar of a card by its tone."""

DOTS = {"critical": ":red_circle:", "warning": ":large_yellow_circle:", "info": ":large_blue_circle:"}
"""What stands before an alert's title by its severity; a resolved one has a tick."""

FACES = tuple(
    f":{name}:"
    for name in (
        "bear", "fox_face", "panda_face", "koala", "tiger", "lion_face", "frog", "octopus", "penguin", "owl", "duck",
        "eagle", "wolf", "hedgehog", "butterfly", "snail", "bee", "turtle", "lizard", "squid", "crab", "blowfish",
        "dolphin", "whale", "crocodile", "zebra_face", "elephant", "giraffe_face", "kangaroo", "llama", "rabbit",
        "shark", "parrot", "swan", "flamingo", "peacock", "sloth", "otter", "badger", "shell",
    )
)  # fmt: skip
"""Icons of the made-up people. The same handle has the same one everywhere."""

ALERT_ICON, BOT_ICON = ":rotating_light:", ":robot_face:"
_NAMES = {glyph: name for name, glyph in reversed(EMOJI.items())}


def steps(incident: IncidentRecord, alert_name: str = "Monitoring Bot") -> tuple[Step, ...]:
    """Every event as a step, in the order of posting: by time, then by place in the file.

    Raises BadFile with everything that stands in the way; `alert_name` is who posts the alerts.
    """
    if wrong := tuple(problems(incident)):
        raise BadFile(f"{incident.scenario_id} cannot be posted: {'; '.join(wrong)}", "slackincidents validate FILE")
    waits = _waits(incident)
    return tuple(_step(incident, index, waits[index], alert_name) for index in order(incident))


def order(incident: IncidentRecord) -> tuple[int, ...]:
    """The indices by time; equal times keep the file's order."""
    timeline = incident.timeline
    return tuple(sorted(range(len(timeline)), key=lambda index: (timeline[index].offset_seconds, index)))


def problems(incident: IncidentRecord) -> Iterator[str]:
    """Whatever keeps an incident from being posted, with its place."""
    if wrong := unshowable(incident):
        yield wrong
        return
    if not incident.timeline:
        yield "timeline is empty"
    ranks = {index: rank for rank, index in enumerate(order(incident))}
    for index, event in enumerate(incident.timeline):
        place = f"timeline[{index}]"
        if not bare(event.channel):
            yield f"{place}.channel is empty"
        if not isinstance(event, AlertEvent) and not room.clean(_said(event)).strip():
            yield f"{place} has no text"
        parent = event.thread_parent
        if parent is not None and not 0 <= parent < len(ranks):
            yield f"{place}.thread_parent is {parent}, but there are {len(ranks)} events"
        elif parent is not None and ranks[parent] >= ranks[index]:
            yield (
                f"{place}.thread_parent is {parent}, which comes later"
                if parent != index
                else (f"{place}.thread_parent is the event itself")
            )


def strangers(incident: IncidentRecord) -> Iterator[str]:
    """What will look different in Slack: replies to a message in another channel stand outside the thread."""
    for index, event in enumerate(incident.timeline):
        parent = event.thread_parent
        if parent is not None and bare(incident.timeline[parent].channel) != bare(event.channel):
            yield (
                f"event {index} answers event {parent} in #{bare(incident.timeline[parent].channel)}: "
                f"it stands in #{bare(event.channel)} outside a thread"
            )


def bare(name: str) -> str:
    """A channel's or a group's name without ``#``, ``@`` and blanks."""
    return room.clean(name).strip().lstrip("#@").strip()


def face(handle: str) -> str:
    """The icon of somebody, as an emoji name with colons."""
    return FACES[int.from_bytes(hashlib.sha256(handle.encode()).digest()[:4], "big") % len(FACES)]


def _root(timeline: tuple[Event, ...], index: int) -> int | None:
    """The first message of the thread, as far as it lies in the same channel."""
    here = index
    while (parent := timeline[here].thread_parent) is not None:
        if bare(timeline[parent].channel) != bare(timeline[index].channel):
            break
        here = parent
    return None if here == index else here


def _waits(incident: IncidentRecord) -> dict[int, tuple[int, ...]]:
    """For each event, those of other channels that must stand first: what it answers, and the call that came before."""
    timeline = incident.timeline
    answers = {label.index: label.answers for label in incident.labels.messages} if incident.labels else {}
    rooms = {bare(service.oncall_group): bare(service.channel) for service in incident.services.values()}
    sequence = order(incident)
    ranks = {index: rank for rank, index in enumerate(sequence)}
    called: dict[str, int] = {}
    waits: dict[int, tuple[int, ...]] = {}
    for index in sequence:
        here = bare(timeline[index].channel)
        before = (answers.get(index), timeline[index].thread_parent, called.pop(here, None))
        waits[index] = tuple(
            sorted({one for one in before if one is not None and ranks.get(one, len(ranks)) < ranks[index]})
        )
        called |= {rooms[name]: index for name in _called(timeline[index]) if rooms.get(name, here) != here}
    return waits


def _called(event: Event) -> tuple[str, ...]:
    listed = tuple(bare(name) for name in getattr(event, "mentions", ()))
    return tuple(dict.fromkeys((*listed, *mentioned(event.text))))


def _step(incident: IncidentRecord, index: int, after: tuple[int, ...], alert_name: str) -> Step:
    event = incident.timeline[index]
    alert = isinstance(event, AlertEvent)
    name = room.shown(event.speaker, incident.people)
    return Step(
        index=index,
        at=event.offset_seconds,
        channel=bare(event.channel),
        parent=_root(incident.timeline, index),
        after=after,
        handle=event.speaker,
        name=alert_name if alert else name.replace("<", "").replace(">", "").strip()[:80] or "?",
        icon=ALERT_ICON if alert else BOT_ICON if room.is_bot(event) else face(event.speaker),
        voice="alerts" if alert else "people",
        text="" if alert else _said(event),
        mentions=_called(event),
        card=_card(event),
        reactions=tuple(dict.fromkeys(emoji(reaction.emoji) for reaction in event.reactions)),
    )


def emoji(name: str) -> str:
    """An emoji's name without colons; a character becomes its name where we know it."""
    bare_name = name.strip().strip(":")
    return _NAMES.get(bare_name, bare_name)


def _said(event: Event) -> str:
    """What stands in the message itself."""
    if isinstance(event, StatusUpdateEvent):
        return f"*Status update*\n{event.content}" if event.content.strip() else ""
    if isinstance(event, SystemEvent):
        return event.content
    return body(event) or event.text


def _card(event: Event) -> Attachment | None:
    """An alert's card; under anything else the metrics after, when the text does not give them."""
    made = card(event)
    if made is None:
        return None
    if not isinstance(event, AlertEvent):
        return Attachment(colour=COLOURS[made.tone], fields=made.fields) if made.fields else None
    dot = ":white_check_mark:" if made.tone == "resolved" else DOTS[event.severity]
    addresses = dict(made.links)
    return Attachment(
        colour=COLOURS[made.tone],
        title=f"{dot} {event.severity.upper()}: {headline(event.title)}"
        if made.tone != "resolved"
        else f"{dot} {headline(event.title)}",
        title_link=addresses.get("Dashboard") or addresses.get("Runbook") or "",
        text=made.text,
        fields=made.fields,
        links=made.links,
    )
