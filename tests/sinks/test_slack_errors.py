"""Every error of slack_sdk and aiohttp is one of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace

import aiohttp
import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from slack_sdk import errors as slack
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from slackincidents.errors import (
    Busy,
    Declined,
    Denied,
    Faulty,
    NotConfigured,
    ServiceFailed,
    SlackIncidentsError,
    Unreachable,
    UsageError,
)
from slackincidents.sinks.slack_errors import FOREIGN, translated

CANARY = "xoxb-canary"


def below(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """A class and everything derived from it."""
    yield kind
    for child in kind.__subclasses__():
        yield from below(child)


def refused(message: str, answer: object) -> slack.SlackApiError:
    """An API error of slack_sdk."""
    return slack.SlackApiError(message, answer)  # type: ignore[no-untyped-call] # slack_sdk has no types here


def made(kind: type[BaseException]) -> BaseException:
    """An error of a kind, with the token in every text it has."""
    request = aiohttp.RequestInfo(URL("http://x.test"), "POST", CIMultiDictProxy(CIMultiDict()), URL("http://x.test"))
    key = SimpleNamespace(host=CANARY, port=1, is_ssl=False, ssl=True)
    tries: list[tuple[object, ...]] = [
        (request, ()),
        (key, OSError(1, CANARY)),
        (key, Exception(CANARY)),
        (CANARY, key, OSError(1, CANARY)),
        (b"a", b"b", CANARY, 1),
        (CANARY, {"error": CANARY}),
        (refused(CANARY, {"error": CANARY}),),
        (CANARY,),
    ]
    for arguments in tries:
        try:
            return kind(*arguments)
        except (TypeError, AttributeError):
            continue
    raise AssertionError(f"cannot make a {kind.__name__}")


KINDS = sorted(
    {
        kind
        for root in (slack.SlackClientError, aiohttp.ClientError, TimeoutError, ConnectionError)
        for kind in below(root)
        if kind.__module__.startswith(("slack_sdk", "aiohttp", "builtins", "asyncio"))
    },
    key=lambda kind: f"{kind.__module__}.{kind.__name__}",
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_map_is_total(kind: type[BaseException]) -> None:
    """Each kind of theirs is caught and becomes one of ours, with a remedy and without a word of its text."""
    assert issubclass(kind, FOREIGN)
    error = translated(made(kind), "chat.postMessage")
    assert isinstance(error, ServiceFailed | UsageError)
    assert error.hint
    assert CANARY not in str(error) + repr(error)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), Unreachable),
        (ConnectionResetError(), Unreachable),
        (aiohttp.ServerDisconnectedError(), Unreachable),
        (aiohttp.ClientPayloadError(), Unreachable),
        (json.JSONDecodeError("x", "y", 0), Faulty),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "odd"), Faulty),
        (AttributeError("'list' object has no attribute 'get'"), Faulty),
        (aiohttp.InvalidURL("nonsense"), NotConfigured),
        (slack.SlackRequestError("no"), Declined),
    ],
)
def test_what_cannot_be_known_is_ambiguous(error: BaseException, kind: type[SlackIncidentsError]) -> None:
    """A dropped line, a time-out or nonsense may have been taken; a request that never left was not."""
    assert type(translated(error, "chat.postMessage")) is kind


def answered(status: int, body: dict[str, object], headers: dict[str, str] | None = None) -> slack.SlackApiError:
    """An API error as slack_sdk raises it."""
    answer = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="http://127.0.0.1/api/chat.postMessage",
        req_args={},
        data=body,
        headers=headers or {},
        status_code=status,
    )
    return refused("x", answer)


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (429, {"ok": False, "error": "ratelimited"}, Busy, "slow down"),
        (200, {"ok": False, "error": "rate_limited"}, Busy, "slow down"),
        (500, {}, Faulty, "HTTP 500"),
        (503, {"ok": False, "error": "service_unavailable"}, Faulty, "service_unavailable"),
        (200, {"ok": False, "error": "internal_error"}, Faulty, "internal_error"),
        (200, {"ok": False, "error": "invalid_auth"}, Denied, "not accepted"),
        (200, {"ok": False, "error": "missing_scope", "needed": "chat:write"}, Denied, "lacks the scope chat:write"),
        (200, {"ok": False, "error": "is_archived"}, Declined, "Unarchive"),
        (200, {"ok": False, "error": "never_heard_of"}, Declined, "never_heard_of"),
        (200, {"ok": False, "error": f"bad token {CANARY}"}, Faulty, "unknown_error"),
        (200, {"ok": False}, Faulty, "no sense"),
        (404, {}, Declined, "SLACK_API_URL"),
    ],
)
def test_an_answer_becomes_the_right_error(
    status: int, body: dict[str, object], kind: type[SlackIncidentsError], words: str
) -> None:
    """The code of an answer decides; what it says besides is not passed on."""
    error = translated(answered(status, body), "chat.postMessage")
    assert type(error) is kind
    assert words in str(error)
    assert CANARY not in str(error)


def test_retry_after_is_read_in_any_case_and_only_as_a_number() -> None:
    """The header is honoured however it is spelt; nonsense in it is none."""
    for name, value, wait in (("Retry-After", "7", 7.0), ("retry-after", "7", 7.0), ("Retry-After", "soon", None)):
        error = translated(answered(429, {"error": "ratelimited"}, {name: value}), "chat.postMessage")
        assert isinstance(error, Busy)
        assert error.retry_after == wait
