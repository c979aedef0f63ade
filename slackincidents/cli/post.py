"""`slackincidents post` and `unpost`: incidents into a Slack workspace, and out of it again."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from slackincidents.api import load_all
from slackincidents.cli.posting import Posting, check_ready, post_all
from slackincidents.cli.terminal import note, progress, until_terminated
from slackincidents.clock import Clock, SystemClock
from slackincidents.delivery import positive
from slackincidents.errors import CheckFailed, UsageError
from slackincidents.incident import Incident
from slackincidents.library import Library
from slackincidents.pipeline import Workshop, run
from slackincidents.schema.delivery import Delivery, PostingOptions
from slackincidents.settings import Settings
from slackincidents.sinks.journal import NAME, folders, standing
from slackincidents.sinks.opening import open_bots
from slackincidents.sinks.resolve import Bots
from slackincidents.sinks.unposting import unpost as take_back

COMMAND = ("slackincidents", "post")
SHOWN = 20
"""Findings listed at most."""

DryRun = Annotated[bool, typer.Option("--dry-run", help="List what would be posted; no call, no token needed.")]
Realtime = Annotated[
    bool, typer.Option("--realtime", help="Keep the incident's own times; else as fast as Slack lets.")
]
Speed = Annotated[
    float | None, typer.Option("--speed", metavar="N", help="With --realtime: this many times as fast, such as 10.")
]
Interval = Annotated[
    float,
    typer.Option(
        "--interval", metavar="SECONDS", min=0, help="From one incident's start to the next one's; else one by one."
    ),
]
OwnStarts = Annotated[
    bool,
    typer.Option("--own-starts", help="With --realtime: each begins as long after the first as it did. For a history."),
]
TestChannel = Annotated[
    str | None,
    typer.Option("--test-channel", metavar="C", help="One channel for everything; else TEST_CHANNEL_OVERRIDE."),
]
Ping = Annotated[
    bool, typer.Option("--ping", help="Make mentions live: real groups and people are notified. Without it nobody is.")
]
Create = Annotated[bool, typer.Option("--create-channels", help="Make the channels that are missing.")]
Join = Annotated[bool, typer.Option("--join", "--join-channels", help="Join the channels the bot is not in.")]
NoMark = Annotated[bool, typer.Option("--no-mark", help='Leave out the small line "simulated" under each message.')]
Post = Annotated[bool, typer.Option("--post", help="Post what was made to Slack, with the options of `post`.")]
RunFolder = Annotated[
    Path | None,
    typer.Option("--run", metavar="DIR", help="Where the run is kept; the same one again goes on."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the first message.")]


def post(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Incident files, ours or of the seed's dialect, or Slack exports."),
    ],
    dry_run: DryRun = False,
    preview_only: Annotated[
        bool, typer.Option("--preview-only", help="Show what would stand in each channel; no call, no token needed.")
    ] = False,
    realtime: Realtime = False,
    speed: Speed = None,
    interval: Interval = 0.0,
    own_starts: OwnStarts = False,
    test_channel: TestChannel = None,
    ping: Ping = False,
    create_channels: Create = False,
    join: Join = False,
    no_mark: NoMark = False,
    run_folder: RunFolder = None,
    yes: Yes = False,
    allow_findings: Annotated[
        bool, typer.Option("--allow-findings", help="Post files that `slackincidents validate` has findings for.")
    ] = False,
) -> None:
    """Post incidents to Slack. Asks before the first message; the same command again goes on where it stopped.

    Where to, and as whom, the environment or .env says: SLACK_BOT_TOKEN, SLACK_WORKSPACE_ID and so on; see
    docs/posting.md.
    """
    posting = ordered(
        [*COMMAND, *map(str, files)],
        dry_run=dry_run,
        preview_only=preview_only,
        realtime=realtime,
        speed=speed,
        interval=interval,
        own_starts=own_starts,
        test_channel=test_channel,
        ping=ping,
        create_channels=create_channels,
        join=join,
        no_mark=no_mark,
        run_folder=run_folder,
        yes=yes,
        allow_findings=allow_findings,
    )
    incidents = [(path, incident) for path in files for incident in load_all(path)]
    if not allow_findings:
        _refuse_findings(incidents)
    post_all([incident for _, incident in incidents], posting)


def ordered(
    command: Sequence[str],
    *,
    dry_run: bool,
    realtime: bool,
    speed: float | None,
    interval: float,
    own_starts: bool = False,
    test_channel: str | None,
    ping: bool,
    create_channels: bool,
    join: bool,
    yes: bool,
    preview_only: bool = False,
    no_mark: bool = False,
    run_folder: Path | None = None,
    allow_findings: bool = False,
) -> Posting:
    """What the options ask for; `command` is the command line without them. Raises UsageError when they clash."""
    if speed is not None and not realtime:
        raise UsageError("--speed counts only with --realtime", "Say both, or leave it out.")
    if own_starts and (not realtime or interval):
        raise UsageError("--own-starts goes with --realtime, without --interval", "Say --realtime --own-starts.")
    if interval and not interval < float("inf"):
        raise UsageError(f"--interval {interval:g} never ends", "Give seconds, such as 3600.")
    options = PostingOptions(
        dry_run=dry_run,
        realtime=realtime,
        speed=positive(1.0 if speed is None else speed),
        interval=interval,
        own_starts=own_starts,
        test_channel=(test_channel or "").strip(),
        ping=ping,
        mark=not no_mark,
        create_channels=create_channels,
        join_channels=join,
    )
    words = {
        "--realtime": realtime,
        "--speed": None if speed is None else f"{speed:g}",
        "--interval": f"{interval:g}" if interval else None,
        "--own-starts": own_starts,
        "--test-channel": test_channel,
        "--ping": ping,
        "--create-channels": create_channels,
        "--join": join,
        "--no-mark": no_mark,
        "--run": None if run_folder is None else str(run_folder),
        "--yes": yes,
        "--allow-findings": allow_findings,
    }
    said = [word for name, value in words.items() if value for word in ((name,) if value is True else (name, value))]
    return Posting(
        options,
        again=shlex.join([*command, *map(str, said)]),
        preview=preview_only,
        yes=yes,
        folder=run_folder,
        clock=SystemClock(),
    )


def after_generating(
    wanted: bool,
    *,
    dry_run: bool,
    realtime: bool,
    speed: float | None,
    interval: float,
    test_channel: str | None,
    ping: bool,
    create_channels: bool,
    join: bool,
    yes: bool,
) -> Posting | None:
    """What `generate --post` asks for; nothing without --post. What can be refused is refused before any work."""
    if not wanted:
        if dry_run or realtime or speed or interval or test_channel or ping or create_channels or join or yes:
            raise UsageError("there is nothing to post", "Say --post too, or leave out the options about posting.")
        return None
    posting = ordered(
        COMMAND,
        dry_run=dry_run,
        realtime=realtime,
        speed=speed,
        interval=interval,
        test_channel=test_channel,
        ping=ping,
        create_channels=create_channels,
        join=join,
        yes=yes,
    )
    check_ready(posting)
    return posting


def post_made(incidents: Sequence[Incident], posting: Posting, files: Sequence[Path]) -> None:
    """Post what was generated. To go on, the `files` it was written to are posted, or the same command is given."""
    again = "the same command again"
    if files and all(path.suffix == ".json" for path in files):
        plain = shlex.join(COMMAND)
        again = posting.again.replace(plain, shlex.join([*COMMAND, *map(str, files)]), 1)
    post_all(incidents, replace(posting, again=again))


def _refuse_findings(incidents: Sequence[tuple[Path, Incident]]) -> None:
    """Raises CheckFailed when the validator has findings, after they were listed."""
    workshop = Workshop.open(Library.from_environment())
    reports = [(path, workshop.validate(incident)) for path, incident in incidents]
    found = [f"{path}: {finding}" for path, report in reports for finding in report.findings]
    if not found:
        return
    for line in found[:SHOWN]:
        note(line)
    if len(found) > SHOWN:
        note(f"and {len(found) - SHOWN} more; slackincidents validate lists them")
    raise CheckFailed(
        f"{len(found)} finding{'s' if len(found) > 1 else ''}; nothing was posted",
        "Mend the file, or say --allow-findings to post it as it is.",
    )


def unpost(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder that `post` named.")],
) -> None:
    """Delete what a run posted: those messages and no others. The same command again goes on where it stopped."""
    _check_run(run_folder)
    bots = open_bots(Settings.from_environment())
    before = sum(len(delivery.receipts) for delivery in standing(run_folder))
    try:
        left = run(until_terminated(_taking_back(run_folder, before, SystemClock(), bots)))
    except (KeyboardInterrupt, SystemExit):
        note(f"to go on: slackincidents unpost {shlex.quote(str(run_folder))}")
        raise
    for delivery in left:
        for line in delivery.notes if delivery.receipts else ():
            note(line)
    still = sum(len(delivery.receipts) for delivery in left)
    note(f"deleted {before - still} messages" + (f"; {still} still stand" if still else ""))
    if still:
        raise typer.Exit(3)


def _check_run(folder: Path) -> None:
    """Refuse a folder that is no run's, such as the one that all runs are in. Raises UsageError."""
    mine = [path for path in folders(folder) if path == folder or (path.parent == folder and _run_of(path) == folder)]
    if mine and len(mine) == len(folders(folder)):
        return
    runs = sorted({_run_of(path) for path in folders(folder)}) if folder.is_dir() else []
    listed = ", ".join(str(path) for path in runs[:SHOWN])
    raise UsageError(
        f"{folder} is not the folder of a run",
        f"Name one of these: {listed}" if runs else f"A run's folder has a {NAME} in it; post names it.",
    )


def _run_of(folder: Path) -> Path:
    """The run that a journal's folder belongs to: itself, or the one above when it is one of several incidents."""
    return folder.parent if re.match(r"\d\d-", folder.name) else folder


async def _taking_back(folder: Path, before: int, clock: Clock, bots: Bots) -> tuple[Delivery, ...]:
    """Delete, with a bar for whoever waits."""
    with progress(before, "taking back") as step:
        watch = asyncio.create_task(_count(folder, before, clock, step))
        try:
            return await take_back(folder, bots.people, clock=clock, alerts=bots.alerts)
        finally:
            watch.cancel()


async def _count(folder: Path, before: int, clock: Clock, step: Callable[[], None]) -> None:
    """Move the bar as the journals tell."""
    moved = 0
    while True:
        await clock.sleep(1.0)
        gone = before - sum(len(delivery.receipts) for delivery in standing(folder))
        for _ in range(moved, gone):
            step()
        moved = max(moved, gone)
