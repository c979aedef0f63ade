"""Posting finished incidents: rehearse it, ask, post, and say what stands and how to go on."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from slackincidents.cli.posting_view import watching
from slackincidents.cli.preview import Work, by_channel, in_order, notes, summary, work_of
from slackincidents.cli.terminal import asked, can_ask, emit, listing, note, one_line, until_terminated
from slackincidents.clock import Clock, SystemClock
from slackincidents.delivery import configured
from slackincidents.errors import BadFile, NotConfigured, SlackIncidentsError, UsageError
from slackincidents.incident import Incident
from slackincidents.pipeline import run
from slackincidents.schema.delivery import Delivery, Identity, PostingOptions
from slackincidents.settings import Settings
from slackincidents.sinks.journal import folders, read, standing
from slackincidents.sinks.opening import open_bots
from slackincidents.sinks.pacing import persist
from slackincidents.sinks.poster import deliver, deliver_all
from slackincidents.sinks.resolve import Bots

RUNS = Path(".slackincidents-posts")
"""Where runs are kept when nobody names a folder."""

MOST_RUNS = 1000
WAY_ON = re.compile(
    r"(?:To go on: slackincidents post with the same files and options|Then run the same command again)"
    r"(?: and --run (?P<folder>.+?))?\.(?= To take it back|$)"
)
TAKE_BACK = re.compile(r" To take it back: slackincidents unpost .+\.$")


@dataclass(frozen=True)
class Posting:
    """What was asked for. `again` is the command line that asks for the same."""

    options: PostingOptions
    again: str
    preview: bool = False
    yes: bool = False
    folder: Path | None = None
    clock: Clock = field(default_factory=SystemClock)


@dataclass(frozen=True)
class _Run:
    """A posting with everything known: what, where, with which bots, from which folder."""

    work: Work
    options: PostingOptions
    bots: Bots
    team: Identity
    folder: Path
    posting: Posting

    async def go(self) -> tuple[Delivery, ...]:
        """Post."""
        incidents = [incident for incident, _ in self.work]
        with watching(self.posting.clock) as observer:
            if len(incidents) == 1:
                one = await deliver(
                    incidents[0],
                    self.bots.people,
                    clock=self.posting.clock,
                    run_folder=self.folder,
                    options=self.options,
                    alerts=self.bots.alerts,
                    observer=observer,
                )
                return (one,)
            return await deliver_all(
                incidents,
                self.bots.people,
                clock=self.posting.clock,
                run_folder=self.folder,
                options=self.options,
                alerts=self.bots.alerts,
                observer=observer,
            )


def post_all(incidents: Sequence[Incident], posting: Posting) -> None:
    """Post incidents, or say what that would do. Raises what refused or stopped it, with the way on."""
    settings = Settings.from_environment()
    options = configured(settings, posting.options)
    try:
        work = work_of(incidents, options)
    except SlackIncidentsError as error:
        raise _with_way_on(error, posting, None) from None
    if posting.preview:
        emit("".join(f"{one_line_kept(line)}\n" for line in by_channel(work, options)))
    elif options.dry_run:
        listing(("when", "where", "who", "what"), in_order(work, options))
    if posting.preview or options.dry_run:
        for line in notes(work, options):
            note(line)
        note(f"nothing was posted; it would be {summary(work, options)}")
        return
    _post(work, options, settings, posting)


def _post(work: Work, options: PostingOptions, settings: Settings, posting: Posting) -> None:
    bots = open_bots(settings)
    _check_asking(settings, posting)
    folder = posting.folder
    try:
        team = run(until_terminated(persist(bots.people.identity, posting.clock)))
        folder = folder or folder_of([incident for incident, _ in work], team.team, options.test_channel)
        task = _Run(work, options, bots, team, folder, posting)
        stands = all_posted(folder, len(work))
        agreed = stands or _agreed(task)
        if agreed and not stands:
            _tell(run(until_terminated(task.go())), task)
            return
    except SlackIncidentsError as error:
        raise _with_way_on(error, posting, folder) from None
    except (KeyboardInterrupt, SystemExit):
        _tell_standing(folder, posting)
        raise
    if not agreed:
        raise UsageError("not confirmed; nothing was posted", "Say --dry-run to see what it would be.")
    note(f"all of it stands already; to post it a second time name another folder with --run, else {_back(folder)}")
    emit(f"{folder}\n")


def check_ready(posting: Posting) -> None:
    """Refuse what can be refused before there is anything to post. Raises UsageError."""
    settings = Settings.from_environment()
    if not configured(settings, posting.options).dry_run:
        open_bots(settings)
        _check_asking(settings, posting)


def _check_asking(settings: Settings, posting: Posting) -> None:
    """See to it that somebody says which workspace is meant: the settings, or a person who is asked."""
    if posting.yes and not settings.slack_workspace_id:
        raise NotConfigured(
            "with --yes nobody looks where it goes",
            "Set SLACK_WORKSPACE_ID in the environment or in .env; slackincidents doctor --slack shows it.",
        )
    if not posting.yes and not can_ask():
        raise UsageError(
            "nobody is there to be asked before the first message", "Say --yes to post, or --dry-run to rehearse."
        )


def _agreed(task: _Run) -> bool:
    """Ask once before the first message; nobody is asked with --yes, or when the poster will refuse anyway."""
    if task.posting.yes or (task.options.workspace_id and task.team.team != task.options.workspace_id):
        return True
    for line in notes(task.work, task.options):
        note(line)
    started = any(delivery.receipts for delivery in _standing(task.folder))
    question = f"{'Go on posting' if started else 'Post'} {summary(task.work, task.options)}"
    return asked(f"{question}, as {task.team.name or 'the bot'} in {_team(task.team)}?")


def folder_of(incidents: Sequence[Incident], team: str, test_channel: str) -> Path:
    """The run's folder below the working folder: the same for the same incidents, workspace and test channel.

    A run that was taken back is left alone: the next one gets a new number.
    """
    digest = hashlib.sha256(f"{team} {test_channel}".encode())
    for incident in incidents:
        digest.update(incident.model_dump_json(by_alias=True).encode())
    stem = digest.hexdigest()[:12]
    names = (stem, *(f"{stem}-{number}" for number in range(2, MOST_RUNS)))
    return next((RUNS / name for name in names if not taken_back(RUNS / name)), RUNS / stem)


def taken_back(folder: Path) -> bool:
    """Whether a folder holds runs of which nothing stands any more."""
    pasts = [read(one) for one in folders(folder)] if folder.is_dir() else []
    return any(past.deleted for past in pasts) and not any(past.receipts for past in pasts)


def all_posted(folder: Path, incidents: int) -> bool:
    """Whether every incident's run in a folder is at its end, reactions aside."""
    found = _standing(folder)
    return len(found) == incidents and all(delivery.complete and delivery.receipts for delivery in found)


