"""What stands between the alerts: deploys, switched flags, and everyday talk."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime

from slackincidents.pipeline import Workshop
from slackincidents.planner.oncall import at_night
from slackincidents.schema.exchange import Exchange, ExchangeKind
from slackincidents.schema.incident import Event, IncidentRecord, MessageEvent, ServiceRecord, SystemEvent
from slackincidents.schema.plan import Words
from slackincidents.schema.workspace import ChangeEntry, TalkEntry
from slackincidents.seeds import Seed
from slackincidents.tellings import choose, fill, slots
from slackincidents.workspace.phrases import said, ticket, typed

DEPLOY_BOT, FLAG_BOT = "Deploy Bot", "Flag Bot"
REMARKED = 0.3
"""Share of deploys that their author says a word to."""

EVERYDAY = (ExchangeKind.ASIDE, ExchangeKind.OTHER_TOPIC, ExchangeKind.BYSTANDER, ExchangeKind.TOOL_TROUBLE)
"""Exchanges that need no incident around them."""

PAUSES = {"burst": (6.0, 0.5), "quick": (35.0, 0.7), "normal": (90.0, 0.8), "slow": (240.0, 0.5), "late": (420.0, 0.4)}
LAST_WORD_S = 1380


def change_record(workshop: Workshop, entry: ChangeEntry) -> IncidentRecord:
    """A deploy or a switched flag, as the bot of the pipeline tells it."""
    rng = Seed(entry.seed).rng()
    kind = "deploy" if entry.what == "deploy" else "flag change"
    return _record(workshop, entry, f"{kind} of {entry.service}", tuple(_change(workshop, entry, rng)))


def _change(workshop: Workshop, entry: ChangeEntry, rng: random.Random) -> Iterator[Event]:
    channel = workshop.stage.catalogue.services[entry.service].channel
    if entry.what == "flag":
        text = f"`{entry.subject}` was switched on in production for {entry.service}"
        yield SystemEvent(offset_seconds=0, channel=channel, user=FLAG_BOT, content=text)
        return
    version = f"{rng.randrange(1, 4)}.{rng.randrange(2, 60)}.{rng.randrange(0, 9)}"
    sha = f"{rng.getrandbits(28):07x}"
    text = f"{entry.service} {version} ({sha}) rolled out to production by {entry.by}"
    yield SystemEvent(offset_seconds=0, channel=channel, user=DEPLOY_BOT, content=text)
    if entry.by and rng.random() < REMARKED:
        person = workshop.stage.people[entry.by]
        night = at_night(person, datetime.fromisoformat(entry.at))
        words = said(workshop, "deploy_note", person, rng, {"ticket": ticket(rng)}, night=night)
        yield MessageEvent(offset_seconds=rng.randrange(8, 60), channel=channel, user=entry.by, content=words)


def talk_record(workshop: Workshop, entry: TalkEntry) -> IncidentRecord:
    """A few lines between colleagues who are at work."""
    rng = Seed(entry.seed).rng()
    fitting = [x for x in workshop.stage.exchanges if x.kind in EVERYDAY and len(_roles(x)) <= len(entry.by)]
    exchange = rng.choice(fitting)
    cast = dict(zip(_roles(exchange), entry.by, strict=False))
    events = tuple(_turns(workshop, entry, exchange, cast, rng))
    return _record(workshop, entry, f"talk in {entry.service}", events)


def _roles(exchange: Exchange) -> list[str]:
    return list(dict.fromkeys(turn.role for turn in exchange.turns))


def _turns(
    workshop: Workshop, entry: TalkEntry, exchange: Exchange, cast: dict[str, str], rng: random.Random
) -> Iterator[Event]:
    minted = {name: rng.choice(options) for name, options in sorted(exchange.particulars.items())}
    channel = workshop.stage.catalogue.services[entry.service].channel
    at, threaded = 0.0, rng.random() < 0.5
    for place, turn in enumerate(exchange.turns):
        handle = cast[turn.role]
        if place:
            median, spread = PAUSES[turn.pause]
            at += max(3.0, median * math.exp(rng.gauss(0.0, spread)))
        if at > LAST_WORD_S:
            return
        yield MessageEvent(
            offset_seconds=round(at),
            channel=channel,
            thread_parent=0 if place and threaded else None,
            user=handle,
            content=_put(workshop, Words(tellings=turn.tellings), handle, cast, entry, minted, rng),
        )


def _put(
    workshop: Workshop,
    words: Words,
    handle: str,
    cast: dict[str, str],
    entry: TalkEntry,
    minted: dict[str, str],
    rng: random.Random,
) -> str:
    other = next((name for name in cast.values() if name != handle), handle)
    values = {"you": other, "lead": other, "service": entry.service, "now": entry.at[11:16], "onset": entry.at[11:16]}
    usable = [t for t in words.tellings if slots(t) <= values.keys() | minted.keys()]
    chosen = choose(rng.choice(usable or words.tellings), rng)
    return typed(
        fill(chosen, {**dict.fromkeys(slots(chosen), "it"), **values, **minted}), workshop.stage.people[handle], rng
    )


def _record(
    workshop: Workshop, entry: ChangeEntry | TalkEntry, title: str, events: tuple[Event, ...]
) -> IncidentRecord:
    service = workshop.stage.catalogue.services[entry.service]
    people = workshop.stage.people
    speakers = dict.fromkeys(event.speaker for event in events if event.speaker in people)
    return IncidentRecord(
        scenario_id=f"{entry.kind}-{entry.number}",
        scenario_type=entry.kind,
        title=title,
        start_time=entry.at,
        services={
            entry.service: ServiceRecord(
                channel=service.channel,
                oncall_group=service.oncall_group,
                role="primary",
                engineers=service.engineers,
            )
        },
        people={handle: people[handle].name for handle in speakers},
        timeline=events,
        metadata={"duration_seconds": events[-1].offset_seconds, "synthetic": True},
    )
