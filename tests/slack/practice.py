"""The incident that faults are tried on, the workspace it goes to, and what must stand there in the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from slackincidents.api import generate
from slackincidents.schema.delivery import PostingOptions
from slackincidents.schema.incident import IncidentRecord, MessageEvent, ReactionRecord
from tests.slack.ledger import Held, Ledger
from tests.slack.scene import ALERTS, POSTER, SHOP, TEAM, ChannelSeed, GroupSeed, Scene

SCENARIO, SEED = "traffic-spike", 7
LONG = "The queue is full again and nobody knows why. " * 120
"""About 5,500 characters: more than one message takes."""

TO_BE_CREATED = 1
"""Channels of the incident that are not there."""


@cache
def incident() -> IncidentRecord:
    """Three channels, threads, alerts, a text too long for one message, reactions here and there."""
    made = generate(SCENARIO, seed=SEED, pace="brief")
    timeline = list(made.timeline)
    for index in range(2, len(timeline), 4):
        reactions = (ReactionRecord(emoji="eyes", users=("alice",)), ReactionRecord(emoji="+1", users=("bob",)))
        timeline[index] = timeline[index].model_copy(update={"reactions": reactions})
    said = next(index for index, event in enumerate(timeline) if index > 5 and isinstance(event, MessageEvent))
    timeline[said] = timeline[said].model_copy(update={"content": LONG})
    return IncidentRecord.model_validate({**made.model_dump(by_alias=True), "timeline": timeline})


@cache
def scene() -> Scene:
    """The incident's channels but the last, no bot in them; the groups and people it mentions."""
    whole = scene_of(incident())
    channels = tuple(ChannelSeed(name=seed.name) for seed in whole.channels[:-TO_BE_CREATED])
    return whole.model_copy(update={"channels": channels})


def scene_of(record: IncidentRecord) -> Scene:
    """A workspace with an incident's channels, both bots in them, its people and groups of the channels' names."""
    names = sorted({event.channel.lstrip("#") for event in record.timeline})
    channels = tuple(ChannelSeed(name=name, bots=(POSTER.name, ALERTS.name)) for name in names)
    groups = tuple(GroupSeed(id=f"S{number:09d}", handle=name, name=name) for number, name in enumerate(names))
    people = tuple(sorted(record.people) or SHOP.people)
    return Scene(bots=(POSTER, ALERTS), people=people, channels=channels, groups=groups)


OPTIONS = PostingOptions(dry_run=False, workspace_id=TEAM, create_channels=True, join_channels=True, ping=True)
"""Everything on, so that every method is called. Nobody is woken: the workspace is made up."""

MENTION = re.compile(r"[@#][\w-]+|:[\w+-]+:")
"""What becomes an id or a picture on its way."""

WORD = re.compile(r"[A-Za-z]{4,}")


def complaints(record: IncidentRecord, ledger: Ledger) -> list[str]:
    """What a workspace holds otherwise than the file says: channel, thread, order, name, words, reactions."""
    found = {message.key: message for held in ledger.values() for message in held}
    wrong = [f"{len(held) - len(set(keys))} doubled in {name}" for name, held, keys in _keys(ledger) if doubled(keys)]
    for index, event in enumerate(record.timeline):
        message = found.get((record.scenario_id, index, 0))
        if message is None:
            wrong.append(f"event {index} is lost")
            continue
        root = None if event.thread_parent is None else found.get((record.scenario_id, event.thread_parent, 0))
        parts = [part for key, part in found.items() if key[1] == index]
        said = " ".join(str(part.raw) for part in sorted(parts, key=lambda part: part.key))
        checks = {
            "channel": message.channel == event.channel.lstrip("#"),
            "thread": all(part.thread_ts == (root.ts if root else None) for part in parts),
            "speaker": message.username in (event.speaker, record.people.get(event.speaker.lstrip("@"))),
            "words": not [word for word in WORD.findall(MENTION.sub("", event.text)) if word not in said],
            "reactions": len(message.reactions) == len({reaction.emoji for reaction in event.reactions}),
        }
        wrong += [f"event {index}: wrong {name}" for name, fine in checks.items() if not fine]
    for name, held, _ in _keys(ledger):
        at = [record.timeline[message.key[1]].offset_seconds for message in held]
        wrong += [f"{name} is out of order"] if at != sorted(at) else []
    return wrong


def doubled(keys: Sequence[object]) -> bool:
    """Whether something is there twice."""
    return len(keys) != len(set(keys))


def _keys(ledger: Ledger) -> list[tuple[str, tuple[Held, ...], list[Place]]]:
    return [(name, held, [message.key for message in held]) for name, held in ledger.items()]


Place = tuple[str, int, int]
Shape = Mapping[str, tuple[tuple[object, ...], ...]]


def shape(ledger: Ledger) -> Shape:
    """What stands where: for each channel, in order, which message, under which root, by whom, with what."""
    keys = {(name, message.ts): message.key for name, held in ledger.items() for message in held}
    return {name: tuple(_line(name, message, keys) for message in held) for name, held in ledger.items() if held}


def _line(channel: str, message: Held, keys: Mapping[tuple[str, str], Place]) -> tuple[object, ...]:
    root = None if message.root else keys.get((channel, message.thread_ts or ""), "nothing")
    reactions = tuple(sorted(message.reactions))
    return (message.key, root, message.user, message.username, message.text, reactions)


@dataclass(frozen=True)
class Verdict:
    """How a channel differs from what must stand there. `other`: wrong parent, order, words or reactions."""

    lost: int = 0
    doubled: int = 0
    other: int = 0

    @property
    def good(self) -> bool:
        """Whether nothing differs."""
        return not (self.lost or self.doubled or self.other)


def judged(shown: Shape, wanted: Shape) -> Verdict:
    """Compare what stands with what must stand."""
    have = Counter((name, line[0]) for name, lines in shown.items() for line in lines)
    must = Counter((name, line[0]) for name, lines in wanted.items() for line in lines)
    lost, doubled = (must - have).total(), (have - must).total()
    return Verdict(lost, doubled, 0 if lost or doubled else int(shown != wanted))
