"""From names to ids, before the first message: every reason not to post is found, and all are told at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from slackincidents.clock import Clock
from slackincidents.errors import (
    Denied,
    NotConfigured,
    ServiceFailed,
    Unsafe,
    UsageError,
    nearest,
)
from slackincidents.schema.delivery import Channel, Identity, PostingOptions, Step, Voice
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.markup import Ids
from slackincidents.sinks.names import allows, env_name, surely_forbidden, target, whom
from slackincidents.sinks.pacing import persist

CLICK = (
    "Add the scope at api.slack.com/apps: your app, OAuth & Permissions, Bot Token Scopes; then Reinstall to Workspace."
)
"""Where a missing scope is added."""

NAMELESS = "user names are ignored, so names stand in the text: the scope chat:write.customize is missing."

NAME = re.compile(r"[a-z0-9_-]{1,80}")
"""A channel name that Slack accepts."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Bots:
    """The bots that post: the one that plays the people, and maybe a second one for the alerts."""

    people: Workspace
    alerts: Workspace | None = None

    def voice(self, wanted: Voice) -> Voice:
        """The voice that is really used."""
        return wanted if self.alerts is not None else "people"

    def of(self, voice: Voice) -> Workspace:
        """The bot of a voice."""
        return self.alerts if voice == "alerts" and self.alerts is not None else self.people


@dataclass(frozen=True)
class Place:
    """Where everything goes: channel ids by the file's names, live names, who the bots are."""

    team: Identity
    ids: Mapping[str, str]
    live: Ids
    named: frozenset[Voice]
    reacts: bool
    notes: tuple[str, ...]


