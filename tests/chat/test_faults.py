from __future__ import annotations

import json
from collections.abc import Iterator

import aiohttp
import httpx2
import openai
import pytest
from pydantic import SecretStr

from slackincidents.chat.openai_faults import FOREIGN, Refused, Trouble
from slackincidents.clock import FakeClock
from slackincidents.errors import Busy, Declined, Denied, Faulty, ServiceFailed, SlackIncidentsError, Unreachable
from tests.chat.asking import CANARY

URL = "https://user:password@models.example/v1?token=secret"
NOW = 1_700_000_000.0
REQUEST = httpx2.Request("POST", "https://models.example/v1", headers={"Authorization": f"Bearer {CANARY}"})

ROOTS: tuple[type[Exception], ...] = (
    openai.OpenAIError,
    openai.InvalidWebhookSignatureError,
    httpx2.HTTPError,
    httpx2.StreamError,
    httpx2.InvalidURL,
    httpx2.CookieConflict,
    aiohttp.ClientError,
    TimeoutError,
    ConnectionError,
    OSError,
    EOFError,
    UnicodeError,
    json.JSONDecodeError,
)


def kinds(root: type[Exception]) -> Iterator[type[Exception]]:
    """A class and everything derived from it, of the packages the adapter stands on."""
    yield root
    for below in root.__subclasses__():
        if below.__module__.split(".")[0] in ("openai", "httpx2", "httpcore2", "aiohttp", "builtins", "ssl", "socket"):
            yield from kinds(below)


ALL = sorted({kind for root in ROOTS for kind in kinds(root)}, key=lambda kind: f"{kind.__module__}.{kind.__name__}")


def made(kind: type[Exception]) -> Exception:
    """An instance, whatever its constructor wants."""
    error = kind.__new__(kind)
    Exception.__init__(error, f"something about {CANARY}")
    return error


def status(code: int, body: object = None, headers: dict[str, str] | None = None) -> openai.APIStatusError:
    """What the package raises for a status."""
    response = httpx2.Response(code, request=REQUEST, headers=headers)
    return openai.APIStatusError("said no", response=response, body=body)


def trouble() -> Trouble:
    """A map for one endpoint."""
    return Trouble(URL, SecretStr(CANARY), FakeClock(NOW))


def meaning(error: Exception) -> ServiceFailed | Denied:
    """What it is mapped to, a refusal as the error that it carries."""
    found = trouble().of(error)
    return found.error if isinstance(found, Refused) else found


def test_the_walk_sees_the_whole_tree() -> None:
    """All three packages are walked to their leaves."""
    names = {kind.__name__ for kind in ALL}
    assert {"OAuthError", "APITimeoutError", "SubjectTokenProviderError", "PoolTimeout", "TooManyRedirects"} <= names
    assert {"ClientConnectorCertificateError", "ServerDisconnectedError", "BrokenPipeError", "gaierror"} <= names
    assert len(ALL) > 70


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_foreign_error_is_caught_and_mapped(kind: type[Exception]) -> None:
    """The handler's tuple covers the class, and the map gives one of ours with a remedy and without the key."""
    assert issubclass(kind, FOREIGN)
    if issubclass(kind, openai.APIStatusError):
        code = getattr(kind, "status_code", 500)
        response = httpx2.Response(code, request=REQUEST)
        error: Exception = kind(message="no", response=response, body=None) if kind is not openai.OAuthError else (
            openai.OAuthError(response=response, body=None)
        )  # fmt: skip
    else:
        error = made(kind)
    found = meaning(error)
    assert isinstance(found, (Unreachable, Busy, Faulty, Declined, Denied))
    assert found.message
    for secret in (CANARY, "password", "secret"):
        assert secret not in f"{found} {found!r}"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (openai.APITimeoutError(REQUEST), Unreachable),
        (openai.APIConnectionError(request=REQUEST), Unreachable),
        (httpx2.ReadTimeout("slow"), Unreachable),
        (httpx2.RemoteProtocolError("hung up"), Unreachable),
        (httpx2.UnsupportedProtocol("gopher"), Declined),
        (httpx2.DecodingError("gzip"), Faulty),
        (aiohttp.ClientPayloadError("short"), Unreachable),
        (aiohttp.ServerDisconnectedError(), Unreachable),
        (TimeoutError(), Unreachable),
        (ConnectionResetError(104, "reset"), Unreachable),
        (json.JSONDecodeError("no", "x", 0), Faulty),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "no"), Faulty),
        (status(400), Declined),
        (status(401), Denied),
        (status(402), Declined),
        (status(403), Denied),
        (status(404), Declined),
        (status(408), Unreachable),
        (status(409), Busy),
        (status(413), Declined),
        (status(422), Declined),
        (status(429), Busy),
        (status(429, {"code": "insufficient_quota", "message": "pay"}), Declined),
        (status(500), Faulty),
        (status(502), Faulty),
        (status(503), Busy),
        (status(529), Busy),
    ],
    ids=repr,
)
def test_what_an_error_means(error: Exception, expected: type[SlackIncidentsError]) -> None:
    """What may pass is told from what will not, and a wrong key from both."""
    assert type(meaning(error)) is expected


