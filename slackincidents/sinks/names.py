"""Names in a file and names in a workspace: mappings, and whom a mention really calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from slackincidents.clock import Clock
from slackincidents.errors import Denied
from slackincidents.schema.delivery import Member, PostingOptions, Step
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.pacing import persist
from slackincidents.sinks.steps import bare

CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{3,}")
GROUP_ID = re.compile(r"S[A-Z0-9]+")
PERSON_ID = re.compile(r"[UW][A-Z0-9]+")


def mapped(name: str, mapping: Mapping[str, str]) -> str:
    """What a mapping says for a channel or group: by its name, or by the name as environment variables have it.

    ``CHANNEL_CACHE_ONCALL=C012`` may come as ``{"CACHE_ONCALL": "C012"}`` or ``{"cache-oncall": "C012"}``.
    """
    plain = bare(name)
    return next((mapping[key] for key in (name, plain, env_name(plain)) if mapping.get(key)), "")


def env_name(name: str) -> str:
    """A channel's or group's name as environment variables have it: ``#cache-oncall`` is ``CACHE_ONCALL``."""
    return re.sub(r"[^A-Z0-9]+", "_", bare(name).upper()).strip("_")


def target(channel: str, options: PostingOptions) -> str:
    """The name or id of the channel that a file's channel really goes to."""
    return bare(options.test_channel or mapped(channel, options.channels) or channel)


def allows(options: PostingOptions, *names: str) -> bool:
    """Whether the allow-list lets a channel pass, known by a name or an id; an empty list lets all pass."""
    allowed = {bare(one) for one in options.allow_list}
    return not allowed or bool(allowed & set(names))


def surely_forbidden(channel: str, options: PostingOptions) -> bool:
    """Whether the allow-list forbids a channel, as far as one can tell without asking the workspace."""
    wanted = target(channel, options)
    by_id = any(CHANNEL_ID.fullmatch(bare(one)) for one in (*options.allow_list, wanted))
    return not by_id and not allows(options, wanted)


@dataclass(frozen=True)
class Called:
    """Whom mentions call for real: ids by handle; and what people should know about the others."""

    groups: Mapping[str, str]
    people: Mapping[str, str]
    notes: tuple[str, ...] = ()


async def whom(steps: tuple[Step, ...], workspace: Workspace, options: PostingOptions, clock: Clock) -> Called:
    """Look up the groups and people that are called. Nobody, without a call, unless pinging was asked for."""
    called = tuple(dict.fromkeys(name for step in steps for name in step.mentions))
    if not options.ping or not called:
        return Called({}, {})
    groups, missing = await _groups(called, workspace, options, clock)
    names = {step.handle: step.name for step in steps}
    people, unread = await _people(tuple(name for name in called if name not in groups), names, workspace, clock)
    plain = tuple(name for name in called if name not in groups and name not in people)
    told = (
        f"stays plain text, since nobody in the workspace has that name: {', '.join(f'@{name}' for name in plain)}",
    )
    return Called(groups, people, (*missing, *unread, *(told if plain else ())))


async def _groups(
    called: tuple[str, ...], workspace: Workspace, options: PostingOptions, clock: Clock
) -> tuple[dict[str, str], tuple[str, ...]]:
    ids = {name: mapped(name, options.groups) for name in called}
    notes: tuple[str, ...] = ()
    if not all(ids.values()):
        found = await persist(workspace.groups, clock)
        notes = (f"user groups stay plain text: {found.missing}",) if found.missing else ()
        handles = {group.handle: group.id for group in found.found}
        ids = {name: ids[name] or handles.get(name, "") for name in called}
    return {name: one for name, one in ids.items() if GROUP_ID.fullmatch(one)}, notes


async def _people(
    called: tuple[str, ...], names: Mapping[str, str], workspace: Workspace, clock: Clock
) -> tuple[dict[str, str], tuple[str, ...]]:
    if not called:
        return {}, ()
    try:
        members = await persist(workspace.people, clock)
    except Denied as error:
        return {}, (f"people stay plain text: {error.message}",)
    found = {name: _ids_of({name.lower(), names.get(name, name).lower()}, members) for name in called}
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}, ()


def _ids_of(wanted: set[str], members: tuple[Member, ...]) -> tuple[str, ...]:
    return tuple(
        one.id
        for one in members
        if wanted & {one.name.lower(), one.display_name.lower(), one.real_name.lower()} and PERSON_ID.fullmatch(one.id)
    )
