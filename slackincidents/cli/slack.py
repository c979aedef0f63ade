"""`slackincidents slack manifest` and `slackincidents webhook`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue, SecretStr

from slackincidents.api import load_all
from slackincidents.cli.options import completing, one_of
from slackincidents.cli.posting_view import told_card
from slackincidents.cli.terminal import asked, can_ask, emit, note, progress, until_terminated
from slackincidents.clock import SystemClock
from slackincidents.errors import NotConfigured, UsageError
from slackincidents.pipeline import run
from slackincidents.settings import Settings
from slackincidents.sinks.opening import open_hook
from slackincidents.sinks.webhook import CANNOT, HookMessage, alerts, announce, checked, plain

WHATS = ("manifest",)
LONGEST_NAME = 35
"""Characters that Slack takes for an app's name."""

SCOPES = (
    "channels:history", "channels:join", "channels:manage", "channels:read", "chat:write", "chat:write.customize",
    "chat:write.public", "reactions:write", "usergroups:read", "users:read",
)  # fmt: skip
"""What the bot that plays the people may do."""

PRIVATE = ("groups:history", "groups:read", "groups:write")
"""What it may do on top, for private channels."""

ALERT_SCOPES = ("channels:join", "channels:read", "chat:write", "chat:write.customize", "chat:write.public")
"""What the bot that posts the alerts may do."""


def slack(
    what: Annotated[
        str,
        typer.Argument(
            metavar="manifest",
            help="The app manifest to paste at api.slack.com/apps: Create New App, From a manifest, JSON.",
            callback=one_of("word for slack", WHATS),
            autocompletion=completing(WHATS),
        ),
    ],
    name: Annotated[str | None, typer.Option("--name", help="The app's and its bot's name.")] = None,
    alerts_bot: Annotated[
        bool, typer.Option("--alerts", help="The manifest of the second app, whose bot posts the alerts.")
    ] = False,
    private: Annotated[bool, typer.Option("--private", help="With the scopes for private channels.")] = False,
) -> None:
    """Print the manifest of the Slack app whose bot posts: scopes, bot user, and for the drill Socket Mode.

    The app-level token (connections:write) for SLACK_APP_TOKEN cannot stand in it: make one under Basic Information.
    """
    called = (name or ("Monitoring Bot" if alerts_bot else "Incident Poster")).strip()
    if not 1 <= len(called) <= LONGEST_NAME:
        raise UsageError(f"a name of {len(called)} characters", f"Slack takes 1 to {LONGEST_NAME}.")
    emit(json.dumps(manifest(called, alerts_bot=alerts_bot, private=private), indent=2) + "\n")


def manifest(name: str, *, alerts_bot: bool = False, private: bool = False) -> dict[str, JsonValue]:
    """An app manifest of Slack's version 1."""
    scopes = [*(ALERT_SCOPES if alerts_bot else SCOPES), *(PRIVATE if private and not alerts_bot else ())]
    events = ["message.channels", *(["message.groups"] if private else [])]
    about = "Posts the alerts of made-up incidents." if alerts_bot else "Plays made-up incidents, for drills and demos."
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {"name": name, "description": about},
        "features": {"bot_user": {"display_name": name, "always_online": False}},
        "oauth_config": {"scopes": {"bot": [*sorted(scopes)]}},
        "settings": {
            **({} if alerts_bot else {"event_subscriptions": {"bot_events": [*events]}}),
            "interactivity": {"is_enabled": not alerts_bot},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not alerts_bot,
            "token_rotation_enabled": False,
        },
    }


def webhook(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="An incident file: its alerts.")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="A plain message instead.")] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", help="The webhook's address, a secret; better in SLACK_WEBHOOK_URL, or in .env."
        ),
    ] = None,
    first: Annotated[int, typer.Option("--from", metavar="N", min=1, help="Go on with message N.")] = 1,
    no_mark: Annotated[bool, typer.Option("--no-mark", help='Leave out the small line "simulated".')] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the messages; no call, no address needed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before the first message.")] = False,
) -> None:
    """Post the alerts of an incident, or a plain message, to an incoming webhook of Slack.

    A webhook has one fixed channel, name and icon: no threads, no personas, no reactions, and nothing it posted can be
    found or taken back. `slackincidents post` can do all that.
    """
    messages = _messages(file, text, mark=not no_mark)
    if first > len(messages):
        raise UsageError(f"--from {first}, but there are {len(messages)} messages", "Count from 1.")
    note(CANNOT)
    if dry_run:
        for number, message in enumerate(messages, start=1):
            emit(f"{number}\t{told_card(message.text, message.card)}\n")
        note("nothing was posted")
        return
    settings = Settings.from_environment()
    address = _address(url, settings)
    count = len(messages) - first + 1
    if not yes and not _agreed(count):
        raise UsageError("not confirmed; nothing was posted", "Say --dry-run to see the messages.")
    with progress(count, "posting") as step:
        work = announce(messages, open_hook(address), SystemClock(), first=first, told=lambda _: step())
        run(until_terminated(work))
    note(f"posted {count} message{'s' if count > 1 else ''}")


def _messages(file: Path | None, text: str | None, *, mark: bool) -> tuple[HookMessage, ...]:
    if (file is None) == (text is None):
        raise UsageError(
            "a webhook needs a FILE or --text, one of them", 'Write: slackincidents webhook --text "hello"'
        )
    if text is not None:
        return plain(text, mark=mark)
    incidents = load_all(file) if file else ()
    return tuple(message for incident in incidents for message in alerts(incident, mark=mark))


def _address(url: str | None, settings: Settings) -> SecretStr:
    found = SecretStr(url) if url else settings.slack_webhook_url
    if found is None:
        raise NotConfigured("no webhook", "Set SLACK_WEBHOOK_URL in the environment or in .env, or say --url.")
    return checked(found, settings.slack_workspace_id)


def _agreed(count: int) -> bool:
    if not can_ask():
        raise UsageError("nobody is there to be asked before the first message", "Say --yes to post, or --dry-run.")
    return asked(f"Post {count} message{'s' if count > 1 else ''} to the webhook's channel?")
