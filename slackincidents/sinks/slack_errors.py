"""Every error of slack_sdk and aiohttp as one of ours. None of their text is passed on: it may hold anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from slackincidents.errors import (
    Busy,
    Declined,
    Denied,
    Faulty,
    NotConfigured,
    SlackIncidentsError,
    Unreachable,
)

FOREIGN = (
    SlackClientError,
    aiohttp.ClientError,
    OSError,  # TimeoutError too
    ValueError,  # an answer that is not JSON, not UTF-8, or not of the expected shape
    AttributeError,  # slack_sdk on an answer that is JSON, but no object
    TypeError,  # the same
)
"""What a call may raise. Anything else is a bug of ours and passes."""

SCOPES_PAGE = "api.slack.com/apps: your app, OAuth & Permissions, Bot Token Scopes; then Reinstall to Workspace"
TOKEN_HINT = "Copy the Bot User OAuth Token from api.slack.com/apps: your app, OAuth & Permissions."
LOOK_HINT = "See https://status.slack.com."

BROKEN = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "timeout",
     "unknown_error", "service_timeout", "backend_error", "org_level_failure"}
)  # fmt: skip
"""Codes after which nobody knows whether it was taken."""

BAD_TOKENS = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "org_login_required",
     "two_factor_setup_required", "ekm_access_denied", "not_allowed_token_type", "no_permission", "access_denied",
     "enterprise_is_restricted", "team_access_not_granted", "user_is_restricted", "user_is_bot"}
)  # fmt: skip

HINTS = {
    "channel_not_found": "The bot cannot see the channel: invite it, or map another one.",
    "not_in_channel": "Say --join-channels, or /invite the bot there.",
    "is_archived": "Unarchive the channel, or map another one.",
    "name_taken": "Take the channel that is there; it may be archived or private.",
    "restricted_action": "The workspace's settings forbid this to apps; ask its owner.",
    "restricted_action_read_only_channel": "Only some may post in this channel; map another one.",
    "msg_too_long": "Shorten it in the file.",
    "invalid_name": "The workspace has no emoji of that name.",
    "cant_delete_message": "Only the token that posted it can delete it.",
    "method_not_supported_for_channel_type": "Join it by an /invite from inside.",
    "plan_upgrade_required": "The workspace's plan does not have this.",
    "metadata_too_large": "Shorten the incident's id.",
}


@dataclass(frozen=True)
class _Said:
    """What an answer says: HTTP status, error code, seconds to wait, scope needed."""

    status: int
    code: str = ""
    retry_after: float | None = None
    needed: str = ""


def translated(error: BaseException, method: str) -> SlackIncidentsError:
    """The error of ours for one of theirs; `method` is the API method that was called."""
    if isinstance(error, SlackApiError):
        return _refusal(_said(error), method)
    if isinstance(error, aiohttp.InvalidURL):
        return NotConfigured("SLACK_API_URL is not an address", "It looks like https://slack.com/api/.")
    if isinstance(error, aiohttp.ClientResponseError):
        return _refusal(_Said(error.status), method)
    kind = type(error).__name__
    if isinstance(error, TimeoutError):
        return Unreachable(f"{method}: no answer in time", LOOK_HINT)
    if isinstance(error, aiohttp.ClientConnectionError | aiohttp.ClientPayloadError | OSError):
        return Unreachable(f"{method}: the connection failed ({kind})", "Check the network, and SLACK_API_URL if set.")
    if isinstance(error, SlackClientError) and type(error) is not SlackClientError:
        return Declined(f"{method}: the client refuses to send this ({kind})", "This is a bug of ours: report it.")
    return Faulty(f"{method}: an answer that makes no sense ({kind})", LOOK_HINT)


def code_of(error: BaseException) -> str:
    """The error code of an API error; empty for any other error."""
    return _said(error).code if isinstance(error, SlackApiError) else ""


def _refusal(said: _Said, method: str) -> SlackIncidentsError:
    if said.status == 429 or said.code in ("ratelimited", "rate_limited"):
        return Busy(f"{method}: asked to slow down", "Wait some minutes.", retry_after=said.retry_after)
    if said.status >= 500 or said.code in BROKEN:
        return Faulty(f"{method}: Slack broke down ({said.code or f'HTTP {said.status}'})", LOOK_HINT)
    if said.code == "missing_scope":
        return Denied(f"{method}: the token lacks the scope {said.needed or 'it needs'}", f"Add it at {SCOPES_PAGE}.")
    if said.code in BAD_TOKENS:
        return Denied(f"{method}: the token is not accepted ({said.code})", TOKEN_HINT)
    if said.code:
        return Declined(f"{method}: {said.code}", HINTS.get(said.code, f"See api.slack.com/methods/{method}."))
    if said.status >= 400:
        return Declined(f"{method}: HTTP {said.status}", "Is SLACK_API_URL right? It ends in /api/.")
    return Faulty(f"{method}: an answer that makes no sense", LOOK_HINT)


def _said(error: SlackApiError) -> _Said:
    answer: object = error.response
    status, headers, data = _opened(answer)
    body: Mapping[object, object] = data if isinstance(data, Mapping) else {}
    return _Said(
        status=status,
        code=_plain(body.get("error"), r"[a-z0-9_]{1,60}"),
        retry_after=_seconds(headers),
        needed=_plain(body.get("needed"), r"[a-z:._,]{1,120}"),
    )


def _opened(answer: object) -> tuple[int, Mapping[str, str], object]:
    """Status, headers and data of whatever slack_sdk hangs onto its error."""
    if isinstance(answer, AsyncSlackResponse):
        return answer.status_code, answer.headers, answer.data
    if isinstance(answer, aiohttp.ClientResponse):
        return answer.status, dict(answer.headers), None
    return 200, {}, answer


def _plain(value: object, shape: str) -> str:
    """A word of the answer, if it is one; never free text."""
    if value is None:
        return ""
    return value if isinstance(value, str) and re.fullmatch(shape, value) else "unknown_error"


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if re.fullmatch(r"\d{1,5}(\.\d+)?", value) else None
