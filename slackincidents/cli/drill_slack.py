"""`slackincidents drill --slack` and `--webhook`: the drill in a channel of Slack, the alert through a webhook."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from slackincidents.cli.terminal import asked, can_ask, emit, note, until_terminated
from slackincidents.clock import Clock
from slackincidents.delivery import configured
from slackincidents.drills.debrief import Debrief
from slackincidents.drills.folder import DrillFolder, Entry
from slackincidents.drills.in_slack import FOLDER, Terms, hold
from slackincidents.drills.session import Session
from slackincidents.drills.sitting import Sitting
from slackincidents.drills.wording import Wording
from slackincidents.errors import NotConfigured, SlackIncidentsError, UsageError
from slackincidents.pipeline import run
from slackincidents.schema.delivery import Identity, PostingOptions
from slackincidents.settings import Settings
from slackincidents.sinks.live import Live
from slackincidents.sinks.opening import open_hook
from slackincidents.sinks.opening_live import open_live
from slackincidents.sinks.pacing import persist
from slackincidents.sinks.steps import bare
from slackincidents.sinks.webhook import CANNOT, HookMessage, announce, checked, plain


@dataclass(frozen=True)
class InSlack:
    """What `drill --slack` was asked for. Nothing is called without `yes`, unless a person says so when asked."""

    channel: str | None = None
    trainee: str = ""
    speed: float = 1.0
    ping: bool = False
    yes: bool = False


def drill_in_slack(
    wanted: InSlack,
    sitting: Sitting,
    folder: DrillFolder,
    wording: Wording,
    clock: Clock,
    *,
    stored: Sequence[Entry] | None = None,
    closing: Callable[[], Debrief] | None = None,
) -> bool:
    """Hold a drill in a channel until it ends; True when it was held, False when it was only rehearsed.

    `stored` are the moves of a drill that is taken up; `closing` makes the debrief that is posted.

    Raises UsageError for what is refused before the first message, OutsideError for what stopped it on the way.
    """
    settings = Settings.from_environment()
    options = configured(settings, PostingOptions(dry_run=False, test_channel=wanted.channel or "", ping=wanted.ping))
    if not options.test_channel:
        raise UsageError("no channel to hold the drill in", "Say --channel NAME, or set TEST_CHANNEL_OVERRIDE.")
    if not wanted.yes and not can_ask():
        note(f"nothing was posted; with --yes the drill would be held in #{bare(options.test_channel)}")
        return False
    if wanted.yes and not settings.slack_workspace_id:
        raise NotConfigured(
            "with --yes nobody looks where it goes",
            "Set SLACK_WORKSPACE_ID in the environment or in .env; slackincidents doctor --slack shows it.",
        )
    live = open_live(settings, clock, note)
    if not wanted.yes:
        _ask(live, options, clock)
    terms = Terms(options, speed=wanted.speed, trainee=wanted.trainee.strip().lstrip("@"))
    _held(hold(sitting, folder, wording, live, clock, terms, stored=stored, closing=closing), folder)
    return True


def _held(work: Coroutine[None, None, tuple[str, ...]], folder: DrillFolder) -> None:
    back = f"to take it back: slackincidents unpost {shlex.quote(str(folder.path / FOLDER))}"
    on = f"slackincidents drill --slack --resume {shlex.quote(str(folder.path))}"
    try:
        for line in run(until_terminated(work)):
            note(line)
    except SlackIncidentsError as error:
        if not isinstance(error, UsageError):
            error.hint = f"{error.hint} To go on: {on}.".strip()
        raise
    except (KeyboardInterrupt, SystemExit):
        note(f"to go on: {on}")
        note(back)
        raise
    note(back)


def _ask(live: Live, options: PostingOptions, clock: Clock) -> None:
    team: Identity = run(until_terminated(persist(live.workspace.identity, clock)))
    place = f"#{bare(options.test_channel)} of {team.team_name or team.team} ({team.team})"
    if not asked(f"Hold the drill in {place}, as {team.name or 'the bot'}?"):
        raise UsageError("not confirmed; nothing was posted", "Say --yes to hold it without being asked.")


def alert_messages(session: Session) -> tuple[HookMessage, ...]:
    """What a webhook is told when the pager rings, in the lab's words. Needs an alert; else the scenario's title."""
    fired = next((beat.alert for beat in session.world.beats if beat.alert), None)
    title = session.skeleton.alerts[fired].title if fired else session.skeleton.title
    who = session.world.setting.people.get(session.ringing or "")
    return plain(f"🚨 Alert! {title}" + (f" (paging {who.name})" if who else ""))


def alert_by_webhook(session: Session, url: str | None, clock: Clock, *, yes: bool) -> bool:
    """Send the alert through an incoming webhook, once; True when it was sent. Dry without `yes`, unless one is asked.

    Without `url` it is SLACK_WEBHOOK_URL. Raises UsageError for what is refused, ServiceFailed when it cannot be sent.
    """
    messages = alert_messages(session)
    settings = Settings.from_environment()
    found = SecretStr(url) if url else settings.slack_webhook_url
    if found is None:
        raise NotConfigured("no webhook", "Set SLACK_WEBHOOK_URL in the environment or in .env, or name one.")
    address = checked(found, settings.slack_workspace_id)
    note(CANNOT)
    if not yes and not (can_ask() and asked("Send the alert to the webhook's channel?")):
        emit("".join(f"{one.text}\n" for one in messages))
        note("nothing was posted; say --yes to send it")
        return False
    run(until_terminated(announce(messages, open_hook(address), clock, told=lambda _: None)))
    return True