@dataclass
class _Findings:
    """Reasons not to post, by the error they make; and notes, which are none."""

    reasons: list[tuple[type[UsageError], str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, kind: type[UsageError], reason: str) -> None:
        self.reasons.append((kind, reason))

    def settle(self) -> None:
        """Raise everything at once, as the gravest kind."""
        if not self.reasons:
            return
        kind = next(one for one in (Unsafe, Denied, NotConfigured) if any(kind is one for kind, _ in self.reasons))
        told = tuple(dict.fromkeys(reason for _, reason in self.reasons))
        listed = told[0] if len(told) == 1 else "; ".join(f"({place}) {one}" for place, one in enumerate(told, start=1))
        raise kind(listed, "Mend this first.")


def known_before(steps: Iterable[Step], options: PostingOptions) -> None:
    """Refuse what needs no call to be refused. Raises Unsafe."""
    findings = _Findings()
    forbidden = (target(step.channel, options) for step in steps if surely_forbidden(step.channel, options))
    for wanted in dict.fromkeys(forbidden):
        findings.refuse(Unsafe, f"#{wanted} is not in SLACK_CHANNELS_ALLOWED")
    findings.settle()


async def resolve(steps: tuple[Step, ...], bots: Bots, options: PostingOptions, clock: Clock) -> Place:
    """Ask the workspace about everything the steps need. Raises Unsafe, Denied or NotConfigured with all reasons.

    Channels are made and joined, if that was asked for, only when nothing stands in the way.
    """
    return await _Resolver(steps, bots, options, clock).place()


class _Resolver:
    def __init__(self, steps: tuple[Step, ...], bots: Bots, options: PostingOptions, clock: Clock) -> None:
        self._steps = steps
        self._bots = bots
        self._options = options
        self._clock = clock
        self._findings = _Findings()

    async def place(self) -> Place:
        identities = {voice: await self._ask(bot.identity) for voice, bot in self._voices()}
        self._check_team(identities)
        self._findings.settle()
        for voice, identity in identities.items():
            self._check_scopes(voice, identity)
        if any(identity.lacks("chat:write.customize") for identity in identities.values()):
            self._findings.notes.append(f"{NAMELESS} {CLICK}")
        self._findings.settle()
        lists = {voice: await self._ask(bot.channels) for voice, bot in self._voices()}
        found = {name: self._find(name, lists["people"]) for name in dict.fromkeys(one.channel for one in self._steps)}
        for name, channel in found.items():
            self._check_channel(name, channel, lists, identities)
        self._findings.settle()
        called = await whom(self._steps, self._bots.people, self._options, self._clock)
        self._findings.notes += called.notes
        ids = {name: (channel or await self._create(name)).id for name, channel in found.items()}
        await self._join(set(ids.values()), lists)
        return Place(
            team=identities["people"],
            ids=ids,
            live=Ids(called.groups, called.people, _links(lists["people"])),
            named=frozenset(voice for voice, one in identities.items() if not one.lacks("chat:write.customize")),
            reacts=self._can_react(identities["people"]),
            notes=tuple(dict.fromkeys(self._findings.notes)),
        )

    def _voices(self) -> tuple[tuple[Voice, Workspace], ...]:
        people: tuple[Voice, Workspace] = ("people", self._bots.people)
        return (people,) if self._bots.alerts is None else (people, ("alerts", self._bots.alerts))

    async def _ask(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        return await persist(call, self._clock)

    def _check_team(self, identities: Mapping[Voice, Identity]) -> None:
        wanted = self._options.workspace_id
        people = identities["people"]
        for voice, identity in identities.items():
            token = "SLACK_BOT_TOKEN" if voice == "people" else "ALERT_BOT_TOKEN"
            if wanted and identity.team != wanted:
                self._findings.refuse(
                    Unsafe,
                    f"{token} belongs to workspace {identity.team} ({identity.team_name}), "
                    f"but SLACK_WORKSPACE_ID is {wanted}",
                )
            elif identity.team != people.team:
                self._findings.refuse(
                    Unsafe, f"{token} belongs to workspace {identity.team}, SLACK_BOT_TOKEN to {people.team}"
                )
        if not wanted:
            self._findings.notes.append(
                f"SLACK_WORKSPACE_ID is not set: nobody checked that {people.team_name or people.team} is meant"
            )

    def _check_scopes(self, voice: Voice, identity: Identity) -> None:
        needed = {"chat:write": "post"}
        if voice == "people":
            needed |= {"channels:read": "find channels", "channels:history": "look whether a message arrived"}
            if self._options.create_channels:
                needed["channels:manage"] = "create channels"
        if self._options.join_channels:
            needed["channels:join"] = "join channels"
        token = "SLACK_BOT_TOKEN" if voice == "people" else "ALERT_BOT_TOKEN"
        for scope, purpose in needed.items():
            if identity.lacks(scope):
                self._findings.refuse(Denied, f"{token} lacks the scope {scope} (to {purpose}). {CLICK}")

    def _find(self, name: str, channels: tuple[Channel, ...]) -> Channel | None:
        wanted = target(name, self._options)
        return next((one for one in channels if one.id == wanted), None) or next(
            (one for one in channels if one.name == wanted), None
        )

    def _check_channel(
        self,
        name: str,
        channel: Channel | None,
        lists: Mapping[Voice, tuple[Channel, ...]],
        identities: Mapping[Voice, Identity],
    ) -> None:
        wanted = target(name, self._options)
        if not allows(self._options, wanted, *((channel.id, channel.name) if channel else ())):
            self._findings.refuse(Unsafe, f"#{wanted} is not in SLACK_CHANNELS_ALLOWED")
        if channel is None:
            self._check_missing(wanted, lists["people"])
            self._check_newcomer(wanted, identities)
        elif channel.archived:
            self._findings.refuse(NotConfigured, f"#{channel.name} is archived: unarchive it or map another one")
        elif channel.foreign:
            self._findings.refuse(
                Unsafe, f"#{channel.name} is shared with another organisation, whose people would read this"
            )
        else:
            for voice, identity in identities.items():
                self._check_membership(voice, channel, lists[voice], identity)

    def _check_missing(self, wanted: str, channels: tuple[Channel, ...]) -> None:
        if self._options.create_channels:
            if not NAME.fullmatch(wanted):
                self._findings.refuse(NotConfigured, f"#{wanted} cannot be created: not a name that Slack takes")
            return
        near = nearest(wanted, (one.name for one in channels))
        key = "TEST_CHANNEL_OVERRIDE" if self._options.test_channel else f"CHANNEL_{env_name(wanted)}"
        self._findings.refuse(
            NotConfigured,
            f"no channel #{wanted} that the bot can see{f' (near: {near})' if near else ''}: "
            f"create it (--create-channels does), set {key} to another one, or invite the bot if it is private",
        )

    def _check_newcomer(self, wanted: str, identities: Mapping[Voice, Identity]) -> None:
        """The people's bot is in the channels it creates; the alert bot is not."""
        alerts = identities.get("alerts")
        if alerts and alerts.lacks("chat:write.public") and not self._options.join_channels:
            self._findings.refuse(NotConfigured, f"the alert bot would not be in #{wanted}: say --join-channels")

    def _check_membership(
        self, voice: Voice, channel: Channel, channels: tuple[Channel, ...], identity: Identity
    ) -> None:
        seen = next((one for one in channels if one.id == channel.id), None)
        if (seen is not None and seen.member) or self._options.join_channels:
            return
        who = "the bot" if voice == "people" else "the alert bot"
        if seen is None or channel.private or identity.lacks("chat:write.public"):
            self._findings.refuse(
                NotConfigured,
                f"{who} is not in #{channel.name}: say --join-channels, or /invite it there",
            )
        elif voice == "people":
            self._findings.notes.append(
                f"the bot is not in #{channel.name}: it cannot look whether a message arrived, should the line drop"
            )

    def _can_react(self, identity: Identity) -> bool:
        if not identity.lacks("reactions:write"):
            return True
        if any(step.reactions for step in self._steps):
            self._findings.notes.append(f"reactions are left out: the scope reactions:write is missing. {CLICK}")
        return False

    async def _create(self, name: str) -> Channel:
        """Make a channel, unless an earlier try did."""
        wanted = target(name, self._options)

        async def make() -> Channel:
            try:
                return await self._bots.people.create(wanted)
            except ServiceFailed:
                there = self._find(name, await self._bots.people.channels())
                if there is None or there.archived or there.foreign:
                    raise
                return there

        return await self._ask(make)

    async def _join(self, ids: set[str], lists: Mapping[Voice, tuple[Channel, ...]]) -> None:
        if not self._options.join_channels:
            return
        for voice, bot in self._voices():
            member = {one.id for one in lists[voice] if one.member}
            for channel_id in sorted(ids - member):
                await self._ask(partial(bot.join, channel_id))


def _links(channels: tuple[Channel, ...]) -> dict[str, str]:
    """The channels whose names may become links: those that everybody in the workspace can see."""
    return {one.name: one.id for one in channels if not (one.archived or one.private or one.foreign)}
