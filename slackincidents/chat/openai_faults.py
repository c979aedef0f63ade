"""Every way in which asking can fail, turned into one of our errors. No message ever holds the key or the question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
import httpx2
import openai
from pydantic import SecretStr

from slackincidents.chat.base import ChatReply
from slackincidents.chat.dialect import Rejection
from slackincidents.clock import Clock
from slackincidents.errors import Busy, Declined, Denied, Faulty, ServiceFailed, Unreachable
from slackincidents.settings import bare

FOREIGN = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    httpx2.CookieConflict,
    aiohttp.ClientError,
    OSError,  # TimeoutError, ConnectionError and ssl.SSLError among them
    ValueError,  # JSONDecodeError, UnicodeError and pydantic's ValidationError among them
    EOFError,
)
"""Everything that the packages below let through."""

ADDRESS = (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, aiohttp.InvalidURL)
CERTIFICATE = (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch)
SLOW = (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError)
BROKEN_LINE = (
    openai.APIConnectionError,
    httpx2.TransportError,
    aiohttp.ClientConnectionError,
    aiohttp.ClientPayloadError,
    OSError,
    EOFError,
)

REFUSED = (400, 415, 422)
"""Statuses that may mean one field of the question, not all of it."""

FINAL_CODES = ("context_length_exceeded", "content_filter", "invalid_prompt", "model_not_found")
OUT_OF_MONEY = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
LONGEST_QUOTE = 300
LEAST_SECRET = 12
"""Characters of the shortest key that is struck out: a shorter one ("none", "ollama") is a word, and no secret."""

SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
KEY_LIKE = re.compile(r"\b(sk|key|Bearer)[-_ ][A-Za-z0-9_\-*.]{6,}")


@dataclass(frozen=True)
class Refused:
    """A no that may be about one field. `final` when asking more simply cannot help."""

    error: Declined
    rejection: Rejection
    final: bool
    filtered: bool = False


class Trouble:
    """Maps what the packages raise at one endpoint."""

    def __init__(self, base_url: str, key: SecretStr, clock: Clock) -> None:
        """The key is kept only to be struck out of what an endpoint says."""
        self.endpoint = bare(base_url)
        self._key = key if len(key.get_secret_value()) >= LEAST_SECRET else SecretStr("")
        self._clock = clock

    def of(self, error: Exception) -> ServiceFailed | Denied | Refused:
        """What a foreign error means. Total: what nobody foresaw is Faulty."""
        if isinstance(error, openai.APIStatusError):
            return self._status(error)
        chain = tuple(_chain(error))
        if _any(chain, ADDRESS):
            return Declined(f"{self.endpoint} cannot be asked ({_names(chain)})", "Check OPENAI_BASE_URL.")
        if _any(chain, CERTIFICATE):
            hint = "Check the address, the machine's clock, and SSL_CERT_FILE where the certificate is your own."
            return Declined(f"{self.endpoint} has a certificate that is not trusted", hint)
        if _any((error,), BROKEN_LINE):
            return self._no_answer(chain)
        return Faulty(f"{self.endpoint} gave an answer that makes no sense ({_names(chain)})", "Try again later.")

    def struck_out(self, reply: ChatReply) -> ChatReply:
        """The reply without the key, should an endpoint have sent it back: replies are kept on disk."""
        key = self._key.get_secret_value()
        if not key or key not in reply.text:
            return reply
        return reply.model_copy(update={"text": reply.text.replace(key, "***")})

    def _no_answer(self, chain: tuple[BaseException, ...]) -> Unreachable:
        slow = _any(chain, SLOW) and not _any(chain, (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError))
        what = "gave no answer in time" if slow else "cannot be reached, or the line broke"
        hint = "Check OPENAI_BASE_URL and the network; what was finished is kept."
        return Unreachable(f"{self.endpoint} {what} ({_names(chain)})", hint)

    def _status(self, error: openai.APIStatusError) -> ServiceFailed | Denied | Refused:
        status, code = error.status_code, error.code or error.type or ""
        said = f"{self.endpoint} said {status}: {self.quoted(_message(error))}"
        if status in (401, 403, 407):
            return Denied(said, "Check OPENAI_API_KEY and what it may be used for.")
        if status in (402,) or code in OUT_OF_MONEY:
            return Declined(said, "The account has no credit left; what was finished is kept.")
        if status in (409, 425, 429, 503, 529):
            wait = self.wait(error.response.headers)
            return Busy(said, "Try again later, or with a smaller --concurrency.", retry_after=wait)
        if status == 408:
            return Unreachable(said, "Try again later.")
        if status >= 500:
            return Faulty(said, "Try again later.")
        if status in REFUSED:
            return self._refused(error, said, code)
        hint = "Check OPENAI_BASE_URL (it usually ends in /v1) and the model's name." if status == 404 else ""
        return Declined(said, hint)

    def _refused(self, error: openai.APIStatusError, said: str, code: str) -> Refused:
        hint = "Ask for less at once (--granularity turn)." if code == "context_length_exceeded" else ""
        rejection = Rejection(error.param or "", _message(error))
        return Refused(Declined(said, hint), rejection, code in FINAL_CODES, filtered=code == "content_filter")

    def wait(self, headers: Mapping[str, str]) -> float | None:
        """Seconds until the endpoint wants to be asked again, by whatever header says so."""
        for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
            if (number := _number(headers.get(name, ""))) is not None:
                return number * unit
        if (until := _moment(headers.get("retry-after", ""))) is not None:
            return max(0.0, until - self._clock.now())
        return _reset(headers)

    def quoted(self, said: str) -> str:
        """What an endpoint said, on one line, shortened, without anything like a key."""
        key = self._key.get_secret_value()
        clean = said.replace(key, "***") if key else said
        clean = " ".join(KEY_LIKE.sub("***", clean).split())
        return clean if len(clean) <= LONGEST_QUOTE else clean[:LONGEST_QUOTE] + "..."


def _message(error: openai.APIStatusError) -> str:
    """The endpoint's own words, whatever form they come in."""
    body = error.body
    if isinstance(body, dict):
        for name in ("message", "detail", "error"):
            if body.get(name):
                return str(body[name])
    return str(body or error.message)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what caused it."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__


def _any(chain: tuple[BaseException, ...], kinds: tuple[type[BaseException], ...]) -> bool:
    return any(isinstance(error, kinds) for error in chain)


def _names(chain: tuple[BaseException, ...]) -> str:
    """What happened in one word: the innermost error's name."""
    return type(chain[-1]).__name__


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _moment(text: str) -> float | None:
    """An HTTP date in seconds since 1970."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _reset(headers: Mapping[str, str]) -> float | None:
    """The longest wait among the rate limits that are used up; where none says so, among all."""
    spans: dict[str, float] = {}
    for kind in ("requests", "tokens"):
        text = headers.get(f"x-ratelimit-reset-{kind}", "")
        seconds = _number(text)
        if seconds is None and (parts := SPAN.findall(text)):
            seconds = sum(float(amount) * SECONDS[unit] for amount, unit in parts)
        if seconds is not None:
            spans[kind] = seconds
    used_up = [span for kind, span in spans.items() if _number(headers.get(f"x-ratelimit-remaining-{kind}", "")) == 0]
    return max(used_up or spans.values(), default=None)
