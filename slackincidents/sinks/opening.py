"""Opens a workspace or a webhook as the user configured it. Nothing is called yet."""

from __future__ import annotations

from pydantic import SecretStr

from slackincidents.errors import NotConfigured, UsageError
from slackincidents.settings import Settings
from slackincidents.sinks.base import Workspace
from slackincidents.sinks.resolve import Bots
from slackincidents.sinks.webhook import Hook

NO_BOT = ("xoxp-", "xoxc-", "xoxs-", "xapp-", "xoxe-")
"""How Slack's tokens begin that are no bot's: people's, browsers', apps', refresh tokens."""


def open_bots(settings: Settings) -> Bots:
    """The bot that plays the people, and the one for alerts if there is one.

    Raises NotConfigured without SLACK_BOT_TOKEN, UsageError for a token that is no bot's.
    """
    if settings.slack_bot_token is None:
        raise NotConfigured(
            "no SLACK_BOT_TOKEN",
            "Set it in the environment or in .env (slackincidents slack manifest makes the app that has one), "
            "or say --dry-run, which needs none.",
        )
    people = _open("SLACK_BOT_TOKEN", settings.slack_bot_token, settings.slack_api_url)
    if settings.alert_bot_token is None:
        return Bots(people)
    return Bots(people, _open("ALERT_BOT_TOKEN", settings.alert_bot_token, settings.slack_api_url))


def open_hook(url: SecretStr) -> Hook:
    """The channel behind an incoming webhook."""
    from slackincidents.sinks.slack_webhook import SlackWebhook  # noqa: PLC0415 - only a webhook needs it

    return SlackWebhook(url)


def _open(name: str, token: SecretStr, address: str) -> Workspace:
    from slackincidents.sinks.slack_client import SlackWorkspace  # noqa: PLC0415 - it takes half a second to load

    value = token.get_secret_value()
    kind = next((one for one in NO_BOT if value.startswith(one)), None)
    if kind and not value.startswith("xoxe.xoxb-"):
        raise UsageError(f"{name} begins with {kind}: that is no bot's token", "A bot's begins with xoxb-.")
    return SlackWorkspace(token, base_url=address)