def _standing(folder: Path) -> tuple[Delivery, ...]:
    return standing(folder) if folder.is_dir() and folders(folder) else ()


def _tell(deliveries: Sequence[Delivery], task: _Run) -> None:
    """What was posted, what there is to know, how to take it back."""
    for line in dict.fromkeys(line for delivery in deliveries for line in delivery.notes):
        note(line)
    receipts = [receipt for delivery in deliveries for receipt in delivery.receipts]
    channels = len({receipt.channel_id for receipt in receipts})
    note(
        f"posted {len(receipts)} messages to {channels} channel{'s' if channels != 1 else ''} of {_team(task.team)}; "
        + _back(task.folder)
    )
    emit(f"{task.folder}\n")


def _tell_standing(folder: Path | None, posting: Posting) -> None:
    """After an interruption: what stands, what does not, both ways on."""
    if folder is None:
        return
    for delivery in _standing(folder):
        whole = {receipt.index for receipt in delivery.receipts} - set(delivery.left)
        note(f"{delivery.incident}: {len(whole)} events posted, {len(delivery.left)} not")
    note(f"to go on: {posting.again}")
    if any(delivery.receipts for delivery in _standing(folder)):
        note(_back(folder))


def _with_way_on(error: SlackIncidentsError, posting: Posting, folder: Path | None) -> SlackIncidentsError:
    """The error with the command that goes on, instead of a description of it."""
    posted = folder is not None and any(delivery.receipts for delivery in _standing(folder))
    hint = WAY_ON.sub("", TAKE_BACK.sub("", error.hint)).strip()
    if isinstance(error, BadFile) and not posted:
        error.hint = hint
        return error
    way = f"To go on: {posting.again}" if posted else f"Then: {posting.again}"
    if posted and folder is not None:
        elsewhere = [one for one in _standing(folder) if one.receipts and one.incident not in error.message]
        if elsewhere:
            told = ", ".join(f"{len(one.receipts)} messages of {one.incident}" for one in elsewhere)
            error.message = f"{error.message} [also standing: {told}]"
        way = f"{way} ({_back(folder)})"
    error.hint = f"{hint} {way}".strip()
    error.args = (error.message,)
    return error


def _back(folder: Path) -> str:
    return f"to take it back: slackincidents unpost {shlex.quote(str(folder))}"


def _team(team: Identity) -> str:
    return f"{one_line(team.team_name)} ({team.team})" if team.team_name else team.team


def one_line_kept(line: str) -> str:
    """A line without control characters, its margin kept."""
    return "".join(character if character.isprintable() else " " for character in line)
