"""A Slack workspace that can also show buttons, whisper, and revise what it said."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue, SecretStr

from slackincidents.schema.delivery import Outgoing
from slackincidents.sinks.live import Button, Whisper
from slackincidents.sinks.slack_client import SLACK, SlackWorkspace, understood
from slackincidents.sinks.slack_payload import arguments
from slackincidents.sinks.slack_shapes import DeletedShape, Ts
from slackincidents.sinks.slack_socket_payload import dressed, revised, whispered


class WhisperedShape(BaseModel):
    """chat.postEphemeral."""

    message_ts: Ts


class LiveSlack(SlackWorkspace):
    """A workspace as the owner of one bot token sees it, with people who answer."""

    def __init__(self, token: SecretStr, *, base_url: str = SLACK, timeout: float = 30.0) -> None:
        """`timeout` is in seconds, for one call. Nothing is called yet."""
        super().__init__(token, base_url=base_url, timeout=timeout)
        self._dress: dict[int, tuple[Button, ...]] = {}

    def dress(self, index: int, buttons: tuple[Button, ...]) -> None:
        """Kept until the event's message leaves."""
        self._dress[index] = buttons

    def _arguments(self, message: Outgoing) -> dict[str, JsonValue]:
        """With buttons, where the event has some."""
        buttons = self._dress.get(message.marker.index, ()) if message.marker.part == 0 else ()
        return dressed(message, buttons) if buttons else arguments(message)

    async def whisper(self, message: Whisper) -> None:
        """chat.postEphemeral."""
        method, sent = "chat.postEphemeral", whispered(message)
        answer = await self._call(method, lambda: self._client.api_call(method, json=sent))
        understood(WhisperedShape, answer, method)

    async def revise(self, ts: str, message: Outgoing) -> None:
        """chat.update."""
        method, sent = "chat.update", revised(ts, message)
        answer = await self._call(method, lambda: self._client.api_call(method, json=sent))
        understood(DeletedShape, answer, method)
