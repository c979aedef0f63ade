"""An incoming webhook through slack_sdk. It is never called twice for one message; the address is a secret."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from pydantic import JsonValue, SecretStr
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from slackincidents.errors import Busy, Declined, Denied, Faulty, SlackIncidentsError
from slackincidents.schema.delivery import Marker, Outgoing
from slackincidents.sinks.slack_errors import FOREIGN, translated
from slackincidents.sinks.slack_payload import attachment, blocks
from slackincidents.sinks.webhook import HookMessage

NEW_ONE = "Make a new one at api.slack.com/apps: your app, Incoming Webhooks."
GONE = frozenset({"no_service", "no_service_id", "no_active_hooks", "no_team", "invalid_token", "team_disabled"})
"""Answers of a webhook that is not there, or no longer."""


def _mute() -> logging.Logger:
    """A logger that nothing leaves: slack_sdk would log the address."""
    logger = logging.Logger("slackincidents.webhook", logging.CRITICAL + 1)
    logger.addHandler(logging.NullHandler())
    return logger


class SlackWebhook:
    """A webhook. Its address is in no repr, log or error."""

    def __init__(self, url: SecretStr, *, timeout: float = 30.0) -> None:
        """`timeout` is in seconds, for one call."""
        self._client = AsyncWebhookClient(
            url.get_secret_value(),
            timeout=timeout,  # type: ignore[arg-type] # said to be whole seconds, but handed on to aiohttp as it is
            retry_handlers=[],
            logger=_mute(),
        )

    def __repr__(self) -> str:
        return "SlackWebhook()"

    async def send(self, message: HookMessage) -> None:
        """One call. Every error becomes one of ours, without the one it came from, which shows the address."""
        failure = await self._sent(message)
        if failure is not None:
            raise failure

    async def _sent(self, message: HookMessage) -> SlackIncidentsError | None:
        try:
            return _refusal(await self._client.send_dict(_body(message)))
        except FOREIGN as error:
            return translated(error, "webhook")


def _body(message: HookMessage) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {"text": message.text, "unfurl_links": False, "unfurl_media": False}
    if message.context:
        nowhere = Outgoing(
            channel_id="", text=message.text, context=message.context, marker=Marker(incident="", index=0, run="")
        )
        body["blocks"] = blocks(nowhere)
    if message.card:
        body["attachments"] = [attachment(message.card)]
    return body


def _refusal(answer: WebhookResponse) -> SlackIncidentsError | None:
    """What an answer says, as an error; none when it says ok."""
    status, word = answer.status_code, _word(answer.body)
    if status == 200 and word == "ok":
        return None
    if status == 429:
        return Busy("webhook: asked to slow down", "Wait some minutes.", retry_after=_seconds(answer.headers))
    if status >= 500:
        return Faulty(f"webhook: Slack broke down (HTTP {status})", "See https://status.slack.com.")
    if status in (403, 404) or word in GONE:
        return Denied(f"the webhook is not there, or not any more ({word or f'HTTP {status}'})", NEW_ONE)
    if status >= 400:
        return Declined(f"webhook: {word or f'HTTP {status}'}", NEW_ONE)
    return Faulty("webhook: an answer that makes no sense", "See https://status.slack.com.")


def _word(body: str) -> str:
    """An answer that is one word; never free text."""
    return body.strip() if re.fullmatch(r"\s*[a-z_]{1,60}\s*", body or "") else ""


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if re.fullmatch(r"\d{1,6}(\.\d+)?", value) else None