def test_every_status_there_is_has_a_meaning() -> None:
    """From 400 to 599, none falls through."""
    for code in range(400, 600):
        assert isinstance(meaning(status(code)), (ServiceFailed, Denied))


def test_a_certificate_is_declined_not_tried_again() -> None:
    """It would be the same certificate the next time; what is to be checked is said."""
    inner = made(aiohttp.ClientConnectorCertificateError)
    outer = openai.APIConnectionError(request=REQUEST)
    outer.__cause__ = inner
    found = meaning(outer)
    assert isinstance(found, Declined)
    assert "SSL_CERT_FILE" in found.hint


def test_what_the_endpoint_says_is_quoted_on_one_short_line() -> None:
    """Its words, without line breaks, without the key, not for ever."""
    words = f"no\n\nsuch   thing for {CANARY} or sk-proj-abcdefgh1234 " + "x" * 5_000
    found = meaning(status(400, {"message": words}))
    assert "no such thing for *** or ***" in found.message
    assert len(found.message) < 400


def test_a_key_of_any_form_is_struck_out() -> None:
    """Not only what looks like a provider's key."""
    key = "correct horse battery staple"
    found = Trouble(URL, SecretStr(key), FakeClock(NOW)).of(status(403, {"message": f"who is {key}?"}))
    assert isinstance(found, Denied)
    assert "who is ***?" in found.message


@pytest.mark.parametrize("body", [None, "plain", b"bytes", [1], {"detail": [{"msg": "no"}]}, {"message": None}, 7])
def test_bodies_of_any_form_are_quoted(body: object) -> None:
    """Not every endpoint words its errors as OpenAI does."""
    assert meaning(status(400, body)).message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30.0),
        ({"Retry-After": "Tue, 14 Nov 2023 22:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "-3"}, None),
        ({"x-ratelimit-reset-requests": "1s"}, 1.0),
        ({"x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "6m0s"}, 360.0),
        (
            {
                "x-ratelimit-reset-requests": "2s",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-tokens": "6m0s",
                "x-ratelimit-remaining-tokens": "900",
            },
            2.0,
        ),
        ({"x-ratelimit-reset-tokens": "1h2m3.5s"}, 3723.5),
        ({"x-ratelimit-reset-tokens": "whenever"}, None),
    ],
)
def test_when_to_come_back(headers: dict[str, str], seconds: float | None) -> None:
    """Retry-After in seconds, milliseconds or as a date; else the reset of the limit that is used up."""
    found = meaning(status(429, headers=headers))
    assert isinstance(found, Busy)
    assert found.retry_after == seconds
