"""`slackincidents doctor --slack`: what the bots may do and find, and the lines for .env that map names to ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from slackincidents.cli.findings import Line
from slackincidents.cli.slack import ALERT_SCOPES, SCOPES
from slackincidents.clock import Clock
from slackincidents.errors import Denied, ServiceFailed, UsageError, nearest
from slackincidents.pipeline import run
from slackincidents.schema.delivery import Channel, Group, Groups, Identity, PostingOptions
from slackincidents.schema.people import Service
from slackincidents.settings import CHANNEL, GROUP, Settings
from slackincidents.sinks.names import allows, env_name, mapped
from slackincidents.sinks.opening import open_bots
from slackincidents.sinks.pacing import persist
from slackincidents.sinks.resolve import CLICK, Bots
from slackincidents.sinks.steps import bare as plain

NEEDED = frozenset({"chat:write", "channels:read", "channels:history"})
"""Scopes without which nothing is posted; the others only widen what can be done."""

PURPOSES = {
    "channels:history": "look whether a message arrived", "channels:join": "--join",
    "channels:manage": "--create-channels", "channels:read": "find channels", "chat:write": "post",
    "chat:write.customize": "personas: names and icons", "chat:write.public": "post where the bot is no member",
    "reactions:write": "reactions", "usergroups:read": "--ping for groups", "users:read": "--ping for people",
}  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What was found, and the lines for .env."""

    lines: tuple[Line, ...]
    mapping: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """What the workspace says."""

    team: Identity
    alerts: Identity | None
    channels: tuple[Channel, ...]
    groups: Groups


def slack_report(settings: Settings, services: Mapping[str, Service], clock: Clock) -> Report:
    """Look at the workspace of SLACK_BOT_TOKEN. Nothing is posted, made or joined."""
    try:
        found = run(_ask(open_bots(settings), clock))
    except (UsageError, ServiceFailed) as error:
        return Report((Line("bad", "workspace", str(error)),))
    lines = [
        *_team(found, settings),
        _app(settings),
        *_scopes("SLACK_BOT_TOKEN", found.team, SCOPES),
        *(_scopes("ALERT_BOT_TOKEN", found.alerts, ALERT_SCOPES) if found.alerts else ()),
        *_channels(found, settings, services),
        *_groups(found, settings, services),
    ]
    return Report(tuple(lines), tuple(_mapping(found, settings, services)))


async def _ask(bots: Bots, clock: Clock) -> _Found:
    people = bots.people
    team = await persist(people.identity, clock)
    alerts = await persist(bots.alerts.identity, clock) if bots.alerts else None
    try:
        channels = await persist(people.channels, clock)
    except Denied:  # told among the scopes
        channels = ()
    return _Found(team, alerts, channels, await persist(people.groups, clock))


def _team(found: _Found, settings: Settings) -> Iterator[Line]:
    team, wanted = found.team, settings.slack_workspace_id
    yield Line("ok", "workspace", f"{team.team} ({team.team_name}), as {team.name or team.user}")
    if wanted and wanted != team.team:
        yield Line("bad", "SLACK_WORKSPACE_ID", f"is {wanted}, another workspace: nothing will be posted")
    elif not wanted:
        yield Line("note", "SLACK_WORKSPACE_ID", f"not set; SLACK_WORKSPACE_ID={team.team} makes sure of this one")
    if found.alerts and found.alerts.team != team.team:
        yield Line("bad", "ALERT_BOT_TOKEN", f"belongs to another workspace, {found.alerts.team}")


def _app(settings: Settings) -> Line:
    """The app-level token is looked at, never called: a call would open a connection."""
    token = settings.slack_app_token
    if token is None:
        return Line("note", "SLACK_APP_TOKEN", "not set; slackincidents drill --slack needs it: docs/drill-slack.md")
    if not token.get_secret_value().startswith("xapp-"):
        return Line("bad", "SLACK_APP_TOKEN", "is no app-level token: one begins with xapp-")
    return Line("ok", "SLACK_APP_TOKEN", "set; it needs connections:write, which only Slack can tell")


def _scopes(token: str, who: Identity, wanted: Iterable[str]) -> Iterator[Line]:
    if who.scopes is None:
        yield Line("note", token, "the workspace does not say which scopes it has")
        return
    alerts = token == "ALERT_BOT_TOKEN"
    for scope in wanted:
        needed = scope in NEEDED and not (alerts and scope == "channels:history")
        if not who.lacks(scope):
            yield Line("ok", f"scope {scope}", f"{token} has it: {PURPOSES[scope]}")
        else:
            yield Line("bad" if needed else "note", f"scope {scope}", f"{token} lacks it: {PURPOSES[scope]}. {CLICK}")


def _channels(found: _Found, settings: Settings, services: Mapping[str, Service]) -> Iterator[Line]:
    for name in _names(service.channel for service in services.values()):
        wanted = mapped(name, settings.channels) or name
        channel = _channel(wanted, found.channels)
        allowed = allows(
            PostingOptions(allow_list=settings.slack_channels_allowed),
            plain(wanted),
            *((channel.id, channel.name) if channel else ()),
        )
        if channel is None:
            near = nearest(plain(wanted), (one.name for one in found.channels))
            yield Line("note", f"#{name}", f"missing{f'; near: {near}' if near else ''}; --create-channels makes it")
        elif channel.archived:
            yield Line("note", f"#{name}", f"{channel.id} is archived")
        elif channel.foreign:
            yield Line("note", f"#{name}", f"{channel.id} is shared with another organisation: refused")
        elif not allowed:
            yield Line("note", f"#{name}", f"{channel.id} is not in SLACK_CHANNELS_ALLOWED")
        else:
            yield Line("ok", f"#{name}", channel.id + ("" if channel.member else "; the bot is not in it: --join"))


def _groups(found: _Found, settings: Settings, services: Mapping[str, Service]) -> Iterator[Line]:
    if found.groups.missing:
        yield Line("note", "user groups", f"stay plain text: {found.groups.missing}")
        return
    for name in _names(service.oncall_group for service in services.values()):
        group = _group(name, settings, found.groups)
        if group is None:
            yield Line("note", f"@{name}", "missing; it stays plain text")
        else:
            yield Line("ok", f"@{name}", f"{group.id}; it is called only with --ping")


def _mapping(found: _Found, settings: Settings, services: Mapping[str, Service]) -> Iterator[str]:
    """Lines for .env; what is missing is commented out."""
    yield f"SLACK_WORKSPACE_ID={found.team.team}"
    for name in _names(service.channel for service in services.values()):
        channel = _channel(mapped(name, settings.channels) or name, found.channels)
        yield f"{CHANNEL}{env_name(name)}={channel.id}" if channel else f"# {CHANNEL}{env_name(name)}="
    for name in _names(service.oncall_group for service in services.values()):
        group = _group(name, settings, found.groups)
        yield f"{GROUP}{env_name(name)}={group.id}" if group else f"# {GROUP}{env_name(name)}="


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain(name) for name in names))


def _channel(wanted: str, channels: Iterable[Channel]) -> Channel | None:
    return next((one for one in channels if plain(wanted) in (one.id, one.name)), None)


def _group(name: str, settings: Settings, groups: Groups) -> Group | None:
    wanted = mapped(name, settings.groups)
    return next((one for one in groups.found if wanted == one.id or (not wanted and one.handle == name)), None)
