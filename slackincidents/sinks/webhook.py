"""What an incoming webhook can be told: the alerts of an incident, or a plain message, one a second."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from slackincidents.clock import Clock
from slackincidents.errors import Busy, Faulty, SlackIncidentsError, Unreachable, Unsafe, UsageError
from slackincidents.schema.base import Frozen
from slackincidents.schema.delivery import Attachment
from slackincidents.schema.incident import IncidentRecord
from slackincidents.sinks.markup import Ids, split, to_slack
from slackincidents.sinks.messages import MARK, parts
from slackincidents.sinks.pacing import CHANNEL_GAP, Patience, nap
from slackincidents.sinks.steps import steps

CANNOT = (
    "a webhook has one fixed channel, name and icon: no threads, personas, reactions or edits, and nothing it posted "
    "can be found or taken back. slackincidents post can do all that"
)
"""Said to whoever uses one."""

PATH = re.compile(r"/services/(?P<team>[TE][A-Z0-9]+)/B[A-Z0-9]+/[^/]+/?")


class HookMessage(Frozen):
    """One message for a webhook: Slack text, or a card; `context` is the small line under the text."""

    text: str = ""
    card: Attachment | None = None
    context: str = ""


class Hook(Protocol):
    """The channel behind a webhook."""

    async def send(self, message: HookMessage) -> None:
        """Post one message, once. Unreachable and Faulty mean that it may stand all the same; Busy that it does not."""
        ...


def checked(url: SecretStr, workspace_id: str) -> SecretStr:
    """The address, if it is an incoming webhook's of this workspace (when one is named). It is never shown.

    Raises UsageError, or Unsafe when it belongs to another workspace.
    """
    try:
        parts_of = urlsplit(url.get_secret_value().strip())
        usable = parts_of.scheme in ("http", "https") and bool(parts_of.hostname) and parts_of.port != 0
    except ValueError:
        usable = False
    match = PATH.fullmatch(parts_of.path) if usable else None
    if match is None:
        raise UsageError(
            "that is no address of an incoming webhook",
            "Copy it from api.slack.com/apps: your app, Incoming Webhooks; it looks like "
            "https://hooks.slack.com/services/T.../B.../...",
        )
    if workspace_id and match["team"] != workspace_id:
        raise Unsafe(
            f"the webhook belongs to workspace {match['team']}, but SLACK_WORKSPACE_ID is {workspace_id}",
            "Take the other one's address, or mend SLACK_WORKSPACE_ID.",
        )
    return SecretStr(url.get_secret_value().strip())


def alerts(incident: IncidentRecord, *, mark: bool = True) -> tuple[HookMessage, ...]:
    """The alerts of an incident in the order of their times. Raises BadFile when it cannot be posted, or has none."""
    found: list[HookMessage] = []
    for step in steps(incident):
        for part in parts(step, Ids()) if step.voice == "alerts" else ():
            card = part.card and part.card.model_copy(update={"footer": MARK if mark else ""})
            found.append(HookMessage(text=part.text, card=card, context=MARK if mark and not card else ""))
    if not found:
        raise UsageError(f"{incident.scenario_id} has no alerts", "A webhook posts alerts only; or give --text.")
    return tuple(found)


def plain(text: str, *, mark: bool = True) -> tuple[HookMessage, ...]:
    """A text as one message, or more when it is too long for one. Raises UsageError for an empty one."""
    if not text.strip():
        raise UsageError("the text is empty", "Say what is to be posted.")
    return tuple(HookMessage(text=one, context=MARK if mark else "") for one in split(to_slack(text, Ids())))


async def announce(
    messages: Sequence[HookMessage], hook: Hook, clock: Clock, *, first: int = 1, told: Callable[[int], None]
) -> None:
    """Post messages one a second, from number `first` on; `told` gets the number of each that stands.

    Raises what stopped it; the message says what stands, and of which message nobody knows.
    """
    for number in range(first, len(messages) + 1):
        try:
            await _send(messages[number - 1], hook, clock)
        except SlackIncidentsError as error:
            raise _extended(error, number, first, len(messages)) from None
        told(number)
        if number < len(messages):
            await nap(clock, CHANNEL_GAP)


async def _send(message: HookMessage, hook: Hook, clock: Clock) -> None:
    """Once; only what was surely not taken is sent again."""
    patience = Patience(clock)
    while True:
        try:
            return await hook.send(message)
        except Busy as error:
            wait = patience.delay(error)
        await nap(clock, wait)


def _extended(error: SlackIncidentsError, number: int, first: int, total: int) -> SlackIncidentsError:
    stands = "none" if number == first else f"{first}-{number - 1}" if number - first > 1 else f"{first}"
    doubtful = isinstance(error, Unreachable | Faulty)
    here = f"message {number} may stand or not" if doubtful else f"message {number} does not stand"
    error.message = f"{error.message} [posted: {stands}; {here}; {total - number} after it were not tried]"
    on = f"the same with --from {number} goes on"
    if doubtful:
        on = f"look into the channel: {on}, or --from {number + 1} if it stands"
    error.hint = f"{error.hint} {on[0].upper()}{on[1:]}.".strip()
    error.args = (error.message,)
    return error
