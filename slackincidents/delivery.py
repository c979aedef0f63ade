"""Posting from Python: `deliver` and `adeliver`. Dry unless told otherwise; works in a notebook's running loop too."""

from __future__ import annotations

import re
from os import PathLike, fspath
from pathlib import Path

from slackincidents.clock import Clock, SystemClock
from slackincidents.errors import NotConfigured, UsageError
from slackincidents.pipeline import load, run
from slackincidents.schema.delivery import Delivery, PostingOptions
from slackincidents.schema.incident import IncidentRecord
from slackincidents.settings import GROUP, Settings
from slackincidents.sinks import poster
from slackincidents.sinks.base import Observer, Workspace
from slackincidents.sinks.opening import open_bots
from slackincidents.sinks.resolve import Bots

GROUP_ID = re.compile(r"S[A-Z0-9]{2,}")

Postable = IncidentRecord | str | PathLike[str]
"""An incident, or the path of its file."""


def deliver(
    incident: Postable,
    *,
    workspace: Workspace | None = None,
    dry_run: bool = True,
    run_folder: str | PathLike[str] | None = None,
    realtime: bool = False,
    speed: float = 1.0,
    test_channel: str | None = None,
    ping: bool = False,
    mark: bool = True,
    create_channels: bool = False,
    join_channels: bool = False,
    observer: Observer | None = None,
    clock: Clock | None = None,
    settings: Settings | None = None,
) -> Delivery:
    """Post an incident to Slack, or with `dry_run` (the default) say what would be left to post, without any call.

    Args:
        incident: what to post. It is not validated; `validate` does that.
        workspace: where; without one the workspace that SLACK_BOT_TOKEN belongs to, and ALERT_BOT_TOKEN for alerts.
        dry_run: make no call. False posts at once and asks nobody.
        run_folder: where the run's journal is kept; the same folder again goes on. Needed when not dry.
        realtime: keep the incident's own times; else as fast as Slack allows, one message a second and channel.
        speed: how many times as fast, with `realtime`.
        test_channel: one channel for everything; else TEST_CHANNEL_OVERRIDE, else the incident's channels.
        ping: call user groups and people for real. Without it nobody is notified.
        mark: a small line "simulated" under each message.
        create_channels: make channels that are missing.
        join_channels: join channels that the bot is not in.
        observer: who is told how far it is.
        clock: the time; the machine's without one.
        settings: tokens, mappings and limits; the environment and .env without them.

    Raises:
        UsageError: refused before the first message, with all reasons.
        OutsideError: stopped on the way; says what stands. The same call goes on.
    """
    return run(
        adeliver(
            incident,
            workspace=workspace,
            dry_run=dry_run,
            run_folder=run_folder,
            realtime=realtime,
            speed=speed,
            test_channel=test_channel,
            ping=ping,
            mark=mark,
            create_channels=create_channels,
            join_channels=join_channels,
            observer=observer,
            clock=clock,
            settings=settings,
        )
    )


async def adeliver(
    incident: Postable,
    *,
    workspace: Workspace | None = None,
    dry_run: bool = True,
    run_folder: str | PathLike[str] | None = None,
    realtime: bool = False,
    speed: float = 1.0,
    test_channel: str | None = None,
    ping: bool = False,
    mark: bool = True,
    create_channels: bool = False,
    join_channels: bool = False,
    observer: Observer | None = None,
    clock: Clock | None = None,
    settings: Settings | None = None,
) -> Delivery:
    """The same as `deliver`, to be awaited."""
    known = settings or Settings.from_environment()
    options = configured(
        known,
        PostingOptions(
            dry_run=dry_run,
            realtime=realtime,
            speed=positive(speed),
            test_channel=test_channel or "",
            ping=ping,
            mark=mark,
            create_channels=create_channels,
            join_channels=join_channels,
        ),
    )
    record = incident if isinstance(incident, IncidentRecord) else load(fspath(incident))
    if not dry_run and run_folder is None:
        raise NotConfigured("no run_folder to keep the journal in", "Name one; the same one again goes on.")
    bots = None if dry_run else open_bots(known) if workspace is None else Bots(workspace)
    return await poster.deliver(
        record,
        bots.people if bots else None,
        clock=clock or SystemClock(),
        run_folder=None if run_folder is None else Path(run_folder),
        options=options,
        alerts=bots.alerts if bots else None,
        observer=observer,
    )


def configured(settings: Settings, options: PostingOptions) -> PostingOptions:
    """The options with what the settings add: workspace, allow-list, mappings, names. Raises UsageError."""
    for name, value in settings.groups.items():
        if not GROUP_ID.fullmatch(value):
            raise UsageError(
                f"{GROUP}{name} is {value!r}, which is no id of a user group",
                "Write it like S012ABCDEF; slackincidents doctor --slack prints the lines.",
            )
    return options.model_copy(
        update={
            "test_channel": options.test_channel or settings.test_channel,
            "workspace_id": settings.slack_workspace_id,
            "allow_list": settings.slack_channels_allowed,
            "channels": settings.channels,
            "groups": settings.groups,
            "alert_bot_name": settings.alert_bot_name,
        }
    )


def positive(speed: float) -> float:
    """A speed that can be kept. Raises UsageError."""
    if not 0 < speed < float("inf"):
        raise UsageError(f"the speed is {speed:g}", "Give a number over 0: 10 is ten times as fast.")
    return speed
