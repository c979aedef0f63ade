"""Opens a workspace to talk in as the user configured it. Nothing is called yet."""

from __future__ import annotations

from collections.abc import Callable

from slackincidents.clock import Clock
from slackincidents.errors import NotConfigured, UsageError
from slackincidents.settings import Settings
from slackincidents.sinks.live import Live
from slackincidents.sinks.opening import open_bots

APP = "xapp-"
"""How an app-level token begins."""


def open_live(settings: Settings, clock: Clock, told: Callable[[str], None]) -> Live:
    """The bot and its ears; `told` hears what people should know about the connection.

    Raises NotConfigured without SLACK_BOT_TOKEN or SLACK_APP_TOKEN, UsageError for a token of another kind.
    """
    from slackincidents.sinks.slack_socket import SlackSocket  # noqa: PLC0415 - only a drill in Slack needs it
    from slackincidents.sinks.slack_socket_client import LiveSlack  # noqa: PLC0415 - the same

    open_bots(settings)
    bot, app = settings.slack_bot_token, settings.slack_app_token
    if bot is None or app is None:
        raise NotConfigured(
            "no SLACK_APP_TOKEN",
            "Make one with connections:write at api.slack.com/apps: your app, Basic Information, App-Level Tokens; "
            "then set it in the environment or in .env.",
        )
    if not app.get_secret_value().startswith(APP):
        raise UsageError("SLACK_APP_TOKEN is no app-level token", f"One begins with {APP}.")
    address = settings.slack_api_url
    return Live(LiveSlack(bot, base_url=address), SlackSocket(app, clock, base_url=address, told=told))
